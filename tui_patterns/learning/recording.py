"""Writing what became of an injected pattern: used or not, and how it went.

Each source has one word on a use, its last; saying the same again adds nothing, and what was said can be
taken back, which is said too. All of it happens
inside the caller's transaction and raises LedgerError for what cannot be.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from tui_patterns.learning.ledger import STRENGTHS, Event, Kind, What
from tui_patterns.store import ledger
from tui_patterns.store.use_folds import standing


def record_use(
    conn: sqlite3.Connection,
    injection: str,
    pattern: str,
    *,
    similarity: float | None = None,
    evidence: Sequence[Mapping[str, Any]] = (),
    project: str | None = None,
    version: int | None = None,
    at: float | None = None,
) -> bool:
    """An injected pattern was used, with the lines that show it (``{"path", "line", "end_line"}`` …).

    ``project`` is the root of the project that uses it. ``False`` if that is known already.
    """
    data = {"similarity": similarity, "evidence": [dict(one) for one in evidence], "project": project}
    return _say(conn, "use", injection, pattern, data, version=version, at=at)


def record_unused(
    conn: sqlite3.Connection,
    injection: str,
    pattern: str,
    *,
    similarity: float | None = None,
    at: float | None = None,
) -> bool:
    """An injected pattern was shown and not used: that lowers its adoption, and never its success."""
    return _say(conn, "unused", injection, pattern, {"similarity": similarity}, at=at)


def record_censored(
    conn: sqlite3.Connection,
    injection: str,
    pattern: str | None = None,
    *,
    reason: str | None = None,
    at: float | None = None,
) -> bool:
    """Nothing will be known, since the work was cut off; without a pattern, of none in the injection."""
    return _say(conn, "censored", injection, pattern, {"reason": reason}, at=at)


def record_outcome(
    conn: sqlite3.Connection,
    injection: str | None,
    pattern: str,
    success: bool | None,
    *,
    what: What = "explicit",
    source: str = "person",
    weight: float | None = None,
    project: str | None = None,
    session: str | None = None,
    detail: Mapping[str, Any] | None = None,
    at: float | None = None,
    key: str | None = None,
) -> bool:
    """How a use went, by one source; ``None`` is neither. ``weight`` is by default that of its kind.

    Without an injection, the word is that of the source in ``session``; without either, each call
    is an outcome of its own, unless ``key`` says that it is known. ``False`` if nothing is new.
    """
    data = {
        "what": what,
        "success": success,
        "weight": STRENGTHS[what] if weight is None else weight,
        "source": source,
        "project": project,
        "detail": dict(detail or {}),
    }
    return _say(conn, "outcome", injection, pattern, data, session=session, at=at, key=key)


def record_retracted(
    conn: sqlite3.Connection, injection: str, pattern: str, source: str = "person", *, at: float | None = None
) -> bool:
    """Take back the last word of a source on a use: what it had said before stands again.

    ``False`` if nothing of it is left to take back.
    """
    if _last(conn, "outcome", injection, None, pattern, source) is None:
        return False
    subject = f"retract:{injection}:{pattern}:{source}:"
    event = Event(
        kind="retract",
        at=ledger.latest(conn, pattern=pattern, injection=injection) if at is None else at,
        injection=injection,
        pattern=pattern,
        key=f"{subject}{ledger.told(conn, subject)}",
        data={"source": source},
    )
    return ledger.append(conn, event)


def _say(
    conn: sqlite3.Connection,
    kind: Kind,
    injection: str | None,
    pattern: str | None,
    data: dict[str, Any],
    *,
    session: str | None = None,
    version: int | None = None,
    at: float | None = None,
    key: str | None = None,
) -> bool:
    subject = f"{kind}:{injection or session or ''}:{pattern or ''}:{data.get('source', '')}:"
    previous = _last(conn, kind, injection, session, pattern, data.get("source"))
    if key is None and (injection or session) and previous is not None and _same(previous.data, data):
        return False
    if at is None:
        at = ledger.latest(conn, pattern=pattern, session=session, injection=injection)
    event = Event(
        kind=kind,
        at=at,
        session=session,
        injection=injection,
        pattern=pattern,
        version=version,
        key=key or f"{subject}{ledger.told(conn, subject)}",
        data=data,
    )
    return ledger.append(conn, event)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two words are one: also where one knows less of the context, unless versions changed."""
    if one == other:
        return True
    plain, versions = [], []
    for data in (one, other):
        detail = dict(data.get("detail") or {})
        versions.append((detail.pop("context", None) or {}).get("versions"))
        plain.append({**data, "detail": detail})
    return plain[0] == plain[1] and (not all(versions) or versions[0] == versions[1])


def _last(
    conn: sqlite3.Connection,
    kind: Kind,
    injection: str | None,
    session: str | None,
    pattern: str | None,
    source: str | None,
) -> Event | None:
    """The last event of this matter that decides whether saying it (again) is new."""
    kinds: tuple[Kind, ...] = ("use", "unused", "censored")
    if kind == "outcome":
        kinds = ("outcome", "retract")
    found = standing(ledger.events(conn, pattern=pattern, injection=injection, session=session, kinds=kinds))
    own = [one for one in found if kind != "outcome" or one.data.get("source") == source]
    return own[-1] if own and own[-1].kind == kind else None
