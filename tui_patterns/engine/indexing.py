"""Bringing one project's patterns up to date: compare, parse what changed, store, count."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

from tui_patterns.engine import likeness, reconcile
from tui_patterns.engine.credit import Credit
from tui_patterns.engine.discovery import FoundFile, supported_suffixes, unsupported_suffixes
from tui_patterns.engine.evidence import Places, ProjectEvidence
from tui_patterns.engine.failures import Failures
from tui_patterns.engine.ignore import IgnoreRules
from tui_patterns.engine.ingest import Arrival, Ingest
from tui_patterns.engine.outcomes import Outcomes
from tui_patterns.engine.outdated import left_behind
from tui_patterns.engine.parsers import extraction_options
from tui_patterns.engine.reconcile import Plan, Scope
from tui_patterns.engine.run_tests import run_folder
from tui_patterns.engine.tally import Tally
from tui_patterns.engine.workers import ParserPool, ParseTask
from tui_patterns.extraction.gate import PENDING
from tui_patterns.learning import guarding
from tui_patterns.learning.evidence import rules_from
from tui_patterns.models import Change, ParsedFile
from tui_patterns.settings import Settings
from tui_patterns.store import evidence, files, projects, room, symbols, testing, used_code, words
from tui_patterns.store.sql import dump
from tui_patterns.store.sqlite import database_of, transaction

BATCH_FILES = 64
BATCH_S = 0.3  # a first index becomes searchable in steps this long

# Raise it when the same source gives other units: unchanged files are then parsed again.
EXTRACTION_VERSION = 15


def scope_of(root: Path, settings: Settings) -> Scope:
    """Which files below ``root`` count under these settings."""
    max_bytes = settings.watch.max_file_kb * 1024
    return Scope(
        root=root,
        rules=IgnoreRules(root, settings.watch.ignore, max_bytes),
        suffixes=supported_suffixes(settings.extraction.languages),
        unsupported=unsupported_suffixes(settings.extraction.languages),
        max_bytes=max_bytes,
    )


Progress = Callable[[int, int], None]


class ProjectIndex:
    """One project, its scope and its place in the store."""

    def __init__(self, conn: sqlite3.Connection, root: Path, settings: Settings) -> None:
        self.scope = scope_of(root, settings)
        self.root = root
        self._conn = conn
        self._options = dump({"version": EXTRACTION_VERSION, **asdict(extraction_options(settings))})
        with transaction(conn):
            self.project_id = projects.ensure(conn, root)
        profile = settings.extraction.quality_profile
        self._max_cosine = settings.extraction.max_similarity
        self._ingest = Ingest(
            conn, self.project_id, root.name or str(root), profile=profile, max_cosine=self._max_cosine
        )
        places = Places(tuple(settings.extraction.test_reports), run_folder(database_of(conn).parent, root))
        self._evidence = ProjectEvidence(conn, self.project_id, root, places, profile, self._max_cosine)
        self._credit = Credit(conn, self.project_id, root, settings)
        self._failures = Failures(conn, self.project_id, root, settings)
        self._failures_due = True
        self._outcomes = Outcomes(
            conn,
            self.project_id,
            root,
            lambda: self._credit.since,
            rules_from(settings),
            allowed=self._credit.allowed,
        )

    def scan(
        self,
        pool: ParserPool,
        *,
        under: str = "",
        on_change: Callable[[Change], None],
        on_progress: Progress,
        stop: threading.Event | None = None,
    ) -> Tally:
        """Compare the whole project with the store and take up the difference.

        Raises OSError when the root cannot be listed, sqlite3.Error from the store.
        """
        anew = projects.options(self._conn, self.project_id) not in (None, self._options)
        plan = reconcile.whole(self.scope, files.known(self._conn, self.project_id), under=under, anew=anew)
        tally = self.look_at_evidence(on_change, files_known=False)
        tally.merge(self._take_up(plan, pool, on_change, on_progress, stop))
        tally.merge(self._follow(plan, pool, on_change, stop, everywhere=not under))
        if not under and not (stop and stop.is_set()):
            tally.merge(self.look_at_evidence(on_change, files_compared=True))
            projects.scanned(self._conn, self.project_id, self._options)
            self._credit.close_old()
            self._tidy()
            guarding.review(self._conn)
        tally.tests.update(evidence.outcomes(self._conn, self.project_id))
        return tally

    def look_at_evidence(
        self, on_change: Callable[[Change], None], *, files_compared: bool = False, files_known: bool = True
    ) -> Tally:
        """Take up what the project's tools say of its tests, if that changed; cheap if it did not.

        Without ``files_known`` (new files were not taken up yet), what changed between red and green waits.
        """
        tally = Tally()
        spans = used_code.spans(self._conn, self.project_id, self._credit.since)
        change = self._evidence.refresh(files_compared=files_compared, spans=spans)
        self._failures_due = self._failures_due or change is not None
        if self._failures_due and files_known:
            self._failures.settle()
            self._failures_due = False
        if self._outcomes.settle():
            guarding.review(self._conn)
        if change is not None:
            tally.add(change)
            if change.new or change.updated or change.removed or change.failed:
                on_change(change)
        return tally

    def _tidy(self) -> None:
        """What need not happen with every save."""
        with transaction(self._conn):
            symbols.sweep(self._conn, self.project_id)
            words.sweep(self._conn)
            likeness.regroup(self._conn, self.project_id, self._max_cosine)
        room.settle(self._conn)

    def take_up(self, pool: ParserPool, paths: Iterable[str], on_change: Callable[[Change], None]) -> Tally:
        """Take up just these paths, which events named."""
        named = list(paths)
        plan = reconcile.some(self.scope, files.known(self._conn, self.project_id, named), named)
        tally = self._take_up(plan, pool, on_change, lambda done, total: None)
        tally.merge(self._follow(plan, pool, on_change))
        tally.merge(self.look_at_evidence(on_change, files_compared=True))
        return tally

    def _follow(
        self,
        plan: Plan,
        pool: ParserPool,
        on_change: Callable[[Change], None],
        stop: threading.Event | None = None,
        *,
        everywhere: bool = False,
    ) -> Tally:
        """Parse again what was read against base classes in files that *plan* found to be different.

        ``everywhere`` finds too what a run that was cut short has left so.
        """
        changed = {file.rel for file in plan.parse}
        stale = files.outdated(self._conn, self.project_id, [*changed, *plan.deleted])
        if everywhere:
            stale |= left_behind(self._conn, self.project_id, self.scope)
        if not stale or (stop is not None and stop.is_set()):
            return Tally()
        known = files.known(self._conn, self.project_id, stale).values()
        again = Plan(parse=[FoundFile(one.path, one.size, one.mtime_ns) for one in known])
        tally = self._take_up(again, pool, on_change, lambda done, total: None, stop)
        # They were counted already: as parsed, or, in a whole scan, as unchanged.
        once_more = len(stale & changed)
        tally.parsed -= once_more
        tally.unchanged = -(len(stale) - once_more) if plan.unchanged else 0
        return tally

    def _take_up(
        self,
        plan: Plan,
        pool: ParserPool,
        on_change: Callable[[Change], None],
        on_progress: Progress,
        stop: threading.Event | None = None,
    ) -> Tally:
        tally = Tally(unchanged=plan.unchanged, skipped=Counter(plan.skipped))
        self._restamp(plan)
        if plan.restamped:
            self._evidence.settle()
        total, done = len(plan.parse), 0
        on_progress(done, total)
        for arrivals, last in self._batches(plan, pool, tally):
            # Emptied places come last, so that what moved is there to be recognised.
            gone = plan.deleted if last else ()
            self._credit.before([*(one.parsed.path for one in arrivals), *gone])
            change = self._ingest.apply(arrivals, gone)
            self._credit.after(arrivals)
            done += len(arrivals)
            tally.add(change)
            paths = [one.parsed.path for one in arrivals]
            tally.left_out.update(testing.withheld_in(self._conn, self.project_id, paths))
            if change.files:
                on_change(change)
            on_progress(done, total)
            if stop is not None and stop.is_set():
                break  # the next scan goes on from here
        return tally

    def _batches(self, plan: Plan, pool: ParserPool, tally: Tally) -> Iterator[tuple[list[Arrival], bool]]:
        """Parsed files in batches that are large or due; the flag marks the last one."""
        stats = {file.rel: file for file in plan.parse}
        batch: list[Arrival] = []
        due = time.monotonic() + BATCH_S
        for parsed in pool.parse(ParseTask(str(self.root), rel) for rel in stats):
            batch.append(self._arrive(parsed, stats[parsed.path], tally))
            if len(stats) > BATCH_FILES and (len(batch) >= BATCH_FILES or time.monotonic() >= due):
                yield batch, False
                batch, due = [], time.monotonic() + BATCH_S
        if batch or plan.deleted:
            yield batch, True

    def _arrive(self, parsed: ParsedFile, found: FoundFile, tally: Tally) -> Arrival:
        tally.parsed += 1
        if parsed.skipped:
            tally.skipped[parsed.skipped] += 1
        tally.left_out.update(unit.reason for unit in parsed.units if unit.reason not in {None, PENDING})
        return Arrival(parsed, found.size, found.mtime_ns)

    def _restamp(self, plan: Plan) -> None:
        if not plan.restamped:
            return
        with transaction(self._conn):
            for known, found in plan.restamped:
                files.touch(self._conn, known.id, found.size, found.mtime_ns)
