"""The file around a unit, as detectors and the gate need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui_patterns.extraction.imports import origin_of

if TYPE_CHECKING:
    from tui_patterns.extraction.detectors.design import DesignLabels
    from tui_patterns.extraction.structure.table import ModuleFacts


@dataclass(frozen=True, slots=True)
class ModuleContext:
    """One file: its lines, its docstring, what its names were imported as, its astroid module.

    ``facts`` say who calls, stores and overrides what; ``design`` holds what was
    found in them. Both are made once for all units, and absent where a caller
    looks at one definition alone.
    """

    path: str
    lines: list[str]
    imports: Mapping[str, str]
    docstring: str | None
    tree: Any
    is_test: bool
    is_generated: bool
    facts: ModuleFacts | None = None
    design: DesignLabels | None = None

    def origin(self, expression: str) -> str:
        """The dotted origin of *expression* by the file's imports."""
        return origin_of(expression, self.imports)
