"""The file around a unit, as detectors and the gate need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tui_patterns.extraction.imports import origin_of


@dataclass(frozen=True, slots=True)
class ModuleContext:
    """One file: its lines, its docstring, what its names were imported as, its astroid module."""

    path: str
    lines: list[str]
    imports: Mapping[str, str]
    docstring: str | None
    tree: Any
    is_test: bool
    is_generated: bool

    def origin(self, expression: str) -> str:
        """The dotted origin of *expression* by the file's imports."""
        return origin_of(expression, self.imports)
