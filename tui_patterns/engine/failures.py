"""From red to green: which change made a failing test pass, and which did not.

When a test fails, what the project's files held when it ran is kept; when it fails again with the same
error, what changed between is a try that did not help; when it passes, what changed since it was first
seen with this error is a fix. A file that is younger than the run says nothing of it, and a change of
many files (another branch) is no fix. What is kept goes as soon as nothing is red.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from tui_patterns.extraction.evidence.facts import Unreadable
from tui_patterns.extraction.evidence.reading import read_limited
from tui_patterns.learning.changes import ChangeMade, change_between
from tui_patterns.learning.error_text import errors_in
from tui_patterns.learning.failures import Try, record_attempt, record_fix
from tui_patterns.sessions.optout import allowed
from tui_patterns.settings import Settings
from tui_patterns.store import failures as store
from tui_patterns.store import files
from tui_patterns.store.failures import RedState, RedTest, TestError
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import transaction

MOST_FILES, MOST_BYTES = 400, 6 << 20  # of a project that are kept, the last changed first
LARGEST = 400 << 10
MOST_CHANGED = 20  # files; more is another branch, or a large refactoring
MOST_TESTS = 50  # that are looked at a time
SAME_RUN_NS = 10 * 10**9  # reports of one run are written one after the other
# What tests depend on beside code.
CONFIGURATION = (
    *("pyproject.toml", "setup.cfg", "setup.py", "tox.ini", "pytest.ini"),
    *("requirements.txt", "requirements-dev.txt", "constraints.txt"),
)


class Failures:
    """The failing tests of one project."""

    def __init__(self, conn: sqlite3.Connection, project_id: int, root: Path, settings: Settings) -> None:
        self._conn = conn
        self._project_id = project_id
        self._root = root
        self._days = settings.learning.open_days
        self._allowed = allowed(str(root), settings.learning.opt_out)

    def settle(self) -> int:
        """Take up what the last results say; how many tries at errors that were."""
        if not self._allowed:
            return 0
        errors, red = store.errors(self._conn, self._project_id), store.red(self._conn, self._project_id)
        if not errors and not red:
            return 0
        results = store.results(self._conn, self._project_id)
        told = sum(
            self._still_red(error, red.get(error.test)) for error in self._current(errors, results, red)
        )
        failed = {error.test: error.ran for error in errors}
        green = [one for one in red.values() if _is_green(one, results, failed.get(one.test, 0))]
        for one in green[:MOST_TESTS]:
            told += self._turned_green(
                one, results.get(one.test, ("", _passed_in(one, results) or one.ran))[1]
            )
        with transaction(self._conn):
            store.close(self._conn, self._project_id, [one.test for one in green])
            store.forget_old(self._conn, self._project_id, self._days)
        return told

    def _current(
        self, errors: Iterable[TestError], results: dict[str, tuple[str, int]], red: dict[str, RedTest]
    ) -> list[TestError]:
        """What failed in the last run of its test, and is news."""
        found = []
        for error in errors:
            outcome, ran = results.get(error.test, ("failed", 0) if _is_file(error.test) else ("", 0))
            known = red.get(error.test)
            if (
                outcome == "failed"
                and error.ran >= ran - SAME_RUN_NS
                and (known is None or error.ran > known.ran)
            ):
                found.append(error)
        return found[:MOST_TESTS]

    def _still_red(self, error: TestError, before: RedTest | None) -> bool:
        seen = errors_in(error.text, str(self._root))
        if not seen:
            return False
        last = seen[-1]
        state = self._state(error.ran, [*last.files, error.test.partition("::")[0]])
        one = RedTest(error.test, error.ran, last.data(), last.files, state.id, state.id, now())
        told = False
        if before is not None and before.error["signature"] == last.signature:
            one = replace(one, base=before.base, at=before.at)
            told = self._attempt(before, error.ran)
        with transaction(self._conn):
            store.save_red(self._conn, self._project_id, one)
        return told

    def _attempt(self, before: RedTest, ran: int) -> bool:
        change = self._change(before.last, ran, before.files)
        if change is None:
            return False
        with transaction(self._conn):
            return record_attempt(self._conn, before.error, change, self._try(before, change, ran, "attempt"))

    def _turned_green(self, one: RedTest, ran: int) -> bool:
        change = self._change(one.base, ran, one.files)
        if change is None:
            return False
        with transaction(self._conn):
            return record_fix(self._conn, one.error, change, self._try(one, change, ran, "found"))

    def _try(self, one: RedTest, change: ChangeMade, ran: int, what: str) -> Try:
        """Tests of one run that tell the same of one change at one error tell it once."""
        text = f"{self._root}\0{ran}\0{one.error['shape']}\0{change.diff}"
        tail = f"{what}:{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"
        return Try(min(ran / 1e9, now()), tail, project=str(self._root))

    # -- what files held -------------------------------------------------------------

    def _state(self, ran: int, first: Sequence[str]) -> RedState:
        """What the project holds, as far as it did when its tests ran at ``ran`` (ns)."""
        known = store.state_at(self._conn, self._project_id, ran)
        if known is not None:
            return known
        held: dict[str, tuple[int, str]] = {}
        bodies: dict[str, str] = {}
        paths, size, whole = self._paths(first), 0, True
        for path in paths:
            if len(held) >= MOST_FILES or size >= MOST_BYTES:
                whole = False
                break
            stamp = self._stamp(path)
            if stamp is None:
                continue
            text = self._text(path) if stamp[0] <= ran else None
            if text is None:
                whole = False
                continue
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
            held[path], bodies[digest] = (stamp[0], digest), text
            size += len(text)
        with transaction(self._conn):
            return store.save_state(self._conn, self._project_id, ran, held, bodies, whole=whole)

    def _change(self, base: int, ran: int, first: Sequence[str]) -> ChangeMade | None:
        """What changed between a state and the run at ``ran``, as far as that is known."""
        state = store.state(self._conn, base)
        if state is None:
            return None
        before: dict[str, str | None] = {}
        after: dict[str, str | None] = {}
        bodies = store.texts(self._conn, (digest for _, digest in state.files.values()))
        for path in dict.fromkeys((*state.files, *(self._paths(first) if state.whole else ()))):
            stamp, kept = self._stamp(path), state.files.get(path)
            if stamp is not None and (stamp[0] > ran or (kept and stamp[0] == kept[0])):
                continue
            if kept is None and (stamp is None or stamp[0] <= state.ran):
                continue
            text = None if stamp is None else self._text(path)
            if stamp is not None and text is None:
                continue
            old = None if kept is None else bodies.get(kept[1])
            if text != old:
                before[path], after[path] = old, text
        if len(after) > MOST_CHANGED:
            return None
        return change_between(before, after, first)

    def _paths(self, first: Sequence[str]) -> list[str]:
        known = files.known(self._conn, self._project_id)
        ordered = sorted(known, key=lambda path: -known[path].mtime_ns)
        return list(dict.fromkeys((*(path for path in first if path in known), *CONFIGURATION, *ordered)))

    def _stamp(self, path: str) -> tuple[int, int] | None:
        try:
            status = (self._root / path).lstat()
        except (OSError, ValueError):
            return None
        return status.st_mtime_ns, status.st_size

    def _text(self, path: str) -> str | None:
        try:
            return read_limited(self._root / path, LARGEST).decode("utf-8")
        except (Unreadable, UnicodeDecodeError):
            return None


def _is_file(test: str) -> bool:
    """Whether it is a file that could not be collected, and no test."""
    return test.endswith("::")


def _is_green(one: RedTest, results: dict[str, tuple[str, int]], failed: int) -> bool:
    """Whether it passed since; a file that could not be collected: whether a test of it did."""
    if not _is_file(one.test):
        outcome, ran = results.get(one.test, ("", 0))
        return outcome == "passed" and ran > one.ran
    return one.ran >= failed and _passed_in(one, results) is not None


def _passed_in(one: RedTest, results: dict[str, tuple[str, int]]) -> int | None:
    """When the first test of a file passed after it could not be collected."""
    times = [
        ran
        for test, (outcome, ran) in results.items()
        if test.startswith(one.test) and outcome == "passed" and ran > one.ran
    ]
    return min(times, default=None)
