"""Whose answers are right: the public questions about files of a repository, put to every program alike."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.cases import Cases, checkout
from benchmarks.cases import Row as Question
from benchmarks.peers_table import Row, Side
from benchmarks.places import tell
from benchmarks.rivals.base import FAILURES, Peer

PATIENCE_CPU_S = 400.0  # a small repository's index may take as long
WHOLE_FILE = (1, 10**9)  # first and last line: a question is about files


def ask(sides: Sequence[Side], cases: Cases, repos: Path, most: int, work: Path) -> Iterator[Row]:
    """Put the questions of the ``most`` smallest repositories; yields each row that got scores.

    A program whose index is not whole has no score there; one that was stopped before is asked about the
    smallest alone.
    """
    for number, (repo, root, questions) in enumerate(smallest(cases, repos)[:most]):
        for kind, row in sorted(sides, key=lambda side: bool(side[1].built.unfinished)):
            if row.failed or (number and row.built.unfinished):
                continue
            for found in _answers(kind, row, root, questions, work / repo / kind.name):
                row.scores[repo] = scored(cases, questions, found)
                tell(f"{repo}, {row.name}: {sum(row.scores[repo]) / len(questions):.3f}")
                yield row


def smallest(cases: Cases, repos: Path) -> list[tuple[str, Path, list[Question]]]:
    """Each repository with its checkout and questions, the least source first."""
    found = [(repo, checkout(repos, repo), rows) for repo, rows in cases.question_repos().items()]
    return sorted(found, key=lambda one: sum(file.stat().st_size for file in sources(one[1], one[2])))


def sources(root: Path, questions: Sequence[Question]) -> list[Path]:
    """The files that a repository's questions are about."""
    return sorted((root / (questions[0].get("benchmark_root") or "")).rglob("*.py"))


def copied(root: Path, questions: Sequence[Question], into: Path) -> Path:
    """Those files alone, at the paths they have in the repository."""
    for file in sources(root, questions):
        target = into / file.relative_to(root)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)
    return into


def scored(cases: Cases, questions: Sequence[Question], found: Sequence[Sequence[str]]) -> list[float]:
    """NDCG@10 of each question, by the scorer that stands beside the cases."""
    return [
        cases.scorer.semble_ndcg10([(path, *WHOLE_FILE) for path in paths], row)
        for row, paths in zip(questions, found, strict=True)
    ]


def _answers(
    kind: type[Peer], row: Row, root: Path, questions: Sequence[Question], work: Path
) -> Iterator[list[list[str]]]:
    """The files of each answer; nothing, and why in the row's note, where it cannot answer."""
    work.mkdir(parents=True)
    peer = kind(copied(root, questions, work / "project"), work)
    peer.patience = PATIENCE_CPU_S
    try:
        peer.prepare()
        if peer.index().unfinished:
            return
        yield peer.answers([question["query"] for question in questions])
    except FAILURES as error:
        row.note += f"; no answers about {root.name}: {' '.join(str(error).split())[-160:]}"
    finally:
        peer.close()
