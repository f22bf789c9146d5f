"""What one file defines: the names that others can see, and what they stand for.

Each visible name has a text, by its first letter: ``d`` a function or method and
the path of what it gives, ``g`` a property likewise, ``c`` a class and the paths
of its bases (joined by commas), ``v`` a variable or attribute and the path of
its value, ``=`` an import and its path. ``*`` lists star imports.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.own_code import Binding, OwnCode
from tui_patterns.extraction.scan import Scanner
from tui_patterns.extraction.scope import Scope
from tui_patterns.extraction.symbolic import (
    LIKELY,
    RECEIVER,
    Namespace,
    Symbolic,
    anchored,
    last_name,
    own_module,
)

PROPERTIES = frozenset({"property", "cached_property", "abstractproperty"})
_ON_CLASS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
_HIDDEN = frozenset({"overload", "setter", "deleter"})


class Outline:
    """The scopes of one file with their names, their own code and their visible names."""

    def __init__(self, scanner: Scanner, path: str) -> None:
        self.symbolic = Symbolic(path)
        self.names: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.code: dict[Scope, OwnCode] = {}
        self.spaces: dict[Scope, Namespace] = {}
        self._path = path
        self._attributes: dict[str, list[str]] = {}
        for scope in (scanner.module, *scanner.units):
            self._open(scope)
        for scope in (scanner.module, *scanner.units):
            self._bind(scope)
        self._imports(scanner.module)
        for scope in scanner.units:
            self._define(scope)
        self._variables(scanner.module)

    def _open(self, scope: Scope) -> None:
        module = own_module(self._path)
        parent = self.spaces.get(scope.parent) if scope.parent is not None else None
        own = f"{module}.{scope.qualname}" if scope.qualname else module
        members = frozenset(item.node.name for item in scope.members if not isinstance(item.node, ast.Module))
        self.spaces[scope] = Namespace(scope, own, parent, members=members)
        self.code[scope] = code = OwnCode()
        code.read(scope.node.body)

    # -- the types of variables ------------------------------------------------------

    def _bind(self, scope: Scope) -> None:
        space = self.spaces[scope]
        head = _head(scope, space, self.symbolic)
        bindings = [item for item in self.code[scope].bindings if item.name not in space.members]
        space.types = dict(head)
        doubtful = self._fill(space, bindings, frozenset())
        if doubtful:  # what was taken from a doubtful name is doubtful too
            space.types = dict(head)
            self._fill(space, bindings, doubtful)
        self._store(scope, space)

    def _fill(
        self, space: Namespace, bindings: Sequence[Binding], doubtful: frozenset[str]
    ) -> frozenset[str]:
        """Set what each name stands for; names given different things are doubtful, and unknown."""
        found = set(doubtful)
        declared = {item.name for item in bindings if item.annotation is not None}
        for item in bindings:
            if item.name in doubtful:
                space.types[item.name] = ""
            elif not _says_nothing(item, declared):
                path = self._value(item, space)
                if space.types.setdefault(item.name, path).lstrip(LIKELY) != path.lstrip(LIKELY):
                    found.add(item.name)
        return frozenset(found)

    def _value(self, item: Binding, space: Namespace) -> str:
        if item.annotation is not None:
            return self.symbolic.annotation(item.annotation, space)
        path = self.symbolic.path(item.value, space)
        return f"{path}.__enter__()" if item.entered and path else path

    def _store(self, scope: Scope, space: Namespace) -> None:
        """Attributes of the instance that this method sets."""
        for item in self.code[scope].stored:
            owner = self.symbolic.path(item.target.value, space).removesuffix("()")
            if owner and not (isinstance(item.value, ast.Constant) and item.annotation is None):
                path = (
                    self.symbolic.annotation(item.annotation, space)
                    if item.annotation is not None
                    else self.symbolic.path(item.value, space)
                )
                self._attributes.setdefault(f"{owner}.{item.target.attr}", []).append(path)

    # -- what others see --------------------------------------------------------------

    def _imports(self, module: Scope) -> None:
        for name, origin in module.imports.items():
            if path := anchored(origin, self._path):
                self.names[name] = f"={path}"
        stars = [
            anchored("." * node.level + (node.module or ""), self._path) for node in self.code[module].stars
        ]
        if any(stars):
            self.names["*"] = ",".join(path for path in stars if path)

    def _define(self, scope: Scope) -> None:
        node, space = scope.node, self.spaces[scope]
        if isinstance(node, ast.ClassDef):
            outer = self.spaces[scope.parent] if scope.parent is not None else space
            bases = [self.symbolic.path(base_of(base), outer) for base in node.bases]
            self._see(scope.qualname, "c" + ",".join(path for path in bases if path), node.lineno)
            for name, path in space.types.items():
                if path:
                    self.names.setdefault(f"{scope.qualname}.{name}", f"v{path}")
        elif isinstance(node, FunctionNode):
            decorators = {last_name(item) for item in node.decorator_list}
            if not decorators & _HIDDEN:
                letter = "g" if decorators & PROPERTIES else "d"
                self._see(scope.qualname, letter + self._given(scope), node.lineno)

    def _see(self, qualname: str, text: str, line: int) -> None:
        self.names[qualname], self.lines[qualname] = text, line

    def _given(self, scope: Scope) -> str:
        """The path of what a function gives: as annotated, else what all its returns agree on."""
        node = scope.node
        assert isinstance(node, FunctionNode)
        outer = self.spaces[scope.parent] if scope.parent is not None else self.spaces[scope]
        path = self.symbolic.annotation(node.returns, outer) if node.returns else self._agreed(scope)
        return RECEIVER if outer.is_class and path == f"{outer.own}()" else path

    def _agreed(self, scope: Scope) -> str:
        code = self.code[scope]
        paths = {self.symbolic.path(value, self.spaces[scope]) for value in code.returned}
        return paths.pop() if len(paths) == 1 and not code.yields else ""

    def _variables(self, module: Scope) -> None:
        for name, path in self.spaces[module].types.items():
            if path:
                self.names.setdefault(name, f"v{path}")
        prefix = own_module(self._path) + "."
        for target, paths in self._attributes.items():
            known = {path.lstrip(LIKELY) for path in paths}
            if target.startswith(prefix) and len(known) == 1 and paths[0]:
                self.names.setdefault(target.removeprefix(prefix), f"v{min(paths)}")


def base_of(node: ast.expr) -> ast.expr:
    """``Base`` for ``Base[int]``."""
    return node.value if isinstance(node, ast.Subscript) else node


def _says_nothing(item: Binding, declared: set[str]) -> bool:
    """``None`` for now, or a value for what an annotation has already said."""
    if item.annotation is None and item.name in declared:
        return True
    return isinstance(item.value, ast.Constant) and item.value.value is None and item.annotation is None


def _head(scope: Scope, space: Namespace, symbolic: Symbolic) -> dict[str, str]:
    """What the parameters of a function stand for: by annotation, and ``self`` and ``cls`` by convention."""
    node, outer = scope.node, space.parent
    if not isinstance(node, FunctionNode) or outer is None:
        return {}
    listed = [*node.args.posonlyargs, *node.args.args]
    found = {arg.arg: symbolic.annotation(arg.annotation, outer) for arg in (*listed, *node.args.kwonlyargs)}
    decorators = {last_name(item) for item in node.decorator_list}
    if listed and outer.is_class and "staticmethod" not in decorators:
        on_class = "classmethod" in decorators or node.name in _ON_CLASS
        found[listed[0].arg] = outer.own if on_class else f"{outer.own}()"
    return found
