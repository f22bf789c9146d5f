"""The library in numbers: tables side by side as the width allows, then what is used and referred to most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.screen import ModalScreen

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, plural
from tui_patterns.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from tui_patterns.models import LibraryStats

COLUMN, GAP = 36, 3  # the least width of a table, and what lies between two
BARS = 10
NOTHING = "Nothing was rated or put into a prompt yet."


class StatsScreen(ModalScreen[None]):
    """Numbers as of the moment when it was opened."""

    BINDINGS = [
        Binding("escape,q,M", "dismiss", "Close", id="close_stats", tooltip="Close the statistics"),
    ]

    def __init__(self, stats: LibraryStats) -> None:
        super().__init__()
        self.stats = stats

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="stats") as dialog:
            dialog.border_title = "Statistics"
            dialog.border_subtitle = "j k scroll · Esc closes"
            yield Lines(id="stats-text")

    def on_mount(self) -> None:
        self.call_after_refresh(self._draw)

    def on_resize(self, event: Resize) -> None:
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        text = self.query_one(Lines)
        text.show(list(told(self.stats, text.scrollable_content_region.width)), keep_scroll=True)

    async def action_dismiss(self, result: None = None) -> None:
        """Close."""
        self.dismiss(None)


def told(stats: LibraryStats, width: int) -> Iterator[Content]:
    """All of it in lines of at most ``width`` cells."""
    yield from Content(_summary(stats)).wrap(max(width, 1))
    yield Content("")
    yield from beside(_tables(stats, _columns(width)[1]), width)
    yield from _most_used(stats, width)
    yield from _most_referenced(stats, width)


def _summary(stats: LibraryStats) -> str:
    from tui_patterns.api import averages

    parts = [
        plural(stats.patterns, "pattern"),
        plural(stats.projects, "project"),
        plural(stats.files, "file"),
    ]
    parts += [plural(stats.ratings, "rating"), plural(stats.injections, "injection")]
    parts += [f"{name} {value}" for name, value in averages(stats)]
    parts.append(_antipatterns(stats))
    return " · ".join(parts)


def _antipatterns(stats: LibraryStats) -> str:
    if not stats.examined:
        return "anti-patterns not looked for yet"
    return f"{plural(sum(stats.antipatterns.values()), 'anti-pattern')} in {plural(stats.examined, 'file')}"


def _columns(width: int) -> tuple[int, int]:
    """How many tables stand side by side, and how wide each is."""
    count = max((width + GAP) // (COLUMN + GAP), 1)
    return count, max((width + GAP) // count - GAP, 1)


def _tables(stats: LibraryStats, width: int) -> list[list[Content]]:
    """Each table as lines of exactly ``width`` cells, with a blank one at its end."""
    from tui_patterns.api import bar, stat_tables

    found = []
    for table in stat_tables(stats):
        digits = max(len(f"{row.count:,}") for row in table.rows)
        size = max(width - digits - BARS - 2, 1)
        lines = [_title(table.title, width)]
        for row in table.rows:
            name = Content(clean_line(row.name, 80)).truncate(size, ellipsis=True, pad=True)
            bars = (bar(row.share, BARS), "$primary")
            lines.append(Content.assemble(name, f" {row.count:>{digits},} ", bars))
        lines += [Content.styled(f"and {table.more} more", MUTED)] if table.more else []
        found.append([line.truncate(width, ellipsis=True, pad=True) for line in [*lines, Content("")]])
    return found


def beside(tables: Sequence[Sequence[Content]], width: int) -> Iterator[Content]:
    """Tables in columns, each put where there is most room."""
    count, size = _columns(width)
    columns: list[list[Content]] = [[] for _ in range(count)]
    for table in tables:
        min(columns, key=len).extend(table)
    blank, gap = Content(" " * size), Content(" " * GAP)
    for at in range(max(map(len, columns))):
        yield gap.join([column[at] if at < len(column) else blank for column in columns])


def _title(words: str, width: int) -> Content:
    return Content.styled(clean_line(words, width), "bold $text-primary")


def _most_used(stats: LibraryStats, width: int) -> Iterator[Content]:
    from tui_patterns.api import by_whom

    yield _title("most used: uses, times in a prompt, by whom", width)
    if not stats.most_used:
        yield Content.styled(clean_line(NOTHING, width), MUTED)
    for one in stats.most_used:
        yield _row(f"{one.uses:>5,} {one.injected:>5,}  ", one.name, by_whom(one.by) or "not used yet", width)
    yield Content("")


def _most_referenced(stats: LibraryStats, width: int) -> Iterator[Content]:
    if stats.most_referenced:
        yield _title("most referred to in code: by definitions, from files", width)
    for one in stats.most_referenced:
        place = f"{one.project} {one.path}:{one.line}"
        yield _row(f"{one.fan_in:>5,} {one.files:>5,}  ", one.name, place, width)


def _row(numbers: str, name: str, right: str, width: int) -> Content:
    room = max(width - len(numbers), 2)
    size = max(room * 3 // 5, 1)
    named = Content(clean_line(name, 200)).truncate(size, ellipsis=True, pad=True)
    place = Content(clean_line(right, 200)).truncate(max(room - size - 2, 1), ellipsis=True)
    return Content.assemble(numbers, named, "  ", place.stylize(MUTED))
