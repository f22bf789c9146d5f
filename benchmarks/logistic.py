"""Logistic regression with weights, and how well a probability keeps its word. Pure numpy.

Fitted by Newton's method (iteratively reweighted least squares; Hastie, Tibshirani
and Friedman, The Elements of Statistical Learning, 4.4.1). Rows are observations,
``[n, k]`` float; outcomes are 0 or 1; weights say how much each row counts.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

RIDGE = 1e-3  # keeps the solution finite where the classes can be told apart
STEPS = 50
SMALL = 1e-8


def fit(rows: np.ndarray, outcomes: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """``[k + 1]`` log-odds: the constant, then one for each column."""
    table = _with_constant(rows)
    odds = np.zeros(table.shape[1])
    ridge = RIDGE * np.diag([0.0, *np.ones(rows.shape[1])])
    for _ in range(STEPS):
        likely = _squash(table @ odds)
        slope = table.T @ (weights * (likely - outcomes)) + ridge @ odds
        bend = (table * (weights * likely * (1 - likely))[:, None]).T @ table + ridge
        step = np.linalg.solve(bend, slope)
        odds = odds - step
        if np.abs(step).max() < SMALL:
            break
    return odds


def predict(rows: np.ndarray, odds: np.ndarray) -> np.ndarray:
    """``[n]`` probabilities."""
    return _squash(_with_constant(rows) @ odds)


def cross_validated(
    rows: np.ndarray, outcomes: np.ndarray, weights: np.ndarray, folds: np.ndarray
) -> np.ndarray:
    """``[n]`` probabilities, each by a model that saw nothing of its row's fold."""
    likely = np.zeros(len(outcomes))
    for fold in np.unique(folds):
        out = folds == fold
        likely[out] = predict(rows[out], fit(rows[~out], outcomes[~out], weights[~out]))
    return likely


def brier(likely: np.ndarray, outcomes: np.ndarray, weights: np.ndarray) -> float:
    """Mean squared difference of probability and outcome: 0 is perfect, .25 a coin."""
    return float(np.average((likely - outcomes) ** 2, weights=weights))


def reliability(
    likely: np.ndarray, outcomes: np.ndarray, weights: np.ndarray, bins: int = 10
) -> Iterable[tuple[float, int, float, float]]:
    """(lower edge, rows, mean predicted, share observed) of each bin that holds any."""
    which = np.minimum((likely * bins).astype(int), bins - 1)
    for number in range(bins):
        inside = which == number
        if inside.any():
            predicted = float(np.average(likely[inside], weights=weights[inside]))
            observed = float(np.average(outcomes[inside], weights=weights[inside]))
            yield number / bins, int(inside.sum()), predicted, observed


def _with_constant(rows: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(rows)), rows])


def _squash(odds: np.ndarray) -> np.ndarray:
    likely: np.ndarray = 1.0 / (1.0 + np.exp(-np.clip(odds, -500, 500)))
    return likely
