"""The project pass: after each stored batch, what its files refer to is resolved and related.

Nothing is parsed. What a batch can change is found from the names that it
changed: paths whose resolution asked for one of them are resolved again, and
patterns on either end of a changed reference are related and counted again. The
result is that of a cold scan; a property test says so.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from tui_patterns.engine import likeness
from tui_patterns.engine.counting import count, grade
from tui_patterns.engine.modules import Modules
from tui_patterns.engine.relating import relate
from tui_patterns.engine.symbols import LIKELY_KEY, SymbolTable, module_key, name_key, star_key, top_key
from tui_patterns.extraction.quality import Profile
from tui_patterns.extraction.source import is_test_path
from tui_patterns.models import FileSymbols
from tui_patterns.store import references, relations, symbols
from tui_patterns.store.references import RefRow
from tui_patterns.store.sqlite import keep, kept
from tui_patterns.store.symbols import OutlineRow, Target

Place = tuple[int, str]
"""A definition: file id and qualified name."""
Outlines = Mapping[int, OutlineRow]
Saved = Mapping[int, FileSymbols | None]
"""What was read of files, by id; ``None`` where one could not be read as source."""


@dataclass(slots=True)
class Known:
    """All files of the project by path, and the modules among them."""

    files: dict[str, int]
    modules: Modules


@dataclass(frozen=True, slots=True)
class Before:
    """The files of a batch as they were, ``files`` their ids by path, and what was known of the project."""

    outlines: dict[int, OutlineRow]
    refs: list[RefRow]
    files: Mapping[str, int]
    known: Known


@dataclass(slots=True)
class _Change:
    """What a batch changed: ``keys`` of names, ``fresh`` paths, definitions and patterns that it concerns."""

    keys: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)
    sources: set[tuple[int, str, int]] = field(default_factory=set)
    targets: set[Place] = field(default_factory=set)
    related: set[int] = field(default_factory=set)
    counted: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)


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
        self._name = name
        self._max_cosine = max_cosine

    def before(self, files: Mapping[str, int]) -> Before:
        """What the files of a batch (ids by path) stand for, in the transaction that is about to store it."""
        return Before(
            symbols.outlines(self._conn, files.values()),
            references.refs_of_files(self._conn, files.values()),
            files,
            self._known(),
        )

    def _known(self) -> Known:
        """The project's files as stored, kept from one batch to the next: all of them take long to read."""
        return kept(self._conn, self._memory, self._stamp, self._read)

    @property
    def _memory(self) -> str:
        return f"modules of {self._project_id}"

    def _stamp(self) -> tuple[int, int, float]:
        return symbols.stamp(self._conn, self._project_id)

    def _read(self) -> Known:
        files = symbols.paths(self._conn, self._project_id)
        return Known(files, Modules(files, self._name))

    def update(
        self,
        before: Before,
        files: Mapping[str, int],
        saved: Saved,
        touched: Collection[int],
        changed: Collection[int],
    ) -> None:
        """Bring relations, counts and near-copies up to date.

        *files* are those of the batch that are still there, their ids by path; *saved*
        holds what was read of them, by id; *touched* are the patterns that stand in any
        of its files, now or before; *changed* those of them that are new, gone or show
        another version. Expects the transaction that stored the batch.
        """
        known = before.known
        uncounted = set(touched) - relations.metrics(self._conn, touched).keys()
        change = _Change(related={*changed, *uncounted})
        self._names(before, saved, files, change)
        self._modules(known, before.files, files, change)
        self._references(saved, change)
        self._resolve(known, change)
        after = symbols.outlines(self._conn, saved)
        _differences(before, after, references.refs_of_files(self._conn, saved), change)
        self._moved(before.outlines, after, change)
        self._settle(touched, after, change, _Tests(known.files))
        likeness.update(self._conn, self._project_id, touched, {*changed, *change.moved}, self._max_cosine)
        keep(self._conn, self._memory, self._stamp(), known)

    def _names(self, before: Before, saved: Saved, files: Mapping[str, int], change: _Change) -> None:
        """Write the outlines, and note which visible names changed."""
        paths = {id: path for path, id in files.items()}
        for file_id in before.outlines.keys() | saved.keys():
            old = before.outlines.get(file_id)
            read = saved.get(file_id)
            now = read.names if read else {}
            was = old.names if old else {}
            path = old.path if old else paths[file_id]
            for name in was.keys() | now.keys():
                if was.get(name) != now.get(name):
                    change.keys |= {name_key(path, name), star_key(name)}
        for file_id, found in saved.items():
            symbols.save_outline(self._conn, file_id, found)

    def _modules(
        self, known: Known, before: Mapping[str, int], files: Mapping[str, int], change: _Change
    ) -> None:
        """Take in the files of the batch that came and went; notes what paths may mean something else."""
        bases, tops = known.modules.change(files.keys(), before.keys() - files.keys())
        change.keys.update(map(module_key, bases))
        change.keys |= {star_key("*")} if bases or tops else set()
        change.keys.update(map(top_key, tops))
        for path in before.keys() - files.keys():
            known.files.pop(path, None)
        known.files.update(files)

    def _references(self, saved: Saved, change: _Change) -> None:
        texts = {one.path for found in saved.values() if found for one in found.references}
        ids = symbols.path_ids(self._conn, self._project_id, texts)
        new = symbols.add_paths(self._conn, self._project_id, texts - ids.keys())
        change.fresh.update(new.values())
        known = ids | new
        for file_id, found in saved.items():
            references.replace_refs(self._conn, file_id, found.references if found else (), known)

    def _resolve(self, known: Known, change: _Change) -> None:
        """Resolve what is new or asked for a changed name; note whose target changed."""
        dirty = change.fresh | symbols.needing(self._conn, change.keys)
        table = SymbolTable(known.modules, _Names(self._conn, known.files))
        targets: list[tuple[int, Target | None]] = []
        needs: list[tuple[int, int]] = []
        for path_id, (text, old) in symbols.resolutions(self._conn, self._project_id, dirty).items():
            symbol, asked = table.resolve(text)
            new = None
            if symbol is not None and symbol.is_definition:
                new = Target(known.files[symbol.file], symbol.name, symbol.kind, int(LIKELY_KEY not in asked))
            needs += [(key, path_id) for key in asked if key != LIKELY_KEY]
            if new != old:
                targets.append((path_id, new))
                change.targets.update((one.file, one.name) for one in (old, new) if one is not None)
        symbols.save_targets(self._conn, targets)
        symbols.add_needs(self._conn, sorted(needs))
        change.sources |= references.sources(self._conn, (path_id for path_id, _ in targets))

    def _moved(self, before: Outlines, after: Outlines, change: _Change) -> None:
        """Note who refers to a definition of the batch that belongs to another pattern now."""
        was, now = _patterns(before), _patterns(after)
        names: dict[int, set[str]] = {}
        for place in was.keys() | now.keys():
            old, new = was.get(place), now.get(place)
            if old != new:
                names.setdefault(place[0], set()).add(place[1])
                change.moved.update(one for one in (old, new) if one is not None)
                change.related.update((*_around(before, place), *_around(after, place)))
        for file_id in before.keys() | after.keys():  # a name defined twice leads to one of them alone
            change.moved |= _standing(before, file_id) ^ _standing(after, file_id)
        for file_id, some in names.items():
            change.sources |= references.sources(self._conn, symbols.paths_to(self._conn, file_id, some))

    def _settle(self, touched: Collection[int], after: Outlines, change: _Change, tests: _Tests) -> None:
        """Relate, count and grade all whom the change concerns."""
        wanted = {file for file, *_ in change.sources} | {file for file, _ in change.targets}
        known = {**symbols.outlines(self._conn, wanted - after.keys()), **after}
        for file, name, line in change.sources:
            if (owner := _owner(known, file, name, line)) is not None:
                change.related.add(owner)
            change.counted.update(_around(known, (file, name)))
        for place in change.targets:
            change.counted.update(_around(known, place))
        lost = set(touched) - relations.standing(self._conn, touched).keys()
        relations.drop_gone(self._conn, lost)
        related = change.related | change.moved
        relate(self._conn, relations.standing(self._conn, related - lost))
        count(self._conn, relations.standing(self._conn, (related | change.counted) - lost), tests)
        grade(self._conn, {*touched, *related, *change.counted} - lost, self._profile)


def _standing(outlines: Outlines, file_id: int) -> set[int]:
    outline = outlines.get(file_id)
    return set(outline.sites.values()) if outline is not None else set()


def _differences(before: Before, after: Outlines, refs: Iterable[RefRow], change: _Change) -> None:
    """Note the references that came, went or changed in the batch, and classes of another cohesion."""
    was, now = _told(before.refs, before.outlines), _told(refs, after)
    for rows, others, outlines in ((was, now, before.outlines), (now, was, after)):
        for file, source, _, target, owner in rows - others:
            if owner is not None:
                change.related.add(owner)
            change.counted.update(_around(outlines, (file, source)))
            change.targets.add((target.file, target.name))
    for file, outline in after.items():
        old = before.outlines[file].cohesion if file in before.outlines else {}
        for name in outline.cohesion.keys() | old.keys():
            if outline.cohesion.get(name) != old.get(name):
                change.counted.update(_around(after, (file, name)))


def _told(refs: Iterable[RefRow], outlines: Outlines) -> set[tuple[int, str, str, Target, int | None]]:
    """References with whose they are in place of the line, which only shifts: a name may be defined twice."""
    return {
        (ref.file, ref.source, ref.kinds, ref.target, _owner(outlines, ref.file, ref.source, ref.line))
        for ref in refs
    }


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


class _Names:
    """The visible names of files, read when first asked for."""

    def __init__(self, conn: sqlite3.Connection, files: Mapping[str, int]) -> None:
        self._conn = conn
        self._files = files
        self._known: dict[str, Mapping[str, str]] = {}

    def __call__(self, file: str) -> Mapping[str, str]:
        if file not in self._known:
            self._known[file] = symbols.visible_names(self._conn, self._files[file])
        return self._known[file]


def _patterns(outlines: Outlines) -> dict[Place, int | None]:
    """The pattern that each definition belongs to."""
    return {(file, name): one.pattern(name) for file, one in outlines.items() for name in one.lines}


def _owner(outlines: Outlines, file: int, name: str, line: int) -> int | None:
    """The pattern that a definition belongs to, if any."""
    outline = outlines.get(file)
    return outline.pattern(name, line) if outline is not None and name else None


def _around(outlines: Outlines, place: Place) -> Iterable[int]:
    """The patterns of a definition and of all that it lies in."""
    file, name = place
    while file in outlines and name:
        pattern = outlines[file].stands(name)
        if pattern is not None:
            yield pattern
        name = name.rpartition(".")[0]
