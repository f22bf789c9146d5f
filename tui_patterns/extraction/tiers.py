"""Tiers of quality; apart from the formula, so that a face that shows one imports nothing else."""

from __future__ import annotations

from typing import Literal

QualityTier = Literal["high", "medium", "low"]
HIGH, MEDIUM = 0.8, 0.6


def quality_tier(overall: float | None) -> QualityTier | None:
    """``high`` from .8, ``medium`` from .6, else ``low``; ``None`` where quality is unknown."""
    if overall is None:
        return None
    if overall >= HIGH:
        return "high"
    return "medium" if overall >= MEDIUM else "low"
