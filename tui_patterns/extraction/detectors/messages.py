"""Objects that tell others: observer, publish-subscribe, message bus, event emitter, mediator, blackboard."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus
from tui_patterns.extraction.structure.facts import Call, ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field, path_of
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_ADDS = frozenset({"append", "add", "insert", "extend", "appendleft", "setdefault"})
_REMOVES = frozenset({"remove", "discard", "pop"})


def observer(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Keeps what others hand in, and later tells each of them, for no answer."""
    fields = module.fields(item)
    for name, field in fields.items():
        told = [(m, c) for m in item.methods.values() for c in m.all_calls() if _tells(c, m, name)]
        if not told:
            continue
        kept = [m for m in _own_and_inherited(item, module) if m.name != "__init__" and _keeps(m, name)]
        left = any(_drops(m, name) for m in item.methods.values())
        keyed = any("[][]" in c.path or ".get()[]" in c.path for _, c in told)
        lines = (*(m.line for m in kept), *(c.line for _, c in told))
        if kept and any(_spares_sender(m, name) for m, _ in told):
            yield Label("mediator", 0.75, lines)
        elif kept and (left or any(c.passed for _, c in told)):
            label = "publish_subscribe" if keyed else "observer"
            yield Label(label, 0.75 + 0.15 * left, lines)
        elif "param" in field.kinds and field.kinds & {"dict"} and keyed and any(c.passed for _, c in told):
            yield Label("message_bus", 0.7, lines)


def _own_and_inherited(item: ClassFacts, module: ModuleFacts) -> list[FunctionFacts]:
    return [m for c in (item, *module.ancestors(item)) for m in c.methods.values()]


def _tells(call: Call, method: FunctionFacts, name: str) -> bool:
    """A call on (or of) each element, its result not used; not a composite's call of the same method."""
    if own_field(call.path) != name or "[]" not in call.path or call.used or not call.looped:
        return False
    tail = call.path.rpartition("[]")[2]
    if tail.count(".") == 1 and tail[1:] == method.name and not call.passed:
        return False
    return tail == "" or (tail.count(".") == 1 and tail[1:] not in _ADDS | _REMOVES)


def _spares_sender(method: FunctionFacts, name: str) -> bool:
    """Passes on to all but the one that it came from."""
    elements = {test for test in method.tests if own_field(test) == name and test.endswith("[]")}
    return bool(elements) and bool(method.tests & set(method.params))


def _keeps(method: FunctionFacts, name: str) -> bool:
    given = set(method.params + method.variadic)
    for call in method.all_calls():
        if own_field(call.receiver) == name and call.name in _ADDS and given & set(call.passed):
            return True
    return any(
        s.path.startswith(f"self.{name}[") and s.value_path.partition(".")[0] in given for s in method.stores
    )


def _drops(method: FunctionFacts, name: str) -> bool:
    return any(own_field(c.receiver) == name and c.name in _REMOVES for c in method.calls) or any(
        s.path.startswith(f"self.{name}[") and s.value is None for s in method.stores
    )


def dispatch_by_type(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Handlers found by the type of a message, called with it."""
    for method in item.methods.values():
        for call in method.calls:
            name = own_field(call.path)
            if not name or name not in module.fields(item) or not set(call.arguments) & set(method.params):
                continue
            by_type = any(path.endswith(".__class__") for path in _keys(method))
            tail = call.path.removeprefix(f"self.{name}").replace("[]", "").replace(".get()", "")
            if (
                by_type
                and call.path != f"self.{name}{tail}"
                and tail.count(".") <= 1
                and tail[1:] not in _ADDS
            ):
                yield Label("message_bus", 0.8, (method.line, call.line))


def _keys(method: FunctionFacts) -> set[str]:
    return {path_of(node.slice, method.names) for node in method.deep("Subscript")} | {
        p for c in method.calls for p in c.arguments
    }


def emitter(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Looks handlers up by an event's name, and calls each with the data."""
    for call in function.calls:
        root = call.path.partition(".get()")[0].partition("[")[0]
        keyed = call.path.endswith(("[][]", ".get()[]")) and (
            root in function.params or root in module.variables
        )
        if keyed and call.looped and call.passed:
            yield Label("event_emitter", 0.7, (function.line, call.line))
            return


def mediator(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Colleagues hold it and report to it, each naming itself."""
    senders: set[str] = set()
    lines: set[int] = set()
    for other, held, call in module.once("reports", lambda: _reports(module)):
        if call.name in item.methods and _is_stable(other, held, item, module):
            senders.add(other.name)
            lines.add(item.methods[call.name].line)
    if senders and item.name not in senders:
        yield Label("mediator", 0.75 + bonus(item.name, "mediator") / 2, tuple(sorted(lines)))


def _reports(module: ModuleFacts) -> list[tuple[ClassFacts, str, Call]]:
    """Calls on a held object that name the caller: who calls, through which attribute."""
    return [
        (item, held, call)
        for item in module.classes
        for method in item.methods.values()
        for call in method.calls
        if "self" in call.arguments and not call.looped
        if (held := own_field(call.receiver)) and call.receiver == f"self.{held}"
    ]


def _is_stable(other: ClassFacts, held: str, item: ClassFacts, module: ModuleFacts) -> bool:
    """The reference is not one of several that take turns, and the report is no subscription."""
    field = module.field(other, held)
    if field is None or field.is_container:
        return False
    named = {c.name for c in module.classes} & field.types
    fits = not named or bool(named & {item.name, *(c.name for c in module.kin(item))})
    turns = [c for c in module.descendants(item) if not module.is_interface(c)]
    return fits and len(turns) < 2 and not _own_turns(item, module)


def _own_turns(item: ClassFacts, module: ModuleFacts) -> bool:
    """Whether it has siblings that could stand in for it."""
    return any(
        len([c for c in module.descendants(base) if not module.is_interface(c)]) >= 2
        for base in module.ancestors(item)
    )


def blackboard(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Shared data that several independent contributors write to, and who lets them."""
    written = module.once("written", lambda: _written(module))
    writers = {other for other, shared in written if shared in item.fields}
    if len(writers) >= 2 and any(field.kinds & {"dict", "list"} for field in item.fields.values()):
        yield Label("blackboard", 0.85, (item.line,))


def _written(module: ModuleFacts) -> set[tuple[str, str]]:
    """(class, attribute) where a class sets items of an attribute of an object that it was given."""
    found: set[tuple[str, str]] = set()
    for item in module.classes:
        for store in (store for method in item.methods.values() for store in method.stores):
            held = own_field(store.path)
            field = module.field(item, held) if held and "[" in store.path else None
            if field is not None and "param" in field.kinds:
                found.add((item.name, store.path[len(f"self.{held}.") :].partition("[")[0]))
    return found


def controller(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Runs the contributors of a blackboard until its data say that it is done."""
    for method in item.methods.values():
        for path, line in method.loops:
            held = own_field(path)
            field = module.field(item, held) if held else None
            boards = [c for name in (field.types if field else ()) if (c := module.find(name)) is not None]
            boards = boards or [
                c for c in module.classes if field and path[len(f"self.{held}.") :] in c.fields
            ]
            if any(True for board in boards for _ in blackboard(board, module)):
                yield Label("blackboard", 0.8, (method.line, line))
                return


DETECTORS = (observer, dispatch_by_type, mediator, blackboard, controller)
