"""Fit the proportion of words to meaning, and say how well it does on repositories not fitted on.

    python benchmarks/tune.py --truth DIR --repos DIR [--split NAME]

For every docstring question: what speaks for each candidate (its words' share and
its cosine) and which one is right. Fitted is a conditional logit, the likelihood
that the right one comes first (McFadden 1974), by Newton's method; each
repository is predicted by what was fitted without it. There are two numbers to
fit, and only their proportion decides the order: it goes into
``search/relevance.py`` when ``calibrate.py`` writes the scale.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.cases import LOW_OVERLAP, Cases, cases_parser, gain
from benchmarks.exam import Exam
from benchmarks.places import isolate
from benchmarks.shelf import remembering

RIDGE = 0.1  # keeps the solution finite
STEPS = 40
SMALL = 1e-6


@dataclass(frozen=True, slots=True)
class Choice:
    """One question: ``seen`` is [candidates, 2], ``right`` the row of the answer, if it is among them."""

    repo: str
    low: bool
    seen: np.ndarray
    right: int | None


def fit(choices: Sequence[Choice]) -> np.ndarray:
    """Weights of what was seen, [2], under which the right candidates are likeliest to come first."""
    usable = [one for one in choices if one.right is not None]
    weights = np.zeros(usable[0].seen.shape[1])
    loss = _loss(usable, weights)
    for _ in range(STEPS):
        step, size = _newton(usable, weights), 1.0
        while (new := _loss(usable, weights - size * step)) > loss and size > SMALL:
            size /= 2
        weights = weights - size * step
        if loss - new < SMALL:
            break
        loss = new
    return weights


def _newton(choices: Sequence[Choice], weights: np.ndarray) -> np.ndarray:
    slope, bend = RIDGE * weights, RIDGE * np.eye(len(weights))
    for one in choices:
        likely = _likely(one, weights)
        mean = likely @ one.seen
        slope = slope + mean - one.seen[one.right]
        bend = bend + (one.seen * likely[:, None]).T @ one.seen - np.outer(mean, mean)
    step: np.ndarray = np.linalg.solve(bend, slope)
    return step


def _loss(choices: Sequence[Choice], weights: np.ndarray) -> float:
    lost = sum(-np.log(max(_likely(one, weights)[one.right or 0], 1e-300)) for one in choices)
    return float(lost + RIDGE / 2 * weights @ weights)


def _likely(one: Choice, weights: np.ndarray) -> np.ndarray:
    odds = one.seen @ weights
    raised = np.exp(odds - odds.max())
    shares: np.ndarray = raised / raised.sum()
    return shares


def gains(choices: Sequence[Choice], weights: np.ndarray) -> list[float]:
    """NDCG@10 of each question."""
    found = []
    for one in choices:
        odds = one.seen @ weights
        found.append(gain(None if one.right is None else int((odds > odds[one.right]).sum())))
    return found


def cross_validated(choices: Sequence[Choice]) -> list[float]:
    """NDCG@10 of each question, by weights that saw nothing of its repository."""
    found = [0.0] * len(choices)
    for repo in {one.repo for one in choices}:
        weights = fit([one for one in choices if one.repo != repo])
        inside = [at for at, one in enumerate(choices) if one.repo == repo]
        for at, value in zip(inside, gains([choices[at] for at in inside], weights), strict=True):
            found[at] = value
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the weights and what they are worth."""
    options = _parser().parse_args(arguments)
    isolate()
    cases = Cases.load(options.truth, options.split)
    cases.questions.clear()
    with tempfile.TemporaryDirectory(prefix="tune-") as folder:
        exam = Exam(cases, options.repos, Path(folder), remembering(), chroma=False)
        choices = [
            Choice(row["repo"], row["name_overlap"] <= LOW_OVERLAP, seen, right)
            for row, seen, right in exam.observed()
        ]
        exam.close()
    weights, held = fit(choices), cross_validated(choices)
    low = [value for value, one in zip(held, choices, strict=True) if one.low]
    print(
        f"{len(choices)} questions; the answer is a candidate of {sum(c.right is not None for c in choices)}"
    )
    print(
        f"weights: words {weights[0]:.2f}, cosine {weights[1]:.2f}; proportion {weights[0] / weights[1]:.3f}"
    )
    print(f"NDCG@10 cross-validated by repository: {np.mean(held):.4f}, low overlap {np.mean(low):.4f}")
    return 0


def _parser() -> argparse.ArgumentParser:
    return cases_parser(__doc__)


if __name__ == "__main__":
    sys.exit(main())
