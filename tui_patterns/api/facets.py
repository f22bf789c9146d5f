"""Facets in words: a line for each, and its details. What they quote is foreign text, not yet clean."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tui_patterns.api.facet_summaries import SUMMARIES


@dataclass(frozen=True, slots=True)
class FacetWords:
    """One facet for a reader; ``details`` are (line in the file or ``None``, text)."""

    name: str
    title: str
    summary: str
    details: tuple[tuple[int | None, str], ...] = ()


def facet_words(facets: Mapping[str, Any], first_line: int) -> list[FacetWords]:
    """The stored facets of a pattern whose ``def`` or ``class`` is on *first_line*, in order."""
    order = [name for name in SUMMARIES if isinstance(facets.get(name), dict)]
    return [
        FacetWords(
            name,
            name.replace("_", " "),
            " · ".join(part for part in SUMMARIES[name](facets[name]) if part),
            tuple(_details(facets[name], first_line)),
        )
        for name in order
    ]


def _details(facet: Mapping[str, Any], first_line: int) -> Iterator[tuple[int | None, str]]:
    """What a facet lists: with a line where it has one, names of a mapping with what they stand for."""
    for key, part in facet.items():
        label = key.replace("_", " ")
        if key == "tries":
            yield from _tries(part, first_line)
        elif isinstance(part, list):
            for item in part:
                line = item.get("line") if isinstance(item, dict) else None
                yield _line(line, first_line), f"{label}: {_worded(item)}"
        elif isinstance(part, dict):
            yield _line(part.get("line"), first_line), f"{label}: {_worded(part)}"
        elif key != "line":
            yield None, f"{label}: {_worded(part)}"


def _tries(tries: list[dict[str, Any]], first_line: int) -> Iterator[tuple[int | None, str]]:
    """A line for each handler: what it catches, and what it then does."""
    for item in tries:
        for handler in item.get("handlers", ()):
            caught = ", ".join(handler.get("exceptions", ())) or "everything"
            yield (
                _line(handler.get("line"), first_line),
                f"except {caught}: {', '.join(handler.get('does', ()))}",
            )
        if item.get("finally"):
            yield _line(item.get("line"), first_line), "try with finally"


def _line(offset: Any, first_line: int) -> int | None:
    return first_line + offset if isinstance(offset, int) else None


def _worded(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(_pair(key, part) for key, part in value.items() if key != "line")
    if isinstance(value, list):
        return ", ".join(_worded(item) for item in value) or "none"
    return "yes" if value is True else "no" if value is False else str(value)


def _pair(key: str, part: Any) -> str:
    """``name`` and ``expression`` speak for themselves."""
    if key in ("name", "expression", "exception", "level", "kind", "style", "method"):
        return _worded(part)
    if part is True:
        return key.replace("_", " ")
    inner = f"({_worded(part)})" if isinstance(part, dict | list) else _worded(part)
    return f"{key.replace('_', ' ')} {inner}"
