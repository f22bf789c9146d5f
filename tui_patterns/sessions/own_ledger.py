"""Sessions that only the library's own ledger knows: what hooks, the app and the command line told it.

The ledger keeps no texts, so that such a session has turns, builds, tests and edits with their results,
and the patterns that it was given; its tokens and its cost are not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tui_patterns.models import Event
from tui_patterns.sessions.reading import Span
from tui_patterns.sessions.sources import Source
from tui_patterns.store.session_rows import FactsRow, PromptRow, Row, ToolEnd, ToolStart

PREFIX = "ledger:"  # of what stands in the place of a transcript's path


def source(session: str) -> Source:
    """The ledger as the source of one session."""
    return Source(Path(PREFIX + session), "ledger", session, None)


def is_own(path: str) -> bool:
    """Whether this names the ledger, and no file."""
    return path.startswith(PREFIX)


def rows(events: Sequence[Event], span: Span) -> Iterator[Row]:
    """What the events of one session say of it, in the order of time."""
    number = 0
    for event in events:
        span.add(event.at)
        if event.kind == "session" and event.data.get("source"):
            yield FactsRow(agent=str(event.data["source"]))
        elif event.kind == "turn":
            number = int(event.data.get("turn") or number + 1)
            yield PromptRow(f"turn-{number}", number, event.at, "")
        elif event.kind == "tool":
            yield from _tool(event, number)


def _tool(event: Event, turn: int) -> Iterable[Row]:
    data, call = event.data, str(event.data.get("call") or event.key)
    success, duration = data.get("success"), data.get("duration_ms")
    begun = event.at - (duration or 0.0) / 1000
    known = success is not None
    yield ToolStart(
        call, turn or None, begun, False, str(data.get("tool")), str(data.get("category")), None, known
    )
    yield ToolEnd(
        call,
        event.at,
        failed=success is False,
        sure=known,
        exit_code=data.get("exit_code"),
        duration_ms=duration,
    )
