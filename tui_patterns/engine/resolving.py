"""What the files of a batch define and refer to, written, and each path that it concerns resolved anew."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tui_patterns.engine.modules import Modules
from tui_patterns.engine.owners import Outlines, Place
from tui_patterns.engine.symbols import LIKELY_KEY, SymbolTable, module_key, name_key, star_key, top_key
from tui_patterns.models import FileSymbols
from tui_patterns.store import references, symbols
from tui_patterns.store.references import RefRow
from tui_patterns.store.sqlite import keep, kept
from tui_patterns.store.symbols import OutlineRow, Target

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
class LinkChange:
    """What a batch changed: ``keys`` of names, ``fresh`` paths, definitions and patterns that it concerns."""

    keys: set[int] = field(default_factory=set)
    fresh: set[int] = field(default_factory=set)
    sources: set[tuple[int, str, int]] = field(default_factory=set)
    targets: set[Place] = field(default_factory=set)
    related: set[int] = field(default_factory=set)
    counted: set[int] = field(default_factory=set)
    moved: set[int] = field(default_factory=set)


class Resolving:
    """The paths of one project; *name* is that of its folder."""

    def __init__(self, conn: sqlite3.Connection, project_id: int, name: str) -> None:
        self._conn = conn
        self._project_id = project_id
        self._name = name

    def known(self) -> Known:
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
        self, before: Before, files: Mapping[str, int], saved: Saved, uncounted: Collection[int]
    ) -> LinkChange:
        """Write what was read of a batch, and resolve what it concerns; *uncounted* patterns are anyway.

        *files* and *saved* are those of ``Linking.update``.
        """
        change = LinkChange(related=set(uncounted))
        self._names(before.outlines, saved, files, change)
        self._modules(before.known, before.files, files, change)
        self._references(saved, change)
        self._resolve(before.known, change)
        return change

    def keep(self, known: Known) -> None:
        """Hold on to the files of the project until the next batch."""
        keep(self._conn, self._memory, self._stamp(), known)

    def _names(self, before: Outlines, saved: Saved, files: Mapping[str, int], change: LinkChange) -> None:
        """Write the outlines, and note which visible names changed."""
        paths = {id: path for path, id in files.items()}
        for file_id in before.keys() | saved.keys():
            old = before.get(file_id)
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
        self, known: Known, before: Mapping[str, int], files: Mapping[str, int], change: LinkChange
    ) -> None:
        """Take in the files of the batch that came and went; notes what paths may mean something else."""
        bases, tops = known.modules.change(files.keys(), before.keys() - files.keys())
        change.keys.update(map(module_key, bases))
        change.keys |= {star_key("*")} if bases or tops else set()
        change.keys.update(map(top_key, tops))
        for path in before.keys() - files.keys():
            known.files.pop(path, None)
        known.files.update(files)

    def _references(self, saved: Saved, change: LinkChange) -> None:
        texts = {one.path for found in saved.values() if found for one in found.references}
        ids = symbols.path_ids(self._conn, self._project_id, texts)
        new = symbols.add_paths(self._conn, self._project_id, texts - ids.keys())
        change.fresh.update(new.values())
        known = ids | new
        for file_id, found in saved.items():
            references.replace_refs(self._conn, file_id, found.references if found else (), known)

    def _resolve(self, known: Known, change: LinkChange) -> None:
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
