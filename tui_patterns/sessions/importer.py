"""From files to stored sessions: as a stream, only what is new, each batch in one transaction.

A file is taken up where it was left if its beginning, and the part before that
place, are what they were; else it is read anew, which adds only what is not
known. A crash between batches loses nothing and repeats nothing.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from tui_patterns.sessions import folder, own_ledger
from tui_patterns.sessions.claude_code import ClaudeReader
from tui_patterns.sessions.codex import CodexReader
from tui_patterns.sessions.cost import Pricer
from tui_patterns.sessions.errors import SessionError
from tui_patterns.sessions.lines import LineReader
from tui_patterns.sessions.masking import mask
from tui_patterns.sessions.reading import Reader, Span
from tui_patterns.sessions.sources import Source
from tui_patterns.store import ledger, session_events, session_ledger, session_reads, sessions, transcripts
from tui_patterns.store.session_rows import (
    EditRow,
    FactsRow,
    MarkRow,
    MessageRow,
    PromptRow,
    Row,
    TaskRow,
    ToolEnd,
    ToolStart,
)
from tui_patterns.store.sqlite import transaction
from tui_patterns.store.transcripts import Transcript

BATCH_BYTES = 8 * 1024 * 1024
PRINT = 4_096  # bytes at each end that identify a file
_READERS: dict[str, Callable[..., Reader]] = {"claude-code": ClaudeReader, "codex": CodexReader}
_PLACES = {PromptRow: 1, ToolStart: 2, ToolEnd: 3, EditRow: 4, TaskRow: 5, MarkRow: 6}


@dataclass(slots=True)
class Taken:
    """What reading one file came to, in lines; ``refused`` are usages that cannot be true."""

    session: str
    path: str
    lines: int = 0
    unreadable: int = 0
    refused: int = 0
    new_session: bool = False


@dataclass(slots=True)
class _Pending:
    """Rows that wait for their transaction; of one message only the copy that counts."""

    batch: session_events.Batch = field(default_factory=session_events.empty)
    messages: dict[str, MessageRow] = field(default_factory=dict)
    facts: FactsRow = field(default_factory=FactsRow)

    def add(self, row: Row) -> None:
        if isinstance(row, MessageRow):
            old = self.messages.get(row.key)
            if old is None or _counts(row) > _counts(old):
                self.messages[row.key] = row
        elif isinstance(row, FactsRow):
            self.facts = _joined(self.facts, row)
        else:
            self.batch[_PLACES[type(row)]].append(row)  # type: ignore[arg-type]


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
        _store(
            conn, source, pending, pricer, reader.span, _progress(source, path, lines, reader, before), taken
        )
    taken.lines, taken.unreadable, taken.refused = lines.lines, lines.unreadable, reader.refused
    return taken


def _batches(lines: LineReader, reader: Reader) -> Iterator[_Pending]:
    pending, begun = _Pending(), lines.place
    for line in lines:
        for row in reader.read(line):
            pending.add(row)
        if lines.place - begun >= BATCH_BYTES:
            yield pending
            pending, begun = _Pending(), lines.place
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
        _print(source, 0, min(PRINT, lines.place)),
        _print(source, max(0, lines.place - PRINT), lines.place),
        lines.place,
        counts[0] + lines.lines,
        counts[1] + lines.unreadable,
        counts[2] + reader.refused,
        reader.remember(),
    )


def _store(
    conn: sqlite3.Connection,
    source: Source,
    pending: _Pending,
    pricer: Pricer,
    span: Span,
    progress: Transcript,
    taken: Taken,
) -> None:
    """One transaction: rows, how far they go, and the session as it is with them."""
    priced = [pricer.price(row) for row in pending.messages.values()]
    agent = _READERS_AGENT.get(source.format) or pending.facts.agent or source.format
    facts = pending.facts._replace(agent=agent)
    fallback = None if span.first is not None else source.path.stat().st_mtime
    with transaction(conn):
        transcript = transcripts.save(conn, progress)
        session_events.save(conn, source.session, transcript, pending.batch._replace(messages=priced))
        first, last = (moment or fallback or 0.0 for moment in (span.first, span.last))
        new = sessions.merge(conn, source.session, source.format, _masked(facts), (first, last))
        sessions.name_model(conn, source.session)
        _tell(conn, source, pending.batch, first)
    taken.new_session = taken.new_session or new


def _tell(conn: sqlite3.Connection, source: Source, batch: session_events.Batch, first: float) -> None:
    """Write into the ledger what this batch says of the session."""
    session_ledger.begun(conn, source.session, first, source.format)
    session_ledger.turns(conn, source.session, [(row.turn, row.at) for row in batch.prompts], first)
    calls = {row.call_id for row in batch.starts} | {row.call_id for row in batch.ends}
    session_ledger.tools(conn, source.session, calls, first)


_READERS_AGENT = {"claude-code": ClaudeReader.agent, "codex": CodexReader.agent}


def _take_folder(conn: sqlite3.Connection, source: Source, pricer: Pricer) -> Taken:
    path = str(source.path.resolve())
    taken, mark = Taken(source.session, path), folder.fingerprint(source.path)
    before = transcripts.of_path(conn, path)
    if before is not None and before.head == mark:
        return taken
    span, pending = Span(), _Pending()
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
    span, pending = Span(), _Pending()
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
    head = _print(source, 0, min(PRINT, before.position))
    tail = _print(source, max(0, before.position - PRINT), before.position)
    return before if (head, tail) == (before.head, before.tail) else None


def _print(source: Source, start: int, end: int) -> str:
    with source.path.open("rb") as file:
        file.seek(start)
        return blake2b(file.read(end - start), digest_size=16).hexdigest()


def _counts(row: MessageRow) -> tuple[bool, int, int]:
    """The same order as the store's: main chain first, then the largest total."""
    return (not row.sidechain, row.total, row.output)


def _joined(old: FactsRow, new: FactsRow) -> FactsRow:
    """The first folder, the last of all else."""
    said: dict[str, Any] = {key: value for key, value in new._asdict().items() if value is not None}
    if old.cwd:
        said.pop("cwd", None)
    return old._replace(**said)


def _masked(facts: FactsRow) -> FactsRow:
    more = {
        key: mask(value) if isinstance(value, str) else value for key, value in (facts.more or {}).items()
    }
    cwd, branch = (value and mask(value) for value in (facts.cwd, facts.branch))
    return facts._replace(cwd=cwd, branch=branch, more=more)


def importing(conn: sqlite3.Connection, sources: Iterable[Source], pricer: Pricer) -> Iterator[Taken]:
    """Import one source after the other."""
    for source in sources:
        yield take(conn, source, pricer)
