"""Which patterns may go into a prompt for the project that is worked in, and what to look out for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from tui_patterns.api.library import PatternLibrary
from tui_patterns.learning.guards import Guard, series_of, task_context
from tui_patterns.models import Enhanced, Hit, Pattern
from tui_patterns.prompts.fit import Fitted, LeftOut, Target, misfit, target, words_of
from tui_patterns.prompts.render import inline
from tui_patterns.prompts.requirements import requirements
from tui_patterns.store import guards, use_contexts
from tui_patterns.store.guards import GuardRow
from tui_patterns.store.sqlite import remembered

MOST_AVOIDED = 3
_NAME = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of hits and picks, what not and why (of what is relevant), and lines on what to avoid."""

    hits: list[Hit]
    picked: list[Hit]
    left: list[LeftOut]
    avoid: list[str]


class Fitness:
    """What fits one request: ``task`` in the folders ``home`` (default: the library's)."""

    def __init__(self, library: PatternLibrary, task: str, home: Sequence[Path] | None = None) -> None:
        self._library = library
        self._task = task
        with library.connections.lend() as conn:
            self._target = _target(conn, library.home(conn, home))
        self._asked = cache(requirements)  # looked up once for all that was found
        self._guards: dict[str, list[GuardRow]] = {}

    def keep(self, hits: Sequence[Hit], picked: Sequence[Hit], min_relevance: float) -> Kept:
        """What may go in. What a person ``picked`` need not fit, but no guard may hold against it."""
        self._read_guards(hit.pattern.id for hit in (*hits, *picked))
        mine = {hit.pattern.id for hit in picked}
        against = {
            hit.pattern.id: why
            for hit in (*hits, *picked)
            if (why := self.guarded(hit.pattern) if hit.pattern.id in mine else self._against(hit.pattern))
        }
        told = {hit.pattern.id: hit for hit in (*picked, *hits)}.values()
        refused = [
            hit
            for hit in told
            if hit.pattern.id in against and (hit.pattern.id in mine or hit.relevance >= min_relevance)
        ]
        guards_hold = [hit.pattern for hit in refused if against[hit.pattern.id].kind == "guard"]
        return Kept(
            hits=[hit for hit in hits if hit.pattern.id not in against],
            picked=[hit for hit in picked if hit.pattern.id not in against],
            left=[against[hit.pattern.id] for hit in refused],
            avoid=[self._avoid(pattern) for pattern in guards_hold[:MOST_AVOIDED]],
        )

    def guarded(self, pattern: Pattern) -> LeftOut | None:
        """The guard that holds here against a pattern, if one does."""
        self._read_guards([pattern.id])
        guard = self._guard(pattern)
        if guard is None:
            return None
        return LeftOut(pattern.id, pattern.name, "guard", f"{inline(guard.words, 160)}: {guard.counts}")

    def fits(self, pattern: Pattern) -> bool:
        """Whether nothing speaks against it here."""
        self._read_guards([pattern.id])
        return self._against(pattern) is None

    def _against(self, pattern: Pattern) -> LeftOut | None:
        found = misfit(pattern, self._target, self._asked)
        if found is not None:
            return LeftOut(pattern.id, pattern.name, *found)
        return self.guarded(pattern)

    def _read_guards(self, ids: Iterable[str]) -> None:
        unread = [id for id in ids if id not in self._guards]
        if unread:
            with self._library.connections.lend() as conn:
                found = guards.of_patterns(conn, unread)
            self._guards |= {id: found.get(id, []) for id in unread}

    def _guard(self, pattern: Pattern) -> Guard | None:
        known = self._guards[pattern.id]
        if not known:
            return None
        conditions = {one for row in known for one in row.condition}
        uses = {*pattern.dependencies, *_packages_of(conditions)}
        context = task_context(self._task, self._target, uses)
        found = (
            Guard(row.condition, row.failures, row.successes, row.passing, row.population) for row in known
        )
        return next((one for one in found if one.holds(context)), None)

    def _avoid(self, pattern: Pattern) -> str:
        guard = self._guard(pattern)
        assert guard is not None
        place = inline(f"{pattern.path}:{pattern.line}", 160)
        return (
            f"{inline(pattern.name, _NAME)} ({place}), where {inline(guard.words, 160)}: it {guard.counts}."
        )

    def finish(self, built: Enhanced, kept: Kept, min_relevance: float) -> Fitted:
        """``built`` with what was left out, and warnings of libraries; the reason where that was all."""
        reason, left = built.reason, kept.left
        if not built.chosen and left and all(hit.relevance < min_relevance for hit in kept.hits):
            reason = "; ".join(words_of(left, 3))
        warnings = (*built.warnings, *self.cautions([one.hit.pattern for one in built.chosen]))
        said = {one.name: getattr(built, one.name) for one in fields(Enhanced)}
        said |= {"reason": reason, "warnings": warnings}
        avoid = tuple(line for line in kept.avoid if built.injection_id and line in built.prompt)
        return Fitted(**said, left_out=tuple(left), avoid=avoid)

    def cautions(self, chosen: Sequence[Pattern]) -> list[str]:
        """A line for each library with whose present version a pattern was seen to fail, or never to work."""
        with self._library.connections.lend() as conn:
            known = use_contexts.library_uses(conn, [one.id for one in chosen])
        lines = []
        for pattern in chosen:
            own = [one for one in known if one.pattern == pattern.id]
            for package in dict.fromkeys(one.package for one in own):
                line = self._caution(pattern, package, [one for one in own if one.package == package])
                if line is not None:
                    lines.append(line)
        return lines

    def _caution(
        self, pattern: Pattern, package: str, known: Sequence[use_contexts.LibraryUse]
    ) -> str | None:
        present = self._target.exact(package)
        if present is None:
            return None
        same = [one for one in known if series_of(one.version) == series_of(present)]
        name, here = inline(pattern.name, _NAME), f"{self._target.name} has {inline(present, 30)}"
        failed, worked = sum(one.failed for one in same), sum(one.worked for one in same)
        if failed > worked:
            seen = ", ".join(sorted({inline(one.version, 30) for one in same if one.failed}))
            return f"{name} failed with {inline(package, 40)} {seen} ({failed} of {failed + worked}); {here}"
        if not same and (good := sorted({inline(one.version, 30) for one in known if one.worked})):
            return f"{name} was seen to work with {inline(package, 40)} {', '.join(good[:5])} only; {here}"
        return None


def _target(conn: sqlite3.Connection, roots: frozenset[str]) -> Target:
    if not roots:
        return Target()
    key = f"target {sorted(roots)}"
    facts = remembered(conn, key, lambda: use_contexts.of_projects(conn, roots))
    return target(roots, facts.languages, facts.frameworks, facts.imports)


def _packages_of(conditions: Iterable[str]) -> set[str]:
    """The packages that conditions speak of."""
    found = set()
    for one in conditions:
        kind, _, value = one.partition(":")
        if kind in ("uses", "with"):
            found.add(value.partition(" ")[0])
    return found
