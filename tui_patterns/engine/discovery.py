"""Finding the source files below a root: names and `stat` only, no file is opened by the walk."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tui_patterns.engine.ignore import IgnoreRules
from tui_patterns.engine.source_file import read_source

__all__ = [
    "PYTHON",
    "FoundFile",
    "Skipped",
    "encodable",
    "read_source",
    "supported_suffixes",
    "unsupported_languages",
    "unsupported_suffixes",
    "walk",
]

PYTHON = frozenset({".py"})
SUPPORTED: dict[str, frozenset[str]] = {"python": PYTHON}
UNSUPPORTED: dict[str, frozenset[str]] = {
    "javascript": frozenset({".js", ".jsx", ".mjs", ".cjs"}),
    "typescript": frozenset({".ts", ".tsx", ".mts", ".cts"}),
}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A source file: POSIX path relative to the root, size in bytes, mtime in nanoseconds."""

    rel: str
    size: int
    mtime_ns: int


class Skipped(Counter[str]):
    """How many were left out, by reason; an ignored folder counts once, whatever is in it.

    ``unreadable`` names the folders that could not be listed: nothing is
    known about what lies below them, so nothing there may be called deleted.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unreadable: set[str] = set()


def supported_suffixes(languages: Iterable[str]) -> frozenset[str]:
    """The file suffixes of those ``languages`` that can be read."""
    return frozenset().union(*(SUPPORTED.get(language, frozenset()) for language in languages))


def unsupported_suffixes(languages: Iterable[str]) -> frozenset[str]:
    """The suffixes of those ``languages`` that are known but cannot be read yet."""
    return frozenset().union(*(UNSUPPORTED.get(language, frozenset()) for language in languages))


def unsupported_languages(languages: Iterable[str]) -> tuple[str, ...]:
    """Those ``languages`` that cannot be read yet, in the order given."""
    return tuple(language for language in languages if language not in SUPPORTED)


def walk(
    root: Path,
    rules: IgnoreRules,
    suffixes: frozenset[str] = PYTHON,
    *,
    unsupported: frozenset[str] = frozenset(),
    skipped: Counter[str] | None = None,
    under: str = "",
) -> Iterator[FoundFile]:
    """The files to read below ``root``, each once, folder by folder in order of name.

    Starts by reading the ignore rules afresh. No link is followed: what it
    points at inside the root is found there, and outside is none of ours.

    :param unsupported: suffixes to count as "unsupported_language".
    :param skipped: filled with counts by reason; a `Skipped` also learns which folders were unreadable.
    :param under: only below this folder (POSIX, relative); nothing if it is gone or ignored.
    :raises OSError: the root itself cannot be listed. An empty result would
        look like a project whose files were all deleted.
    """
    rules.reload()
    yield from _Walk(
        rules.root, rules, suffixes, unsupported, Counter() if skipped is None else skipped
    ).below(under)


@dataclass(slots=True)
class _Walk:
    root: Path
    rules: IgnoreRules
    suffixes: frozenset[str]
    unsupported: frozenset[str]
    skipped: Counter[str]

    def below(self, under: str) -> Iterator[FoundFile]:
        with os.scandir(self.root):
            pass  # raises if the root is gone: only a folder below it may be missing
        if self.rules.dir_ignored(under) or not self._stays_inside(under):
            return
        folders = [under]
        while folders:
            folder = folders.pop()
            found, inner = self._folder(folder)
            folders.extend(reversed(inner))
            yield from found

    def _stays_inside(self, under: str) -> bool:
        folder = self.root / under
        return ".." not in Path(under).parts and folder.resolve() == folder

    def _folder(self, folder: str) -> tuple[list[FoundFile], list[str]]:
        prefix = folder + "/" if folder else ""
        files: list[FoundFile] = []
        folders: list[str] = []
        for entry in self._entries(folder):
            try:
                if entry.is_dir(follow_symlinks=False):
                    self._enter(prefix + entry.name, folders)
                elif (found := self._file(entry, prefix + entry.name)) is not None:
                    files.append(found)
            except OSError:
                continue  # gone between the listing and the look at it
        return files, folders

    def _entries(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self.root / folder) as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError:
            self.skipped["unreadable"] += 1
            if isinstance(self.skipped, Skipped):
                self.skipped.unreadable.add(folder)
            return []

    def _enter(self, rel: str, folders: list[str]) -> None:
        if not encodable(rel):
            self.skipped["bad_name"] += 1
        elif self.rules.dir_ignored(rel):
            self.skipped["ignored"] += 1
        else:
            folders.append(rel)

    def _file(self, entry: os.DirEntry[str], rel: str) -> FoundFile | None:
        suffix = os.path.splitext(entry.name)[1].lower()  # noqa: PTH122 - a Path for each file would cost more
        if suffix not in self.suffixes:
            self._count_other(entry, rel, suffix)
            return None
        if not encodable(rel):
            self.skipped["bad_name"] += 1
            return None
        st = entry.stat(follow_symlinks=False)
        reason = self.rules.skip_reason(Path(entry.path), rel, st)
        if reason is not None:
            self.skipped[reason] += 1
            return None
        return FoundFile(rel, st.st_size, st.st_mtime_ns)

    def _count_other(self, entry: os.DirEntry[str], rel: str, suffix: str) -> None:
        if entry.is_symlink() and entry.is_dir():
            reason = self.rules.skip_reason(Path(entry.path), rel, entry.stat(follow_symlinks=False))
            self.skipped[reason or "linked"] += 1
        elif suffix in self.unsupported and not self.rules.ignored(rel):
            self.skipped["unsupported_language"] += 1


def encodable(rel: str) -> bool:
    """Whether a name read from disk is valid Unicode: one that is not fits no database and no JSON."""
    try:
        return rel.isascii() or bool(rel.encode())
    except UnicodeEncodeError:
        return False
