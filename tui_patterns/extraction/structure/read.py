"""From a tree to the facts of one file."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator

from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.fields import class_fields, instance_fields
from tui_patterns.extraction.structure.given import see_given
from tui_patterns.extraction.structure.heads import describe
from tui_patterns.extraction.structure.nodes import FunctionNode
from tui_patterns.extraction.structure.paths import own_field, path_of
from tui_patterns.extraction.structure.table import Foreign, ModuleFacts
from tui_patterns.extraction.structure.walk import FunctionWalker

_PROPERTIES = frozenset({"property", "abstractproperty", "cached_property"})
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BLOCKS = (ast.If, ast.Try, ast.TryStar, ast.With, ast.AsyncWith, ast.For, ast.AsyncFor, ast.While)
_ON_CLASS = frozenset({"__new__", "__init_subclass__", "__class_getitem__", "__prepare__"})


def read_module(
    module: ast.Module, origin: Callable[[str], str] = str, foreign: Foreign | None = None
) -> ModuleFacts:
    """The facts of one file from its tree (docstrings taken out)."""
    facts = ModuleFacts(origin=origin, foreign=foreign)
    for statement in flat(module.body):
        if isinstance(statement, ast.ClassDef):
            facts.classes += _read_class(statement, "", facts)
        elif isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            facts.functions.append(
                _read(FunctionFacts(statement.name, statement, statement.lineno), {}, facts)
            )
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                if isinstance(target, ast.Name):
                    facts.variables[target.id] = statement.value
    for item in (*facts.classes, *facts.local):
        item.home = facts
    facts.open_steps()
    see_given(facts, _script(module, facts))
    return facts


def _script(module: ast.Module, facts: ModuleFacts) -> FunctionFacts:
    """What the file does when it is run: its statements that define nothing, as a function without a name."""
    body = [node for node in module.body if not isinstance(node, (*_DEFINITIONS, ast.Import, ast.ImportFrom))]
    head = ast.arguments([], [], None, [], [], None, [])
    made = FunctionFacts("", ast.FunctionDef("", head, body, [], None, None, lineno=1, col_offset=0), 1)
    FunctionWalker(made, {}).run()
    return made


def flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements, those under conditions, loops, ``try`` and ``with`` too."""
    for statement in body:
        if isinstance(statement, _BLOCKS):
            for name in ("body", "orelse", "finalbody"):
                yield from flat(getattr(statement, name, ()))
            for handler in getattr(statement, "handlers", ()):
                yield from flat(handler.body)
        else:
            yield statement


def _read_class(
    node: ast.ClassDef, prefix: str, facts: ModuleFacts, outer: FunctionFacts | None = None
) -> list[ClassFacts]:
    """The class, and those inside it."""
    bases = tuple(path_of(base.value if isinstance(base, ast.Subscript) else base, {}) for base in node.bases)
    meta = next((path_of(item.value, {}) for item in node.keywords if item.arg == "metaclass"), "")
    made = ClassFacts(node.name, prefix + node.name, node, node.lineno, bases, meta)
    made.decorators = tuple(path_of(item, {}) for item in node.decorator_list)
    facts.definitions[node.lineno, node.name] = made
    inside = [made]
    is_meta = any(base.endswith(("type", "Meta")) for base in bases)
    for statement in flat(node.body):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            _read_method(statement, made, is_meta, facts, outer)
        elif isinstance(statement, ast.ClassDef):
            inside += _read_class(statement, f"{made.qualname}.", facts, outer)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            class_fields(statement, made)
    _see_through(made)
    for method in made.methods.values():
        instance_fields(method, made)
    return inside


def _read_method(
    node: FunctionNode, owner: ClassFacts, is_meta: bool, facts: ModuleFacts, outer: FunctionFacts | None
) -> None:
    decorators = {path_of(item, {}) for item in node.decorator_list}
    kind, name = _kind(node.name, decorators, is_meta), node.name
    if kind == "setter":
        name = f"{name}="
    made = FunctionFacts(name, node, node.lineno, kind, outer=outer, owner=owner)
    owner.methods[name] = _read(made, {owner.name: "cls"}, facts)


def _kind(name: str, decorators: set[str], is_meta: bool) -> str:
    if any(item.endswith((".setter", ".deleter")) for item in decorators):
        return "setter"
    if "staticmethod" in decorators:
        return "static"
    if "classmethod" in decorators or (name in _ON_CLASS and not (is_meta and name == "__new__")):
        return "class"
    is_property = any(item.rpartition(".")[2] in _PROPERTIES for item in decorators)
    return "property" if is_property else "instance"


def _read(made: FunctionFacts, names: dict[str, str], facts: ModuleFacts) -> FunctionFacts:
    """Fill *made*, and the facts of what is defined inside it."""
    node = made.node
    bound = made.kind not in {"function", "static"}
    describe(made, skip_first=bound)
    first = [*node.args.posonlyargs, *node.args.args][:1]
    if bound and first:
        names = names | {first[0].arg: "cls" if made.kind == "class" else "self"}
    FunctionWalker(made, names).run()
    for function in made.everything():
        facts.definitions[function.line, function.node.name] = function
        for local in function.local:
            facts.local += _read_class(local, f"{made.node.name}.<locals>.", facts, function)
    return made


def _see_through(item: ClassFacts) -> None:
    """A call of a method that only hands out an attribute is a look at that attribute."""
    given: dict[str, str] = {}
    for method in item.methods.values():
        if method.kind == "instance" and len(method.body) == 1 and len(method.returns) == 1:
            path = method.returns[0].path
            if own_field(path) and path.endswith((own_field(path), "[]")):
                given[f"self.{method.name}()"] = path
    for function in (one for method in item.methods.values() for one in method.everything()) if given else ():
        for call in function.calls:
            call.rename(_replaced(call.path, given))
        for store in function.stores:
            store.path = _replaced(store.path, given)
        function.loops = [(_replaced(path, given), line) for path, line in function.loops]


def _replaced(path: str, given: dict[str, str]) -> str:
    return next((new + path[len(old) :] for old, new in given.items() if path.startswith(old)), path)
