"""Questions about real code that nobody in the project wrote, and the scores of answers to them.

The files are described in the README beside them: ``docstring_queries.jsonl`` asks
for one function among ``docstring_candidates.jsonl`` by its docstring's first
sentence, ``semble_queries.jsonl`` for files of one repository in plain words.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import scores

Row = dict[str, Any]
LOW_OVERLAP = 0.34  # at most this share of the function's name is said by the query
DEPTH = 10
_NEEDED = {
    "docstring_queries": ("id", "query", "target", "name_overlap"),
    "docstring_candidates": ("id", "repo", "path", "line", "doc_start", "doc_end"),
    "semble_queries": ("repo", "query", "relevant", "secondary"),
}


class CasesError(Exception):
    """The cases, or the code that they are about, are not all there; ``str()`` is one clear line."""


@dataclass(frozen=True, slots=True)
class Cases:
    """What a split holds; a file that is not there holds nothing."""

    queries: list[Row]
    candidates: list[Row]
    questions: list[Row]
    scorer: Any

    @classmethod
    def load(cls, truth: Path, split: str) -> Cases:
        """Raises CasesError without a folder for ``split``, and for rows that are no cases."""
        folder = truth / split
        if not folder.is_dir():
            raise CasesError(f"{folder} is not there: --truth names the folder, --split a folder in it")
        queries, candidates, questions = (_rows(folder, name) for name in _NEEDED)
        return cls(queries, candidates, questions, _scorer(truth / "score_retrieval.py"))

    def question_repos(self) -> dict[str, list[Row]]:
        """The questions of each repository."""
        found: dict[str, list[Row]] = {}
        for row in self.questions:
            found.setdefault(row["repo"], []).append(row)
        return found


def checkout(repos: Path, repo: str) -> Path:
    """The folder ``owner+name`` of ``repo``, which may be a name alone. Raises CasesError."""
    exact = repos / repo.replace("/", "+")
    if exact.is_dir():
        return exact
    found = sorted(repos.glob(f"*+{repo}"))
    if not found:
        raise CasesError(f"{repos} holds no checkout {exact.name}: checkout.py makes it")
    return found[0]


def gain(rank: int | None) -> float:
    """NDCG@10 of one target at ``rank``, from 0; none is 0."""
    return 1.0 / math.log2(rank + 2) if rank is not None and rank < DEPTH else 0.0


def docstring_scores(cases: Cases, ranked: dict[str, list[str]]) -> Row | None:
    """The figures of docstring → function, from the candidates found for each query; ``None`` without any."""
    if not cases.queries:
        return None
    gains = {row["id"]: gain(_rank(ranked.get(row["id"], []), row["target"])) for row in cases.queries}
    low = [gains[row["id"]] for row in cases.queries if row["name_overlap"] <= LOW_OVERLAP]
    measured = cases.scorer.docstring_metrics(ranked, cases.queries)
    return {
        "ndcg10": mean(gains.values()),
        "mrr10": round(measured["mrr10"], 4),
        "recall10": round(measured["recall@10"], 4),
        "low_overlap": {"ndcg10": mean(low), "n": len(low)},
        "n": len(gains),
    }


def question_scores(cases: Cases, ranked: Sequence[tuple[Row, list[str]]]) -> Row | None:
    """The figures of question → files; ``None`` without any."""
    if not ranked:
        return None
    scores = [cases.scorer.semble_ndcg10([(path, 1, 10**9) for path in paths], row) for row, paths in ranked]
    return {"ndcg10": mean(scores), "n": len(scores)}


def mean(values: Iterable[float]) -> float | None:
    """To four digits; ``None`` of nothing."""
    found = list(values)
    return round(sum(found) / len(found), 4) if found else None


def _rank(found: Sequence[str], target: str) -> int | None:
    return found.index(target) if target in found else None


def _rows(folder: Path, name: str) -> list[Row]:
    """The rows of one kind; none where its file is not there. Raises CasesError."""
    file = folder / f"{name}.jsonl"
    if not file.is_file():
        return []
    # Lines end at \n alone: a query may hold what else Python calls a line's end.
    lines = enumerate(file.read_text("utf-8-sig").split("\n"), 1)
    return [_row(file, number, line, _NEEDED[name]) for number, line in lines if line.strip()]


def _row(file: Path, number: int, line: str, needed: Sequence[str]) -> Row:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise CasesError(f"{file}, line {number}: no JSON ({error})") from None
    missing = [key for key in needed if not isinstance(row, dict) or key not in row]
    if missing:
        raise CasesError(f"{file}, line {number}: lacks {', '.join(missing)}")
    found: Row = row
    return found


def _scorer(file: Path) -> Any:
    """The scorer that lies beside the cases; our own, which says the same, where none does."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None or not file.is_file():
        return scores
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cases_parser(description: str | None) -> argparse.ArgumentParser:
    """The options that name cases: ``--truth``, ``--split``, ``--repos``."""
    made = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    made.add_argument("--truth", type=Path, required=True, metavar="DIR")
    made.add_argument("--split", default="dev", metavar="NAME")
    made.add_argument("--repos", type=Path, required=True, metavar="DIR")
    return made
