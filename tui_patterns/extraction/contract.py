"""A unit as ``extract --json`` prints it (design, section 7)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from tui_patterns.models import Label, Unit, complexity_range

_AS_THEY_ARE = ("path", "qualname", "kind", "line", "end_line", "name", "pattern_type", "category")
_ADDED = ("subcategory", "component_type", "form")


def unit_json(unit: Unit, *, with_reason: bool = False) -> dict[str, Any]:
    """One JSON object, keys in the contract's order; an unknown quality part is ``None``.

    *with_reason* adds ``reason``: why the entry gate left the unit out, or ``None``.
    """
    row: dict[str, Any] = {key: getattr(unit, key) for key in _AS_THEY_ARE}
    row["labels"] = [_label(label) for label in unit.labels]
    row["tags"] = list(unit.tags)
    row["language"], row["framework"] = unit.language, unit.framework
    row["complexity"], row["quality"] = unit.complexity, asdict(unit.quality)
    row["dependencies"] = list(unit.dependencies)
    row["docstring"], row["facets"], row["code"] = unit.docstring, unit.facets, unit.code
    row |= {key: getattr(unit, key) for key in _ADDED}
    row["complexity_range"] = complexity_range(unit.complexity)
    if with_reason:
        row["reason"] = unit.reason
    return row


def _label(label: Label) -> dict[str, Any]:
    return {
        "label": label.label,
        "confidence": label.confidence,
        "evidence": list(label.evidence),
        "why": label.why,
    }
