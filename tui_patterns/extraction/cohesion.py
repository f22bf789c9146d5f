"""LCOM4, the lack of cohesion of a class (Hitz & Montazeri 1995).

The methods of a class are joined where they touch the same attribute of the
instance (or class), or where one of them refers to the other; LCOM4 is the
number of groups that are left. 1 is cohesive; with 2 or more, the class could
be split. Left out by convention, since they say nothing of what belongs
together: constructors, which touch everything, static methods, which touch
nothing, and methods without a body (stubs, abstract ones, overloads). A
property counts as one method, its setter included.

Hitz and Montazeri, "Measuring coupling and cohesion in object-oriented
systems", Int. Symposium on Applied Corporate Computing, 1995.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.gate import is_stub
from tui_patterns.extraction.symbolic import last_name

CONSTRUCTORS = frozenset({"__init__", "__new__", "__post_init__"})


def counts(node: ast.AST) -> bool:
    """Whether a method (docstring taken out) takes part."""
    if not isinstance(node, FunctionNode) or node.name in CONSTRUCTORS or is_stub(node):
        return False
    decorators = {last_name(item) for item in node.decorator_list}
    return not decorators & {"staticmethod", "abstractmethod", "overload"}


def lcom4(touched: Mapping[str, Collection[str]]) -> int | None:
    """The groups among methods, given the attributes and methods that each touches; ``None`` without any."""
    if not touched:
        return None
    parents: dict[str, str] = {}
    for method, names in touched.items():
        _join(parents, method, method)
        for name in names:
            _join(parents, method, name)
    return len({_root(parents, method) for method in touched})


def _root(parents: dict[str, str], name: str) -> str:
    while parents.setdefault(name, name) != name:
        name = parents[name]
    return name


def _join(parents: dict[str, str], one: str, other: str) -> None:
    parents[_root(parents, one)] = _root(parents, other)
