"""The facets of real files: ``python benchmarks/facets.py PATH… [--only QUALNAME] [--cost]``.

PATHs are files or folders. Without ``--cost`` each kept unit's facets are printed as they are stored, for
comparison with what a person reads in the source. ``--cost`` prints the share of extraction's processor time
that facets take: each file is extracted with and without them in turn, in one process, and counts with the
quicker of its rounds, so that what else the machine does counts little.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import process_time
from typing import Any
from unittest.mock import patch

from tui_patterns.extraction.facets import FACETS, with_facets
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Unit

ROUNDS = 7


def main() -> None:
    """Print facets, or what they cost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--only", metavar="QUALNAME", help="this unit alone")
    parser.add_argument("--cost", action="store_true", help="measure instead")
    given = parser.parse_args()
    files = [file for path in given.paths for file in _files(path)]
    if given.cost:
        print(cost(files))
        return
    for file in files:
        for unit in extract_source(file.read_bytes(), file.name).units:
            if unit.reason is None and given.only in (None, unit.qualname):
                print(f"\n{file.name}:{unit.line} {unit.kind} {unit.qualname}")
                print(json.dumps(unit.facets, indent=1))


def _files(path: Path) -> Iterator[Path]:
    yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def cost(files: list[Path], rounds: int = ROUNDS) -> str:
    """Seconds with and without facets, their share of the time, and how often each applies."""
    units: list[Unit] = []
    full = bare = own = 0.0
    for file in files:
        source, clock = file.read_bytes(), Stopwatch()
        took: dict[bool, list[float]] = {True: [], False: []}
        for number in range(2 * rounds):
            wanted = number % 2 == 0
            seconds, kept = _timed(source, file.name, clock if wanted else _left_out)
            took[wanted].append(seconds)
            units += kept if number == 0 else []
        full, bare = full + min(took[True]), bare + min(took[False])
        own += clock.seconds / rounds
    applied = Counter(name for unit in units for name in unit.facets)
    size = sum(len(json.dumps(unit.facets)) for unit in units) / max(len(units), 1)
    lines = [f"{len(files)} files, {len(units)} kept units, {size:.0f} characters of JSON each on average"]
    lines += [f"with {full:.3f} s, without {bare:.3f} s: {1 - bare / full:.1%} of extraction by difference"]
    lines += [f"inside the one call of facets: {own:.3f} s a round"]
    return "\n".join(lines + [f"  {name:20} {applied[name]}" for name in FACETS])


class Stopwatch:
    """Facets as they are, and the processor time that they took."""

    seconds = 0.0

    def __call__(self, units: Iterable[Unit], *around: Any) -> tuple[Unit, ...]:
        start = process_time()
        found = with_facets(units, *around)
        self.seconds += process_time() - start
        return found


def _left_out(units: Iterable[Unit], *around: Any) -> tuple[Unit, ...]:
    return tuple(units)


def _timed(source: bytes, name: str, facets: Callable[..., tuple[Unit, ...]]) -> tuple[float, list[Unit]]:
    with patch("tui_patterns.extraction.units.with_facets", facets):
        start = process_time()
        parsed = extract_source(source, name)
        seconds = process_time() - start
    return seconds, [unit for unit in parsed.units if unit.reason is None]


if __name__ == "__main__":
    main()
