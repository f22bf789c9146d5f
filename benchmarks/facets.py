"""The facets of real files: ``python benchmarks/facets.py PATH… [--only QUALNAME] [--cost]``.

PATHs are files or folders. Without ``--cost`` each kept unit's facets are printed as they are stored, for
comparison with what a person reads in the source. ``--cost`` prints the share of extraction's processor time
that facets take: files are extracted with and without them in turn, in one process, medians of the rounds.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import process_time
from unittest.mock import patch

from tui_patterns.extraction.facets import FACETS
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
    """Seconds with and without facets (medians), their share of the time, and how often each applies."""
    sources = [(file.read_bytes(), file.name) for file in files]
    took: dict[bool, list[float]] = {True: [], False: []}
    units: list[Unit] = []
    for _ in range(rounds):
        for wanted in (True, False):
            seconds, found = _timed(sources, wanted)
            took[wanted].append(seconds)
            units = found if wanted else units
    full, bare = median(took[True]), median(took[False])
    applied = Counter(name for unit in units for name in unit.facets)
    size = sum(len(json.dumps(unit.facets)) for unit in units) / max(len(units), 1)
    lines = [f"{len(files)} files, {len(units)} kept units, {size:.0f} characters of JSON each on average"]
    lines += [f"with {full:.3f} s, without {bare:.3f} s: {1 - bare / full:.1%} of extraction"]
    return "\n".join(lines + [f"  {name:20} {applied[name]}" for name in FACETS])


def _timed(sources: list[tuple[bytes, str]], wanted: bool) -> tuple[float, list[Unit]]:
    plain = patch("tui_patterns.extraction.units.with_facets", lambda units, *_: tuple(units))
    if not wanted:
        plain.start()
    start = process_time()
    parsed = [extract_source(source, name) for source, name in sources]
    seconds = process_time() - start
    if not wanted:
        plain.stop()
    return seconds, [unit for one in parsed for unit in one.units if unit.reason is None]


if __name__ == "__main__":
    main()
