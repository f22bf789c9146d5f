"""From files to stored sessions: as a stream, only what is new, each batch in one transaction.

A file is taken up where it was left if its beginning, and the part before that
place, are what they were; else it is read anew, which adds only what is not
known. A crash between batches loses nothing and repeats nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b

from tui_patterns.sessions import folder, own_ledger
from tui_patterns.sessions.claude_code import ClaudeReader
from tui_patterns.sessions.codex import CodexReader
from tui_patterns.sessions.cost import Pricer
from tui_patterns.sessions.errors import SessionError
from tui_patterns.sessions.lines import LineReader
from tui_patterns.sessions.pending import Pending
from tui_patterns.sessions.reading import Reader, Span
from tui_patterns.sessions.sources import Source
from tui_patterns.store import ledger, session_events, session_ledger, session_reads, sessions, transcripts
from tui_patterns.store.sqlite import transaction
from tui_patterns.store.transcripts import Transcript

BATCH_BYTES = 8 * 1024 * 1024
END_BYTES = 4_096  # at each end of a file, by which it is known again
_READERS: dict[str, type[ClaudeReader] | type[CodexReader]] = {
    "claude-code": ClaudeReader,
    "codex": CodexReader,
}


@dataclass(slots=True)
class Taken:
    """What reading one file came to, in lines; ``refused`` are usages that cannot be true."""

    session: str
    path: str
    lines: int = 0
    unreadable: int = 0
    refused: int = 0
    new_session: bool = False


def take(conn: sqlite3.Connection, source: Source, pricer: Pricer) -> Taken:
    """Import one file or session folder. Raises SessionError and sqlite3.Error."""
    try:
        if source.format == "folder":
            return _take_folder(conn, source, pricer)
        if source.format == "ledger":
            return _take_ledger(conn, source, pricer)
        return _take_file(conn, source, pricer)
    except OSError as error:
        raise SessionError(f"{source.path}: cannot be read ({error.strerror or error})") from None


def _take_file(conn: sqlite3.Connection, source: Source, pricer: Pricer) -> Taken:
    path = str(source.path.resolve())
    before = _unchanged(source, transcripts.of_path(conn, path))
    state = before.state if before else {}
    known = {row["key"]: row["turn"] for row in session_reads.prompts(conn, source.session)}
    reader = _READERS[source.format](state, known)
    lines = LineReader(source.path, before.position if before else 0)
    taken = Taken(source.session, path)
    for pending in _batches(lines, reader):
        progress = _progress(source, path, lines, reader, before)
        _store(conn, source, pending, pricer, reader.span, progress, taken)
    taken.lines, taken.unreadable, taken.refused = lines.lines, lines.unreadable, reader.refused
    return taken


def _batches(lines: LineReader, reader: Reader) -> Iterator[Pending]:
    pending, begun = Pending(), lines.place
    for line in lines:
        for row in reader.read(line):
            pending.add(row)
        if lines.place - begun >= BATCH_BYTES:
            yield pending
            pending, begun = Pending(), lines.place
    if lines.place > begun:
        yield pending


def _progress(
    source: Source, path: str, lines: LineReader, reader: Reader, before: Transcript | None
) -> Transcript:
    counts = (before.lines, before.unreadable, before.refused) if before else (0, 0, 0)
    return Transcript(
        0,
        path,
        source.session,
        source.format,
        _digest(source, 0, min(END_BYTES, lines.place)),
        _digest(source, max(0, lines.place - END_BYTES), lines.place),
        lines.place,
        counts[0] + lines.lines,
        counts[1] + lines.unreadable,
        counts[2] + reader.refused,
        reader.remember(),
    )


def _store(
    conn: sqlite3.Connection,
    source: Source,
    pending: Pending,
    pricer: Pricer,
    span: Span,
    progress: Transcript,
    taken: Taken,
) -> None:
    """One transaction: rows, how far they go, and the session as it is with them."""
    priced = [pricer.price(row) for row in pending.messages.values()]
    reader = _READERS.get(source.format)
    agent = reader.agent if reader else pending.facts.agent or source.format
    fallback = None if span.first is not None else source.path.stat().st_mtime
    with transaction(conn):
        transcript = transcripts.save(conn, progress)
        session_events.save(conn, source.session, transcript, pending.batch._replace(messages=priced))
        first, last = (moment or fallback or 0.0 for moment in (span.first, span.last))
        new = sessions.merge(conn, source.session, source.format, pending.masked_facts(agent), (first, last))
        sessions.name_model(conn, source.session)
        _tell(conn, source, pending.batch, first)
    taken.new_session = taken.new_session or new


def _tell(conn: sqlite3.Connection, source: Source, batch: session_events.Batch, first: float) -> None:
    """Write into the ledger what this batch says of the session."""
    session_ledger.begun(conn, source.session, first, source.format)
    session_ledger.turns(conn, source.session, [(row.turn, row.at) for row in batch.prompts], first)
    calls = {row.call_id for row in batch.starts} | {row.call_id for row in batch.ends}
    session_ledger.tools(conn, source.session, calls, first)


def _take_folder(conn: sqlite3.Connection, source: Source, pricer: Pricer) -> Taken:
    path = str(source.path.resolve())
    taken, mark = Taken(source.session, path), folder.fingerprint(source.path)
    before = transcripts.of_path(conn, path)
    if before is not None and before.head == mark:
        return taken
    span, pending = Span(), Pending()
    for row in folder.rows(source.path, span):
        pending.add(row)
    progress = Transcript(0, path, source.session, source.format, mark, mark, 0, 1, 0, 0, {})
    _store(conn, source, pending, pricer, span, progress, taken)
    taken.lines = 1
    return taken


def _take_ledger(conn: sqlite3.Connection, source: Source, pricer: Pricer) -> Taken:
    """What the library's own ledger knows of a session that no transcript tells."""
    path = str(source.path)
    taken, events = Taken(source.session, path), ledger.events(conn, session=source.session)
    last, before = max((one.id or 0 for one in events), default=0), transcripts.of_path(conn, path)
    if not events or (before is not None and before.position == last):
        return taken
    span, pending = Span(), Pending()
    for row in own_ledger.rows(events, span):
        pending.add(row)
    progress = Transcript(0, path, source.session, source.format, "", "", last, len(events), 0, 0, {})
    _store(conn, source, pending, pricer, span, progress, taken)
    taken.lines = len(events)
    return taken


def _unchanged(source: Source, before: Transcript | None) -> Transcript | None:
    """What was read before, if the file still begins with it."""
    if before is None or before.session != source.session or source.path.stat().st_size < before.position:
        return None
    head = _digest(source, 0, min(END_BYTES, before.position))
    tail = _digest(source, max(0, before.position - END_BYTES), before.position)
    return before if (head, tail) == (before.head, before.tail) else None


def _digest(source: Source, start: int, end: int) -> str:
    with source.path.open("rb") as file:
        file.seek(start)
        return blake2b(file.read(end - start), digest_size=16).hexdigest()


def importing(conn: sqlite3.Connection, sources: Iterable[Source], pricer: Pricer) -> Iterator[Taken]:
    """Import one source after the other."""
    for source in sources:
        yield take(conn, source, pricer)
