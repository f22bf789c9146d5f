"""Real code in bulk: the installed packages of this environment, copied whole, in order of their names.

What is measured must not depend on what is watched meanwhile, nor touch what is
installed, so packages are copied to a folder of their own.
"""

from __future__ import annotations

import os
import shutil
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LARGEST = 300_000  # lines of a package: one giant is not a whole environment


@dataclass(frozen=True, slots=True)
class Corpus:
    """A folder of copied source, with what was put there."""

    folder: Path
    files: int
    lines: int
    packages: tuple[str, ...]


def packages() -> list[Path]:
    """The installed packages that hold Python source, by name."""
    home = Path(sysconfig.get_paths()["purelib"])
    return sorted(one for one in home.iterdir() if one.is_dir() and (one / "__init__.py").is_file())


def copy_lines(into: Path, least: int, largest: int = LARGEST) -> Corpus:
    """Whole packages, in order of their names, until they hold ``least`` lines."""
    files = lines = 0
    taken: list[str] = []
    for package in packages():
        sources = list(_sources(package))
        count = sum(map(_lines, sources))
        if count > largest:
            continue
        for source in sources:
            _copy(source, into / source.relative_to(package.parent))
        files, lines, taken = files + len(sources), lines + count, [*taken, package.name]
        if lines >= least:
            break
    return Corpus(into, files, lines, tuple(taken))


def add_small_files(corpus: Corpus, least: int) -> Corpus:
    """The smallest files of other packages, until there are ``least`` files.

    Raises ValueError where not so many are installed.
    """
    others = [package for package in packages() if package.name not in corpus.packages]
    known = [(source.stat().st_size, source, package) for package in others for source in _sources(package)]
    chosen = sorted(known)[: max(least - corpus.files, 0)]
    if corpus.files + len(chosen) < least:
        raise ValueError(f"only {corpus.files + len(chosen):,} files are installed, not {least:,}")
    for _, source, package in chosen:
        _copy(source, corpus.folder / source.relative_to(package.parent))
    lines = sum(_lines(source) for _, source, _ in chosen)
    return Corpus(corpus.folder, corpus.files + len(chosen), corpus.lines + lines, corpus.packages)


def _sources(package: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(package):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(".py"))


def _lines(source: Path) -> int:
    return source.read_bytes().count(b"\n")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
