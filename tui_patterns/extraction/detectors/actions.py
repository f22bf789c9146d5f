"""Actions and saved states as objects: command, memento, iterator."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus, named
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_DO = frozenset({"execute", "do", "run", "redo", "apply", "perform", "__call__"})
_UNDO = frozenset({"undo", "unexecute", "revert", "rollback", "reverse"})


def command(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """One action as an object: made with all it needs, run without being told more, or undone."""
    undo = _undo(item)
    if undo:
        yield Label("command", 0.75 + bonus(item.name, "command") / 2, undo)
    if _is_named_action(item, module):
        yield Label("command", 0.65, tuple(method.line for method in item.public))
    if _is_lone_action(item, module):
        yield Label("command", 0.55 + bonus(item.name, "command"), (item.public[0].line,))
    action = _action(item, module)
    if action is not None:
        yield Label("command", 0.75 + bonus(item.name, "command"), (action.line,))


def _undo(item: ClassFacts) -> tuple[int, ...]:
    """One method notes what it does; another takes the note back and reverses it, for no answer."""
    noted: dict[str, int] = {}
    taken: dict[str, int] = {}
    for method in item.public:
        for call in method.calls:
            name = own_field(call.receiver)
            if (
                name not in item.fields
                or call.receiver != f"self.{name}"
                or not item.fields[name].is_container
            ):
                continue
            if call.name == "append" and set(call.passed) & set(method.params) and len(method.calls) >= 2:
                noted[name] = call.line
            if (
                call.name == "pop"
                and call.used
                and not method.params
                and not method.returned()
                and method.calls[1:]
            ):
                taken[name] = call.line
    return next(((noted[name], taken[name]) for name in noted.keys() & taken.keys()), ())


def _undone(module: ModuleFacts) -> set[str]:
    """Names of actions that some class of the file can also undo."""
    offered = ({method.name for method in item.public} for item in module.classes)
    return {name for names in offered if names & _UNDO for name in names & _DO}


def is_command(item: ClassFacts, module: ModuleFacts) -> bool:
    """Whether anything about it says command."""
    return module.once(f"command {item.qualname}", lambda: any(True for _ in command(item, module)))


def _is_named_action(item: ClassFacts, module: ModuleFacts) -> bool:
    """Does or undoes, by name, what it was made with; at least one of its peers can undo."""
    names = {method.name for method in item.public}
    given = any("param" in f.kinds and "__init__" in f.setters for f in item.fields.values())
    silent = not any(m.params or any(_answers(r.value) for r in m.returns) for m in item.public)
    undone = module.once("undone", lambda: _undone(module)) & names
    return bool(names & _DO) and names <= _DO | _UNDO and given and silent and bool(undone)


def _is_lone_action(item: ClassFacts, module: ModuleFacts) -> bool:
    """Where its family is not in sight: it only starts what it was made with, and answers nothing."""
    fields = item.fields.values()
    if len(item.public) != 1 or not fields or any("param" not in field.kinds for field in fields):
        return False
    method = item.public[0]
    quiet = (
        not method.params and not any(_answers(r.value) for r in method.returns) and method.kind == "instance"
    )
    receivers = {own_field(call.receiver) for call in method.calls if own_field(call.receiver) in item.fields}
    only = all(own_field(call.path) for call in method.calls) and not method.stores
    return quiet and bool(receivers) and only and module.has_unknown_base(item)


def _action(item: ClassFacts, module: ModuleFacts) -> FunctionFacts | None:
    """The one thing it does, where its family shares it: without parameters and without a result."""
    family = [c for c in (item, *module.kin(item)) if not module.is_interface(c)]
    root = next(
        (b for b in module.ancestors(item) if module.is_interface(b)),
        item if module.is_interface(item) else None,
    )
    if root is None:
        return None
    opened = [m for m in root.methods.values() if m.open and m.name != "__init__"]
    if not 1 <= len(opened) <= 2 or any(m.params or m.kind == "property" for m in opened):
        return None
    name = opened[0].name
    if len(family) < 2 and not _is_invoked(name, module):
        return None
    runs = [c.methods[name] for c in family if name in c.methods]
    quiet = all(not m.params and not any(_answers(r.value) for r in m.returns) for m in runs)
    stored = [c for c in family if _uses_receiver(c, name, module)]
    if runs and quiet and 2 * len(stored) >= len(runs) and stored and len(item.public) <= 3:
        return module.method(item, name)
    return None


def _is_invoked(name: str, module: ModuleFacts) -> bool:
    """Whether a class of this file keeps something only to start it, when told to."""
    starts = (
        call for item in module.classes for method in item.methods.values() for call in method.calls
        if call.name == name != method.name and not call.passed and not call.used
    )  # fmt: skip
    return any(own_field(call.receiver) for call in starts)


def _answers(value: ast.expr | None) -> bool:
    return value is not None and not (isinstance(value, ast.Constant) and value.value is None)


def _uses_receiver(item: ClassFacts, name: str, module: ModuleFacts) -> bool:
    """Whether the action is done by something that it was made with."""
    method = item.methods.get(name)
    fields = module.fields(item)
    given = {n for n, f in fields.items() if "param" in f.kinds and "__init__" in f.setters}
    if method is None or not given:
        return False
    return any(own_field(call.receiver) in given and call.name != name for call in method.calls)


def iterator(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Gives one element after another and stops; ``__iter__`` may come from a base."""
    method = item.methods.get("__next__") or item.methods.get("__anext__")
    if method is not None:
        whole = item.bases or "__iter__" in item.methods or "__aiter__" in item.methods
        yield Label("iterator", 0.9 if whole else 0.7, (method.line,))
        return
    for step in item.public:
        moved = {own_field(s.path) for s in step.stores if s.added} & {own_field(t) for t in step.tests}
        moved.discard("")
        if not moved or step.params or not any(path.endswith("[]") for path in step.returned()):
            continue
        if "StopIteration" in step.raised:
            yield Label("iterator", 0.8, (step.line,))
            return
        asked = [
            m for m in item.public if m is not step and any(own_field(p) in moved for p in m.reads | m.tests)
        ]
        if asked:
            yield Label("iterator", 0.7, (step.line, asked[0].line))
            return


def message(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Plain data under a common, empty base: messages, by their name events or commands."""
    root = (module.ancestors(item) or [item])[-1]
    empty = not root.methods and not [f for f in root.fields.values() if f.kinds] and not _foreign_bases(root)
    heirs = module.descendants(root)
    data = [c for c in heirs if not c.methods and c.fields]
    if empty and len(data) >= 2 and len(data) == len(heirs):
        if named(root.name, "event"):
            yield Label("domain_event", 0.7, (item.line,))
        elif named(root.name, "command"):
            yield Label("command_message", 0.7, (item.line,))


def _foreign_bases(item: ClassFacts) -> bool:
    return any(base.rpartition(".")[2] not in {"object", "ABC"} for base in item.bases)


DETECTORS = (command, iterator, message)
