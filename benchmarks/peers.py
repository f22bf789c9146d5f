"""Other programs that search code, on the same files in the same run: ``make bench-peers``.

    python benchmarks/peers.py [NAME …] [--package rich] [--no-write]

Each is installed once into a virtual environment of its own, from the package
registry; what cannot be installed, or does not run without network, is listed
with the reason. Ratios are theirs by ours: above 1 we are quicker.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import machine
from benchmarks.figures import amount
from benchmarks.library import source_of
from benchmarks.measured import run
from benchmarks.places import isolate, tell
from benchmarks.rivals import QUERY, RIVALS, Peer
from benchmarks.rooms import NotInstalled
from benchmarks.sections import write_section

COMMAND = [sys.executable, "-m", "tui_patterns"]
TURNS = 3
ABOUT = """\
## Beside other programs

Written by `benchmarks/peers.py` (`make bench-peers`): the same files, {files} of {package} ({lines:,}
lines), in one run, without network. *index* is the time until everything can be found, *question* a process
started for one question, the median of {turns}, taking turns. A ratio is theirs by ours: above 1 × ours is
quicker. Answers are not compared here.

| program | index | ÷ ours | question | ÷ ours | |
| --- | ---: | ---: | ---: | ---: | --- |
"""


@dataclass(slots=True)
class Row:
    """What was measured of one program, in seconds; ``note`` is for the reader."""

    name: str
    index: float | None = None
    question: float | None = None
    note: str = ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write the section; 2 for a name that is none."""
    options = _parser().parse_args(arguments)
    known = {one.name.lower(): one for one in RIVALS}
    if unknown := sorted({name.lower() for name in options.names} - known.keys()):
        sys.stderr.write(f"peers: no such peer: {', '.join(unknown)}; known are {', '.join(known)}\n")
        return 2
    isolate()
    machine.compile_project()
    chosen = [
        one for name, one in known.items() if not options.names or name in map(str.lower, options.names)
    ]
    with tempfile.TemporaryDirectory(prefix="patterns-tui-peers-") as work:
        text = _compare(chosen, options.package, Path(work))
    print(text)
    if not options.no_write and not options.names:
        write_section("peers", text)
    return 0


def _compare(chosen: Sequence[type[Peer]], package: str, work: Path) -> str:
    project = source_of(package, work / "ours")
    sources = list(project.rglob("*.py"))
    lines = sum(file.read_bytes().count(b"\n") for file in sources)
    ours, words, data = _index(project, work)
    peers, rows = [], []
    for rival in chosen:
        row = Row(rival.name, note=rival.note)
        rows.append(row)
        peer = _indexed(rival, package, work / rival.name, row)
        peers += [(peer, row)] if peer else []
    try:
        mine = _questions(data, peers)
    finally:
        for peer, _ in peers:
            peer.close()
    bulk = _bulk(data)
    about = ABOUT.format(files=len(sources), package=package, lines=lines, turns=TURNS)
    first = [
        f"| **patterns-tui** | {amount(ours, 's')} | | {amount(mine, 's')} | | every function, method and "
        f"class embedded; found by words after {amount(words, 's')} |"
    ]
    table = "\n".join([*first, *(_line(row, ours, mine) for row in rows)])
    facts = "\n".join(
        f"- {line}" for line in (*machine.describe(), f"load average {machine.load()} at the end")
    )
    return f"{about}{table}\n\n{bulk}\n\n{facts}\n"


def _index(project: Path, work: Path) -> tuple[float, float, Path]:
    """Seconds to an embedded library, seconds to one that is found by words, and the former's folder."""
    taken = []
    for name, more in (("words", ["--no-embed"]), ("data", [])):
        argv = [*COMMAND, "--data-dir", str(work / name), "index", str(project), "--json", *more]
        taken.append(run(argv, variables={"PATTERNS_TUI_EXTRACTION__ANTIPATTERNS": "false"}).seconds)
    tell(f"ours: words after {taken[0]:.1f} s, everything after {taken[1]:.1f} s")
    return taken[1], taken[0], work / "data"


def _indexed(rival: type[Peer], package: str, work: Path, row: Row) -> Peer | None:
    """The peer with its index made, or ``None`` and why not in its row."""
    work.mkdir()
    peer = rival(source_of(package, work), work)
    try:
        versions = peer.room.ensure()
        peer.prepare()
        row.index = peer.index()
    except NotInstalled as error:
        row.note = f"not installed: {error}"
        return None
    except (RuntimeError, OSError) as error:
        row.note = f"does not run here without network: {' '.join(str(error).split())[-160:]}"
        peer.close()
        return None
    row.note = f"{versions}; {row.note}"
    tell(f"{row.name}: {'no index' if row.index is None else f'indexed in {row.index:.1f} s'}")
    return peer


def _questions(data: Path, peers: Sequence[tuple[Peer, Row]]) -> float:
    """Seconds of a question to us; those to the others go into their rows."""
    ours: list[float] = []
    theirs: dict[str, list[float]] = {row.name: [] for _, row in peers}
    for _ in range(TURNS):
        ours.append(run([*COMMAND, "--data-dir", str(data), "search", QUERY, "--json"]).seconds)
        for peer, row in peers:
            theirs[row.name].append(peer.query())
    for _, row in peers:
        row.question = statistics.median(theirs[row.name])
    return statistics.median(ours)


def _bulk(data: Path) -> str:
    """Embedding alone, against sentence-transformers."""
    rates = {}
    for side in ("reference", "ours"):
        argv = [sys.executable, "-m", "benchmarks.drivers.bulk", side, str(data / "patterns.db")]
        found = json.loads(run(argv).out.splitlines()[-1])
        rates[side] = found["n"] / found["seconds"]
    ratio = rates["ours"] / rates["reference"]
    verdict = "ok" if ratio >= 5.0 else "**under**"
    return (
        f"Embedding in bulk, models loaded: {amount(rates['ours'], 'patterns/s')} against "
        f"{amount(rates['reference'], 'patterns/s')} of plain sentence-transformers on bare code with the "
        f"same model: {amount(ratio, '×')} (target ≥ 5 ×: {verdict})."
    )


def _line(row: Row, index: float, question: float) -> str:
    cells = [
        _seconds(row.index),
        _ratio(row.index, index),
        _seconds(row.question),
        _ratio(row.question, question),
    ]
    return f"| {row.name} | {' | '.join(cells)} | {row.note.replace('|', '/')} |"


def _seconds(value: float | None) -> str:
    return "–" if value is None else amount(value, "s")


def _ratio(value: float | None, ours: float) -> str:
    return "–" if value is None else amount(value / ours, "×")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(one.name for one in RIVALS))
    parser.add_argument("--package", default="rich", help="the installed package whose source is searched")
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md as it is")
    return parser


if __name__ == "__main__":
    sys.exit(main())
