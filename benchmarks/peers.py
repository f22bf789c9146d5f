"""Other programs that search code, on the same files in the same run: ``make bench-peers``.

    python benchmarks/peers.py [NAME …] [--package rich] [--truth DIR --repos DIR [--repositories N]]
                               [--turns N] [--patience S] [--no-write]

Each is installed once into a virtual environment of its own, from the package
registry; what cannot be installed, or does not run without network, is listed
with the reason. A quarter of an hour on a machine that has nothing else to do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import machine, peers_answers, peers_table, peers_times
from benchmarks.cases import Cases, CasesError
from benchmarks.library import source_of
from benchmarks.peers_chart import draw
from benchmarks.peers_table import Rates, Row, Side
from benchmarks.places import TOP, isolate, tell
from benchmarks.rivals import RIVALS
from benchmarks.rivals.base import PATIENCE_CPU_S, Peer
from benchmarks.rivals.ours import Ours
from benchmarks.sections import write_section

CHART = TOP / "docs" / "peers.svg"
ABOUT = """\
## Beside other programs

Written by `benchmarks/peers.py` (`make bench-peers`): the same {files} files of {package} ({lines:,} lines),
in one run, at the same priority, without network, every program with the default model where it can. *Found
by meaning* is the time until everything is; *one question* is a process started for one question, the median
of {turns}, taking turns. *Processor* counts user and system time of all processes, a server's included: of a
machine that is busy, believe that. *÷ ours*: above 1 × ours is quicker. Memory is the most at a time,
resident, pages that processes share counted for each; disk is the index alone.
"""
ANSWERS = """\
Answers: NDCG@10 over public questions about files of repositories (in brackets, how many), by the ten files
that a program finds first; one that finds pieces of files counts with the file of each, once.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the section and the chart; 2 for a name that is none."""
    options = _parser().parse_args(arguments)
    known = {one.name.lower(): one for one in RIVALS}
    if unknown := sorted({name.lower() for name in options.names} - known.keys()):
        sys.stderr.write(f"peers: no such peer: {', '.join(unknown)}; known are {', '.join(known)}\n")
        return 2
    isolate()
    machine.compile_project()
    wanted = set(map(str.lower, options.names)) or known.keys()
    kinds: list[type[Peer]] = [Ours, *(kind for name, kind in known.items() if name in wanted)]
    sides = [(kind, Row(kind.name, note=kind.note)) for kind in kinds]
    with tempfile.TemporaryDirectory(prefix="patterns-tui-peers-") as work:
        for text in _compare(sides, options, Path(work)):
            if not options.no_write and not options.names:
                write_section("peers", text)
                CHART.write_text(draw([row for _, row in sides]), "utf-8")
    print(text)
    return 0


def _compare(sides: Sequence[Side], options: argparse.Namespace, work: Path) -> Iterator[str]:
    """The section as it stands: with the times, then with each more answers."""
    facts = [*machine.describe(), f"load average {machine.load()} at the start (1, 5 and 15 minutes)"]
    project = source_of(options.package, work)
    bulk = peers_times.measure(sides, project, work, options.turns, options.patience)
    parts = [_about(project, options), *_times(sides, bulk)]
    yield _page(parts, sides, facts)
    if cases := _cases(options):
        folder = work / "questions"
        for _ in peers_answers.ask(sides, cases, options.repos, options.repositories, folder):
            yield _page([*parts, ANSWERS, peers_table.answers([row for _, row in sides])], sides, facts)


def _times(sides: Sequence[Side], bulk: Rates) -> list[str]:
    ours, rows = sides[0][1], [row for _, row in sides[1:]]
    return [peers_table.times(ours, rows), peers_table.verdicts(ours, rows, bulk)]


def _page(parts: Sequence[str], sides: Sequence[Side], facts: Sequence[str]) -> str:
    whole = [*facts, f"{machine.load()} at the end"]
    more = (peers_table.notes([row for _, row in sides]), "\n".join(f"- {fact}" for fact in whole))
    return "\n\n".join(part.strip() for part in (*parts, *more)) + "\n"


def _about(project: Path, options: argparse.Namespace) -> str:
    sources = list(project.rglob("*.py"))
    lines = sum(file.read_bytes().count(b"\n") for file in sources)
    return ABOUT.format(files=len(sources), package=options.package, lines=lines, turns=options.turns)


def _cases(options: argparse.Namespace) -> Cases | None:
    if options.truth is None or options.repos is None or not options.repositories:
        return None
    try:
        cases = Cases.load(options.truth, "dev")
        peers_answers.smallest(cases, options.repos)
    except (CasesError, FileNotFoundError) as error:
        tell(f"no questions: {error}")
        return None
    return cases if cases.questions else None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(one.name for one in RIVALS))
    parser.add_argument("--package", default="rich", help="the installed package whose source is searched")
    parser.add_argument("--truth", type=Path, metavar="DIR", help="questions with known answers")
    parser.add_argument("--repos", type=Path, metavar="DIR", help="checkouts that they are about")
    parser.add_argument(
        "--repositories", type=int, default=3, metavar="N", help="so many of them, smallest first"
    )
    parser.add_argument("--turns", type=int, default=3, metavar="N", help="medians of so many")
    parser.add_argument("--patience", type=float, default=PATIENCE_CPU_S, metavar="S",
                        help="most seconds of processor time for an index of SeaGOAT's")  # fmt: skip
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md as it is")
    return parser


if __name__ == "__main__":
    sys.exit(main())
