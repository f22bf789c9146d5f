"""Retries and the delays between them.

A retry is a loop that makes the same call again after it failed: a ``try`` in
a loop, a way out on success, a handler that lets the loop go on, and a bound
or a wait. Trying one candidate after another is none: there the loop's target
goes into the call.
"""

from __future__ import annotations

from typing import Any

from tui_patterns.extraction.detectors.trees import arguments, called, ends_by, is_sleep, lines
from tui_patterns.extraction.structure.facts import FunctionFacts
from tui_patterns.extraction.structure.nodes import (
    dotted,
    inside,
    kind,
    names_bound,
    names_in,
    sign,
    under,
    walk,
)
from tui_patterns.models import Label

_LOOPS = ("While", "For", "AsyncFor")
_LEAVES = frozenset({"Return", "Break"})


def attempts(function: FunctionFacts) -> Label | None:
    """The retry loop in a function itself, if it has one."""
    found = [label for loop in function.own(*_LOOPS) if (label := _loop(function, loop)) is not None]
    return max(found, key=lambda label: label.confidence, default=None)


def _loop(function: FunctionFacts, loop: Any) -> Label | None:
    if kind(loop) != "While" and _is_attempt_block(loop):
        return Label("retry", 0.9, lines(loop, loop.body[0]))
    for block in function.own("Try"):
        if under(block, _LOOPS) is loop and _tries_again(function, loop, block):
            sleeps = [call for call in function.own("Call") if is_sleep(call) and inside(call, loop)]
            confidence = _confidence(bool(sleeps), _is_bounded(function, loop), _gives_up(function, loop))
            if confidence:
                return Label("retry", confidence, lines(loop, block, block.handlers[0], *sleeps))
    return None


def calls_itself(function: FunctionFacts) -> Label | None:
    """After a failure the function calls itself, one attempt less or more."""
    for call in function.own("Call"):
        if called(call) != function.name or under(call, {"ExceptHandler"}) is None:
            continue
        counts = [value for value in arguments(call) if kind(value) == "BinOp" and sign(value) in {"-", "+"}]
        if dotted(call.func) in {function.name, f"self.{function.name}"} and counts:
            return Label("retry", 0.8, lines(call))
    return None


def _is_attempt_block(loop: Any) -> bool:
    """``for attempt in Retrying(...): with attempt: ...``: the loop's target is the context of its body."""
    first = loop.body[0]
    managed = (
        {dotted(item.context_expr) for item in first.items} if kind(first) in {"With", "AsyncWith"} else set()
    )
    return len(loop.body) == 1 and kind(loop.iter) == "Call" and dotted(loop.target) in managed


def _tries_again(function: FunctionFacts, loop: Any, block: Any) -> bool:
    if not any(kind(node) == "Call" for node in walk(*block.body)):
        return False
    if all(ends_by(handler.body, {"Raise", "Return", "Break"}) for handler in block.handlers):
        return False
    if kind(loop) != "While" and not _only_counts(loop, block):
        return False
    return _succeeds(function, loop, block)


def _only_counts(loop: Any, block: Any) -> bool:
    """Whether the loop's target stays out of the calls that are tried."""
    targets = names_bound(loop.target)
    work = [node for node in walk(*block.body) if kind(node) == "Call" and not _is_talk(node)]
    return not any(targets & names_in(call) for call in work)


def _is_talk(call: Any) -> bool:
    return called(call) in {"debug", "info", "warning", "error", "print", "log", "exception"}


def _succeeds(function: FunctionFacts, loop: Any, block: Any) -> bool:
    """Whether the loop ends when nothing was raised."""
    leaves = [node for node in function.own("Return", "Break") if inside(node, loop)]
    good = [node for node in leaves if under(node, {"ExceptHandler"}) is None]
    if any(inside(node, block) or node.lineno > block.lineno for node in good):
        return True
    if kind(loop) != "While":
        return False
    decided = names_in(loop.test)
    return bool(names_bound(*block.body, *block.orelse) & decided)


def _is_bounded(function: FunctionFacts, loop: Any) -> bool:
    """A counted loop, or a counter that is compared."""
    if kind(loop) == "For":
        return kind(loop.iter) == "Call" and called(loop.iter) in {"range", "count", "enumerate", "repeat"}
    counted = {dotted(node.target) for node in function.own("AugAssign") if inside(node, loop)} - {""}
    tests = [*(node for node in function.own("Compare") if inside(node, loop)), loop.test]
    return any(dotted(node) in counted for test in tests for node in walk(test))


def _gives_up(function: FunctionFacts, loop: Any) -> bool:
    """Whether the last failure is raised: in a handler of the loop, or after it."""
    return any(
        node.lineno > loop.end_lineno or (inside(node, loop) and under(node, {"ExceptHandler"}) is not None)
        for node in function.own("Raise")
    )


def _confidence(sleeps: bool, bounded: bool, gives_up: bool) -> float:
    if sleeps:
        return 0.95 if bounded else 0.85
    if bounded:
        return 0.8 if gives_up else 0.65
    return 0.0
