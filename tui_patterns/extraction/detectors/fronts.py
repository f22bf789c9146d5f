"""Another interface in front of objects: adapter, virtual proxy, facade."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus
from tui_patterns.extraction.structure.facts import Call, ClassFacts, Field, FunctionFacts
from tui_patterns.extraction.structure.paths import made_class, own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_MOST = 10  # public methods of a class that is no more than a front
_SEVERAL = 3
_MINOR = 5  # one adapted method among more than this is not what a class is about


def _names(call: Call) -> set[str]:
    return {node.id for node in ast.walk(call.node) if isinstance(node, ast.Name)}


def adapter(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Answers the calls of one interface by calling another one that is shaped differently."""
    found: dict[str, tuple[int, int]] = {}
    for method in item.public:
        base = next((b for b in module.ancestors(item) if method.name in b.methods), None)
        if method.kind == "property" or (base is None and not module.has_unknown_base(item)):
            continue
        for call in method.calls:
            if _is_foreign_call(item, method, call, base, module):
                found[method.name] = (method.line, call.line)
                break
    if found and _MINOR * len(found) >= len(item.public):
        lines = tuple(line for pair in found.values() for line in pair)
        yield Label("adapter", 0.7 + bonus(item.name, "adapter", "wrapper"), lines)


def _is_foreign_call(
    item: ClassFacts, method: FunctionFacts, call: Call, base: ClassFacts | None, module: ModuleFacts
) -> bool:
    """Whether a call goes to what is adapted: another base, or an object of another kind that is held."""
    if call.name == method.name:
        return False
    if call.receiver in {"self", "super()"}:
        others = any(b is not base and call.name in b.methods for b in module.parents(item))
        return others and call.name not in item.methods and len(item.bases) > 1
    held = own_field(call.receiver)
    field = module.field(item, held) if held and call.receiver == f"self.{held}" else None
    if field is None or not field.kinds & {"param", "made"} or field.is_container:
        return False
    if not _refers(method, call):
        return False
    return _is_only_one(item, field, module) if base is None else _is_stranger(item, field, call, module)


def _is_only_one(item: ClassFacts, field: Field, module: ModuleFacts) -> bool:
    """A small class that makes the one thing which it stands for."""
    made = "made" in field.kinds and len(field.setters) == 1
    if not made or any(map(module.is_library, field.types)):
        return False
    return len(item.public) <= 3 and not field.types & set(item.bases)


def _is_stranger(item: ClassFacts, field: Field, call: Call, module: ModuleFacts) -> bool:
    """What is held is no relative of the class, and of a kind that has none of its own."""
    if "__init__" not in item.methods:
        return False
    found = [known for name in field.types or field.seen if (known := module.find(name)) is not None]
    wrapped = found or module.defining([call.name])
    kin = module.kin(item)
    return bool(wrapped) and not any(
        known is item or known in kin or module.descendants(known) or module.is_interface(known)
        for known in wrapped
    )


def _refers(method: FunctionFacts, call: Call) -> bool:
    """The adapted call is what the method answers with, or all that it does."""
    return (bool(method.returns) and call.used) or len(method.node.body) == 1


def renaming(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Holds an object and takes, as attributes of its own, the methods to offer in its stead."""
    init = item.init
    for call in init.calls if init else ():
        if init is None or call.path != "self.__dict__.update":
            continue
        held = any("param" in field.kinds and _is_used(item, name) for name, field in item.fields.items())
        if held and _names(call) & set(init.parameters):
            yield Label("adapter", 0.65 + bonus(item.name, "adapter"), (call.line,))


def renamed_calls(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """All that it offers is one call each of one object it holds, under other names than there."""
    rivals = [c for c in module.defining(m.name for m in item.public) if c is not item]
    if module.kin(item) or not (1 if rivals else 2) <= len(item.public) <= _MOST:
        return
    calls = [(method, method.calls[0]) for method in item.public if len(method.calls) == 1]
    plain = [m for m, c in calls if len(m.body) == 1 and m.kind == "instance" and m.name != c.name]
    held = {own_field(c.receiver) for _, c in calls if c.receiver == f"self.{own_field(c.receiver)}"}
    field = item.fields.get(next(iter(held), ""))
    if len(held) != 1 or len(plain) < len(item.public) or field is None or field.is_container:
        return
    known = [c for name in field.types | field.seen if (c := module.find(name)) is not None]
    if known and not any(c in rivals for c in known) and ("made" in field.kinds or rivals):
        yield Label("adapter", 0.65 + bonus(item.name, "adapter", "wrapper"), tuple(m.line for m in plain))


def _is_used(item: ClassFacts, name: str) -> bool:
    """Whether a method other than the constructor passes the held object on or calls it."""
    others = [m for m in item.methods.values() if m.name != "__init__"]
    return any(f"self.{name}" in c.passed or c.receiver == f"self.{name}" for m in others for c in m.calls)


def virtual(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Makes what it stands for only when that is needed; both answer the same call."""
    for name, field in item.fields.items():
        made_later = [line for setter, line in field.setters.items() if setter != "__init__"]
        real = [
            known for kind in field.types if (known := module.find(kind)) is not None and known is not item
        ]
        shared = sum(any(m.name in known.methods for known in real) for m in item.public) * 2 > len(
            item.public
        )
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
        several = len(lines) >= _SEVERAL or len(parts) >= _SEVERAL
        if several and any(len(names) >= 2 for names in blocks.values()) and len(item.public) <= _MOST:
            yield Label("facade", 0.75, (method.line, *lines))
            return


def conductor(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """One call that runs several parts one after another: parts that it was given, or makes for that."""
    given = {name for name, field in item.fields.items() if field.kinds == {"param"}}
    if len(item.public) > _MOST:
        return
    for method in item.public:
        held: dict[int, dict[str, int]] = {}
        made: dict[int, dict[str, int]] = {}
        for call in method.calls:
            name = own_field(call.receiver)
            if name in given and call.receiver == f"self.{name}" and not call.used:
                held.setdefault(call.block, {}).setdefault(name, call.line)
            elif (kind := made_class(call.receiver)) and not module.is_library(kind) and not call.used:
                made.setdefault(call.block, {}).setdefault(kind, call.line)
        for parts in (*held.values(), *made.values()):
            if len(parts) >= _SEVERAL:
                yield Label("facade", 0.7, (method.line, *parts.values()))
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


DETECTORS = (adapter, renaming, renamed_calls, virtual, facade, conductor, front)
