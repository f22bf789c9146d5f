"""What a row of the result list says, in the cells that it has: on one line, or on two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.style import Style as RichStyle
from textual.content import Content
from textual.style import Style

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import KIND_GLYPHS, MUTED, percent, tail, title, where

if TYPE_CHECKING:
    from tui_patterns.tui.answers import Row

BOLD = "bold"
MOST_PLACE, LEAST_TITLE = 34, 24  # cells, on one line
Cell = tuple[str, str] | str
"""Text with its ink, or text in the row's own."""


@lru_cache(maxsize=16)
def inks(style: Style) -> Mapping[str, RichStyle]:
    """What rows are written in on ``style``: each key draws up to fifty, so they skip ``Content``."""
    named = {"": style, MUTED: style + Style.parse(MUTED), BOLD: style + Style(bold=True)}
    return {name: ink.rich_style for name, ink in named.items()}


def words(row: Row) -> tuple[object, ...]:
    """All of a row that is drawn."""
    pattern, relevance = row.pattern, row.relevance
    shown = "" if relevance is None else percent(relevance)
    retired = pattern.retired is not None
    return pattern.id, pattern.name, pattern.location, pattern.kind, retired, pattern.ratings.last, shown


@lru_cache(maxsize=512)
def fitted(text: str, width: int) -> str:
    """``text`` in ``width`` cells: cut with an ellipsis, or filled up."""
    return Content(text).truncate(width, ellipsis=True, pad=True).plain


def marked(rating: int | None, picked: bool) -> str:
    """The last rating, and whether it is picked for the prompt: four cells."""
    return f"{f'★{rating}' if rating else '  '} {'●' if picked else ' '}"


def _titled(row: Row, width: int) -> list[Cell]:
    glyph = f"{KIND_GLYPHS[row.pattern.kind]} "
    said = title(row.pattern) if row.pattern.retired is None else f"retired · {title(row.pattern)}"
    return [(glyph, MUTED), fitted(said, max(width - 2, 1))]


def upper(row: Row, width: int) -> Sequence[Cell]:
    """The first of two lines: what it is, and how relevant."""
    right = "" if row.relevance is None else f" {percent(row.relevance):>5} "
    return [*_titled(row, width - len(right)), (right, BOLD)]


def placed(row: Row, several: bool) -> str:
    """Where it stands: file and line, below its project's name where there are ``several``."""
    project = f"{clean_line(row.pattern.project, 60)}/" if several else ""
    return project + where(row.pattern)


def lower(width: int, marks: str, place: str) -> Sequence[Cell]:
    """The second of two lines: where it stands, and its marks."""
    cut = fitted(tail(place, width - len(marks) - 4), max(width - len(marks) - 3, 1))
    return [("  " + cut, MUTED), (marks + " ", BOLD)]


def single(row: Row, width: int, marks: str, place: str) -> Sequence[Cell]:
    """All on one line; ``place`` takes no more than it needs, and nothing where the title needs it."""
    right = "" if row.relevance is None else f"{percent(row.relevance):>5} "
    room = width - len(marks) - len(right) - 3
    cut = tail(place, min(room * 2 // 5, MOST_PLACE)) if room >= 2 * LEAST_TITLE else ""
    name = _titled(row, room - cell_len(cut))
    return [*name, " ", (cut, MUTED), (f" {marks} ", BOLD), (right, BOLD)]
