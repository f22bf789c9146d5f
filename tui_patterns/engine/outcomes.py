"""How uses went, without asking anybody: tests that ran the used lines, commits, and agents' commands.

Nothing here is run but ``git`` and ``ruff``, on text. Each source has one word on a use, its last;
where nothing is known, nothing is said. A word falls only on the pattern whose lines it is about.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tui_patterns.engine.git_history import Commit, GitHistory
from tui_patterns.engine.use_context import Contexts
from tui_patterns.extraction.antipatterns.security import security_findings
from tui_patterns.extraction.source import is_test_path
from tui_patterns.learning import recording, retirement, speed
from tui_patterns.learning.evidence import Rules
from tui_patterns.learning.ledger import LedgerError, What
from tui_patterns.store import speed as speeds
from tui_patterns.store import use_evidence, used_code
from tui_patterns.store.sqlite import transaction
from tui_patterns.store.used_code import UsedCode

logger = logging.getLogger(__name__)

LOOK_S = 30.0  # how often git is asked where only it can tell whether there is a new commit
KEPT, REWRITTEN = 0.8, 0.5  # shares of the used lines in a commit


@dataclass(frozen=True, slots=True)
class Word:
    """What one source says of a use; ``at``: by a run at that time, so that versions then are known."""

    what: What
    source: str
    success: bool
    detail: dict[str, Any] = field(default_factory=dict)
    at: float | None = None


class Outcomes:
    """Listens for news of the used code of one project."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        project_id: int,
        root: Path,
        since: Callable[[], float],
        rules: Rules,
        *,
        allowed: bool = True,
    ) -> None:
        self._conn = conn
        self._project_id = project_id
        self._root = root
        self._since = since
        self._rules = rules
        self._allowed = allowed  # learning.opt_out
        self._git = GitHistory(root)
        self._contexts = Contexts(conn, project_id, root)
        self._seen: tuple[int, ...] | None = None
        self._look_at = 0.0
        self._looked_for: frozenset[int] = frozenset()

    def settle(self) -> int:
        """Write down what is new; how many words that were."""
        if not self._allowed:
            return 0
        uses = used_code.of_project(self._conn, self._project_id, self._since())
        if not uses:
            return 0
        told = 0
        self._contexts = Contexts(self._conn, self._project_id, self._root)
        commit = self._new_commit(uses)
        for used in uses:
            told += sum(self._record(used, word) for word in self._words(used, commit))
        return told

    def _words(self, used: UsedCode, commit: Commit | None) -> Iterator[Word]:
        if (word := self._by_tests(used)) is not None:
            yield word
        if (word := self._by_speed(used)) is not None:
            yield word
        if commit is not None and (word := self._by_commit(used, commit)) is not None:
            yield word
        yield from self._by_agents(used)

    def _by_tests(self, used: UsedCode) -> Word | None:
        """Tests that ran the used lines, from data younger than the file."""
        if used.gone is not None:
            return None
        said = use_evidence.tests_of(self._conn, self._project_id, used)
        if said is None or not said.executed:
            return None
        detail: dict[str, Any] = {"passed": said.passed, "failing": list(said.failing)}
        if said.failed:
            errors = self._contexts.errors(said.failing)
            return Word("test", "tests", False, detail | ({"errors": errors} if errors else {}), said.written)
        if said.passed:
            return Word("test", "tests", True, detail, said.written)
        if said.passed is None:  # no contexts: which test ran what is known only where all agree
            passed = use_evidence.all_passed(self._conn, self._project_id, used.path)
            return Word("test", "tests", True, {"all_passed": True}, said.written) if passed else None
        return None

    def _by_speed(self, used: UsedCode) -> Word | None:
        """The tests that run the used lines became faster or slower with it; benchmarks are asked first."""
        runs = speeds.of_use(self._conn, self._project_id, used.id)
        for benchmark in (True, False):
            sides: tuple[dict[str, list[float]], dict[str, list[float]]] = ({}, {})
            for run in runs:
                if run.benchmark == benchmark and not used.shown <= run.ran < used.at:
                    sides[run.ran >= used.at].setdefault(run.test, []).append(run.seconds)
            changed = speed.ratio(*sides, benchmark=benchmark)
            if changed is not None:
                detail = {"ratio": round(changed, 3), "benchmark": benchmark}
                return Word("performance", "durations", changed < 1.0, detail)
        return None

    def _by_commit(self, used: UsedCode, commit: Commit) -> Word | None:
        """A commit that keeps the lines; or a later one, soon after, that does not."""
        if not used.text:
            return None
        lines = Counter(self._git.committed(commit, used.path) or [])
        share = sum((lines & Counter(used.text)).values()) / len(used.text)
        detail = {"commit": commit.id, "share": round(share, 3)}
        if share >= KEPT and commit.at >= used.shown - 1.0:
            with transaction(self._conn):
                used_code.keep(self._conn, used.id, commit.id)
            return Word("git", "git", True, detail)
        if used.kept not in (None, commit.id) and share < REWRITTEN:
            return Word("git", "git", False, {**detail, "kept": used.kept})
        return None

    def _by_agents(self, used: UsedCode) -> Iterator[Word]:
        """The last build or test command of each session that wrote to the file since."""
        for one in use_evidence.built(self._conn, str(self._root / used.path), used.shown):
            yield Word("build", f"session:{one.session}", one.success, one.told, one.at)

    def _new_commit(self, uses: list[UsedCode]) -> Commit | None:
        """The last commit, if it or what is looked for in it is new."""
        signature, ids = self._git.signature(), frozenset(used.id for used in uses)
        if ids == self._looked_for and (
            signature == self._seen if signature is not None else time.monotonic() < self._look_at
        ):
            return None
        self._seen, self._looked_for = signature, ids
        self._look_at = time.monotonic() + LOOK_S
        return self._git.head()

    def _record(self, used: UsedCode, word: Word) -> bool:
        effort = use_evidence.effort(self._conn, str(self._root / used.path), used.shown)
        detail = {
            **word.detail,
            "security": self._security(used),
            "context": self._contexts.of(used, word.at),
            **effort.told,
        }
        if word.what == "test" and used.facets:
            detail["facets"] = list(used.facets)
        with transaction(self._conn):
            try:
                new = recording.record_outcome(
                    self._conn,
                    used.injection,
                    used.pattern,
                    word.success,
                    what=word.what,
                    source=word.source,
                    project=str(self._root),
                    detail=detail,
                )
            except LedgerError as error:
                logger.warning("an outcome was not recorded: %s", error)
                return False
            if new and not word.success:
                retirement.review(self._conn, used.pattern, self._rules)
        return new

    def _security(self, used: UsedCode) -> list[str] | None:
        """Security rules that the used lines break, looked up once a use; ``None``: not known."""
        if used.findings is not None:
            return list(used.findings)
        if used.gone is not None or not used.lines:
            return None
        rules = security_findings(self._root / used.path, used.lines, is_test=is_test_path(used.path))
        if rules is not None:
            with transaction(self._conn):
                used_code.note_findings(self._conn, used.id, rules)
        return rules
