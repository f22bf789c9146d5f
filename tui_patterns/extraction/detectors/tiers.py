"""Layers of a program: three tiers that know only the next one, and one front that requests come through."""

from __future__ import annotations

from collections.abc import Iterator

from tui_patterns.extraction.detectors.hints import bonus
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.paths import own_field
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_SHOWS = frozenset({"print", "input", "render_template", "click.echo", "typer.echo"})
_FEW = 8
Chain = tuple[ClassFacts, ClassFacts, ClassFacts]


def three_tier(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """What shows, what decides and what keeps: each holds the next one, none reaches past it."""
    for chain in module.once("tiers", lambda: _chains(module)):
        if item in chain:
            yield Label("three_tier", 0.65, tuple(tier.line for tier in chain))
            return


def _chains(module: ModuleFacts) -> list[Chain]:
    return [
        (top, middle, bottom)
        for top in module.classes if _shows(top)
        for middle in _held(top, module) if not _shows(middle) and middle.public
        for bottom in _held(middle, module)
        if _keeps(bottom, module) and bottom not in _held(top, module)
    ]  # fmt: skip


def _held(item: ClassFacts, module: ModuleFacts) -> list[ClassFacts]:
    """Classes of this file whose instances it keeps and asks, not of its own family."""
    asked = {own_field(p) for m in item.methods.values() for p in (*(c.path for c in m.calls), *m.reads)}
    found = (
        module.by_name.get(kind)
        for name, field in item.fields.items() if name in asked and not field.is_container
        for kind in field.types | field.seen
    )  # fmt: skip
    family = {item, *module.kin(item)}
    return [known for known in dict.fromkeys(found) if known is not None and known not in family]


def _shows(item: ClassFacts) -> bool:
    """Whether most of what it offers ends on a screen."""
    showing = [m for m in item.public if any(call.path in _SHOWS for call in m.all_calls())]
    return bool(showing) and 2 * len(showing) >= len(item.public)


def _keeps(item: ClassFacts, module: ModuleFacts) -> bool:
    """Whether it holds data, or reads and writes them, and no other class of this file."""
    data = any(field.is_container for field in item.fields.values())
    stored = any(
        c.name in {"execute", "query", "load", "open"} for m in item.methods.values() for c in m.calls
    )
    return (data or stored) and not _held(item, module) and not _shows(item)


def dispatcher(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """One method takes a request and, by what the request says, has one of several views answer it."""
    found = _dispatch(item)
    if found is not None:
        method, lines = found
        yield Label("front_controller", 0.65, (method.line, *lines))


def _dispatch(item: ClassFacts) -> tuple[FunctionFacts, tuple[int, ...]] | None:
    for method in item.public if len(item.public) <= _FEW else ():
        asked = [p for p in method.params if any(test.startswith(f"{p}.") for test in method.tests)]
        views: dict[str, dict[str, int]] = {}
        for call in method.calls if asked else ():
            name = own_field(call.receiver)
            field = item.fields.get(name)
            if (
                field is not None
                and "made" in field.kinds
                and call.guarded
                and call.receiver == f"self.{name}"
            ):
                views.setdefault(call.name, {})[name] = call.line
        for lines in views.values():
            if len(lines) >= 2:
                return method, tuple(lines.values())
    return None


def front(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """The single entry: looks at a request, then hands it on to a dispatcher that it keeps."""
    for method in item.public if len(item.public) <= _FEW else ():
        for call in method.calls:
            name = own_field(call.receiver)
            field = item.fields.get(name)
            given = set(call.passed) & set(method.params)
            if field is None or not given or call.receiver != f"self.{name}":
                continue
            known = (module.by_name.get(kind) for kind in field.types | field.seen)
            if any(_dispatch(other) for other in known if other is not None and other is not item):
                yield Label(
                    "front_controller", 0.65 + bonus(item.name, "front") / 2, (method.line, call.line)
                )
                return


DETECTORS = (three_tier, dispatcher, front)
