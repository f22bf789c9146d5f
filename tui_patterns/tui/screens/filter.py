"""Narrowing the list: one entry for each language, framework, type and project in the library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tui_patterns.models import Filters
from tui_patterns.text import clean_line
from tui_patterns.tui.screens.choice import Choice, ChoiceScreen

if TYPE_CHECKING:
    from tui_patterns.models import LibraryStats

TYPES = ("function_pattern", "class_pattern", "design_pattern", "test_pattern", "idiom")


def choices(stats: LibraryStats, filters: Filters) -> list[Choice[Filters]]:
    """What can be chosen; an entry in force is ticked, and choosing it again lifts it."""
    return [Choice("No filter", Filters()), *_entries(stats, filters)]


def _entries(stats: LibraryStats, filters: Filters) -> Iterator[Choice[Filters]]:
    fields: dict[str, dict[str, int | None]] = {
        "language": dict(stats.by_language),
        "framework": dict(stats.by_framework),
        "project": dict(stats.by_project),
        "pattern_type": dict.fromkeys(TYPES),
    }
    for field, values in fields.items():
        for value, count in values.items():
            active = getattr(filters, field) == value
            words = f"{'✓' if active else ' '} {field.replace('pattern_', ''):<10} {_words(value)}"
            words += f"  ({count:,})" if count is not None else ""
            yield Choice(words, _toggled(filters, field, None if active else value))


def _toggled(filters: Filters, field: str, value: str | None) -> Filters:
    change: dict[str, Any] = {field: value}
    return replace(filters, **change)


def _words(value: str) -> str:
    return clean_line(value, 50).replace("_pattern", "")


class FilterScreen(ChoiceScreen[Filters]):
    """Choose one entry at a time; ``f`` again adds another."""

    def __init__(self, stats: LibraryStats, filters: Filters) -> None:
        super().__init__("Filter", choices(stats, filters))
