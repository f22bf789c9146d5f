"""State that is what its events made of it: event sourcing."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.detectors.composites import by_class_name
from tui_patterns.extraction.structure.facts import Call, ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label


def event_sourcing(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Only applying an event changes the state; events are kept, or gone through again to get it back."""
    if any(module.origin(base).startswith("eventsourcing.domain.") for base in item.bases):
        yield Label("event_sourcing", 0.9, (item.line,))
        return
    for apply in item.methods.values():
        if len(apply.params) != 1 or not _decides_by_event(apply):
            continue
        calls = [
            (m, c) for m in item.methods.values() if m is not apply for c in m.calls if c.name == apply.name
        ]
        news = [c.line for m, c in calls if _is_new(m, c)]
        again = [c.line for _, c in calls if c.looped]
        if (len(news) >= 2 and _keeps(item, apply)) or (again and (news or _keeps(item, apply))):
            yield Label("event_sourcing", 0.75, (apply.line, *news, *again))
            return


def _decides_by_event(apply: FunctionFacts) -> bool:
    """Its state changes with what kind of event it is given: tested, or looked up by its class."""
    event = apply.params[0]
    tested = any(test.partition(".")[0].partition("[")[0] == event for test in apply.tests)
    changed = any(own_field(store.path) and store.guarded for store in apply.stores)
    return (tested and changed) or by_class_name(apply)


def _is_new(method: FunctionFacts, call: Call) -> bool:
    """Whether the event is made where it is applied, not handed through."""
    return call.receiver == "self" and any(
        path not in method.params and not path.endswith("[]") for path in call.passed
    )


def _keeps(item: ClassFacts, apply: FunctionFacts) -> bool:
    """Whether events go on a list of the object: where they are applied, or beside."""
    return any(
        call.name in {"append", "extend", "add"} and own_field(call.receiver) in item.fields and call.passed
        for method in item.methods.values()
        if method is apply or any(call.name == apply.name for call in method.calls)
        for call in method.calls
    )


DETECTORS = (event_sourcing,)
