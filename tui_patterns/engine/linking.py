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
from tui_patterns.engine.counting import count
from tui_patterns.engine.modules import Modules, changed_tops, existence_keys
from tui_patterns.engine.relating import relate
from tui_patterns.engine.symbols import LIKELY_KEY, SymbolTable, module_key, name_key, top_key
from tui_patterns.extraction.source import is_test_path
from tui_patterns.models import FileSymbols
from tui_patterns.store import relations, symbols
from tui_patterns.store.symbols import OutlineRow, Target

Place = tuple[int, str]
"""A definition: file id and qualified name."""


@dataclass(slots=True)
class Before:
    """The files of a batch as they were: outlines by id, and whatever their code referred to."""

    outlines: dict[int, OutlineRow]
    patterns: dict[Place, int | None]
    targets: set[Place]
    files: dict[str, int]


@dataclass(slots=True)
class _Change:
    """What a batch changed: keys of names, ends of references."""

    keys: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)
    sources: set[tuple[int, str, int]] = field(default_factory=set)
    targets: set[Place] = field(default_factory=set)


class Linking:
    """Relates the patterns of one project; *name* is that of its folder.

    ``max_cosine``: vectors at least this near tell near-copies (``engine/likeness.py``).
    """

    def __init__(
        self, conn: sqlite3.Connection, project_id: int, name: str, max_cosine: float = likeness.SAME
    ) -> None:
        self._max_cosine = max_cosine
        self._conn = conn
        self._project_id = project_id
        self._name = name

    def before(self, file_ids: Collection[int]) -> Before:
        """What the files of a batch stand for, while it is not stored yet."""
        outlines = symbols.outlines(self._conn, file_ids)
        return Before(
            outlines,
            _patterns(outlines.values()),
            {(ref.target.file, ref.target.name) for ref in symbols.refs_of_files(self._conn, file_ids)},
            symbols.paths(self._conn, self._project_id),
        )

    def update(self, before: Before, saved: Mapping[int, FileSymbols], touched: Collection[int]) -> None:
        """Bring relations and counts up to date.

        *saved* holds the files of the batch that are still there, by id; *touched*
        the patterns that stand in any of its files, now or before. Expects the
        transaction that stored the batch.
        """
        files = symbols.paths(self._conn, self._project_id)
        modules = Modules(files, self._name)
        change = _Change(targets=set(before.targets))
        self._names(before, saved, files, change)
        self._existence(before.files, files, modules, change)
        self._references(saved, change)
        self._resolve(files, modules, change)
        self._moved(before, saved, change)
        self._relate(saved, touched, change, _Tests(files))
        likeness.update(self._conn, self._project_id, touched, self._max_cosine)

    def _names(
        self, before: Before, saved: Mapping[int, FileSymbols], files: Mapping[str, int], change: _Change
    ) -> None:
        """Write the outlines, and note which visible names changed."""
        paths = {id: path for path, id in files.items()}
        for file_id in before.outlines.keys() | saved.keys():
            old = before.outlines.get(file_id)
            now = saved[file_id].names if file_id in saved else {}
            was = old.names if old else {}
            path = old.path if old else paths[file_id]
            changed = (name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
            change.keys.update(name_key(path, name) for name in changed)
        for file_id, found in saved.items():
            symbols.save_outline(self._conn, file_id, found)

    def _existence(
        self, before: Mapping[str, int], files: Mapping[str, int], modules: Modules, change: _Change
    ) -> None:
        """Note which modules came or went."""
        moved = before.keys() ^ files.keys()
        if moved:
            bases = {base for path in moved for base in existence_keys(path)}
            tops = changed_tops(Modules(before, self._name).tops, modules.tops)
            change.keys.update(module_key(base) for base in bases)
            change.keys.update(top_key(name) for name in tops)

    def _references(self, saved: Mapping[int, FileSymbols], change: _Change) -> None:
        texts = {one.path for found in saved.values() for one in found.references}
        ids = symbols.path_ids(self._conn, self._project_id, texts)
        new = symbols.add_paths(self._conn, self._project_id, texts - ids.keys())
        change.fresh.update(new.values())
        for file_id, found in saved.items():
            symbols.replace_refs(self._conn, file_id, found.references, ids | new)

    def _resolve(self, files: Mapping[str, int], modules: Modules, change: _Change) -> None:
        """Resolve what is new or asked for a changed name; note whose target changed."""
        dirty = change.fresh | symbols.needing(self._conn, change.keys)
        table = SymbolTable(modules, _Names(self._conn, files))
        targets: list[tuple[int, Target | None]] = []
        needs: list[tuple[int, int]] = []
        for path_id, (text, old) in symbols.resolutions(self._conn, self._project_id, dirty).items():
            symbol, asked = table.resolve(text)
            new = None
            if symbol is not None and symbol.is_definition:
                new = Target(files[symbol.file], symbol.name, symbol.kind, int(LIKELY_KEY not in asked))
            needs += [(key, path_id) for key in asked if key != LIKELY_KEY]
            if new != old:
                targets.append((path_id, new))
                change.targets.update((one.file, one.name) for one in (old, new) if one is not None)
        symbols.save_targets(self._conn, targets)
        symbols.add_needs(self._conn, sorted(needs))
        change.sources |= symbols.sources(self._conn, (path_id for path_id, _ in targets))

    def _moved(self, before: Before, saved: Mapping[int, FileSymbols], change: _Change) -> None:
        """Note who refers to a definition of the batch that belongs to another pattern now."""
        now = _patterns(symbols.outlines(self._conn, saved).values())
        moved: dict[int, set[str]] = {}
        for place in before.patterns.keys() | now.keys():
            if before.patterns.get(place) != now.get(place):
                moved.setdefault(place[0], set()).add(place[1])
        for file_id, names in moved.items():
            change.sources |= symbols.sources(self._conn, symbols.paths_to(self._conn, file_id, names))

    def _relate(
        self, saved: Mapping[int, FileSymbols], touched: Collection[int], change: _Change, tests: _Tests
    ) -> None:
        refs = symbols.refs_of_files(self._conn, saved)
        change.targets |= {(ref.target.file, ref.target.name) for ref in refs}
        wanted = {file for file, *_ in change.sources} | {file for file, _ in change.targets}
        outlines = symbols.outlines(self._conn, wanted)
        sources = {
            outlines[file].pattern(name, line) for file, name, line in change.sources if file in outlines
        }
        related = set(touched) | {pattern for pattern in sources if pattern is not None}
        standing = relations.standing(self._conn, related)
        relations.drop_gone(self._conn, related - standing.keys())
        relate(self._conn, standing)
        counted = related | set(_around(outlines, change.targets))
        count(self._conn, relations.standing(self._conn, counted), tests)


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


def _patterns(outlines: Iterable[OutlineRow]) -> dict[Place, int | None]:
    """The pattern that each definition belongs to."""
    return {(one.file, name): one.pattern(name) for one in outlines for name in one.lines}


def _around(outlines: Mapping[int, OutlineRow], places: Iterable[Place]) -> Iterable[int]:
    """The patterns of these definitions and of what they lie in."""
    for file, name in places:
        while file in outlines and name:
            pattern = outlines[file].stands(name)
            if pattern is not None:
                yield pattern
            name = name.rpartition(".")[0]
