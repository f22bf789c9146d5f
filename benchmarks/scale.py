"""Whether it holds at size: a million lines of real code, and libraries of up to 300,000 patterns.

    python benchmarks/scale.py [--only PART,…] [--resume] [--quick] [--no-write] [--repository DIR]

Parts are prepare (libraries that are kept for further runs), index, growth, vectors,
app and branches. Each runs in a process of its own, and what it has measured is
written down at once: ``--resume`` goes on after an interruption. ``--quick`` takes a
few minutes at a fraction of the size, judges only what does not depend on it, and
writes nothing. Times of the clock stand beside processor time: of a busy machine
believe the latter.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import machine
from benchmarks.figures import markdown, plain
from benchmarks.places import TOP, isolate, tell
from benchmarks.scale_chart import draw
from benchmarks.scale_growth import table as growth_table
from benchmarks.scale_parts import PARTS, Plan, run_part, run_parts
from benchmarks.scale_record import Record
from benchmarks.scale_vectors import table as vectors_table
from benchmarks.sections import write_section

CHART = TOP / "docs" / "scale.svg"
ABOUT = """\
## At size

Written by `benchmarks/scale.py` (`make bench-scale`); [scale.md](scale.md) says what is measured on what, and
what follows. Times are of the clock; under the tables stands when each part was measured, and under which
load: above the number of cores, other programs made it slower.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and write down; 1 if a part failed, 2 for a part that is none."""
    options = _parser().parse_args(arguments)
    only = [one for one in (options.only or "").split(",") if one]
    if unknown := sorted(set(only) - set(PARTS)):
        sys.stderr.write(f"scale: no such part: {', '.join(unknown)}; parts are {', '.join(PARTS)}\n")
        return 2
    isolate()
    plan = Plan("quick" if options.quick else "whole", options.repository)
    if options.part:
        return run_part(options.part, plan)
    machine.compile_project()
    failed = run_parts(only or PARTS, plan, resume=options.resume)
    records = [one for part in PARTS if (one := Record.read(plan.file(part)))]
    print(_printed(records))
    if not (options.quick or options.no_write):
        write(records)
    for part in failed:
        tell(f"{part} failed: what it had measured until then is kept")
    return 1 if failed else 0


def write(records: Sequence[Record]) -> None:
    """The section of docs/benchmarks.md and the chart, of all that was measured last."""
    write_section("scale", _section(records))
    sizes = [size for one in records for size in one.sizes]
    if len(sizes) > 1:
        CHART.write_text(draw(sizes, [each for one in records for each in one.collections]), "utf-8")


def _printed(records: Sequence[Record]) -> str:
    figures = [figure for one in records for figure in one.figures]
    facts = [*(one.told() for one in records), *machine.describe()[1:]]
    return "\n\n".join(
        ["", plain(figures) if figures else "nothing measured", *_tables(records), "\n".join(facts)]
    )


def _tables(records: Sequence[Record]) -> list[str]:
    sizes = [size for one in records for size in one.sizes]
    collections = [each for one in records for each in one.collections]
    return [*([growth_table(sizes)] if sizes else []), *([vectors_table(collections)] if collections else [])]


def _section(records: Sequence[Record]) -> str:
    figures = markdown([figure for one in records for figure in one.figures])
    facts = "\n".join(f"- {line}" for line in [*(one.told() for one in records), *machine.describe()[1:]])
    return "\n\n".join([ABOUT.rstrip(), figures, *_tables(records), facts]) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--only", metavar="PART,…", help=f"of {', '.join(PARTS)}; the others stay as they were"
    )
    parser.add_argument("--resume", action="store_true", help="leave out what was measured at this commit")
    parser.add_argument("--quick", action="store_true", help="a fraction of the size, for a check")
    parser.add_argument("--no-write", action="store_true", help="leave docs/ as it is")
    parser.add_argument(
        "--repository", type=Path, default=TOP, help="whose branches are switched; default: this"
    )
    parser.add_argument("--part", help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
