"""Sessions of coding agents: import, list, analyse, compare, take up their code, forget."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_patterns.api.connections import LibraryError
from tui_patterns.sessions import analysis, importer, measures, optout, report, sources
from tui_patterns.sessions.analysis import Analysis
from tui_patterns.sessions.cost import pricer
from tui_patterns.sessions.errors import SessionError
from tui_patterns.sessions.prices import PriceError
from tui_patterns.sessions.sources import Source
from tui_patterns.sessions.statistics import Difference
from tui_patterns.store import session_reads, sessions, transcripts
from tui_patterns.store.sqlite import forgetting, transaction

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary

MIN_PREFIX = 4
__all__ = [
    "Analysis",
    "Edit",
    "LeftOut",
    "SessionAnalyzer",
    "SessionSummary",
    "Sessions",
    "ToolEvent",
    "measures",
    "report",
]


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A stored session as lists show it; ``new`` counts the rows that an import added to it."""

    id: str
    source: str
    agent: str | None
    model: str | None
    project: str | None
    title: str | None
    started: float
    ended: float | None
    messages: int
    prompts: int
    tools: int
    tokens: dict[str, int]
    cost_usd: float | None
    price_table: str | None
    compactions: int
    new: int = 0
    unreadable: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A transcript that was not imported, and why."""

    path: str
    session: str
    reason: str


@dataclass(frozen=True, slots=True)
class ToolEvent:
    """One use of a tool; ``success`` is ``None`` where it is not known, ``output`` the end of a failure's."""

    session: str
    call_id: str
    turn: int | None
    at: float | None
    tool: str
    category: str
    command: str | None
    files: tuple[str, ...]
    success: bool | None
    exit_code: int | None
    duration_ms: float | None
    output: str | None


@dataclass(frozen=True, slots=True)
class Edit:
    """Code that a session wrote, secrets masked; ``old`` is what it replaces, ``None`` for a whole file."""

    session: str
    call_id: str
    turn: int | None
    at: float | None
    path: str
    old: str | None
    text: str
    applied: bool


class Sessions:
    """The sessions of one library. Methods raise LibraryError or StoreError, one clear line each."""

    def __init__(self, library: PatternLibrary) -> None:
        self._library = library

    # -- import --------------------------------------------------------------------

    def standard_places(self) -> list[Path]:
        """Where agents keep transcripts, as far as it is there; nothing is read."""
        return sources.standard_places()

    def import_paths(
        self, paths: Sequence[Path], *, again: bool = False
    ) -> Iterator[SessionSummary | LeftOut]:
        """Take up the transcripts at and below ``paths``, one session after the other.

        Only what is new is read. ``again`` takes up what was forgotten, too.
        """
        with self._session_errors():
            prices = pricer(self._library.data_dir, self._library.settings.sessions.prices)
            by_session: dict[str, list[Source]] = {}
            for path in paths:
                for source in sources.find(path.expanduser()):
                    by_session.setdefault(source.session, []).append(source)
            for session, found in by_session.items():
                reason = self._left_out(session, found, again=again)
                if reason:
                    yield LeftOut(str(found[0].path), session, reason)
                    continue
                with self._library.connections.lend() as conn:
                    before = sum(sessions.belongings(conn, session).values())
                    taken = list(importer.importing(conn, found, prices))
                    new = sum(sessions.belongings(conn, session).values()) - before
                    summary = _summary(conn, sessions.one(conn, session), new, taken)
                if summary is not None:
                    yield summary

    def _left_out(self, session: str, found: Sequence[Source], *, again: bool) -> str | None:
        cwd = next((source.cwd for source in found if source.cwd), None)
        if not self._learns_from(cwd):
            return "its project is opted out (learning.opt_out)"
        with self._library.connections.lend() as conn:
            if transcripts.is_forgotten(conn, session):
                if not again:
                    return "it was forgotten; --again takes it up anew"
                with transaction(conn):
                    transcripts.welcome(conn, session)
        return None

    def _learns_from(self, cwd: str | None) -> bool:
        settings = self._library.settings
        if cwd is not None and Path(cwd).is_dir():
            settings = self._library.settings_for(Path(cwd))
        return optout.allowed(cwd, settings.learning.opt_out)

    # -- look ----------------------------------------------------------------------

    def imported(self, limit: int = 100) -> list[SessionSummary]:
        """Imported sessions, the last to end first."""
        with self._library.connections.lend() as conn:
            found = [_summary(conn, row, 0, ()) for row in sessions.imported(conn, limit)]
        return [one for one in found if one is not None]

    def totals(self) -> dict[str, Any]:
        """Tokens and cost over all sessions; what several transcripts tell of one request counts once."""
        with self._library.connections.lend() as conn:
            return session_reads.overall(conn)

    def analyze(self, id: str) -> Analysis:
        """All that is known of a session; ``id`` may be its beginning."""
        with self._session_errors(), self._library.connections.lend() as conn:
            return analysis.analyze(conn, self._whole_id(conn, id))

    def recent(self, count: int) -> tuple[list[Analysis], dict[str, Difference]]:
        """The last sessions, oldest first, and their later half against the earlier."""
        with self._session_errors(), self._library.connections.lend() as conn:
            rows = sessions.imported(conn, count)
            found = [analysis.analyze(conn, row["id"]) for row in reversed(rows)]
        return found, measures.trend(found)

    def compare(self, a: str, b: str) -> tuple[Analysis, Analysis, dict[str, Difference]]:
        """Two sessions, and B against A figure by figure."""
        one, other = self.analyze(a), self.analyze(b)
        return one, other, measures.compare(one, other)

    def report(self, found: Analysis, folder: Path | None = None) -> Path:
        """Write ``ID_analysis.md``, by default into the folder ``reports`` of the data folder."""
        target = (folder or self._library.data_dir / "reports") / report.name_of(found.id)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(report.report(found), "utf-8")
        except OSError as error:
            raise LibraryError(
                f"{target}: the report cannot be written ({error.strerror or error})"
            ) from error
        return target

    # -- what learning reads ---------------------------------------------------------

    def tool_events(self, id: str) -> list[ToolEvent]:
        """Uses of tools in the order of time."""
        with self._library.connections.lend() as conn:
            return [_event(row) for row in session_reads.tool_events(conn, self._whole_id(conn, id))]

    def edits(self, id: str) -> list[Edit]:
        """Code that was written, in the order of time; ``applied`` is false where the tool refused it."""
        with self._library.connections.lend() as conn:
            return [_edit(row) for row in session_reads.edits(conn, self._whole_id(conn, id))]

    def extract(self, id: str) -> dict[str, Any]:
        """Take up the patterns in the code that a session wrote; see ``api.session_code``."""
        from tui_patterns.api.session_code import extract

        with self._library.connections.lend() as conn:
            session = self._whole_id(conn, id)
        return extract(self._library, session, self.edits(session))

    # -- forget --------------------------------------------------------------------

    def forget(self, id: str) -> dict[str, int]:
        """Delete a session with all that belongs to it, overwritten on disk; returns rows by table."""
        with self._library.connections.lend() as conn:
            session = self._whole_id(conn, id)
            counted = sessions.belongings(conn, session)
            with forgetting(conn), transaction(conn):
                sessions.forget(conn, session)
        (self._library.data_dir / "reports" / report.name_of(session)).unlink(missing_ok=True)
        return counted

    def _whole_id(self, conn: sqlite3.Connection, id: str) -> str:
        wanted = id.strip()
        found = (
            sessions.by_prefix(conn, wanted)
            if len(wanted) >= MIN_PREFIX or sessions.one(conn, wanted)
            else []
        )
        if not found:
            raise LibraryError(f"no session has the id {id!r}: `patterns-tui sessions list` lists them")
        if len(found) > 1 and found[0] != wanted:
            raise LibraryError(f"several sessions have an id that begins with {id!r}: give more of it")
        return found[0]

    @contextmanager
    def _session_errors(self) -> Iterator[None]:
        try:
            yield
        except (SessionError, PriceError) as error:
            raise LibraryError(str(error)) from error


class SessionAnalyzer:
    """The analysis by the name and in the shape that older integrations know."""

    def __init__(self, library: PatternLibrary | str | Path | None = None) -> None:
        from tui_patterns.api.library import PatternLibrary

        self._library = library if isinstance(library, PatternLibrary) else PatternLibrary(library)

    def analyze(self, session_id: str) -> dict[str, Any]:
        """Completion, context, tests, time, tokens, cost and patterns of a session.

        Shares lie in 0..1, times are in seconds, cost in USD; what is not known is
        ``None``. ``session_id`` may also be a path: it is imported first.
        """
        sessions_ = Sessions(self._library)
        path = Path(session_id)
        if ("/" in session_id or path.suffix) and path.exists():
            taken = [one for one in sessions_.import_paths([path]) if isinstance(one, SessionSummary)]
            session_id = taken[0].id if taken else session_id
        return older_shape(sessions_.analyze(session_id))


def older_shape(found: Analysis) -> dict[str, Any]:
    """An analysis as a plain dictionary."""
    context, tests = found.context, found.tests
    use = context.average_pct if context.average_pct is not None else context.average
    most = context.max_pct if context.max_pct is not None else context.max
    return {
        "completion": found.completion.value,
        "context": {
            "average": use,
            "max": most,
            "compactions": context.compactions,
            "unit": "percent" if context.average_pct is not None else "tokens",
        },
        "tests": {
            "coverage": tests.coverage,
            "runs": tests.runs,
            "passed": tests.passed,
            "failed": tests.failed,
        },
        "time": {"avg_per_task": found.per_task(found.active_s), "total": found.active_s},
        "tokens": {"total": found.tokens.total, "per_task": found.per_task(found.tokens.total)},
        "cost": found.cost.usd,
        "patterns": {
            "top": [
                {"id": one.id, "name": one.name, "success": one.success, "n": one.n}
                for one in found.patterns[:10]
            ]
        },
    }


def _summary(
    conn: sqlite3.Connection, row: sqlite3.Row | None, new: int, taken: Sequence[importer.Taken]
) -> SessionSummary | None:
    if row is None:  # a transcript without a whole line yet
        return None
    session = row["id"]
    totals, facts = session_reads.totals(conn, session), sessions.facts(row)
    files = transcripts.of_session(conn, session)
    tables = [one["price_table"] for one in session_reads.models(conn, session) if one["price_table"]]
    counted = sessions.belongings(conn, session)
    return SessionSummary(
        id=session,
        source=files[0].path if files else row["source"],
        agent=row["agent"],
        model=row["model"],
        project=facts.get("cwd"),
        title=facts.get("title"),
        started=row["started"],
        ended=row["ended"],
        messages=totals["messages"],
        prompts=counted["session_prompts"],
        tools=counted["tool_events"],
        tokens={key: totals[key] for key in ("input", "output", "cache_creation", "cache_read")},
        cost_usd=totals["cost_usd"] if totals["messages"] else 0.0,
        price_table="; ".join(dict.fromkeys(tables)) or None,
        compactions=analysis.compactions(conn, session, facts.get("iterations") or []),
        new=new,
        unreadable=sum(one.unreadable for one in taken),
        refused=sum(one.refused for one in taken),
    )


def _event(row: sqlite3.Row) -> ToolEvent:
    from tui_patterns.store.sql import load

    return ToolEvent(
        row["session_id"],
        row["call_id"],
        row["turn"],
        row["at"],
        row["tool"],
        row["category"],
        row["command"],
        tuple(load(row["files"])),
        None if row["success"] is None else bool(row["success"]),
        row["exit_code"],
        row["duration_ms"],
        row["output"],
    )


def _edit(row: sqlite3.Row) -> Edit:
    return Edit(
        row["session_id"],
        row["call_id"],
        row["turn"],
        row["at"],
        row["path"],
        row["old"],
        row["text"],
        applied=not row["failed"],
    )
