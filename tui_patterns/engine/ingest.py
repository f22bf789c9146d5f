"""From parsed files to stored patterns: one batch of changes, one transaction.

After any sequence of batches the sites in the store are those of a cold scan,
and units of one structure belong to one pattern; a property test says so. What
a cold scan cannot give back, the identities with their evidence, lives on.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tui_patterns.embedding.document import document_hash, embedding_text
from tui_patterns.engine import identity, known_tests
from tui_patterns.engine.evidence import share_out
from tui_patterns.engine.likeness import SAME
from tui_patterns.engine.linking import Linking
from tui_patterns.extraction.fingerprint import similarity
from tui_patterns.extraction.gate import PENDING, is_stored
from tui_patterns.extraction.quality import Profile
from tui_patterns.extraction.source import is_test_path
from tui_patterns.models import Change, ParsedFile, Unit
from tui_patterns.store import (
    candidates,
    changes,
    documents,
    files,
    forgetting,
    projects,
    session_ledger,
    testing,
    versions,
    words,
)
from tui_patterns.store.candidates import Candidate, SiteRow
from tui_patterns.store.files import FileFacts
from tui_patterns.store.sql import now
from tui_patterns.store.sqlite import transaction

YOUNG_S = 600.0  # how long after a copy appeared its original may still vanish: a move in two saves


@dataclass(frozen=True, slots=True)
class Arrival:
    """A parsed file as found on disk; ``size`` in bytes, ``mtime_ns`` from stat."""

    parsed: ParsedFile
    size: int
    mtime_ns: int


@dataclass(slots=True)
class _Batch:
    """What one transaction has touched so far."""

    old_sites: list[SiteRow]
    touched: set[int]
    new: set[int] = field(default_factory=set)
    updated: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    saved: dict[str, int] = field(default_factory=dict)
    handed_on: dict[tuple[int, int], int] = field(default_factory=dict)
    """By file and line, whose a place was that belongs to another pattern since."""


class Ingest:
    """Stores what changed in one project.

    ``tests_by_results``: a test is shown only once it is known to pass;
    ``max_cosine`` is ``extraction.max_similarity``; ``session`` is the one whose code it is, if any.
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        project_id: int,
        project: str,
        *,
        profile: Profile = "standard",
        tests_by_results: bool = True,
        max_cosine: float = SAME,
        session: str | None = None,
    ) -> None:
        self._conn = conn
        self._project_id = project_id
        self._project = project
        self._session = session
        self._profile = profile
        self._tests_by_results = tests_by_results
        self._linking = Linking(conn, project_id, project, max_cosine=max_cosine, profile=profile)

    def apply(self, arrivals: Sequence[Arrival], deleted: Sequence[str] = ()) -> Change:
        """Store parsed files and forget deleted ones; returns what changed.

        Raises sqlite3.Error, with nothing of the batch stored.
        """
        with transaction(self._conn):
            known = files.known(
                self._conn, self._project_id, [*deleted, *(one.parsed.path for one in arrivals)]
            )
            file_ids = {one.id for one in known.values()}
            old_sites = candidates.sites_of_files(self._conn, file_ids)
            batch = _Batch(old_sites, {site.pattern for site in old_sites})
            before = self._linking.before({path: one.id for path, one in known.items()})
            self._place(batch, arrivals, [known[path].id for path in deleted if path in known], file_ids)
            self._split_copies(batch)
            self._settle(batch)
            changed = batch.new | batch.updated | batch.removed
            self._learn_of_tests(batch, [*deleted, *(one.parsed.path for one in arrivals)])
            if self._session is not None:
                session_ledger.identified(self._conn, batch.new, self._session)
            words.refresh(self._conn, batch.touched)
            symbols = {batch.saved[one.parsed.path]: one.parsed.symbols for one in arrivals}
            self._linking.update(before, batch.saved, symbols, batch.touched, changed, batch.handed_on)
        return self._change(batch, arrivals, deleted)

    def _place(
        self, batch: _Batch, arrivals: Sequence[Arrival], deleted: Iterable[int], file_ids: set[int]
    ) -> None:
        """Replace the sites of all files in the batch by what they hold now."""
        shut_out = forgetting.shut_out_digests(self._conn)
        groups = identity.classes(
            unit
            for one in arrivals
            for unit in one.parsed.units
            if is_stored(unit.reason)
            and not (shut_out and forgetting.digest(unit.structure_hash) in shut_out)
        )
        decided = self._decide(batch, groups, file_ids)
        changes.remove_sites(self._conn, file_ids)
        for file_id in deleted:
            files.remove(self._conn, file_id)
        for one in arrivals:
            batch.saved[one.parsed.path] = files.save(self._conn, self._project_id, _facts(one))
            if is_test_path(one.parsed.path):
                testing.replace_units(self._conn, batch.saved[one.parsed.path], one.parsed.units)
        for group in groups:
            pattern = decided.get(group.structure_hash) or self._add(batch, group.units[0])
            batch.touched.add(pattern)
            for unit in group.units:
                self._add_site(pattern, batch.saved[unit.path], unit)

    def _decide(
        self, batch: _Batch, groups: Sequence[identity.UnitClass], file_ids: set[int]
    ) -> dict[str, int]:
        hashes = [group.structure_hash for group in groups]
        elsewhere = candidates.live_by_structure(self._conn, self._project_id, hashes, file_ids)
        mains = {site.pattern for site in batch.old_sites if site.main}
        free = candidates.candidates(self._conn, mains)
        if any(group.structure_hash not in elsewhere for group in groups):
            qualnames = {unit.qualname for group in groups for unit in group.units}
            since = now() - YOUNG_S
            free += candidates.gone_candidates(self._conn, self._project_id, qualnames, hashes, since)
        return identity.assign(groups, elsewhere, free, similarity)

    def _add(self, batch: _Batch, unit: Unit) -> int:
        pattern = changes.add_pattern(self._conn, self._project_id, unit)
        batch.new.add(pattern)
        return pattern

    def _add_site(self, pattern: int, file_id: int, unit: Unit) -> None:
        doc_hash = document_hash(embedding_text(unit))
        documents.forget(self._conn, doc_hash)
        version = versions.save_version(self._conn, pattern, unit, doc_hash)
        changes.add_site(self._conn, pattern, version, file_id, unit)

    def _split_copies(self, batch: _Batch) -> None:
        """A pattern follows the edit of its main site; copies that stayed become their own pattern."""
        by_pattern: dict[int, list[SiteRow]] = {}
        for site in candidates.sites_of_patterns(self._conn, batch.touched):
            by_pattern.setdefault(site.pattern, []).append(site)
        for pattern, sites in by_pattern.items():
            lead = _main(sites).structure_hash
            rest = [site for site in sites if site.structure_hash != lead]
            if rest:
                split = changes.split(self._conn, pattern, rest)
                self._hand_on(batch, rest)
                batch.touched.add(split)
                batch.new.add(split)

    def _hand_on(self, batch: _Batch, sites: Iterable[SiteRow]) -> None:
        for site in sites:
            batch.handed_on.setdefault((site.file, site.line), site.pattern)

    def _settle(self, batch: _Batch) -> None:
        """Give every touched pattern its main site, or let it go."""
        touched = {one.pattern: one for one in candidates.candidates(self._conn, batch.touched)}
        standing: dict[int, list[SiteRow]] = {}
        for site in candidates.sites_of_patterns(self._conn, batch.touched):
            standing.setdefault(site.pattern, []).append(site)
        for pattern in sorted(batch.touched):
            if pattern in standing:
                self._show(batch, pattern, _main(standing[pattern]))
        lost = [one for one in touched.values() if one.pattern not in standing and one.gone is None]
        if lost:
            self._let_go(batch, lost)

    def _show(self, batch: _Batch, pattern: int, site: SiteRow) -> None:
        changed = pattern in batch.new or changes.shown_version(self._conn, pattern) != site.version
        changes.set_main(self._conn, pattern, site, changed=changed)
        if changed and pattern not in batch.new:
            batch.updated.add(pattern)

    def _let_go(self, batch: _Batch, lost: Sequence[Candidate]) -> None:
        """Places were emptied: a pattern moves to its young copy, if there is one, or is gone."""
        leaving = {one.pattern for one in lost}
        young = {one.pattern: one for one in self._young() if one.pattern not in leaving}
        for one in lost:
            heir = identity.successor(one, list(young.values()), similarity) if young else None
            if heir is None:
                changes.mark_gone(self._conn, one.pattern)
                batch.removed.add(one.pattern)
            else:
                del young[heir.pattern]
                self._inherit(batch, one.pattern, heir.pattern)

    def _learn_of_tests(self, batch: _Batch, paths: Sequence[str]) -> None:
        """What is known of tests, brought to the patterns touched; tests not known to pass are not shown."""
        share_out(self._conn, batch.touched, self._profile)
        concerned = any(map(is_test_path, paths)) or testing.any_of_tests(self._conn, batch.touched)
        if not self._tests_by_results or not concerned:
            return
        settled = known_tests.settle(self._conn, self._project_id)
        batch.removed |= settled.hidden - batch.new
        batch.new = (batch.new | settled.shown) - settled.withheld
        batch.updated -= settled.withheld | settled.shown
        batch.touched |= settled.shown | settled.hidden

    def _young(self) -> list[Candidate]:
        """Patterns that turned up since the last whole scan and carry no evidence yet."""
        scanned = projects.last_scan(self._conn, self._project_id)
        if scanned is None:
            return []
        return candidates.untouched_since(self._conn, self._project_id, max(scanned, now() - YOUNG_S))

    def _inherit(self, batch: _Batch, pattern: int, heir: int) -> None:
        """``pattern`` stands from now on where ``heir`` stood: one identity, not two."""
        self._hand_on(batch, candidates.sites_of_patterns(self._conn, [heir]))
        changes.move_sites(self._conn, heir, pattern)
        changes.remove_pattern(self._conn, heir)
        batch.touched.add(heir)
        batch.removed.add(heir)
        batch.new.discard(heir)
        self._show(batch, pattern, _main(candidates.sites_of_patterns(self._conn, [pattern])))

    def _change(self, batch: _Batch, arrivals: Sequence[Arrival], deleted: Sequence[str]) -> Change:
        parsed = [one.parsed for one in arrivals]
        return Change(
            project=self._project,
            files=(*(one.path for one in parsed), *deleted),
            new=changes.uuids(self._conn, batch.new),
            updated=changes.uuids(self._conn, batch.updated),
            removed=changes.uuids(self._conn, batch.removed),
            failed=tuple((one.path, one.error) for one in parsed if one.error),
        )


def _main(sites: Sequence[SiteRow]) -> SiteRow:
    """The site that stands for its pattern: where it stood until now, else the first.

    What stands outside of tests too is shown there: whether it is shown is no matter of its tests.
    """
    own = [site for site in sites if not is_test_path(site.path)] or sites
    return next((site for site in own if site.main), own[0])


def _facts(arrival: Arrival) -> FileFacts:
    parsed = arrival.parsed
    return FileFacts(
        path=parsed.path,
        language=parsed.language,
        size=arrival.size,
        mtime_ns=arrival.mtime_ns,
        content_hash=parsed.content_hash,
        lines=parsed.lines,
        error=parsed.error,
        left_out=dict(Counter(unit.reason for unit in parsed.units if unit.reason not in {None, PENDING})),
        reads=parsed.reads,
    )
