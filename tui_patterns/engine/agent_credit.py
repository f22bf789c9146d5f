"""Credit for code that an agent wrote where nothing is watched: told by its transcript alone.

Of a file that the session wrote as a whole it is known what stood in it before and after an injection;
of any other nothing is said. Files of indexed projects are left to the index, which sees the files
themselves. How a use went is the last build or test command that the session ran after it wrote the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tui_patterns.engine.parsers import extraction_options
from tui_patterns.engine.used_lines import Found, best
from tui_patterns.extraction.python import extract_source
from tui_patterns.learning import recording, retirement
from tui_patterns.learning.attribution import LEAST_SHARED_GRAMS, attribute
from tui_patterns.learning.evidence import Rules
from tui_patterns.learning.rarity import Rarity
from tui_patterns.learning.token_stream import Code, read_code
from tui_patterns.models import Unit
from tui_patterns.sessions.rebuild import rebuild
from tui_patterns.settings import Settings
from tui_patterns.store import agent_credit, credit, projects, session_reads, use_evidence
from tui_patterns.store.credit import OnTrial
from tui_patterns.store.fading import DAY_S
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import transaction

SUFFIX = ".py"
PIECES = 500  # of code that the rarity of names is counted over
CLOCKS_S = 0.05
MOST_UNITS = 500  # of a session that are compared, the last written first


@dataclass(frozen=True, slots=True)
class _Step:
    """One edit; ``old`` is ``None`` for a whole file."""

    path: str
    old: str | None
    text: str
    at: float


class AgentCredit:
    """The uses of what one session was given."""

    def __init__(
        self, conn: sqlite3.Connection, session: str, root: str | None, settings: Settings, rules: Rules
    ) -> None:
        """``root`` is the folder that the session worked in."""
        self._conn = conn
        self._session = session
        self._root = root
        self._settings = settings
        self._rules = rules

    def settle(self) -> int:
        """Write down what is new of uses and of how they went; how many words that were."""
        mine = agent_credit.injections(self._conn, self._session)
        if not mine:
            return 0
        since = now() - self._settings.learning.open_days * DAY_S
        trials = [one for one in credit.on_trial(self._conn, since) if one.injection in mine]
        steps = self._steps()
        known = agent_credit.uses(self._conn, mine)
        found = [one for one in self._search(trials, steps) if not _taken(one, known)]
        new = sum(map(self._record, best(found)))
        return new + sum(map(self._judge, agent_credit.uses(self._conn, mine)))

    # -- finding ---------------------------------------------------------------------

    def _steps(self) -> list[_Step]:
        """Edits of Python files that belong to no indexed project, in the order of time."""
        roots = [root for _, root in projects.everything(self._conn)]
        return [
            _Step(row["path"], row["old"], row["text"], row["at"])
            for row in session_reads.edits(self._conn, self._session)
            if row["at"] is not None and not row["failed"] and row["path"].endswith(SUFFIX)
            and Path(row["path"]).is_absolute() and not projects.within(row["path"], roots)
        ]  # fmt: skip

    def _search(self, trials: Sequence[OnTrial], steps: Sequence[_Step]) -> Iterable[Found]:
        if not trials or not steps:
            return
        rarity = Rarity.of(credit.sample(self._conn, PIECES))
        patterns = [(trial, code) for trial in trials if (code := read_code(trial.code)) is not None]
        left = MOST_UNITS
        for path in dict.fromkeys(step.path for step in reversed(steps)):
            own = [step for step in steps if step.path == path]
            for unit in self._units(path, own)[:left]:
                left -= 1
                yield from _uses(unit, own, patterns, rarity)

    def _units(self, path: str, steps: Sequence[_Step]) -> list[Unit]:
        """The definitions of a file that the session made; none of a file that stood there before."""
        made = steps[0].old is None and not agent_credit.was_read(
            self._conn, self._session, path, steps[0].at
        )
        text = _whole(steps) if made else None
        if text is None:
            return []
        options = extraction_options(self._settings)
        return list(extract_source(text.encode("utf-8", "replace"), path, options).units)

    # -- writing ---------------------------------------------------------------------

    def _record(self, found: Found) -> bool:
        with transaction(self._conn):
            return recording.record_use(
                self._conn,
                found.trial.injection,
                found.trial.pattern,
                similarity=found.match.similarity,
                evidence=found.places,
                project=self._root,
                version=found.trial.version,
            )

    def _judge(self, use: agent_credit.AgentUse) -> bool:
        """The word of this session's last build or test after the file was written, if there is one."""
        words = use_evidence.built(self._conn, use.path, use.shown)
        return any(self._say(use, one) for one in words if one.session == self._session)

    def _say(self, use: agent_credit.AgentUse, said: use_evidence.Built) -> bool:
        effort = use_evidence.effort(self._conn, use.path, use.shown)
        with transaction(self._conn):
            new = recording.record_outcome(
                self._conn,
                use.injection,
                use.pattern,
                said.success,
                what="build",
                source=f"session:{said.session}",
                project=self._root,
                detail={**said.told, **effort.told},
            )
            if new and not said.success:
                retirement.review(self._conn, use.pattern, self._rules)
        return new


def _uses(
    unit: Unit, steps: Sequence[_Step], patterns: Sequence[tuple[OnTrial, Code]], rarity: Rarity
) -> Iterable[Found]:
    """The patterns that a definition follows: of each the newest injection that came before the code."""
    code, seen = read_code(unit.code), set()
    for trial, pattern in patterns:
        before = [step for step in steps if step.at < trial.at - CLOCKS_S]
        if code is None or trial.row in seen or len(before) == len(steps):
            continue
        if len(set(pattern.grams).intersection(code.grams)) < LEAST_SHARED_GRAMS:
            continue
        seen.add(trial.row)
        stood = read_code(_whole(before) or "") if before else None
        match = attribute(pattern, code, [stood] if stood is not None else [], rarity)
        if match.used:
            yield Found(trial, unit, match)


def _taken(found: Found, known: Iterable[agent_credit.AgentUse]) -> bool:
    """Whether this code is a use of a later injection already."""
    place = (found.trial.pattern, found.unit.path, found.unit.qualname)
    return any(
        (one.pattern, one.path, one.qualname) == place and one.shown >= found.trial.at for one in known
    )


def _whole(steps: Iterable[_Step]) -> str | None:
    """The file after these edits; ``None`` where that is not known."""
    texts = [
        text for found in rebuild((one.path, one.old, one.text) for one in steps).values() for text in found
    ]
    return texts[0] if len(texts) == 1 else None
