"""Creation of objects: factories, builders, prototypes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeGuard

from tui_patterns.extraction.detectors.hints import bonus
from tui_patterns.extraction.detectors.trees import called
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import under
from tui_patterns.extraction.structure.paths import made_class, own_field, path_of
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_MOST_METHODS = 12


def factories(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Methods that only make: several of a kind, or one that subclasses fill in."""
    creators = [method for method in item.public if _creates(item, method, module)]
    products = {name for method in creators for name in _products(item, method, module)}
    if len(creators) >= 2 and len(creators) * 2 > len(item.public) and len(products) >= 2:
        sure = 0.85 if module.kin(item) else 0.6
        yield Label("abstract_factory", sure, tuple(method.line for method in creators))
        return
    if len(item.public) <= 3:
        yield from (
            Label("factory_method", label.confidence, label.evidence)
            for method in item.public if item.name not in method.made()
            for label in factory_function(method, module)
        )  # fmt: skip
    for method in item.methods.values():
        made = _overridden_products(item, method, module)
        if made and (method.open or len(made) >= 2):
            yield Label("factory_method", 0.8, (method.line,))
        elif (
            _only_makes(method)
            and _of_project(set(method.made()), module)
            and _extends_open(item, method, module)
        ):
            yield Label("factory_method", 0.65, (method.line,))


def _only_makes(method: FunctionFacts) -> bool:
    """Nothing but ``return Product(…)``."""
    return method.kind != "property" and len(method.node.body) == 1 and bool(method.made())


def _of_project(names: set[str], module: ModuleFacts) -> set[str]:
    return {name for name in names if not module.is_library(name)}


def _creates(item: ClassFacts, method: FunctionFacts, module: ModuleFacts) -> bool:
    if method.special or any(name == item.name for name in method.made()):
        return False
    return (_only_makes(method) and not _combines(method)) or (
        method.open and bool(_overridden_products(item, method, module))
    )


def _combines(method: FunctionFacts) -> bool:
    return any("self" in call.arguments for call in method.calls)


def _products(item: ClassFacts, method: FunctionFacts, module: ModuleFacts) -> set[str]:
    return set(method.made()) or _overridden_products(item, method, module)


def _overridden_products(item: ClassFacts, method: FunctionFacts, module: ModuleFacts) -> set[str]:
    """Classes that subclasses' versions of a method make, without doing anything else."""
    found: set[str] = set()
    for child in module.descendants(item):
        override = child.methods.get(method.name)
        if override is not None and not method.special and _only_makes(override) and not _combines(override):
            found |= {name for name in override.made() if name != child.name}
    return _of_project(found, module)


def _extends_open(item: ClassFacts, method: FunctionFacts, module: ModuleFacts) -> bool:
    bases = (base.methods.get(method.name) for base in module.ancestors(item))
    return not method.special and any(base is not None and base.open for base in bases)


def prototype(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Makes copies of itself with its own state."""
    if len(item.methods) > _MOST_METHODS:
        return
    for method in item.methods.values():
        if method.name in {"__copy__", "__deepcopy__"} and method.returns:
            yield Label("prototype", 0.75, (method.line,))
        elif method.kind == "instance" and not method.special:
            yield from _copies(item, method)


def _copies(item: ClassFacts, method: FunctionFacts) -> Iterator[Label]:
    for call in method.calls:
        name = call.path.rpartition(".")[2]
        if name in {"copy", "deepcopy"} and _is_prototype(call.arguments) and method.returns:
            yield Label("prototype", 0.8, (method.line, call.line))
        again = call.path in {"self.__class__", "cls"} or made_class(call.path + "()") == item.name
        state = [path for path in call.passed if own_field(path)]
        given = item.init.params if item.init else ()
        whole = len(given) == len(call.passed) <= len(state) + (len(given) > 1) and not set(
            method.params
        ) & set(given)
        if again and state and (whole or any("__dict__" in path for path in state)) and method.returns:
            yield Label("prototype", 0.75, (method.line, call.line))


def _is_prototype(arguments: tuple[str, ...]) -> bool:
    """Itself, or one that it keeps by name."""
    return any(path == "self" or (own_field(path) and path.endswith(("[]", ".get()"))) for path in arguments)


def factory_function(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Chooses a class, makes one and returns it."""
    made = {name: line for name, line in function.made().items() if name not in function.raised}
    if len(made) >= 2 and function.tests:
        yield Label("factory_function", 0.7, tuple(made.values()))
        return
    chosen = _chosen_class(function) or _chosen_instance(function)
    if chosen:
        yield Label("factory_function", 0.75, chosen)
    for item in function.returns:
        if item.path.endswith(("[]()", ".get()()")) and _holds_classes(function, item.path, module):
            yield Label("factory_function", 0.75, (item.line,))


def _chosen_class(function: FunctionFacts) -> tuple[int, ...]:
    """Where a local name stands for one of several classes, and is then called for the result."""
    called = {
        r.value.func.id for r in function.returns if isinstance(r.value, ast.Call) and _is_name(r.value.func)
    }
    lines: dict[str, dict[str, int]] = {}
    for node in function.deep("Assign") if called else ():
        if _is_name(node.targets[0]) and node.targets[0].id in called:
            values = (
                [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]
            )
            for value in values:
                if isinstance(value, ast.Name) and made_class(f"{value.id}()"):
                    lines.setdefault(node.targets[0].id, {})[value.id] = node.lineno
    return next((tuple(found.values()) for found in lines.values() if len(found) >= 2), ())


def _chosen_instance(function: FunctionFacts) -> tuple[int, ...]:
    """Where branches give a local name an instance of one class or another, and it is the result."""
    returned = {r.value.id for r in function.returns if _is_name(r.value)}
    lines: dict[str, dict[str, int]] = {}
    for target, value, node in function.bindings() if returned else ():
        if not _is_name(target) or target.id not in returned or node not in _in_branches(function):
            continue
        for part in (value.body, value.orelse) if isinstance(value, ast.IfExp) else (value,):
            if name := made_class(path_of(part, {})):
                lines.setdefault(target.id, {}).setdefault(name, node.lineno)
    return next((tuple(found.values()) for found in lines.values() if len(found) >= 2), ())


def _in_branches(function: FunctionFacts) -> set[ast.AST]:
    """Its assignments that stand under a condition, or choose themselves."""
    found = function.own("Assign", "AnnAssign")
    return {n for n in found if under(n, {"If", "match_case"}) is not None or isinstance(n.value, ast.IfExp)}


def _is_name(node: ast.AST | None) -> TypeGuard[ast.Name]:
    return isinstance(node, ast.Name)


def _holds_classes(function: FunctionFacts, path: str, module: ModuleFacts) -> bool:
    """Whether the table that the maker comes from maps to classes: one made here, or of this module."""
    root = path.partition("[")[0].partition(".get()")[0]
    tables = function.deep("Dict")
    known = module.variables.get(root)
    tables += [known] if isinstance(known, ast.Dict) else []
    values = [value for table in tables for value in table.values]
    values += [k.value for c in function.deep("Call") if called(c) == "dict" for k in c.keywords]
    names = [value.id for value in values if isinstance(value, ast.Name)]
    return sum(made_class(name + "()") != "" for name in names) >= 2


def factory_classmethod(method: FunctionFacts, owner: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A class method whose result is a new instance of the class."""
    if method.kind != "class" or method.special or method.name.startswith("__"):
        return
    for item in method.returns:
        if item.path in {"cls()", "cls.__new__()"} or made_class(item.path) == owner.name:
            yield Label("factory_classmethod", 0.85, (method.line, item.line))
            return
    if owner.name in method.result or "Self" in method.result:
        yield Label("factory_classmethod", 0.7 + bonus(method.name, "from") / 2, (method.line,))


DETECTORS = (factories, prototype)
