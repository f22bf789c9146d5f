"""What extraction is asked to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class ExtractionOptions:
    """Thresholds of the entry gate; plain data, so that it travels to parser processes.

    ``frameworks`` are preferred, in this order, where a unit uses several; the
    others that are known are still recognised. Without ``max_complexity`` there
    is no upper limit.
    """

    min_complexity: int = 3
    max_complexity: int | None = None
    min_lines: int = 5
    min_quality: float = 0.0
    frameworks: tuple[str, ...] = ()
    quality_profile: Literal["standard", "reuse"] = "standard"
