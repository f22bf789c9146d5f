"""The fields that the list is narrowed by: their words, their values, and those in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import percent

if TYPE_CHECKING:
    from tui_patterns.models import Filters

Values = Mapping[str, Mapping[str, int]]
# Filters' fields in the order of the dialog, and what a person calls them.
FIELDS = {
    "language": "language",
    "framework": "framework",
    "project": "project",
    "pattern_type": "type",
    "category": "category",
    "subcategory": "subcategory",
    "component_type": "component",
    "label": "label",
    "tag": "tag",
    "complexity_range": "complexity",
    "min_quality": "quality from",
    "min_confidence": "success from",
}
_TIERS = {"0.8": "high", "0.6": "medium"}
_RATES = {"0.9": "high", "0.8": "", "0.7": "medium", "0.6": "", "0.5": ""}


@dataclass(frozen=True, slots=True)
class Value:
    """What a field can be set to (``None`` lifts it), its words, and how many patterns have it."""

    value: str | float | None
    words: str
    count: int | None = None


def offered(field: str, values: Values) -> list[Value]:
    """What *field* can be set to, first that it may be anything."""
    return [Value(None, "any"), *_values(field, values)]


def _values(field: str, values: Values) -> Iterator[Value]:
    if field == "min_confidence":
        for bound, tier in _RATES.items():
            yield Value(float(bound), _bound(float(bound), tier))
        return
    for value, count in values.get(field, {}).items():
        if field == "min_quality":
            yield Value(float(value), _bound(float(value), _TIERS.get(value, "")), count)
        elif count:
            yield Value(value, shown(field, value), count)


def _bound(share: float, tier: str) -> str:
    return f"{percent(share)} or more" + (f", {tier}" if tier else "")


def shown(field: str, value: str | float) -> str:
    """A value as it reads on one line."""
    if isinstance(value, float):
        return percent(value)
    words = clean_line(value, 40)
    if field in ("language", "framework", "project", "tag"):
        return words
    return words.removesuffix("_pattern").replace("_", " ")


def chosen(filters: Filters, field: str, value: str | float | None) -> Filters:
    """*filters* with *field* set; a subcategory goes with the category that it was chosen in."""
    change: dict[str, Any] = {field: value}
    if field == "category" and value != filters.category:
        change["subcategory"] = None
    return replace(filters, **change)


def in_force(filters: Filters) -> dict[str, str]:
    """The fields that narrow the list, with the words of their values."""
    names = {one.name for one in fields(filters)}
    values = {name: getattr(filters, name) for name in FIELDS if name in names}
    return {name: shown(name, value) for name, value in values.items() if value is not None}


def told(filters: Filters) -> list[str]:
    """What is in force, in words that need no heading: ``quality from 80 %``."""
    return [
        f"{FIELDS[name]} {words}" if name.startswith("min_") else words
        for name, words in in_force(filters).items()
    ]
