"""Going through results page by page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.detectors.trees import arguments, called, is_sleep, lines, speaks_of, words_of
from tui_patterns.extraction.structure.facts import FunctionFacts
from tui_patterns.extraction.structure.nodes import dotted, inside, kind, names_in, sign, walk
from tui_patterns.extraction.structure.table import ModuleFacts
from tui_patterns.models import Label

_PLACES = frozenset(
    {"page", "pages", "cursor", "offset", "marker", "token", "next", "skip", "continuation", "after"}
)
_SIZES = frozenset({"page", "per", "limit", "size"})


def functions(function: FunctionFacts, module: ModuleFacts) -> Iterator[Label]:
    """Loops that fetch, take the next place from what came or count it up, and collect."""
    collects = function.own("Yield", "YieldFrom") + [
        call for call in function.own("Call") if called(call) in {"extend", "append", "update"}
    ]
    for loop in function.own("While", "For"):
        inner = [item for item in collects if inside(item, loop)]
        step = _step(function, loop) if inner else None
        if step is not None:
            yield Label("pagination", 0.85, lines(loop, step, inner[0]))
            return
    yield from _cut(function)


def _step(function: FunctionFacts, loop: Any) -> Any:
    """Where the place moves on: a place that goes into a call of the loop as an argument."""
    calls = [call for call in function.own("Call") if inside(call, loop) and not is_sleep(call)]
    passed = {name for call in calls for name in names_in(*arguments(call))} | _keys_passed(function, loop)
    moves = [(node.target, None, node) for node in function.own("AugAssign")]
    for target, value, node in [*function.bindings(), *moves]:
        name = _place(target)
        if not name or name not in passed or not inside(node, loop):
            continue
        if value is None or _counts_up(name, value) or _from_answer(function, loop, node):
            return node
    return None


def _place(target: Any) -> str:
    """The name of a variable or of a request's field that says where to go on."""
    if kind(target) == "Subscript" and kind(target.slice) == "Constant":
        name = str(target.slice.value)
        return dotted(target.value) if words_of(name) & _PLACES else ""
    name = dotted(target)
    return name if words_of(name) & _PLACES or words_of(name) & {"url"} else ""


def _counts_up(name: str, value: Any) -> bool:
    """``page = page + 1``."""
    return kind(value) == "BinOp" and sign(value) == "+" and name in names_in(value)


def _keys_passed(function: FunctionFacts, loop: Any) -> set[str]:
    """Variables passed inside literal dictionaries: ``params={"page": page}``."""
    dicts = [node for node in function.own("Dict") if inside(node, loop)]
    return {name for node in dicts for name in names_in(node)}


def _from_answer(function: FunctionFacts, loop: Any, node: Any) -> bool:
    """Whether a value comes out of something that a call of the loop gave, by a place's name."""
    given = {
        dotted(target)
        for target, value, item in function.bindings()
        if inside(item, loop) and any(kind(part) in {"Call", "Await"} for part in walk(value))
    }
    said = [
        str(part.value)
        for part in walk(node.value)
        if kind(part) == "Constant" and isinstance(part.value, str)
    ]
    said += [part.attr for part in walk(node.value) if kind(part) == "Attribute"]
    return bool(given & names_in(node.value)) and speaks_of(said, _PLACES)


def _cut(function: FunctionFacts) -> Iterator[Label]:
    """``(page - 1) * size`` as the start of a slice, an offset or a LIMIT."""
    for node in function.own("BinOp"):
        left, right = node.left, node.right
        if sign(node) != "*" or kind(left) != "BinOp" or sign(left) != "-" or kind(left.right) != "Constant":
            continue
        if words_of(dotted(left.left)) & {"page", "pages"} and words_of(dotted(right)) & _SIZES:
            yield Label("pagination", 0.8, lines(node))
            return


FUNCTIONS = (functions,)
