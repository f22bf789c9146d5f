"""What became of injected patterns, written into the ledger; and what follows from it, read and rebuilt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tui_patterns.api.connections import LibraryError
from tui_patterns.learning import recording
from tui_patterns.learning.ledger import LedgerError, What
from tui_patterns.store import ledger
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary


def record_use(
    library: PatternLibrary,
    injection: str,
    pattern: str,
    *,
    similarity: float | None = None,
    evidence: Sequence[Mapping[str, Any]] = (),
    project: str | None = None,
) -> bool:
    """An injected pattern was used; ``False`` if that was known. Raises LibraryError for unknown ids."""
    with library.connections.lend() as conn:
        try:
            with transaction(conn):
                return recording.record_use(
                    conn, injection, pattern, similarity=similarity, evidence=evidence, project=project
                )
        except LedgerError as error:
            raise LibraryError(str(error)) from error


def record_outcome(
    library: PatternLibrary,
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
    """How a use went, by one source; ``False`` if it says nothing new. Raises LibraryError for unknown ids."""
    with library.connections.lend() as conn:
        try:
            with transaction(conn):
                return recording.record_outcome(
                    conn,
                    injection,
                    pattern,
                    success,
                    what=what,
                    source=source,
                    project=project,
                    session=session,
                    detail=detail,
                )
        except LedgerError as error:
            raise LibraryError(str(error)) from error


def rebuild_evidence(library: PatternLibrary) -> dict[str, dict[str, int]]:
    """Work out from the events everything that follows from them; what changed by table: nothing, if all is well."""
    with library.connections.lend() as conn, transaction(conn):
        return {table: dict(counts) for table, counts in ledger.rebuild(conn).items()}
