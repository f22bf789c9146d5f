"""What a facet is read from: one definition, and the file around it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tui_patterns.extraction.complexity import FunctionNode, UnitNode
from tui_patterns.extraction.facets.duals import Dual, dual_of, duals_in
from tui_patterns.extraction.facets.nodes import RECEIVERS, flat, last, parameters
from tui_patterns.extraction.facets.reading import Reading, merged, read
from tui_patterns.extraction.facets.source_text import NotPlain, SourceText, literal
from tui_patterns.extraction.imports import imported_names

_MAKES_LOGGER = frozenset({"getLogger", "get_logger", "getChild", "bind"})


class FileAround:
    """One file: its text, its imports with fallback, its loggers; each function is walked once."""

    def __init__(self, module: ast.Module, lines: list[str], imports: Mapping[str, str]) -> None:
        self.module = module
        self.text = SourceText(lines)
        self.imports = imports
        self._readings: dict[ast.AST, Reading] = {}
        self.memo: dict[ast.AST, frozenset[str]] = {}

    def reading(self, node: ast.AST) -> Reading:
        """The walk over a function."""
        found = self._readings.get(node)
        if found is None:
            found = self._readings[node] = read(node)
        return found

    @cached_property
    def duals(self) -> tuple[Dual, ...]:
        """Imports of the module that have a fallback."""
        return tuple(duals_in(self.module.body))

    @cached_property
    def loggers(self) -> frozenset[str]:
        """Module variables that hold a logger."""
        made = (item for item in self.module.body if isinstance(item, ast.Assign))
        return frozenset(
            target.id
            for item in made
            if isinstance(item.value, ast.Call) and last(item.value.func) in _MAKES_LOGGER
            for target in item.targets
            if isinstance(target, ast.Name)
        )

    @cached_property
    def type_only(self) -> frozenset[str]:
        """Names imported for a type checker alone."""
        blocks = (item for item in self.module.body if isinstance(item, ast.If))
        checked = (item for item in blocks if last(item.test) == "TYPE_CHECKING")
        imports = (
            node for item in checked for node in item.body if isinstance(node, ast.Import | ast.ImportFrom)
        )
        return frozenset(name for node in imports for name in imported_names(node))

    @cached_property
    def enums(self) -> frozenset[str]:
        """Classes of this file that are enumerations."""
        classes = (item for item in self.module.body if isinstance(item, ast.ClassDef))
        return frozenset(
            item.name for item in classes if any(last(base).endswith(("Enum", "Flag")) for base in item.bases)
        )


@dataclass(eq=False)
class Subject:
    """One definition, or a ``try`` at the level of the module.

    ``owner`` is the class that a method stands in; ``used`` maps names read in
    the definition, and imported, to their dotted origins.
    ``signature`` is its head on one line.
    """

    node: UnitNode | ast.Try
    file: FileAround
    owner: ast.ClassDef | None = None
    used: Mapping[str, str] = field(default_factory=dict)
    framework: str | None = None
    signature: str = ""

    @property
    def owner_or_class(self) -> ast.ClassDef | None:
        """The class itself, or the one around a method."""
        return self.node if isinstance(self.node, ast.ClassDef) else self.owner

    @cached_property
    def methods(self) -> dict[str, FunctionNode]:
        """Of a class its methods by name, those under ``if`` too; of all else nothing."""
        body = flat(self.node.body) if isinstance(self.node, ast.ClassDef) else ()
        return {item.name: item for item in body if isinstance(item, FunctionNode)}

    @cached_property
    def reading(self) -> Reading:
        """All of its code; of a class, that of its methods."""
        if isinstance(self.node, ast.ClassDef):
            return merged(self.file.reading(method) for method in self.methods.values())
        return self.file.reading(self.node)

    @cached_property
    def functions(self) -> tuple[FunctionNode, ...]:
        """The methods of a class; a function itself."""
        if isinstance(self.node, FunctionNode):
            return (self.node,)
        return tuple(self.methods.values())

    @cached_property
    def calls(self) -> list[tuple[str, ast.Call]]:
        """Every call with the last name of what it calls."""
        return [(last(call.func), call) for call in self.reading.of(ast.Call)]

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of all parameters, ``self`` and ``cls`` left out."""
        return frozenset(item.arg for function in self.functions for item in parameters(function)) - RECEIVERS

    @cached_property
    def import_fallbacks(self) -> dict[ast.Try, Dual]:
        """The imports with fallback inside it, by their ``try``."""
        tries = [self.node] if isinstance(self.node, ast.Try) else self.reading.of(ast.Try)
        found = ((node, dual_of(node)) for node in tries)
        return {node: dual for node, dual in found if dual is not None}

    @cached_property
    def optional(self) -> frozenset[str]:
        """Names that stand for something that may not be installed, and the flags that say whether it is."""
        duals = (*self.file.duals, *self.import_fallbacks.values())
        return frozenset(name for dual in duals for name in dual.optional)

    @cached_property
    def _handlers(self) -> tuple[tuple[int, int], ...]:
        handlers = (handler for node in self.reading.tries for handler in node.handlers)
        return tuple((handler.lineno, handler.end_lineno or handler.lineno) for handler in handlers)

    def in_handler(self, node: ast.AST) -> bool:
        """Whether *node* runs only after something was caught."""
        line = int(node.lineno)  # type: ignore[attr-defined]
        return any(start <= line <= end for start, end in self._handlers)

    def at(self, node: ast.AST) -> int:
        """The line of *node* as an offset from that of the ``def``, ``class`` or ``try``."""
        return int(node.lineno) - self.node.lineno  # type: ignore[attr-defined]

    def text(self, node: ast.expr) -> str:
        """*node* as it is written, short."""
        return self.file.text.of(node)

    def value(self, node: ast.expr) -> dict[str, Any]:
        """``{"value": …}`` for a literal, else ``{"expression": text}``."""
        try:
            return {"value": literal(node)}
        except NotPlain:
            return {"expression": self.text(node)}
