"""All nodes of a file from one walk, and for each definition those that are its own."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

_LIMITS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


class Nodes:
    """``all`` are the nodes of a module in the order of the source; ``own`` those of one definition."""

    def __init__(self, module: ast.Module) -> None:
        self.all: list[ast.AST] = []
        self._own: dict[ast.AST, list[ast.AST]] = {module: []}
        stack: list[tuple[ast.AST, list[ast.AST]]] = [(module, self._own[module])]
        while stack:
            node, home = stack.pop()
            self.all.append(node)
            if isinstance(node, _LIMITS):
                home = self._own[node] = []
            elif node is not module:
                home.append(node)
            stack += [(child, home) for child in reversed(children(node))]

    def own(self, definition: ast.AST) -> list[ast.AST]:
        """Nodes below a function, lambda, class or the module, without those of definitions inside it."""
        return self._own[definition]


def children(node: ast.AST) -> list[ast.AST]:
    """The nodes right below *node*, in the order of its fields; contexts (load, store) are left out."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, ast.AST):
            if name != "ctx":
                found.append(value)
        elif type(value) is list:
            found += [item for item in value if isinstance(item, ast.AST)]
    return found


@lru_cache(maxsize=1)  # a unit's checks come one after the other, and each looks at all of it
def walked(root: ast.AST) -> tuple[ast.AST, ...]:
    """*root* and every node below it but contexts, breadth first; the tree is not to change afterwards."""
    found = [root]
    for node in found:
        found += children(node)
    return tuple(found)


def own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Nodes below any *node* without those of definitions inside it."""
    for child in children(node):
        if not isinstance(child, _LIMITS):
            yield child
            yield from own_nodes(child)
