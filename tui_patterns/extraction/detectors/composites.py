"""Objects made of objects of the same kind: composite, specification, interpreter, visitor."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus, named
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_LISTENERS = ("observer", "observers", "listener", "listeners", "subscriber", "subscribers", "notify")
_ADDS = frozenset({"append", "add", "insert", "extend", "appendleft"})


def composite(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A method that does for each child what it does itself."""
    for method in item.methods.values():
        for call in method.all_calls():
            name = own_field(call.receiver)
            if call.name != method.name or not name or "[]" not in call.receiver or method.name == "__init__":
                continue
            grows = [m for m in item.public for c in m.calls if _adds(c.path, c.passed, m, name)]
            field = module.fields(item).get(name)
            alike = any(
                method.name in kin.methods and not module.is_interface(kin) for kin in module.kin(item)
            )
            typed = field is not None and bool(
                field.types & {item.name, *(kin.name for kin in module.kin(item))}
            )
            unknown = module.has_unknown_base(item) and not _tells(item, method, name)
            if (field and (alike or typed) and (grows or "param" in field.kinds)) or (grows and unknown):
                yield Label("composite", 0.85 if grows else 0.65, (method.line, call.line))
                return


def _tells(item: ClassFacts, method: FunctionFacts, name: str) -> bool:
    """Whether its names speak of those who listen."""
    return any(named(text, *_LISTENERS) for text in (item.name, method.name, name))


def _adds(path: str, passed: tuple[str, ...], method: FunctionFacts, name: str) -> bool:
    receiver, _, last = path.rpartition(".")
    return (
        last in _ADDS
        and own_field(receiver) == name
        and bool(set(passed) & set(method.params + method.variadic))
    )


def nodes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """An expression whose value is made of its parts' values: by logic, or otherwise."""
    for method in item.methods.values():
        parts = {
            own_field(c.receiver) for c in method.calls if c.name == method.name and _is_part(c.receiver)
        }
        rivals = len(module.defining([method.name])) > 1
        if not parts or method.name == "__init__" or not (_alike(item, method, module) or rivals):
            continue
        calls = [c for c in method.calls if c.name == method.name and c.used]
        passes = [c for c in calls if not method.params or set(c.passed) & set(method.params)]
        logic = any(_is_logic(item.value) for item in method.returns)
        if passes and logic and method.params:
            yield Label("specification", 0.7 + bonus(item.name, "specification", "spec"), (method.line,))
        elif passes and len(parts) >= 2 and method.deep("BinOp"):
            yield Label("interpreter", 0.75, (method.line, *(call.line for call in passes)))


def _is_logic(value: ast.expr | None) -> bool:
    """``a and b``, ``not a``, ``all(…)``, or that as a bool."""
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
        return value.func.id in {"all", "any"} or (
            value.func.id == "bool" and any(map(_is_logic, value.args))
        )
    return isinstance(value, ast.BoolOp) or (isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.Not))


def _is_part(receiver: str) -> bool:
    name = own_field(receiver)
    return bool(name) and receiver == f"self.{name}"


def _alike(item: ClassFacts, method: FunctionFacts, module: ModuleFacts) -> bool:
    return any(method.name in kin.methods for kin in module.kin(item)) or module.has_unknown_base(item)


def combinators(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Predicates that combine themselves with others into new predicates."""
    joined = [m for m in item.methods.values() if _joins(item, m, module)]
    if len(joined) >= 2:
        yield Label("specification", 0.85, tuple(m.line for m in joined))


def _joins(item: ClassFacts, method: FunctionFacts, module: ModuleFacts) -> bool:
    """``return And(self, other)``, of the same family."""
    family = {item.name, *(kin.name for kin in module.kin(item)), *(d.name for d in module.descendants(item))}
    for call in method.calls:
        known = call.path.rpartition(".")[2]
        if "self" in call.arguments and known in family and set(call.arguments) <= {"self", *method.params}:
            return any(item.value is call.node for item in method.returns)
    return False


def visitor(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Work on objects, chosen by their class: they call back, or the name of their class is looked up."""
    if any(module.origin(base) in {"ast.NodeVisitor", "ast.NodeTransformer"} for base in item.bases):
        yield Label("visitor", 0.9, (item.line,))
        return
    called = module.once("called back", lambda: _called_back(module)) & item.methods.keys()
    takes = [item.methods[name] for name in called]
    if len(takes) >= 2:
        yield Label("visitor", 0.85, tuple(sorted(method.line for method in takes)))
        return
    for name in called:
        rivals = [c for c in module.defining([name]) if not _keeps_it(c.methods.get(name))]
        if len(rivals) >= 2 and item in rivals:
            yield Label("visitor", 0.75, (item.methods[name].line,))
            return
    for method in item.methods.values():
        if by_class_name(method):
            yield Label("visitor", 0.75 + bonus(item.name, "visitor") / 2, (method.line,))
            return


def _keeps_it(method: FunctionFacts | None) -> bool:
    """Whether it stores what it is called with (a subscription), rather than working on it."""
    if method is None:
        return True
    kept = any(c.name in _ADDS and set(c.passed) & set(method.params) for c in method.calls)
    return kept or any(store.value_path in method.params for store in method.stores)


def _called_back(module: ModuleFacts) -> set[str]:
    """Methods that at least two classes call on a parameter of theirs, handing themselves over."""
    found: set[str] = set()
    for item in module.classes:
        for method in item.methods.values():
            for call in method.calls if method.name != "__init__" else ():
                if call.receiver in method.params and "self" in call.arguments and not call.looped:
                    found.add(call.name)
    return found


def by_class_name(method: FunctionFacts) -> bool:
    """``getattr(self, 'visit_' + type(node).__name__)``, or over its bases, then called with the node."""
    looks = [call for call in method.calls if call.path == "getattr" and call.arguments[:1] == ("self",)]
    named = any(path.endswith("__name__") or "__class__" in path for path in method.reads | method.tests)
    calls = any(call.path == "self.*" and set(call.arguments) & set(method.params) for call in method.calls)
    called = calls or any(set(call.arguments) & set(method.params) and call.used for call in method.calls)
    return bool(looks) and named and called


DETECTORS = (composite, nodes, combinators, visitor)
