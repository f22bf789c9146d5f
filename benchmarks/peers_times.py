"""What each program takes on the same files: its index, and a question from a cold process."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

from benchmarks import peers_table
from benchmarks.measured import run
from benchmarks.peers_record import INDEX, Record
from benchmarks.peers_table import Rates, Row
from benchmarks.places import tell
from benchmarks.rivals.base import FAILURES, QUERY, Built, Peer, Taken, reason
from benchmarks.rivals.ours import Ours
from benchmarks.rooms import NotInstalled

QUICK_CPU_S = 20.0  # an index of less is made three times
SAMPLE = 256  # patterns whose embedding is timed


def measure(
    kinds: Sequence[type[Peer]], record: Record, project: Path, work: Path, turns: int, patience: float
) -> None:
    """Index with each, then ask in turns; what it took is written down program by program."""
    with ExitStack() as stack:
        peers: list[tuple[Peer, Row]] = []
        for kind in kinds:
            row = _new_row(kind, record)
            stack.enter_context(record.measuring(f"{INDEX}/{kind.name}"))
            peer = _indexed(kind, row, project, work, turns, patience)
            record.rows[kind.name] = row
            record.save()
            if peer is not None:
                stack.callback(peer.close)
                peers.append((peer, row))
        _questions(peers, turns, record.save)


def _new_row(kind: type[Peer], record: Record) -> Row:
    """Nothing known but the answers, which are another part's."""
    old = record.row(kind.name, kind.note)
    return Row(kind.name, scores=old.scores, silent=old.silent, note=kind.note)


def _indexed(
    kind: type[Peer], row: Row, project: Path, work: Path, turns: int, patience: float
) -> Peer | None:
    """The peer with its index made, some times where that is quick; ``None``, and why not in its row."""
    builds: list[Built] = []
    peer: Peer | None = None
    while len(builds) < turns and (not builds or _quick(builds[0])):
        if peer is not None:
            peer.close()
        peer = _new(kind, project, work / f"{kind.name}-{len(builds)}")
        peer.patience = patience
        try:
            row.versions = peer.versions()
            peer.prepare()
            builds.append(peer.index())
        except (NotInstalled, *FAILURES) as error:
            row.failed = reason(error)
            tell(f"{row.name}: {row.failed}")
            peer.close()
            return None
        except BaseException:
            peer.close()
            raise
    row.built, row.disk = peers_table.median_of(builds), peer.disk() if peer else 0
    tell(f"{row.name}: {row.built}")
    return peer


def _new(kind: type[Peer], project: Path, folder: Path) -> Peer:
    """A peer with files and settings of its own: some write beside the files."""
    folder.mkdir(parents=True)
    return kind(Path(shutil.copytree(project, folder / project.name)), folder)


def _quick(built: Built) -> bool:
    return built.meaning is not None and built.meaning.cpu < QUICK_CPU_S


def _questions(peers: Sequence[tuple[Peer, Row]], turns: int, save: Callable[[], None]) -> None:
    """One question to each from a cold process, in turns."""
    taken: dict[str, list[Taken]] = {row.name: [] for _, row in peers}
    for _ in range(turns):
        for peer, row in peers:
            _ask(peer, row, taken[row.name])
    for _, row in peers:
        row.question = peers_table.middle(taken[row.name]) if taken[row.name] else None
        tell(f"{row.name}: {row.question}")
    save()


def _ask(peer: Peer, row: Row, taken: list[Taken]) -> None:
    try:
        one, files = peer.question(QUERY)
    except FAILURES as error:
        if "did not answer" not in row.note:
            row.note += f"; it did not answer: {reason(error)}"
        return
    taken.append(one)
    if not files and "found nothing" not in row.note:
        row.note += "; it found nothing"


def embedding_rates(project: Path, work: Path, turns: int) -> Rates:
    """Patterns a second of embedding alone, ours and of sentence-transformers, taking turns.

    Raises what a program may fail with (``FAILURES``).
    """
    mine = _new(Ours, project, work / "bulk")
    assert isinstance(mine, Ours)
    mine.words_alone()
    rates: dict[str, list[tuple[float, float]]] = {"reference": [], "ours": []}
    for _ in range(turns):
        for side, found in rates.items():
            argv = [sys.executable, "-m", "benchmarks.drivers.bulk", side, str(mine.data / "patterns.db")]
            said = json.loads(run([*argv, str(SAMPLE)]).out.splitlines()[-1])
            found.append((said["n"] / said["seconds"], said["n"] / said["cpu"]))
            tell(f"{side}: {found[-1][0]:.1f} patterns/s")
    return {
        side: (statistics.median(clock for clock, _ in found), statistics.median(cpu for _, cpu in found))
        for side, found in rates.items()
    }
