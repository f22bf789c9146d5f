"""What each program takes on the same files: its index, and a question from a cold process."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import peers_table
from benchmarks.measured import run
from benchmarks.peers_table import Rates, Row, Side
from benchmarks.places import tell
from benchmarks.rivals.base import FAILURES, QUERY, Built, Peer, Taken
from benchmarks.rivals.ours import Ours
from benchmarks.rooms import NotInstalled

QUICK_CPU_S = 20.0  # an index of less is made three times


def measure(sides: Sequence[Side], project: Path, work: Path, turns: int, patience: float) -> Rates:
    """Index with each, then ask in turns; what it took goes into the rows.

    Returns the rates of embedding alone, ours and sentence-transformers'.
    """
    peers: list[tuple[Peer, Row]] = []
    try:
        for kind, row in sides:
            peers += [(peer, row)] if (peer := _indexed((kind, row), project, work, turns, patience)) else []
        _questions(peers, turns)
        mine = peers[0][0]
        return _bulk(mine.data, turns) if isinstance(mine, Ours) else {}
    finally:
        for peer, _ in peers:
            peer.close()


def _indexed(side: Side, project: Path, work: Path, turns: int, patience: float) -> Peer | None:
    """The peer with its index made, some times where that is quick; ``None``, and why not in its row."""
    kind, row = side
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
            why = "not installed: " if isinstance(error, NotInstalled) else ""
            row.failed = f"{why}{' '.join(str(error).split())[-200:]}"
            tell(f"{row.name}: {row.failed}")
            peer.close()
            return None
    row.built, row.disk = peers_table.median_of(builds), peer.disk() if peer else 0
    tell(f"{row.name}: {row.built}")
    return peer


def _new(kind: type[Peer], project: Path, folder: Path) -> Peer:
    """A peer with files and settings of its own: some write beside the files."""
    folder.mkdir(parents=True)
    return kind(Path(shutil.copytree(project, folder / project.name)), folder)


def _quick(built: Built) -> bool:
    return built.meaning is not None and built.meaning.cpu < QUICK_CPU_S


def _questions(peers: Sequence[tuple[Peer, Row]], turns: int) -> None:
    """One question to each from a cold process, in turns."""
    taken: dict[str, list[Taken]] = {row.name: [] for _, row in peers}
    for _ in range(turns):
        for peer, row in peers:
            try:
                one, files = peer.question(QUERY)
            except FAILURES as error:
                row.note += f"; it did not answer: {' '.join(str(error).split())[-160:]}"
                continue
            taken[row.name].append(one)
            if not files and "found nothing" not in row.note:
                row.note += "; it found nothing"
    for _, row in peers:
        row.question = peers_table.middle(taken[row.name]) if taken[row.name] else None
        tell(f"{row.name}: {row.question}")


def _bulk(data: Path, turns: int) -> Rates:
    """Patterns a second of embedding alone, ours and of sentence-transformers, taking turns."""
    rates: dict[str, list[tuple[float, float]]] = {"reference": [], "ours": []}
    for _ in range(turns):
        for side, found in rates.items():
            argv = [sys.executable, "-m", "benchmarks.drivers.bulk", side, str(data / "patterns.db")]
            said = json.loads(run(argv).out.splitlines()[-1])
            found.append((said["n"] / said["seconds"], said["n"] / said["cpu"]))
    return {
        side: (statistics.median(clock for clock, _ in found), statistics.median(cpu for _, cpu in found))
        for side, found in rates.items()
    }
