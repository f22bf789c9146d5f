"""Other programs that search code, on the same files in the same run: ``make bench-peers``.

    python benchmarks/peers.py [NAME …] [--only PART,…] [--resume] [--package rich] [--truth DIR --repos DIR]
                               [--repositories N] [--turns N] [--patience S] [--no-write]
    python benchmarks/peers.py --figures

Each is installed once into a virtual environment of its own, from the package
registry; what cannot be installed, or does not run without network, is listed
with the reason. Parts are index (times to index and to answer), bulk (embedding
alone) and answers (whose are right). What was measured is written down at once in
``peers.json``: ``--resume`` goes on after an interruption, ``--only`` and NAME
measure a part of it anew beside what is known, ``--figures`` measures nothing and
writes the pages from it. Ten minutes on a machine that has nothing else to do.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import machine, peers_answers, peers_page, peers_times
from benchmarks.cases import Cases, CasesError
from benchmarks.library import source_of
from benchmarks.peers_record import ANSWERS, BULK, INDEX, PARTS, Record
from benchmarks.places import isolate, tell
from benchmarks.rivals import RIVALS
from benchmarks.rivals.base import FAILURES, PATIENCE_CPU_S, Peer, reason
from benchmarks.rivals.ours import Ours

ALL: tuple[type[Peer], ...] = (Ours, *RIVALS)
KNOWN = {one.name.lower(): one for one in ALL}
STOPPED = 130
RECORD = Path(__file__).with_name("peers.json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write the pages; 2 for a name or part that is none, 1 if one failed, 130 if stopped."""
    options = _parser().parse_args(arguments)
    parts = [one for one in (options.only or ",".join(PARTS)).split(",") if one]
    names = [name.lower() for name in options.names]
    for unknown, what, known in (
        (set(names) - KNOWN.keys(), "peer", KNOWN),
        (set(parts) - set(PARTS), "part", PARTS),
    ):
        if unknown:
            sys.stderr.write(
                f"peers: no such {what}: {', '.join(sorted(unknown))}; known are {', '.join(known)}\n"
            )
            return 2
    isolate()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that servers are ended
    record = Record.read(RECORD)
    try:
        failed = [] if options.figures else _measure(record, parts, names, options)
    except KeyboardInterrupt:
        tell("stopped: --resume goes on")
        return STOPPED
    if not record.about:
        sys.stderr.write("peers: nothing was measured yet: `make bench-peers` does\n")
        return 1
    print(peers_page.section(record, Ours.name))
    if not options.no_write:
        peers_page.write(record, Ours.name)
    for part in failed:
        tell(f"{part} failed: what had been measured until then is kept")
    return int(bool(failed))


def _measure(
    record: Record, parts: Sequence[str], names: Sequence[str], options: argparse.Namespace
) -> list[str]:
    """The parts that failed; the others were measured all the same."""
    machine.compile_project()
    kinds = [kind for name, kind in KNOWN.items() if not names or name in names]
    failed = []
    with tempfile.TemporaryDirectory(prefix="patterns-tui-peers-") as work:
        project = source_of(options.package, Path(work))
        record.about = _facts(project, options)
        for part, run in _PARTS.items():
            if part not in parts:
                continue
            tell(f"{part}: begins")
            try:
                run(record, kinds, project, Path(work) / part, options)
            except FAILURES as error:
                failed.append(part)
                tell(f"{part}: {reason(error)}")
    return failed


def _index(
    record: Record, kinds: Sequence[type[Peer]], project: Path, work: Path, options: argparse.Namespace
) -> None:
    due = [kind for kind in kinds if not (options.resume and record.fresh(f"{INDEX}/{kind.name}"))]
    peers_times.measure(due, record, project, work, options.turns, options.patience)


def _bulk(
    record: Record, kinds: Sequence[type[Peer]], project: Path, work: Path, options: argparse.Namespace
) -> None:
    if Ours not in kinds or (options.resume and record.fresh(BULK)):
        return
    with record.measuring(BULK):
        record.bulk = peers_times.embedding_rates(project, work, options.turns)


def _answers(
    record: Record, kinds: Sequence[type[Peer]], project: Path, work: Path, options: argparse.Namespace
) -> None:
    if (cases := _cases(options)) is not None:
        peers_answers.ask(
            kinds, record, cases, options.repos, options.repositories, work, resume=options.resume
        )


_PARTS: dict[str, Callable[[Record, Sequence[type[Peer]], Path, Path, argparse.Namespace], None]] = {
    INDEX: _index,
    BULK: _bulk,
    ANSWERS: _answers,
}


def _facts(project: Path, options: argparse.Namespace) -> dict[str, object]:
    sources = list(project.rglob("*.py"))
    lines = sum(file.read_bytes().count(b"\n") for file in sources)
    return {
        "package": options.package,
        "files": len(sources),
        "lines": lines,
        "turns": options.turns,
        "machine": machine.describe()[1:],
    }


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
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(one.name for one in ALL))
    parser.add_argument("--only", metavar="PART,…", help=f"of {', '.join(PARTS)}; the rest stays as it was")
    parser.add_argument("--resume", action="store_true", help="leave out what was measured at this commit")
    parser.add_argument("--figures", action="store_true", help="write the pages from what was measured last")
    parser.add_argument("--package", default="rich", help="the installed package whose source is searched")
    parser.add_argument("--truth", type=Path, metavar="DIR", help="questions with known answers")
    parser.add_argument("--repos", type=Path, metavar="DIR", help="checkouts that they are about")
    parser.add_argument(
        "--repositories", type=int, default=2, metavar="N", help="so many of them, smallest first"
    )
    parser.add_argument("--turns", type=int, default=3, metavar="N", help="medians of so many")
    parser.add_argument("--patience", type=float, default=PATIENCE_CPU_S, metavar="S",
                        help="most seconds of processor time for an index of SeaGOAT's")  # fmt: skip
    parser.add_argument("--no-write", action="store_true", help="leave the pages as they are")
    return parser


if __name__ == "__main__":
    sys.exit(main())
