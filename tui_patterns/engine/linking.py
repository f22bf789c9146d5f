"""The project pass: after each stored batch, what its files refer to is resolved and related.

Nothing is parsed. What a batch can change is found from the names that it
changed: paths whose resolution asked for one of them are resolved again, and
patterns on either end of a changed reference are related and counted again. The
result is that of a cold scan; a property test says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from tui_patterns.engine import likeness, owners
from tui_patterns.engine.counting import count, grade
from tui_patterns.engine.owners import Outlines
from tui_patterns.engine.relating import relate
from tui_patterns.engine.resolving import Before, LinkChange, Resolving, Saved
from tui_patterns.extraction.quality import Profile
from tui_patterns.extraction.source import is_test_path
from tui_patterns.store import references, relations, symbols
from tui_patterns.store.references import RefRow


class Linking:
    """Relates the patterns of one project; *name* is that of its folder.

    ``max_cosine``: vectors at least this near tell near-copies (``engine/likeness.py``).
    """

    def __init__(
        self,
        conn: sqlite3.Connection,
        project_id: int,
        name: str,
        *,
        max_cosine: float = likeness.SAME,
        profile: Profile = "standard",
    ) -> None:
        self._profile = profile
        self._conn = conn
        self._project_id = project_id
        self._paths = Resolving(conn, project_id, name)
        self._max_cosine = max_cosine

    def before(self, files: Mapping[str, int]) -> Before:
        """What the files of a batch (ids by path) stand for, in the transaction that is about to store it."""
        return Before(
            symbols.outlines(self._conn, files.values()),
            references.refs_of_files(self._conn, files.values()),
            files,
            self._paths.known(),
        )

    def update(
        self,
        before: Before,
        files: Mapping[str, int],
        saved: Saved,
        touched: Collection[int],
        changed: Collection[int],
        handed_on: Mapping[tuple[int, int], int],
    ) -> None:
        """Bring relations, counts and near-copies up to date.

        *files* are those of the batch that are still there, their ids by path; *saved*
        holds what was read of them, by id; *touched* are the patterns that stand in any
        of its files, now or before; *changed* those of them that are new, gone or show
        another version; *handed_on* holds, by file and line, whose a place was that went to
        another pattern. Expects the transaction that stored the batch.
        """
        uncounted = set(touched) - relations.metrics(self._conn, touched).keys()
        change = self._paths.update(before, files, saved, {*changed, *uncounted})
        after = symbols.outlines(self._conn, saved)
        _differences(before, after, references.refs_of_files(self._conn, saved), change)
        was, now = self._elsewhere({place: one for place, one in handed_on.items() if place[0] not in after})
        self._moved({**before.outlines, **was}, {**after, **now}, change)
        self._settle(touched, after, change, _Tests(before.known.files))
        likeness.update(self._conn, self._project_id, touched, {*changed, *change.moved}, self._max_cosine)
        self._paths.keep(before.known)

    def _elsewhere(self, handed_on: Mapping[tuple[int, int], int]) -> tuple[Outlines, Outlines]:
        """The files outside of the batch where a place went to another pattern, as they were and are."""
        now = symbols.outlines(self._conn, {file for file, _ in handed_on})
        was = {file: replace(one, sites=dict(one.sites)) for file, one in now.items()}
        for (file, line), pattern in handed_on.items():
            if file in was:
                was[file].sites[line] = pattern
        return was, now

    def _moved(self, before: Outlines, after: Outlines, change: LinkChange) -> None:
        """Note who refers to a definition of the batch that belongs to another pattern now."""
        was, now = owners.patterns(before), owners.patterns(after)
        names: dict[int, set[str]] = {}
        for place in was.keys() | now.keys():
            old, new = was.get(place), now.get(place)
            if old != new:
                names.setdefault(place[0], set()).add(place[1])
                change.moved.update(one for one in (old, new) if one is not None)
                change.related.update((*owners.around(before, place), *owners.around(after, place)))
        for file_id in before.keys() | after.keys():  # a name defined twice leads to one of them alone
            change.moved |= owners.standing(before, file_id) ^ owners.standing(after, file_id)
        for file_id, some in names.items():
            change.sources |= references.sources(self._conn, symbols.paths_to(self._conn, file_id, some))

    def _settle(self, touched: Collection[int], after: Outlines, change: LinkChange, tests: _Tests) -> None:
        """Relate, count and grade all whom the change concerns."""
        wanted = {file for file, *_ in change.sources} | {file for file, _ in change.targets}
        known = {**symbols.outlines(self._conn, wanted - after.keys()), **after}
        for file, name, line in change.sources:
            if (owner := owners.owner(known, file, name, line)) is not None:
                change.related.add(owner)
            change.counted.update(owners.around(known, (file, name)))
        for place in change.targets:
            change.counted.update(owners.around(known, place))
        lost = set(touched) - relations.standing(self._conn, touched).keys()
        relations.drop_gone(self._conn, lost)
        related = change.related | change.moved
        relate(self._conn, relations.standing(self._conn, related - lost))
        count(self._conn, relations.standing(self._conn, (related | change.counted) - lost), tests)
        grade(self._conn, {*touched, *related, *change.counted} - lost, self._profile)


def _differences(before: Before, after: Outlines, refs: Iterable[RefRow], change: LinkChange) -> None:
    """Note the references that came, went or changed in the batch, and classes of another cohesion."""
    was, now = owners.told(before.refs, before.outlines), owners.told(refs, after)
    for rows, others, outlines in ((was, now, before.outlines), (now, was, after)):
        for file, source, _, target, owner in rows - others:
            if owner is not None:
                change.related.add(owner)
            change.counted.update(owners.around(outlines, (file, source)))
            change.targets.add((target.file, target.name))
    for file, outline in after.items():
        old = before.outlines[file].cohesion if file in before.outlines else {}
        for name in outline.cohesion.keys() | old.keys():
            if outline.cohesion.get(name) != old.get(name):
                change.counted.update(owners.around(after, (file, name)))


class _Tests:
    """The ids of files that hold tests, told when first asked for."""

    def __init__(self, files: Mapping[str, int]) -> None:
        self._paths = {id: path for path, id in files.items()}
        self._known: dict[int, bool] = {}

    def __contains__(self, file: object) -> bool:
        assert isinstance(file, int)
        if file not in self._known:
            self._known[file] = is_test_path(self._paths.get(file, ""))
        return self._known[file]
