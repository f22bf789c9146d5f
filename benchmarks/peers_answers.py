"""Whose answers are right: the public questions about files of a repository, put to every program alike."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cases import Cases, checkout
from benchmarks.cases import Row as Question
from benchmarks.peers_record import ANSWERS, Record
from benchmarks.places import tell
from benchmarks.rivals.base import FAILURES, Peer, reason
from benchmarks.rooms import NotInstalled

PATIENCE_CPU_S = 400.0  # a small repository's index may take as long
WHOLE_FILE = (1, 10**9)  # first and last line: a question is about files


class Unanswered(Exception):
    """One line on why a program was not asked."""


def ask(
    kinds: Sequence[type[Peer]],
    record: Record,
    cases: Cases,
    repos: Path,
    most: int,
    work: Path,
    *,
    resume: bool = False,
) -> None:
    """Put the questions of the ``most`` smallest repositories; write down scores, or why there are none.

    A program whose index was stopped before its end is asked about the smallest alone.
    """
    for number, (repo, root, questions) in enumerate(smallest(cases, repos)[:most]):
        for kind in kinds:
            key, copy = f"{ANSWERS}/{repo}/{kind.name}", work / repo / kind.name
            if resume and record.fresh(key):
                tell(f"{key}: known at this commit already")
                continue
            row = record.row(kind.name, kind.note)
            with record.measuring(key):
                try:
                    if number and row.built.unfinished:
                        raise Unanswered("not asked, since the index of the package above was stopped")
                    found = _answers(kind, root, questions, copy)
                    row.scores[repo] = scored(cases, questions, found)
                    row.silent.pop(repo, None)
                    tell(f"{repo}, {kind.name}: {sum(row.scores[repo]) / len(questions):.3f}")
                except (Unanswered, NotInstalled, *FAILURES) as error:
                    row.scores.pop(repo, None)
                    row.silent[repo] = reason(error)
                    tell(f"{repo}, {kind.name}: {row.silent[repo]}")
            shutil.rmtree(copy, ignore_errors=True)


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


def _answers(kind: type[Peer], root: Path, questions: Sequence[Question], work: Path) -> list[list[str]]:
    """The files of each answer. Raises Unanswered for an index that was stopped, and FAILURES."""
    work.mkdir(parents=True)
    peer = kind(copied(root, questions, work / "project"), work)
    peer.patience = PATIENCE_CPU_S
    try:
        peer.versions()
        peer.prepare()
        if stopped := peer.index().unfinished:
            raise Unanswered(f"its index was {stopped.partition('.')[0]}")
        return peer.answers([question["query"] for question in questions])
    finally:
        peer.close()
