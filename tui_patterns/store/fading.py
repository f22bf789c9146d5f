"""How evidence fades; learning/evidence.py says why."""

from __future__ import annotations

DAY_S = 86_400.0


def fade(at: float, moment: float, half_life_days: float) -> float:
    """What is left at ``moment`` of a trial at ``at``, in 0..1; its age counts in whole days."""
    return float(0.5 ** (max(moment - at, 0.0) // DAY_S / half_life_days))
