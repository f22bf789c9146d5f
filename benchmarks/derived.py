"""What a store derives from files, by place and not by row id: any history must leave it as a cold scan does.

What depends on which of several equal places stands for a pattern (the one that it had first) is
compared only where both stores show the same place.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from tui_patterns.store.numbers import unpack_refs
from tui_patterns.store.symbols import BLOCK

Sites = frozenset[tuple[str, str, int, int]]
Rows = Counter[Hashable]
_VERSION = (
    "structure_hash, name, kind, pattern_type, category, language, framework, complexity, tags, "
    "dependencies, shingles, doc_hash, subcategory, component_type, form, body"
)
_SITE = (
    "FROM sites s JOIN files f ON f.id = s.file_id JOIN versions v ON v.id = s.version_id "
    "JOIN codes c ON c.version_id = v.id"
)


class Derived:
    """One project of a store."""

    def __init__(self, conn: sqlite3.Connection, root: str) -> None:
        self._conn = conn
        row = conn.execute("SELECT id FROM projects WHERE root = ?", (root,)).fetchone()
        self._project = {"project": row[0]}
        self.sites = self._sites()
        self.mains = self._mains()

    def tables(self) -> dict[str, Rows]:
        """Rows by what they are; no row id, time or UUID in them."""
        return {name: Counter(read(self)) for name, read in _TABLES.items()}

    def by_main(self, alike: set[Sites]) -> dict[str, Rows]:
        """What is told of patterns by the place that stands for them, for those patterns alone."""
        shown = {id: key for id, key in self.sites.items() if key in alike}
        return {name: Counter(read(self, shown)) for name, read in _BY_MAIN.items()}

    def _rows(self, query: str) -> list[Any]:
        return self._conn.execute(query, self._project).fetchall()

    def _sites(self) -> dict[int, Sites]:
        found: dict[int, set[tuple[str, str, int, int]]] = {}
        for row in self._rows(
            f"SELECT s.pattern_id, f.path, s.qualname, s.line, s.end_line {_SITE} "
            "WHERE f.project_id = :project"
        ):
            found.setdefault(row[0], set()).add(tuple(row)[1:])
        return {id: frozenset(places) for id, places in found.items()}

    def _mains(self) -> dict[Sites, tuple[Any, ...]]:
        rows = self._rows(
            "SELECT p.id, p.path, p.qualname, p.line, p.end_line, v.doc_hash FROM patterns p "
            "JOIN versions v ON v.id = p.version_id WHERE p.project_id = :project"
        )
        return {self.sites[row[0]]: tuple(row)[1:] for row in rows if row[0] in self.sites}

    def _key(self, pattern: int | None) -> Hashable:
        return self.sites.get(pattern, f"no site: {pattern}") if pattern is not None else None

    # -- whatever the main place is -----------------------------------------------------

    def _files(self) -> Iterable[Hashable]:
        yield from map(tuple, self._rows(
            "SELECT path, language, size, content_hash, lines, error, left_out FROM files "
            "WHERE project_id = :project"
        ))  # fmt: skip

    def _reads(self) -> Iterable[Hashable]:
        yield from map(tuple, self._rows(
            "SELECT f.path, r.path, r.content_hash FROM file_reads r JOIN files f ON f.id = r.file_id "
            "WHERE f.project_id = :project"
        ))  # fmt: skip

    def _patterns(self) -> Iterable[Hashable]:
        for row in self._rows("SELECT id, gone IS NULL, withheld FROM patterns WHERE project_id = :project"):
            if row[0] in self.sites:
                yield (self.sites[row[0]], row[1], row[2])
            elif row[1]:
                yield ("shown without a place", row[0])

    def _placed(self) -> Iterable[Hashable]:
        columns = ", ".join(f"{'c' if name == 'body' else 'v'}.{name}" for name in _VERSION.split(", "))
        yield from map(tuple, self._rows(
            "SELECT f.path, s.qualname, s.line, s.end_line, COALESCE(part(c.words, 0), ''), "
            f"{columns} {_SITE} LEFT JOIN contexts c ON c.id = s.context_id WHERE f.project_id = :project"
        ))  # fmt: skip

    def _labels(self) -> Iterable[Hashable]:
        yield from map(tuple, self._rows(
            f"SELECT f.path, s.qualname, s.line, l.label, l.confidence, l.evidence, l.why {_SITE} "
            "JOIN labels l ON l.version_id = v.id WHERE f.project_id = :project"
        ))  # fmt: skip

    def _rights(self) -> Iterable[Hashable]:
        yield from map(tuple, self._rows(
            f"SELECT f.path, s.qualname, s.line, n.label {_SITE} "
            "JOIN rights r ON r.version_id = v.id JOIN right_labels n ON n.id = r.label "
            "WHERE f.project_id = :project"
        ))  # fmt: skip

    def _outlines(self) -> Iterable[Hashable]:
        yield from map(tuple, self._rows(
            "SELECT f.path, o.packed, o.spoken FROM outlines o JOIN files f ON f.id = o.file_id "
            "WHERE f.project_id = :project"
        ))  # fmt: skip

    def _refs(self) -> Iterable[Hashable]:
        paths = {row[0]: tuple(row)[1:] for row in self._rows(
            "SELECT p.id, p.text, t.path, p.target, p.kind, p.sure, p.target_file IS NULL FROM paths p "
            "LEFT JOIN files t ON t.id = p.target_file WHERE p.project_id = :project"
        )}  # fmt: skip
        for *source, refs in self._rows(
            "SELECT f.path, s.name, s.line, s.refs FROM sources s JOIN files f ON f.id = s.file_id "
            "WHERE f.project_id = :project"
        ):
            yield from ((*source, kinds, *paths[path]) for path, kinds in unpack_refs(refs))

    def _referrers(self) -> Iterable[Hashable]:
        """What leads back from each path; what is no source any more as it is."""
        names = {row[0]: tuple(row)[1:] for row in self._conn.execute(
            "SELECT s.id, f.path, s.name, s.line FROM sources s JOIN files f ON f.id = s.file_id"
        )}  # fmt: skip
        for text, block, lows in self._rows(
            "SELECT p.text, r.block, r.sources FROM referrers r JOIN paths p ON p.id = r.path_id "
            "WHERE p.project_id = :project"
        ):
            yield from ((text, names.get(block * BLOCK + low)) for low in lows)

    def _relations(self) -> Iterable[Hashable]:
        """What is not shown is not embedded, unless it once was shown."""
        for one, other, kind, *rest, cosine, shown in self._rows(
            "SELECT r.source_id, r.target_id, r.kind, r.confidence, r.resolved, r.cosine, "
            "p.gone IS NULL AND t.gone IS NULL FROM relations r JOIN patterns p ON p.id = r.source_id "
            "JOIN patterns t ON t.id = r.target_id WHERE p.project_id = :project"
        ):
            ends = (self._key(one), self._key(other))
            near = cosine if shown else None
            yield (frozenset(ends) if kind == "SIMILAR_TO" else ends, kind, *rest, near)

    def _families(self) -> Iterable[Hashable]:
        members: dict[int, set[Hashable]] = {}
        for id, lead in self._rows(
            "SELECT id, COALESCE(lead_id, id) FROM patterns WHERE project_id = :project AND gone IS NULL"
        ):
            members.setdefault(lead, set()).add(self._key(id))
        return (frozenset(one) for one in members.values() if len(one) > 1)

    def _bands(self) -> Iterable[Hashable]:
        for row in self._rows(
            "SELECT b.pattern_id, b.rank, keys_of(b.keys) FROM bands b "
            "JOIN patterns p ON p.id = b.pattern_id WHERE p.project_id = :project"
        ):
            yield (self._key(row[0]), row[1], row[2])

    def _likeness(self) -> Iterable[Hashable]:
        for row in self._rows(
            "SELECT l.pattern_id, l.key FROM likeness l LEFT JOIN patterns p ON p.id = l.pattern_id "
            "WHERE p.id IS NULL OR p.project_id = :project"
        ):
            yield (self._key(row[0]), row[1])

    def _findings(self) -> Iterable[Hashable]:
        yield from map(tuple, self._rows(
            "SELECT f.path, g.label, g.rule, g.qualname, g.line, g.end_line, g.measured, g.mark "
            "FROM findings g JOIN files f ON f.id = g.file_id WHERE f.project_id = :project"
        ))  # fmt: skip

    def _bodies(self) -> Iterable[Hashable]:
        yield from map(tuple, self._rows(
            "SELECT f.path, b.body_hash, b.qualname, b.line, b.end_line, b.mark, b.quiet "
            "FROM bodies b JOIN files f ON f.id = b.file_id WHERE f.project_id = :project"
        ))  # fmt: skip

    def _examined(self) -> Iterable[Hashable]:
        yield from map(tuple, self._rows(
            "SELECT f.path, x.content_hash, x.error FROM examined x JOIN files f ON f.id = x.file_id "
            "WHERE f.project_id = :project"
        ))  # fmt: skip

    def _tests(self) -> Iterable[Hashable]:
        yield from map(tuple, self._rows(
            "SELECT f.path, t.qualname, t.fixture, t.autouse, t.requests FROM test_units t "
            "JOIN files f ON f.id = t.file_id WHERE f.project_id = :project"
        ))  # fmt: skip

    # -- by the main place --------------------------------------------------------------

    def _shown(self, shown: dict[int, Sites]) -> Iterable[Hashable]:
        for row in self._rows(
            "SELECT p.id, p.path, p.qualname, p.line, p.end_line, c.body, v.quality, v.quality_parts "
            "FROM patterns p JOIN versions v ON v.id = p.version_id JOIN codes c ON c.version_id = v.id "
            "WHERE p.project_id = :project"
        ):
            if row[0] in shown:
                yield tuple(row)[1:]

    def _metrics(self, shown: dict[int, Sites]) -> Iterable[Hashable]:
        return self._of(shown, "SELECT * FROM metrics")

    def _words(self, shown: dict[int, Sites]) -> Iterable[Hashable]:
        lines = ", ".join(f"words_of(words, {number})" for number in range(7))
        return self._of(shown, f"SELECT pattern_id, {lines} FROM search_docs")

    def _calls(self, shown: dict[int, Sites]) -> Iterable[Hashable]:
        yield from self._of(shown, "SELECT pattern_id, key FROM calls")

    def _of(self, shown: dict[int, Sites], query: str) -> Iterable[Hashable]:
        for row in self._conn.execute(query):
            if row[0] in shown:
                yield (shown[row[0]], *tuple(row)[1:])


_TABLES: dict[str, Callable[[Derived], Iterable[Hashable]]] = {
    "files": Derived._files,
    "file_reads": Derived._reads,
    "patterns": Derived._patterns,
    "sites": Derived._placed,
    "labels": Derived._labels,
    "rights": Derived._rights,
    "outlines": Derived._outlines,
    "refs": Derived._refs,
    "referrers": Derived._referrers,
    "relations": Derived._relations,
    "families": Derived._families,
    "bands": Derived._bands,
    "likeness": Derived._likeness,
    "findings": Derived._findings,
    "bodies": Derived._bodies,
    "examined": Derived._examined,
    "test_units": Derived._tests,
}
_BY_MAIN: dict[str, Callable[[Derived, dict[int, Sites]], Iterable[Hashable]]] = {
    "shown": Derived._shown,
    "metrics": Derived._metrics,
    "words": Derived._words,
    "calls": Derived._calls,
}


def differences(warm: Derived, cold: Derived) -> dict[str, tuple[list[Hashable], list[Hashable]]]:
    """Rows that only one of them has, by table: (of the first, of the second)."""
    one, other = warm.tables(), cold.tables()
    alike = {key for key, main in warm.mains.items() if cold.mains.get(key) == main}
    one |= warm.by_main(alike)
    other |= cold.by_main(alike)
    found = {}
    for name in one:
        extra, lacking = (
            list((one[name] - other[name]).elements()),
            list((other[name] - one[name]).elements()),
        )
        if extra or lacking:
            found[name] = (extra, lacking)
    return found
