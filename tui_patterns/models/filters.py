"""What a search may be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui_patterns.models.units import ComplexityRange


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may be narrowed to; ``None`` means no limit on that field.

    ``min_confidence`` is the least mean of the success rate in 0..1, believed
    from a prior that is worth ``prior_strength`` outcomes.
    """

    language: str | None = None
    framework: str | None = None
    label: str | None = None
    pattern_type: str | None = None
    project: str | None = None
    min_quality: float | None = None
    category: str | None = None
    subcategory: str | None = None
    component_type: str | None = None
    tag: str | None = None
    complexity_range: ComplexityRange | None = None
    min_confidence: float | None = None
    prior_strength: float = 4.0
    half_life_days: float = 90.0
