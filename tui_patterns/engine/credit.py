"""Credit for what was used: each stored batch is compared with the patterns that were injected before.

Work is done only while something injected is on trial, within a limit of time a batch. What a file
held before it first changed is kept, so that only new and changed code counts, however many saves it
takes to write it. Of two patterns that the same lines follow, the better one is used. A project's
first index gives no credit: nothing is known of what was there before.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from tui_patterns.engine.ingest import Arrival
from tui_patterns.engine.used_lines import Found, best, lines_in_file, offsets, text_of
from tui_patterns.extraction.fingerprint import similarity
from tui_patterns.extraction.gate import is_stored
from tui_patterns.learning import recording
from tui_patterns.learning.attribution import LEAST_SHARED_GRAMS, Match, attribute, follows
from tui_patterns.learning.facets import covered
from tui_patterns.learning.ledger import LedgerError
from tui_patterns.learning.rarity import Rarity
from tui_patterns.learning.token_stream import Code, read_code
from tui_patterns.models import Unit
from tui_patterns.sessions.optout import allowed
from tui_patterns.settings import Settings
from tui_patterns.store import credit, projects, used_code
from tui_patterns.store.credit import OnTrial
from tui_patterns.store.sql import load, now
from tui_patterns.store.sqlite import transaction
from tui_patterns.store.used_code import UsedCode

logger = logging.getLogger(__name__)

DAY_S = 86_400.0
BATCH_S = 2.0  # the most that one batch may cost
CLOCKS_S = 0.05  # a file's time may lag behind the clock that injections are dated by
PIECES = 500  # of code that the rarity of names is counted over
RARITY_S = 600.0
MOST_MOVED, MOST_OWN = 30, 3
NEAR, KIN = 0.15, 0.6  # own code worth a look; own code that is the pattern in another form

Taken = dict[tuple[int, str, str], float]  # when that pattern was shown, by its row, path and name

_read = lru_cache(maxsize=512)(read_code)


class Credit:
    """Follows injected patterns in one project."""

    def __init__(self, conn: sqlite3.Connection, project_id: int, root: Path, settings: Settings) -> None:
        self._conn = conn
        self._project_id = project_id
        self._root = str(root)
        self._open_s = settings.learning.open_days * DAY_S
        self.allowed = allowed(self._root, settings.learning.opt_out)
        self._rarity: tuple[float, Rarity] | None = None

    @property
    def since(self) -> float:
        """Nothing from before is on trial."""
        return now() - self._open_s

    def before(self, paths: Iterable[str]) -> None:
        """These files are about to change: keep what they hold, if that will be asked for."""
        if not self.allowed or projects.last_scan(self._conn, self._project_id) is None:
            return
        shown = credit.last_shown(self._conn, self.since)
        if shown is not None:
            with transaction(self._conn):
                credit.note_before(self._conn, self._project_id, paths, shown)

    def after(self, arrivals: Sequence[Arrival]) -> int:
        """These files were stored: credit what is used in them; how many uses are new."""
        if not self.allowed:
            return 0
        self._relocate(arrivals)
        trials = credit.on_trial(self._conn, self.since)
        if not trials or projects.last_scan(self._conn, self._project_id) is None:
            return 0
        found = best(list(self._search(arrivals, trials)))
        return sum(self._record(one) for one in found)

    def close_old(self) -> None:
        """What was on trial for its whole time while code changed, and was found nowhere, is unused."""
        with transaction(self._conn):
            for injection, pattern in credit.overdue(self._conn, self.since):
                recording.record_unused(self._conn, injection, pattern)
            credit.forget_before(self._conn, self.since)

    # -- finding ---------------------------------------------------------------------

    def _search(self, arrivals: Sequence[Arrival], trials: Sequence[OnTrial]) -> Iterable[Found]:
        due = time.monotonic() + BATCH_S
        patterns = [(trial, _read(trial.code)) for trial in trials]
        known = [(trial, code, frozenset(code.grams)) for trial, code in patterns if code is not None]
        taken = self._taken(one.parsed.path for one in arrivals)
        for arrival in arrivals:
            for unit in arrival.parsed.units:
                if time.monotonic() > due:
                    logger.warning("%s: a batch was too large to credit all of it", self._root)
                    return
                yield from self._in_unit(arrival, unit, known, taken)

    def _taken(self, paths: Iterable[str]) -> Taken:
        """What is used already: one piece of code is no use of an earlier injection as well."""
        found: Taken = {}
        for used in used_code.of_project(self._conn, self._project_id, self.since, paths):
            place = (used.row, used.path, used.qualname)
            found[place] = max(used.shown, found.get(place, 0.0))
        return found

    def _in_unit(
        self,
        arrival: Arrival,
        unit: Unit,
        known: Sequence[tuple[OnTrial, Code, frozenset[int]]],
        taken: Taken,
    ) -> Iterable[Found]:
        now_code = _read(unit.code) if unit.language == "python" else None
        if now_code is None:
            return
        written, seen = arrival.mtime_ns / 1e9 + CLOCKS_S, set()
        for trial, code, grams in known:  # the newest injection that came before the code has it
            if trial.at > written or trial.row in seen or unit.reason == "generated":
                continue
            if trial.at <= taken.get((trial.row, unit.path, unit.qualname), 0.0):
                continue
            if len(grams.intersection(now_code.grams)) < LEAST_SHARED_GRAMS:
                continue
            seen.add(trial.row)
            match = self._judge(trial, code, unit, now_code)
            if match is not None:
                yield Found(trial, unit, match)

    def _judge(self, trial: OnTrial, pattern: Code, unit: Unit, now_code: Code) -> Match | None:
        state = credit.before(self._conn, self._project_id, unit.path, trial.at)
        if state is None:
            return None
        version = state.units.get(unit.qualname)
        if version is None and state.known and not is_stored(unit.reason):
            return None  # too small to have been stored: it may have stood there as well
        before = self._codes([version] if version is not None else [])
        rarity = self._known_rarity()
        if not attribute(pattern, now_code, before, rarity).used:
            return None
        before += self._moved(trial.at, now_code)
        match = attribute(pattern, now_code, before, rarity, self._own(trial, unit))
        return match if match.used else None

    def _codes(self, versions: Iterable[int]) -> list[Code]:
        found = credit.codes(self._conn, list(versions))
        return [code for text in found.values() if (code := _read(text)) is not None]

    def _moved(self, shown: float, now_code: Code) -> list[Code]:
        """What stood elsewhere and stands there no more: code that is moved or renamed is not new."""
        versions = sorted(credit.vanished(self._conn, self._project_id, shown), reverse=True)
        grams = set(now_code.grams)
        alike = [
            one for one in self._codes(versions) if len(grams.intersection(one.grams)) >= LEAST_SHARED_GRAMS
        ]
        return alike[:MOST_MOVED]

    def _own(self, trial: OnTrial, unit: Unit) -> Iterable[Code]:
        """Other code of the project from before that is most like the unit, and is not the pattern again."""
        near = [
            (likeness, one.version)
            for one in credit.own(self._conn, self._project_id, trial.at)
            if one.pattern != trial.row
            and (likeness := similarity(one.shingles, unit.shingles)) >= NEAR
            and similarity(one.shingles, trial.shingles) < KIN
        ]
        return self._codes(version for _, version in sorted(near, reverse=True)[:MOST_OWN])

    def _known_rarity(self) -> Rarity:
        if self._rarity is None or time.monotonic() > self._rarity[0] + RARITY_S:
            self._rarity = (time.monotonic(), Rarity.of(credit.sample(self._conn, PIECES)))
        return self._rarity[1]

    # -- writing ---------------------------------------------------------------------

    def _record(self, found: Found) -> bool:
        trial, unit, lines = found.trial, found.unit, found.lines
        facets = covered(load(trial.facets), offsets(trial.code, found.match.pattern_lines))
        with transaction(self._conn):
            try:
                new = recording.record_use(
                    self._conn,
                    trial.injection,
                    trial.pattern,
                    similarity=found.match.similarity,
                    evidence=found.places,
                    project=self._root,
                    version=trial.version,
                )
            except LedgerError as error:
                logger.warning("a use was not recorded: %s", error)
                return False
            used_code.save(
                self._conn, self._project_id, trial.injection, trial.row, trial.version,
                (unit.path, unit.qualname), lines, text_of(unit, lines), facets, found.match.similarity,
            )  # fmt: skip
        return new

    def _relocate(self, arrivals: Sequence[Arrival]) -> None:
        """Find used code again in files that changed."""
        by_path = {one.parsed.path: one.parsed.units for one in arrivals}
        for used in used_code.of_project(self._conn, self._project_id, self.since, by_path):
            unit, lines = self._again(used, by_path[used.path])
            text = text_of(unit, lines) if unit is not None else ()
            with transaction(self._conn):
                name = unit.qualname if unit is not None else used.qualname
                used_code.relocate(self._conn, used.id, name, lines, text)

    def _again(self, used: UsedCode, units: Sequence[Unit]) -> tuple[Unit | None, tuple[int, ...]]:
        (pattern,) = self._codes([used.version]) or (None,)
        found: list[tuple[bool, float, Unit, Match]] = []
        for unit in units:
            code = _read(unit.code)
            if code is None or pattern is None:
                continue
            match = attribute(pattern, code, [], self._known_rarity())
            if follows(match):
                found.append((unit.qualname == used.qualname, match.similarity, unit, match))
        if not found:
            return None, ()
        _, _, unit, match = max(found, key=lambda one: one[:2])
        return unit, lines_in_file(unit, match)
