"""What became of injected patterns, written into the ledger; and what follows from it, read and rebuilt."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tui_patterns.api.connections import LibraryError
from tui_patterns.learning import guarding, recording, retirement
from tui_patterns.learning.ledger import LedgerError, What
from tui_patterns.store import ledger
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.library.judging import Judging


def record_use(
    library: Judging,
    injection: str,
    pattern: str,
    *,
    similarity: float | None = None,
    evidence: Sequence[Mapping[str, Any]] = (),
    project: str | None = None,
) -> bool:
    """An injected pattern was used; ``False`` if that was known. Raises LibraryError for unknown ids."""
    with _writing(library) as conn:
        return recording.record_use(
            conn, injection, pattern, similarity=similarity, evidence=evidence, project=project
        )


def record_outcome(
    library: Judging,
    injection: str | None,
    pattern: str,
    success: bool | None,
    *,
    what: What = "explicit",
    source: str = "person",
    project: str | None = None,
    session: str | None = None,
    detail: Mapping[str, Any] | None = None,
) -> bool:
    """How a use went, by one source; ``False`` if that says nothing new.

    Raises LibraryError for unknown ids and for what cannot be.
    """
    said = {"what": what, "source": source, "project": project, "session": session, "detail": detail}
    with _writing(library) as conn:
        new = recording.record_outcome(conn, injection, pattern, success, **said)  # type: ignore[arg-type]
        if new:
            retirement.review(conn, pattern, library.rules)
        return new


def retract_outcome(library: Judging, injection: str, pattern: str, source: str = "person") -> bool:
    """Take back the last word of a source on a use; ``False`` if it has said nothing that still stands.

    What had stood before stands again: an earlier word of the source, or none, so that the pattern is
    open again unless its use is known otherwise. A pattern that the rule had retired by that word returns.
    Raises LibraryError for unknown ids.
    """
    with _writing(library) as conn:
        done = recording.record_retracted(conn, injection, pattern, source)
        if done:
            retirement.reconsider(conn, pattern, library.rules)
    if done:
        with library.connections.lend() as conn:
            guarding.review(conn)
    return done


@contextmanager
def _writing(library: Judging) -> Iterator[sqlite3.Connection]:
    with library.connections.lend() as conn:
        try:
            with transaction(conn):
                yield conn
        except LedgerError as error:
            raise LibraryError(str(error)) from error


def rebuild_evidence(library: Judging) -> dict[str, dict[str, int]]:
    """Work out from the events everything that follows from them; what changed, by table.

    Nothing does, if all is well.
    """
    with _writing(library) as conn:
        return {table: dict(counts) for table, counts in ledger.rebuild(conn).items()}
