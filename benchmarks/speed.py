"""Every figure with its target: ``make bench`` runs this, prints the table, and writes docs/benchmarks.md.

    python benchmarks/speed.py [start|live|index|search|edits …] [--no-write]

Without names, all parts run, and only then is the page written.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import commands, edits, live, machine, start
from benchmarks.figures import Figure, markdown, plain
from benchmarks.library import PATTERNS, copy_of, library_folder
from benchmarks.places import TOP, isolate, tell
from tui_patterns.api import PatternLibrary

PAGE = TOP / "docs" / "benchmarks.md"
_SECTIONS = (
    "recognition",
    "retrieval",
    "tried",
    "calibration",
    "attribution",
    "simulation",
    "transcripts",
    "scale",
    "peers",
)
SECTIONS = tuple(Path(__file__).with_name(f"{name}.md") for name in _SECTIONS)
INTRODUCTION = f"""\
# Benchmarks

Written by `make bench`; the code is in `benchmarks/`. Ratios are of medians of five within one run, the two
sides taking turns, after one turn that warms the disk cache; both sides are byte-compiled, which is checked
first. The library of {PATTERNS:,} patterns is the source of installed packages, indexed and embedded once,
kept beside the virtual environment and copied for each part. p95 is the nearest-rank percentile. Memory is
resident size, shared files included, in millions of bytes. All runs offline, with default settings.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the page; the exit code is 2 when nothing can be compared."""
    options = _parser().parse_args(arguments)
    if unknown := sorted(set(options.parts) - set(PARTS)):
        sys.stderr.write(f"benchmarks: no such part: {', '.join(unknown)}; parts are {', '.join(PARTS)}\n")
        return 2
    isolate()
    try:
        machine.check_compiled()
    except machine.NotCompiled as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        return 2
    before, busy = machine.load(), machine.busy()
    with tempfile.TemporaryDirectory(prefix="patterns-tui-bench-") as work:
        library = library_folder()
        figures = _measure(options.parts or list(PARTS), library, Path(work))
    facts = [*machine.describe(), f"{PatternLibrary(library / 'patterns.db').count():,} patterns stored"]
    facts.append(f"load average {before} at the start, {machine.load()} at the end (1, 5 and 15 minutes)")
    print(f"\n{plain(figures)}\n\n" + "\n".join(facts))
    if not options.parts and not options.no_write:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(_page(figures, facts, busy), "utf-8")
    return 0


def _measure(parts: Sequence[str], library: Path, work: Path) -> list[Figure]:
    figures: list[Figure] = []
    for part in parts:
        tell(f"measuring: {part}")
        room = work / part
        room.mkdir()
        figures += PARTS[part](copy_of(library, room / "data"), room)
    return figures


def _search(data: Path, work: Path) -> list[Figure]:
    return commands.search(commands.small_library(work), data)


PARTS: dict[str, Callable[[Path, Path], list[Figure]]] = {
    "start": start.measure,
    "live": live.measure,
    "search": _search,
    "index": lambda data, work: commands.index(work),
    "edits": edits.measure,
}


def _page(figures: Sequence[Figure], facts: Sequence[str], busy: bool) -> str:
    listed = "\n".join(f"- {line}" for line in facts)
    note = "\nOther programs were busy when it began: times are longer than they need be.\n" if busy else ""
    others = "\n".join(page.read_text("utf-8") for page in SECTIONS if page.exists())
    return f"{INTRODUCTION}\n{markdown(figures)}\n\n## Measured on\n\n{listed}\n{note}\n{others}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md as it is")
    return parser


if __name__ == "__main__":
    sys.exit(main())
