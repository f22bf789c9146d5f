"""From events of kind ``fix`` to what is known of fixes: pure, as ``folds``.

An event says what was tried at an error and how it went: ``found`` (a change turned it from red to
green; its first event gives the fix its text), ``attempt`` (a change did not help, be it a known fix or
none), ``said`` (a person's word on a fix; of a session the last one counts).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tui_patterns.models import Event
from tui_patterns.store.sql import dump

FIX_TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fixes": (
        ("id",),
        (
            *("shape", "signature", "error_class", "error_type", "message", "frame", "exit_code", "strategy"),
            *("diff", "paths", "project", "session_id", "found"),
        ),
    ),
    "fix_trials": (
        ("subject",),
        (
            *("fix_id", "shape", "error_class", "strategy", "project", "session_id", "success", "weight"),
            "at",
        ),
    ),
}


def prefix(fix: str | None) -> str:
    """What the keys of a fix's events begin with; of changes that are no known fix, ``None``."""
    return f"fix:{fix or '-'}:"


def subject(event: Event) -> str:
    """Which trial an event speaks of."""
    if event.data["what"] == "said":
        return f"said:{event.data['fix']}:{event.session}"
    return event.key


def fold_fixes(tables: dict[str, dict[Any, Any]], events: Iterable[Event]) -> None:
    """Put the rows of these events, in their order, into ``tables``."""
    for event in events:
        data, error = event.data, event.data["error"]
        fix = data.get("fix")
        if data["what"] == "found" and (fix,) not in tables["fixes"]:
            tables["fixes"][(fix,)] = (
                *(error["shape"], error["signature"], error["class"], error["type"], error["message"]),
                *(error.get("frame"), error.get("exit_code"), data["strategy"], data["diff"]),
                *(dump(data["paths"]), data.get("project"), event.session, event.at),
            )
        if fix is None or (fix,) in tables["fixes"]:
            tables["fix_trials"][(subject(event),)] = (
                *(fix, error["shape"], error["class"], data["strategy"], data.get("project")),
                *(event.session, int(data["success"]), data["weight"], event.at),
            )
