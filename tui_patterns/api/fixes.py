"""What helped against an error before: by its signature, then by its words and its meaning."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from tui_patterns.api.connections import LibraryError
from tui_patterns.api.library import PatternLibrary
from tui_patterns.learning import decisions, failures
from tui_patterns.learning.decisions import Decider, Decision, Option
from tui_patterns.learning.error_classes import classify
from tui_patterns.learning.error_text import errors_in
from tui_patterns.learning.failures import StrategyRate
from tui_patterns.learning.fix_matches import LEVELS, Level, Matches, by_signature, by_words, votes_for
from tui_patterns.learning.signatures import ErrorSeen
from tui_patterns.learning.voters import Voter
from tui_patterns.models import Event, Interval
from tui_patterns.store import decisions as decided
from tui_patterns.store import fixes, ledger, projects, sessions
from tui_patterns.store.fixes import FixRow
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import transaction
from tui_patterns.text import clean

MEANING_ALIKE = 0.55  # least cosine: of 180 pairs of unlike messages none reached it, of 10 alike ones 8
MOST_TEXT = 400_000
MOST_EMBEDDED = 48


@dataclass(frozen=True, slots=True)
class FoundFix:
    """A fix and how it was found: ``similarity`` in 0..1, ``why`` the votes for it in log-odds."""

    fix: FixRow
    match: Level
    similarity: float
    confidence: Interval
    why: dict[Voter, float]


@dataclass(frozen=True, slots=True)
class Advice:
    """What is known against one error: fixes, best first, and strategies in the order to try them."""

    error: ErrorSeen
    fixes: tuple[FoundFix, ...]
    strategies: tuple[StrategyRate, ...]


class Fixes:
    """Those of one library."""

    def __init__(self, library: PatternLibrary) -> None:
        self._library = library

    def find(
        self, text: str, limit: int = 5, *, session: str | None = None, semantic: bool = True
    ) -> list[Advice]:
        """Advice on each error in ``text``; on the text itself where no error is recognised in it.

        With a ``session``, which fix stands first is noted as a decision. Raises LibraryError for
        a text without a word.
        """
        if not text.strip():
            raise LibraryError("the error is empty; paste the message or the traceback")
        with self._library.connections.lend() as conn:
            seen = errors_in(text, _root_in(conn, text)) or [_unrecognised(text)]
            home = self._library.home(conn)
            known = fixes.newest(conn)
            return [
                self._advise(conn, error, known, home, limit, session, semantic=semantic) for error in seen
            ]

    def said(self, id: str, success: bool, session: str) -> tuple[FixRow, Interval]:
        """A person's word on a fix; of a session the last. Raises LibraryError for unknown ids."""
        with self._library.connections.lend() as conn:
            found = fixes.by_prefix(conn, id.strip().lower()) if id.strip() else []
            if len(found) != 1:
                raise LibraryError(f"{len(found) or 'no'} fixes have an id that begins with {id!r}")
            with transaction(conn):
                sessions.start(conn, session, "fix")
                failures.record_word(conn, found[0], session, success)
            believed = failures.beliefs(conn, found, self._library.rules, self._library.home(conn))
            return found[0], believed[found[0].id]

    def _advise(
        self,
        conn: sqlite3.Connection,
        error: ErrorSeen,
        known: Sequence[FixRow],
        home: frozenset[str],
        limit: int,
        session: str | None,
        *,
        semantic: bool,
    ) -> Advice:
        matches = by_signature(error, fixes.by_shape(conn, [error.shape]))
        rest = [one for one in known if one.id not in matches]
        if len(matches) < limit and rest:
            matches |= by_words(error, rest)
        if len(matches) < limit and semantic and (rest := [one for one in rest if one.id not in matches]):
            matches |= self._by_meaning(conn, error, rest)
        tried = tuple(failures.strategies(conn, error, self._library.rules))
        if not matches:
            return Advice(error, (), tried)
        return Advice(error, self._ordered(conn, error, matches, home, session)[:limit], tried)

    def _ordered(
        self,
        conn: sqlite3.Connection,
        error: ErrorSeen,
        matches: Matches,
        home: frozenset[str],
        session: str | None,
    ) -> tuple[FoundFix, ...]:
        """By the voters; without any doubt of theirs the nearest first."""
        rows = [row for row, _, _ in matches.values()]
        believed = failures.beliefs(conn, rows, self._library.rules, home)
        near = sorted(
            matches.values(), key=lambda one: (LEVELS.index(one[1]), -one[2], -one[0].found, one[0].id)
        )
        votes = {row.id: votes_for(row, level, share, believed[row.id], home) for row, level, share in near}
        decision = _decider(conn).decide("fix", [Option(id, own) for id, own in votes.items()])
        if session is not None:
            self._note(conn, decision, error, session)
        found = [
            FoundFix(row, level, share, believed[row.id], dict(decision.contributions[row.id]))
            for row, level, share in near
        ]
        # Stable: where the voters say the same, the nearest stays first.
        found.sort(key=lambda one: (one.fix.id != decision.chosen, -decision.scores[one.fix.id]))
        return tuple(found)

    def _note(self, conn: sqlite3.Connection, decision: Decision, error: ErrorSeen, session: str) -> None:
        key = f"decision:fix:{session}:{error.signature}:{decision.chosen}"
        data = {**decision.data(), "error": error.signature}
        with transaction(conn):
            sessions.start(conn, session, "fix")
            ledger.append(conn, Event("decision", now(), session=session, key=key, data=data))

    def _by_meaning(self, conn: sqlite3.Connection, error: ErrorSeen, known: Sequence[FixRow]) -> Matches:
        """By the model, if it is ready: of fixes embedded before, and of some that were not."""
        from tui_patterns.api.meaning import open_semantic
        from tui_patterns.store import vectors

        model, _ = open_semantic(self._library, convert=False)
        if model is None:
            return {}
        import numpy as np

        held = vectors.by_hash(conn, model.fingerprint, [f"fix:{one.id}" for one in known])
        fresh = [one for one in known if f"fix:{one.id}" not in held][:MOST_EMBEDDED]
        new = {f"fix:{one.id}": model.embed_example(_document(one)).astype(np.float32) for one in fresh}
        if new:
            with transaction(conn):
                vectors.save(conn, model.fingerprint, [(id, row.tobytes()) for id, row in new.items()])
        asked = model.embed_example(f"{error.said} {error.error_class}")
        found: Matches = {}
        for one in known:
            row = new.get(f"fix:{one.id}", held.get(f"fix:{one.id}"))
            vector = np.frombuffer(row, np.float32) if isinstance(row, bytes) else row
            cosine = 0.0 if vector is None else float(asked @ vector)
            if cosine >= MEANING_ALIKE:
                found[one.id] = (one, "meaning", min(cosine, 1.0))
        return found


def _decider(conn: sqlite3.Connection) -> Decider:
    known = (decisions.record_from(data, success) for _, data, success in reversed(decided.latest(conn)))
    return Decider(record for record in known if record is not None)


def _document(fix: FixRow) -> str:
    return f"{fix.error_type}: {fix.message} {fix.error_class}"


def _unrecognised(text: str) -> ErrorSeen:
    """A text in which no error is recognised, as one: its last line that says anything."""
    lines = [line.strip() for line in clean(text[-MOST_TEXT:]).splitlines() if line.strip()]
    message = lines[-1] if lines else ""
    return ErrorSeen("", message[:2_000], classify("", message[:2_000]))


def _root_in(conn: sqlite3.Connection, text: str) -> str | None:
    """The project whose files the text names by their whole paths."""
    part = text[:MOST_TEXT] if len(text) > MOST_TEXT else text
    named = [root for _, root in projects.everything(conn) if f"{root}/" in part]
    return max(named, key=len, default=None)
