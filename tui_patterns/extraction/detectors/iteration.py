"""Values one after another: generators, and those that cut their input into chunks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.trees import (
    arguments,
    called,
    decorator_name,
    decorators,
    lines,
    speaks_of,
    words_of,
)
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.extraction.structure.nodes import dotted, inside, kind, names_in, sign, stars, under, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_LOOPS = ("For", "AsyncFor", "While")
_READS = frozenset({"read", "read1", "recv", "islice", "fetchmany", "readexactly", "read_bytes"})
_SIZES = frozenset({"chunk", "chunks", "batch", "block", "buffer"})
# Under these a generator function is something else than a source of values.
_OTHERWISE = frozenset({"contextmanager", "asynccontextmanager", "fixture", "coroutine", "inlineCallbacks"})
_MANY = 2


def generators(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that yield, or that return what a generator made inside them yields."""
    if function.is_generator:
        if not any(
            decorator_name(item).rpartition(".")[2] in _OTHERWISE for item in decorators(function.node)
        ):
            yield _generator(function)
    elif (inner := returned_generator(function)) is not None:
        yield Label("generator", 0.8, lines(inner.node, *inner.own("Yield", "YieldFrom")[:1]))


def _generator(function: FunctionFacts) -> Label:
    """Sure with many values; one outside any loop may as well mark a setup and a teardown."""
    yields = function.own("Yield", "YieldFrom")
    several = len(yields) >= _MANY or "YieldFrom" in function.kinds or under(yields[0], _LOOPS) is not None
    return Label("generator", 0.95 if several else 0.6, lines(*yields[:3]))


def returned_generator(function: FunctionFacts) -> FunctionFacts | None:
    """The generator made inside whose call is returned."""
    made = {inner.name: inner for inner in function.inner if inner.is_generator}
    if not made:
        return None
    kept = {
        dotted(target): dotted(value.func)
        for target, value, _ in function.bindings()
        if kind(value) == "Call"
    }
    for node in function.own("Return"):
        for value in walk(node.value) if node.value is not None else ():
            name = dotted(value.func) if kind(value) == "Call" else kept.get(dotted(value), "")
            if name in made:
                return made[name]
    # One step further: a variable that was chosen from several.
    chosen = [name for _, value, _ in function.bindings() for name in names_in(value) if name in kept]
    return next((made[kept[name]] for name in chosen if kept[name] in made and function.own("Return")), None)


def chunks(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Functions that give their input in pieces of a given size."""
    source = returned_generator(function)
    found = chunked(function) or (chunked(source) if source is not None else None)
    if found is not None:
        whole = function.is_generator or source is not None
        yield Label("chunk_iterator" if whole else "batch_chunk", found.confidence, found.evidence)


def chunked(function: FunctionFacts) -> Label | None:
    """How a function cuts, if it does."""
    found = _slices(function) or _grouped(function)
    if found:
        return Label("batch_chunk", 0.85, lines(*found))
    if not function.is_generator:
        return None
    found = _reads(function) or _fills(function) or _carries(function)
    if found:
        return Label("batch_chunk", 0.85, lines(*found))
    found = _passes_on(function)
    return Label("batch_chunk", 0.7, lines(*found)) if found else None


def _slices(function: FunctionFacts) -> list[Any]:
    """``x[i:i + size]`` for ``i`` in a range with a step that is not written out."""
    for loop in function.own("For", "comprehension"):
        if kind(loop.iter) != "Call" or called(loop.iter) != "range" or len(loop.iter.args) < 3:
            continue
        if kind(loop.iter.args[2]) == "Constant":
            continue
        target = dotted(loop.target)
        around = loop.parent if kind(loop) == "comprehension" else loop
        for cut in function.own("Slice"):
            if cut.lower is not None and target in names_in(cut.lower) and inside(cut, around):
                return [loop.iter, cut]
    return []


def _grouped(function: FunctionFacts) -> list[Any]:
    """``zip(*[iter(x)] * n)``, ``zip(*repeat(iter(x), n))``, ``itertools.batched``."""
    for call in function.own("Call"):
        if called(call) in {"batched", "chunked", "ichunked"} and len(call.args) == _MANY:
            return [call] if under(call, {"Return", "YieldFrom"}) is not None else []
        if called(call) in {"zip", "zip_longest"} and stars(call):
            inner = [node for node in walk(*call.args) if kind(node) == "Call" and called(node) == "iter"]
            if inner:
                return [call]
    return []


def _reads(function: FunctionFacts) -> list[Any]:
    """Reads of a size, one after another, until nothing comes; each is yielded."""
    given = names_in(*function.own("Yield"))
    for call in function.own("Call"):
        if called(call) in _READS and call.args and under(call, _LOOPS) is not None:
            bound = under(call, {"Assign", "AnnAssign", "NamedExpr"})
            names = {dotted(target) for target, _, node in function.bindings() if node is bound}
            if names & given:
                return [call, *function.own("Yield")[:1]]
            loop = under(call, {"For"})
            if loop is not None and inside(call, loop.iter) and called(loop.iter) == "iter":
                return [call, loop]
    return []


def _fills(function: FunctionFacts) -> list[Any]:
    """A list filled in a loop and yielded when it is long enough."""
    yielded = {dotted(node.value) for node in function.own("Yield") if node.value is not None} - {""}
    yielded |= {
        name for node in function.own("Yield") if node.value is not None for name in names_in(node.value)
    }
    grown = {
        dotted(c.func.value): c for c in function.own("Call") if called(c) == "append" and under(c, _LOOPS)
    }
    for test in function.own("Compare"):
        for call in (node for node in walk(test) if kind(node) == "Call" and called(node) == "len"):
            name = dotted(call.args[0]) if call.args else ""
            if name in yielded and name in grown:
                return [grown[name], test]
    return []


def _carries(function: FunctionFacts) -> list[Any]:
    """What is left of a piece is put before the next one: ``chunk = pending + chunk``."""
    for loop in function.own("For", "AsyncFor"):
        target = dotted(loop.target)
        for bound, joint, node in function.bindings():
            if kind(joint) != "BinOp" or sign(joint) != "+" or target != dotted(bound):
                continue
            if inside(node, loop) and target in names_in(joint) and dotted(joint.left):
                return [loop, node]
    return []


def _passes_on(function: FunctionFacts) -> list[Any]:
    """Yields what comes from a source that is asked for pieces of the size given."""
    sizes = {name for name in function.parameters if words_of(name) & _SIZES}
    outer = function.outer
    sizes |= {name for name in outer.parameters if words_of(name) & _SIZES} if outer is not None else set()
    for node in function.own("YieldFrom", "For", "AsyncFor"):
        source = node.value if kind(node) == "YieldFrom" else node.iter
        passes = kind(node) == "YieldFrom" or _yields_target(function, node)
        if passes and kind(source) == "Call" and sizes & names_in(*arguments(source)):
            return [source]
    return []


def _yields_target(function: FunctionFacts, loop: Any) -> bool:
    target = dotted(loop.target)
    return any(dotted(node.value) == target for node in function.own("Yield") if node.value is not None)


def classes(item: ClassFacts, module: ModuleFacts) -> Iterator[Label]:
    """Iterators whose next value is a read of a size, and small classes that cut what they buffer."""
    methods = item.methods
    step = methods.get("__next__") or methods.get("__anext__")
    for call in step.own("Call") if step is not None else ():
        if called(call) in _READS and call.args and step is not None:
            yield Label("chunk_iterator", 0.85, lines(step.node, call))
    shown = [method for method in methods.values() if not method.name.startswith("__")]
    init = methods.get("__init__")
    sized = init is not None and speaks_of(init.parameters, _SIZES | {"size"})
    found = [found for method in shown if (found := _slices(method))]
    if found and sized and len(shown) <= _FEW:
        yield Label("batch_chunk", 0.8, lines(*found[0]))


_FEW = 5
FUNCTIONS = (generators, chunks)
CLASSES = (classes,)
