"""Sessions of coding agents: import, list, analyse, compare, take up their code, forget."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_patterns.api.connections import LibraryError
from tui_patterns.api.opting_out import OPTED_OUT, learns_from
from tui_patterns.api.session_records import (
    Edit,
    LeftOut,
    SessionSummary,
    ToolEvent,
    edit,
    summary,
    tool_event,
)
from tui_patterns.learning.confidence import describe
from tui_patterns.sessions import analysis, comparisons, formats, measures, own_ledger, report, sources
from tui_patterns.sessions.analysed import Analysis
from tui_patterns.sessions.errors import SessionError
from tui_patterns.sessions.lines import parse_object
from tui_patterns.sessions.prices import PriceError
from tui_patterns.sessions.sources import Source
from tui_patterns.sessions.statistics import Difference
from tui_patterns.store import patterns, session_reads, sessions, transcripts
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary

MIN_PREFIX = 4
__all__ = [
    "Analysis",
    "Edit",
    "LeftOut",
    "SessionSummary",
    "Sessions",
    "ToolEvent",
    "comparisons",
    "formats",
    "measures",
    "parse_object",
    "report",
]


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
            by_session: dict[str, list[Source]] = {}
            for path in paths:
                for source in sources.find(path.expanduser()):
                    by_session.setdefault(source.session, []).append(source)
            yield from self._import(by_session, again=again)

    def import_ledger(self) -> Iterator[SessionSummary | LeftOut]:
        """Take up sessions that only the library's own ledger knows: of hooks, the app, the command line."""
        with self._session_errors():
            with self._library.connections.lend() as conn:
                known = sessions.without_transcript(conn)
            yield from self._import({id: [own_ledger.source(id)] for id in known}, again=False)

    def _import(
        self, by_session: dict[str, list[Source]], *, again: bool
    ) -> Iterator[SessionSummary | LeftOut]:
        from tui_patterns.api.session_following import follow
        from tui_patterns.learning import session_fixes
        from tui_patterns.sessions import importer
        from tui_patterns.sessions.cost import pricer

        prices = pricer(self._library.data_dir, self._library.settings.sessions.prices)
        for session, found in by_session.items():
            reason = self._left_out(session, found, again=again)
            if reason:
                yield LeftOut(str(found[0].path), session, reason)
                continue
            with self._library.connections.lend() as conn:
                if found[0].format != "ledger":
                    sessions.drop_own(conn, session)
                before = sum(sessions.belongings(conn, session).values())
                taken = list(importer.importing(conn, found, prices))
                new = sum(sessions.belongings(conn, session).values()) - before
                if new:
                    session_fixes.learn(conn, session)
                done = summary(conn, sessions.one(conn, session), new, taken)
            if done is not None:
                yield replace(done, extracted=follow(self._library, session))

    def _left_out(self, session: str, found: Sequence[Source], *, again: bool) -> str | None:
        cwd = next((source.cwd for source in found if source.cwd), None)
        if not learns_from(self._library, cwd):
            return OPTED_OUT
        with self._library.connections.lend() as conn:
            if transcripts.is_forgotten(conn, session):
                if not again:
                    return "it was forgotten; --again takes it up anew"
                with transaction(conn):
                    transcripts.welcome(conn, session)
        return None

    # -- look ----------------------------------------------------------------------

    def imported(self, limit: int = 100) -> list[SessionSummary]:
        """Imported sessions, the last to end first."""
        with self._library.connections.lend() as conn:
            found = [summary(conn, row, 0, ()) for row in sessions.imported(conn, limit)]
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

    def text(self, found: Analysis) -> str:
        """The report in Markdown."""
        ids = [one.id for one in found.patterns[: report.TOP]]
        with self._library.connections.lend() as conn:
            row_ids = list(patterns.row_ids(conn, ids).values())
            known = self._library.load(conn, row_ids)
        return report.report(found, {one.id: describe(one.confidence) for one in known})

    def report(self, found: Analysis, folder: Path | None = None) -> Path:
        """Write ``ID_analysis.md``, by default into the folder ``reports`` of the data folder."""
        target = (folder or self._library.data_dir / "reports") / report.name_of(found.id)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.text(found), "utf-8")
        except OSError as error:
            raise LibraryError(
                f"{target}: the report cannot be written ({error.strerror or error})"
            ) from error
        return target

    # -- what learning reads ---------------------------------------------------------

    def tool_events(self, id: str) -> list[ToolEvent]:
        """Uses of tools in the order of time."""
        with self._library.connections.lend() as conn:
            return [tool_event(row) for row in session_reads.tool_events(conn, self._whole_id(conn, id))]

    def edits(self, id: str) -> list[Edit]:
        """Code that was written, in the order of time; ``applied`` is false where the tool refused it."""
        with self._library.connections.lend() as conn:
            return [edit(row) for row in session_reads.edits(conn, self._whole_id(conn, id))]

    def extract(self, id: str) -> dict[str, Any]:
        """Take up the patterns in the code that a session wrote; see ``api.session_code``."""
        from tui_patterns.api.session_code import extract

        session = self.whole_id(id)
        with self._library.connections.lend() as conn:
            row = sessions.one(conn, session)
        if row is not None and not learns_from(self._library, sessions.facts(row).get("cwd")):
            raise LibraryError(f"{session}: {OPTED_OUT}")
        return extract(self._library, session, self.edits(session))

    # -- forget --------------------------------------------------------------------

    def forget(self, id: str) -> dict[str, int]:
        """Delete a session with all that belongs to it, for good; returns rows by table."""
        from tui_patterns.api.forgetting import Forgetting

        return Forgetting(self._library).session(id).deleted

    def whole_id(self, id: str) -> str:
        """The id of the one session whose id begins so."""
        with self._library.connections.lend() as conn:
            return self._whole_id(conn, id)

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
