"""Whether it holds at size: a million lines of real code, and libraries of up to 300,000 patterns.

    python benchmarks/scale.py [--quick] [--no-write] [index|growth|app …]

About half an hour; ``--quick`` takes three minutes at a twentieth of the size,
judges only what does not depend on it, and writes nothing. Times of the wall
clock stand beside processor time: of a busy machine believe the latter.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import machine, scale_app, scale_growth, scale_index
from benchmarks.figures import Figure, markdown, plain
from benchmarks.places import TOP, isolate, tell
from benchmarks.scale_chart import draw
from benchmarks.scale_growth import Size, table
from benchmarks.sections import write_section

CHART = TOP / "docs" / "scale.svg"
PARTS = ("index", "growth", "app")
ABOUT = """\
## At size

Written by `benchmarks/scale.py` (`make bench-scale`). *Lines* are the source of installed packages, copied
whole, in order of their names. *Larger libraries* are made of real patterns: each further one has the code
and title of one, the other words of another, and the mean of both vectors. [scale.md](scale.md) says what
follows.
"""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of everything: ``share`` is the part of the lines that the limits of time are for."""

    lines: int
    files: int
    share: float
    sizes: tuple[int, ...]
    patterns: int


WHOLE = Amount(1_000_000, 10_000, 1.0, (10_000, 30_000, 100_000, 300_000), 100_000)
QUICK = Amount(50_000, 500, 0.05, (10_000, 15_000), 15_000)


@dataclass(slots=True)
class Found:
    """What was measured so far."""

    figures: list[Figure] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the section with its chart; 2 for a part that is none."""
    options = _parser().parse_args(arguments)
    if unknown := sorted(set(options.parts) - set(PARTS)):
        sys.stderr.write(f"scale: no such part: {', '.join(unknown)}; parts are {', '.join(PARTS)}\n")
        return 2
    isolate()
    machine.compile_project()
    before, amount = machine.load(), QUICK if options.quick else WHOLE
    with tempfile.TemporaryDirectory(prefix="patterns-tui-scale-") as work:
        found = _measure(options.parts or PARTS, Path(work), amount)
    facts = [*machine.describe(), f"load average {before} at the start, {machine.load()} at the end"]
    print(f"\n{plain(found.figures)}\n\n{table(found.sizes)}\n\n" + "\n".join(facts))
    if not (options.parts or options.quick or options.no_write):
        write_section("scale", _section(found, facts))
        CHART.write_text(draw(found.sizes), "utf-8")
    return 0


def _measure(parts: Sequence[str], work: Path, amount: Amount) -> Found:
    found = Found()
    for part in parts:
        tell(f"measuring: {part}")
        room = work / part
        room.mkdir()
        if part == "index":
            found.figures += scale_index.measure(room, amount.lines, amount.files, amount.share)
        elif part == "growth":
            figures, found.sizes = scale_growth.measure(room, amount.sizes)
            found.figures += figures
        else:
            found.figures += scale_app.measure(room, amount.patterns)
    return found


def _section(found: Found, facts: Sequence[str]) -> str:
    listed = "\n".join(f"- {line}" for line in facts)
    return f"{ABOUT}\n{markdown(found.figures)}\n\n{table(found.sizes)}\n\n{listed}\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="a twentieth of the size, for a check")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md as it is")
    return parser


if __name__ == "__main__":
    sys.exit(main())
