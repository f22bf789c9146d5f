"""One object in front of others: decorator, proxy, adapter, delegation, facade, chain of responsibility, middleware."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus
from tui_patterns.extraction.structure.facts import Call, ClassFacts, Field, FunctionFacts
from tui_patterns.extraction.structure.paths import made_class, own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_MOST = 12  # public methods of a class that a single field can still stand for


def wrappers(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """By how a method passes its own call on to an object that it holds."""
    for name, field in module.fields(item).items():
        passed = [(m, c) for m in item.methods.values() for c in _passes_on(m, name, item, module)]
        if field.is_container or "built" in field.kinds:
            continue
        if _is_successor(field) and (handed := _hands_on(item, name)):
            yield Label("chain_of_responsibility", 0.75, handed)
        if not passed:
            continue
        lines = tuple(dict.fromkeys(line for method, call in passed for line in (method.line, call.line)))
        if _may_end(field):
            if len(item.public) <= _MOST and any(call.guarded for _, call in passed):
                yield Label("chain_of_responsibility", 0.85, lines)
        elif _is_alike(item, name, field, passed, module):
            yield _decorator_or_proxy(item, field, passed, lines, module)


def _passes_on(method: FunctionFacts, name: str, item: ClassFacts, module: ModuleFacts) -> Iterator[Call]:
    """Calls of the same method on the held object."""
    if method.special and method.name not in {"__call__", "__iter__", "__next__", "__getitem__"}:
        return
    stems = {f"self.{name}"} | {f"self.{alias}" for alias in _aliases(item, name, module)}
    for call in method.all_calls():
        if call.name == method.name and call.receiver in stems:
            yield call


def _is_successor(field: Field) -> bool:
    """None at first, set later from outside."""
    later = any(setter not in {"__init__", "__new__"} for setter in field.setters)
    return "none" in field.kinds and "param" in field.kinds and "made" not in field.kinds and later


def _hands_on(item: ClassFacts, name: str) -> tuple[int, ...]:
    """A helper of the class that asks the successor for what the class itself leaves open."""
    for method in item.methods.values():
        for call in method.calls:
            own = item.methods.get(call.name)
            if call.receiver == f"self.{name}" and own and own.open and set(call.passed) & set(method.params):
                return (method.line, call.line)
    return ()


def _aliases(item: ClassFacts, name: str, module: ModuleFacts) -> set[str]:
    found: set[str] = set()
    for owner in (item, *module.ancestors(item)):
        for method in owner.methods.values():
            if method.kind == "property" and f"self.{name}" in method.returned():
                found.add(method.name)
    return found


def _may_end(field: Field) -> bool:
    """Whether the held object is a successor: of the same kind, and there may be none."""
    always = field.shared and "__init__" in field.setters and not field.optional
    absent = field.optional or ("none" in field.kinds and not always)
    later = any(setter not in {"__init__", "__new__"} for setter in field.setters)
    return (absent or later) and "made" not in field.kinds and "param" in field.kinds


def _is_alike(
    item: ClassFacts, name: str, field: Field, passed: list[tuple[FunctionFacts, Call]], module: ModuleFacts
) -> bool:
    """Whether wrapper and wrapped share an interface: a base, a type, or the methods themselves."""
    kin = module.kin(item)
    shared = {method.name for method, _ in passed}
    asked = {c.name for m in item.methods.values() for c in m.all_calls() if c.receiver == f"self.{name}"}
    if field.types & {c.name for c in kin}:
        return True
    if any(shared & c.methods.keys() for c in kin):
        known = [module.find(wrapped) for wrapped in field.types]
        return not any(known) and all(any(module.knows(c, n) for c in (item, *kin)) for n in asked)
    bases = {base.rpartition(".")[2] for base in item.bases} - {"object", "ABC"}
    if bases and not kin:
        return bool(field.types & bases) or (not field.types and len(shared) * 2 > len(item.public))
    return any(_covers(item, c) for c in module.defining(asked) if c is not item)


def _covers(item: ClassFacts, wrapped: ClassFacts) -> bool:
    """Whether it offers all that *wrapped* does."""
    offered = {method.name for method in wrapped.public}
    return bool(offered) and offered <= item.methods.keys()


def _decorator_or_proxy(
    item: ClassFacts,
    field: Field,
    passed: list[tuple[FunctionFacts, Call]],
    lines: tuple[int, ...],
    module: ModuleFacts,
) -> Label:
    """A proxy decides whether the call gets through, or owns what it stands for."""
    controls = any(call.guarded for _, call in passed) or "made" in field.kinds
    specific = any(
        (known := module.find(name)) is not None and known in module.kin(item) and not module.is_interface(known)
        and not module.descendants(known) and known not in module.ancestors(item)
        for name in field.types
    )  # fmt: skip
    if controls or specific:
        return Label("proxy", 0.8, lines)
    return Label("decorator", 0.8, lines)


def forwarding(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """``__getattr__`` that answers with what another object has."""
    method = item.methods.get("__getattr__") or item.methods.get("__getattribute__")
    if "__getattr__" in item.fields:
        yield Label("proxy", 0.7, (item.fields["__getattr__"].line,))
    if method is None:
        return
    target = [path for inner in method.everything() for path in inner.returned() if path.endswith(".*")]
    target += [call.path for call in method.all_calls() if call.path == "getattr"]
    target += [path for path in method.names.values() if path.endswith(".*")]
    if not any("self" in path or path == "getattr" for path in target) or _reads_only_itself(method):
        return
    others = [m for m in item.methods.values() if m is not method and m.name != "__init__"]
    renames = item.init and any(
        call.path in {"self.__dict__.update", "setattr"} and _names(call) & set(item.init.variadic)
        for call in item.init.calls
    )
    if renames:
        yield Label("adapter", 0.8, (item.init.line if item.init else item.line, method.line))
    elif others:
        yield Label("proxy", 0.75, (method.line,))
    else:
        yield Label("delegation", 0.75, (method.line,))


def _names(call: Call) -> set[str]:
    return {node.id for node in ast.walk(call.node) if isinstance(node, ast.Name)}


def _reads_only_itself(method: FunctionFacts) -> bool:
    firsts = [call.arguments[:1] for call in method.all_calls() if call.path == "getattr"]
    return bool(firsts) and all(first in {("self",), ("cls",), ("super()",)} for first in firsts)


def adapter(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Answers the calls of one interface by calling another one that is shaped differently."""
    for method in item.public:
        base = next((b for b in module.ancestors(item) if method.name in b.methods), None)
        if method.kind == "property" or (base is None and not module.has_unknown_base(item)):
            continue
        for call in method.calls:
            if _is_foreign_call(item, method, call, base, module):
                yield Label("adapter", 0.7 + bonus(item.name, "adapter", "wrapper"), (method.line, call.line))
                break


def _is_foreign_call(
    item: ClassFacts, method: FunctionFacts, call: Call, base: ClassFacts | None, module: ModuleFacts
) -> bool:
    if call.receiver in {"self", "super()"}:
        others = [b for b in module.parents(item) if b is not base and call.name in b.methods]
        return (
            bool(others)
            and call.name != method.name
            and call.name not in item.methods
            and len(item.bases) > 1
        )
    held = own_field(call.receiver)
    field = module.field(item, held) if held and call.receiver == f"self.{held}" else None
    if field is None or not field.kinds & {"param", "made"} or field.is_container or call.name == method.name:
        return False
    if base is None:
        made = (
            "made" in field.kinds and len(field.setters) == 1 and not any(map(module.is_library, field.types))
        )
        return made and _refers(method, call) and len(item.public) <= 3 and not field.types & set(item.bases)
    wrapped = [known for name in field.types if (known := module.find(name)) is not None]
    wrapped = wrapped or module.defining([call.name])
    kin = module.kin(item)
    return (
        bool(wrapped)
        and all(
            known not in kin
            and known is not item
            and not module.descendants(known)
            and not module.is_interface(known)
            for known in wrapped
        )
        and "__init__" in item.methods
        and _refers(method, call)
    )


def _refers(method: FunctionFacts, call: Call) -> bool:
    """The adapted call is what the method answers with, or all that it does."""
    return (bool(method.returns) and call.used) or len(method.node.body) == 1


def renaming(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Holds an object and takes, as attributes of its own, the methods to offer in its stead."""
    init = item.init
    for call in init.calls if init else ():
        given = init and call.path == "self.__dict__.update" and _names(call) & {*init.params, *init.variadic}
        held = [name for name, field in item.fields.items() if "param" in field.kinds and _is_used(item, name)]
        if given and held:
            yield Label("adapter", 0.65 + bonus(item.name, "adapter"), (call.line,))


def _is_used(item: ClassFacts, name: str) -> bool:
    """Whether a method other than the constructor passes the held object on or calls it."""
    others = [m for m in item.methods.values() if m.name != "__init__"]
    return any(f"self.{name}" in c.passed or c.receiver == f"self.{name}" for m in others for c in m.calls)


def virtual(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Makes what it stands for only when that is needed; both answer the same call."""
    for name, field in item.fields.items():
        made_later = [line for setter, line in field.setters.items() if setter != "__init__"]
        real = [known for kind in field.types if (known := module.find(kind)) is not None and known is not item]
        shared = sum(any(m.name in known.methods for known in real) for m in item.public) * 2 > len(item.public)
        used = [c.line for m in item.public for c in m.calls if c.receiver == f"self.{name}"]
        if {"none", "made"} <= field.kinds and made_later and shared and used:
            yield Label("proxy", 0.75, (*made_later, used[0]))


def facade(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """One call that runs several parts that the object itself put together."""
    parts = {name for name, field in item.fields.items() if _is_part(item, field, module)}
    for method in item.public:
        blocks: dict[int, set[str]] = {}
        lines: list[int] = []
        for call in method.calls:
            name = own_field(call.receiver)
            if name in parts and call.receiver == f"self.{name}":
                blocks.setdefault(call.block, set()).add(name)
                lines.append(call.line)
        if any(len(names) >= 2 for names in blocks.values()) and len(lines) >= 3 and len(item.public) <= 10:
            yield Label("facade", 0.75, (method.line, *lines))
            return


def front(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Every method is one call of one of several other classes."""
    targets: dict[str, int] = {}
    for method in item.public:
        plain = len(method.node.body) == 1 and method.kind != "property" and not method.open
        several = {own_field(path) for path in method.reads if _is_made(item, own_field(path))}
        target = next((t for c in method.calls if (t := _class_called(item, c))), "") if plain else ""
        if not target and len(several) < 2:
            return
        targets |= dict.fromkeys([target] if target else several, method.line)
    held = all(name in item.fields for name in targets)
    if len(item.public) >= 3 and len(targets) >= (2 if held else 3):
        yield Label("facade", 0.75, tuple(targets.values()))


def _is_made(item: ClassFacts, name: str) -> bool:
    return name in item.fields and "made" in item.fields[name].kinds


def _class_called(item: ClassFacts, call: Call) -> str:
    """X for ``X().do()``, ``X.do()`` or, where the object made it, ``self.x.do()``."""
    root = call.receiver.removesuffix("()")
    held = item.fields.get(own_field(root))
    if held is not None and root == f"self.{held.name}":
        return held.name if "made" in held.kinds else ""
    return made_class(root + "()") if root and root != "cls" else ""


def _is_part(item: ClassFacts, field: Field, module: ModuleFacts) -> bool:
    if "made" not in field.kinds or "__init__" not in field.setters:
        return False
    known = [c for name in field.types if (c := module.find(name)) is not None]
    return not any(c in module.kin(item) for c in known) and not any(
        f.types & {item.name} for c in known for f in c.fields.values()
    )


def middleware(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """A callable around the next callable, given when it was made, which gets the same arguments."""
    method = item.methods.get("__call__")
    if method is None or item.init is None or not method.params:
        return
    for call in method.all_calls():
        name = own_field(call.path)
        if not name or call.path != f"self.{name}" or name in item.methods:
            continue
        same = set(call.arguments) & set(method.params)
        if "param" in getattr(item.fields.get(name), "kinds", ()) and same and not method.variadic:
            whole = len(method.params) == 1 or len(same) >= 1
            if whole and _is_first_given(item, name):
                yield Label("middleware", 0.8, (method.line, call.line))
                return


def _is_first_given(item: ClassFacts, name: str) -> bool:
    """The wrapped callable is what the constructor takes first."""
    init = item.init
    return (
        init is not None
        and bool(init.params)
        and any(store.path == f"self.{name}" and store.value_path == init.params[0] for store in init.stores)
    )


def middleware_stack(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """A loop that wraps what the last round made."""
    for node in ast.walk(function.node):
        if isinstance(node, ast.For):
            targets = {part.id for part in ast.walk(node.target) if isinstance(part, ast.Name)}
            for part in node.body:
                value = part.value if isinstance(part, ast.Assign) else None
                name = part.targets[0] if isinstance(part, ast.Assign) else None
                if (
                    isinstance(value, ast.Call) and isinstance(name, ast.Name)
                    and isinstance(value.func, ast.Name) and value.func.id in targets
                    and any(isinstance(arg, ast.Name) and arg.id == name.id for arg in value.args)
                ):  # fmt: skip
                    yield Label("middleware_chain", 0.75, (node.lineno, part.lineno))


DETECTORS = (wrappers, forwarding, adapter, renaming, virtual, facade, front, middleware)
