"""What one walk over a file finds out about each of its definitions."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from tui_patterns.extraction.complexity import FunctionNode, UnitNode


@dataclass(slots=True, eq=False)
class Scope:
    """A module, class or function, with what its own code and that inside it does.

    ``names`` are read in it and bound outside; ``calls`` are dotted names in
    order; ``own`` are the node types met directly in it, ``all`` within it.
    """

    node: UnitNode | ast.Module
    qualname: str = ""
    parent: Scope | None = None
    names: set[str] = field(default_factory=set)
    bound: set[str] = field(default_factory=set)
    inner: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    calls: dict[str, None] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    all: set[str] = field(default_factory=set)
    reads: list[tuple[int, str]] = field(default_factory=list)
    members: list[Scope] = field(default_factory=list)
    exact: tuple[int, int] = (0, 0)
    loose: tuple[int, int] = (0, 0)

    @property
    def is_function(self) -> bool:
        return isinstance(self.node, FunctionNode)

    @property
    def is_class(self) -> bool:
        return isinstance(self.node, ast.ClassDef)
