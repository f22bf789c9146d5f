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
from benchmarks.peers_table import Row
from benchmarks.places import tell
from benchmarks.rivals.base import QUERY, Built, Peer, Taken
from benchmarks.rivals.ours import Ours
from benchmarks.rooms import NotInstalled

TURNS = 3
QUICK_CPU_S = 20.0  # an index of less is made three times


def measure(
    sides: Sequence[tuple[type[Peer], Row]], project: Path, work: Path, patience: float
) -> dict[str, float]:
    """Index with each, then ask in turns; what it took goes into the rows.

    Returns our rate of embedding and sentence-transformers', in patterns a second.
    """
    peers: list[tuple[Peer, Row]] = []
    try:
        for kind, row in sides:
            peers += [(peer, row)] if (peer := _indexed(kind, row, project, work, patience)) else []
        _questions(peers)
        mine = peers[0][0]
        return _bulk(mine.data) if isinstance(mine, Ours) else {}
    finally:
        for peer, _ in peers:
            peer.close()


def _indexed(kind: type[Peer], row: Row, project: Path, work: Path, patience: float) -> Peer | None:
    """The peer with its index made, thrice where that is quick; ``None``, and why not in its row."""
    builds: list[Built] = []
    peer: Peer | None = None
    while len(builds) < TURNS and (not builds or _quick(builds[0])):
        if peer is not None:
            peer.close()
        peer = _new(kind, project, work / f"{kind.name}-{len(builds)}")
        peer.patience = patience
        try:
            row.versions = peer.versions()
            peer.prepare()
            builds.append(peer.index())
        except (NotInstalled, RuntimeError, OSError) as error:
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


def _questions(peers: Sequence[tuple[Peer, Row]]) -> None:
    """One question to each from a cold process, in turns."""
    taken: dict[str, list[Taken]] = {row.name: [] for _, row in peers}
    for _ in range(TURNS):
        for peer, row in peers:
            one, files = peer.question(QUERY)
            if not files:
                row.note += "; it found nothing"
            taken[row.name].append(one)
    for _, row in peers:
        row.question = peers_table.middle(taken[row.name])
        tell(f"{row.name}: {row.question}")


def _bulk(data: Path) -> dict[str, float]:
    """Patterns a second of embedding alone, ours and of sentence-transformers, taking turns."""
    rates: dict[str, list[float]] = {"reference": [], "ours": []}
    for _ in range(TURNS):
        for side, found in rates.items():
            argv = [sys.executable, "-m", "benchmarks.drivers.bulk", side, str(data / "patterns.db")]
            said = json.loads(run(argv).out.splitlines()[-1])
            found.append(said["n"] / said["seconds"])
    return {side: statistics.median(found) for side, found in rates.items()}
