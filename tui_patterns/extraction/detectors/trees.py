"""What several detectors ask of calls, names and blocks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from tui_patterns.embedding.identifiers import split_identifier
from tui_patterns.extraction.structure.nodes import dotted, kind

_LOG_METHODS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log"})
_CLOCKS = frozenset(
    {"time", "monotonic", "perf_counter", "perf_counter_ns", "monotonic_ns", "time_ns", "now", "clock"}
)


def called(call: Any) -> str:
    """The last part of what a call calls: ``sleep`` of ``time.sleep(1)``."""
    return last(call.func)


def last(node: Any) -> str:
    """The last name of an attribute chain, whatever it starts with."""
    return str(getattr(node, "attr", None) or getattr(node, "id", None) or "")


def arguments(call: Any) -> list[Any]:
    """Its argument values, those by keyword last."""
    return [*call.args, *(keyword.value for keyword in call.keywords)]


def words_of(name: str) -> set[str]:
    """The lower-case words of an identifier, in the plural or not as written."""
    return set(split_identifier(name))


def speaks_of(names: Iterable[str], vocabulary: Collection[str]) -> bool:
    """Whether any identifier has a word of *vocabulary*."""
    return any(not words_of(name).isdisjoint(vocabulary) for name in names)


def is_log(call: Any) -> bool:
    """Whether a call logs: a logger's method on something called so."""
    name = dotted(call.func)
    receiver, _, method = name.rpartition(".")
    return method in _LOG_METHODS and "log" in receiver.lower()


def is_clock(call: Any) -> bool:
    """Whether a call reads the time: ``time.monotonic()``, ``datetime.now()``, ``loop.time()``."""
    return called(call) in _CLOCKS and len(call.args) < 2


def is_sleep(call: Any) -> bool:
    """Whether a call waits: ``time.sleep``, ``await asyncio.sleep``, ``self._sleep``."""
    return "sleep" in words_of(called(call))


def ends_by(statements: list[Any], kinds: Collection[str]) -> bool:
    """Whether a block's last statement is one of *kinds*."""
    return bool(statements) and kind(statements[-1]) in kinds


def origin_is(origin: str, names: Collection[str]) -> bool:
    """Whether a dotted origin is one of *names*, or ends by one after a dot."""
    return any(origin == name or origin.endswith(f".{name}") for name in names)


def decorators(node: Any) -> list[Any]:
    """The decorator expressions of a definition."""
    return list(node.decorator_list)


def decorator_name(node: Any) -> str:
    """The dotted name of a decorator, called or not."""
    return dotted(getattr(node, "func", node))


def lines(*nodes: Any) -> tuple[int, ...]:
    """Their lines as evidence: sorted, each once."""
    return tuple(sorted({node.lineno for node in nodes if node is not None and node.lineno}))
