"""Which folders to watch, and how, so that big ignored folders are never walked.

One recursive watch for each largest subtree that holds no big ignored folder,
and non-recursive ones for the folders above. A small ignored folder
(``__pycache__``) may lie inside a recursive watch: it costs less than the
watches around it would.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tui_patterns.engine.ignore import IgnoreRules

BIG_FOLDERS = 64
MAX_WATCHES = 24


@dataclass(frozen=True, slots=True, order=True)
class PlannedWatch:
    """A folder to watch: POSIX, relative to the root ("" is the root itself)."""

    rel: str
    recursive: bool


def is_at_or_below(rel: str, folder: str) -> bool:
    """Whether ``rel`` is ``folder`` or lies in it; "" is the root."""
    return not folder or rel == folder or rel.startswith(folder + "/")


@dataclass(slots=True)
class _Tree:
    """The folders that are not ignored, and which of them have a big ignored one at or below them."""

    inner: dict[str, list[str]] = field(default_factory=dict)
    cut: set[str] = field(default_factory=set)

    def mark(self, folder: str) -> None:
        while folder not in self.cut:
            self.cut.add(folder)
            if not folder:
                return
            folder = folder.rpartition("/")[0]


def plan_watches(
    root: Path, rules: IgnoreRules, *, max_watches: int = MAX_WATCHES, big: int = BIG_FOLDERS
) -> tuple[PlannedWatch, ...]:
    """The watches for ``root``, sorted. Each costs a thread, so there are never more than ``max_watches``.

    Where a tree would need more (a monorepo with a ``node_modules`` in each
    package), the deepest splits are given up first; keeping the watch off the
    ignored folders inside is then left to the observer.

    :param big: an ignored folder with at least this many folders in it is big.
    """
    tree = _read(root, rules, big)
    if not tree.cut:
        return (PlannedWatch("", recursive=True),)
    _fold(tree, max_watches)
    return tuple(sorted(_watches(tree)))


def _watches(tree: _Tree) -> Iterator[PlannedWatch]:
    if not tree.cut:
        yield PlannedWatch("", recursive=True)
    for folder in tree.cut:
        yield PlannedWatch(folder, recursive=False)
        for inner in tree.inner[folder]:
            if inner not in tree.cut:
                yield PlannedWatch(inner, recursive=True)


def _fold(tree: _Tree, max_watches: int) -> None:
    total = sum(1 for _ in _watches(tree))
    for folder in sorted(tree.cut, key=_depth, reverse=True):
        if total <= max_watches:
            return
        # Deepest first: none of the folders inside is still split, so each of them is one watch.
        tree.cut.discard(folder)
        total -= len(tree.inner[folder])


def _depth(folder: str) -> tuple[int, str]:
    return (folder.count("/") + 1 if folder else 0, folder)


def _read(root: Path, rules: IgnoreRules, big: int) -> _Tree:
    tree = _Tree()
    folders = [""]
    while folders:
        folder = folders.pop()
        tree.inner[folder] = []
        for name in _folder_names(root / folder):
            rel = f"{folder}/{name}" if folder else name
            if not rules.dir_ignored(rel):
                tree.inner[folder].append(rel)
            elif folder not in tree.cut and is_big(root, rel, rules, big):
                tree.mark(folder)
        folders.extend(tree.inner[folder])
    return tree


def is_big(root: Path, rel: str, rules: IgnoreRules, big: int = BIG_FOLDERS) -> bool:
    """Whether the ignored folder ``rel`` holds, or by its kind will hold, many folders."""
    if rel.endswith("__pycache__"):
        return False
    return rules.is_heavy(rel) or _holds_folders(root / rel, big)


def _holds_folders(folder: Path, limit: int) -> bool:
    count = 0
    folders = [folder]
    while folders and count < limit:
        here = folders.pop()
        inner = [here / name for name in _folder_names(here)]
        count += len(inner)
        folders.extend(inner)
    return count >= limit


def _folder_names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
