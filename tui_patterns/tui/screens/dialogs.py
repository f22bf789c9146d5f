"""The keys that open a dialog, and what its answer sets going."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on, work

from tui_patterns.settings import keep_theme
from tui_patterns.tui.formats import title
from tui_patterns.tui.messages import FiltersChosen, Problem, Visited
from tui_patterns.tui.screens.routes import RoutedScreen
from tui_patterns.tui.widgets.lines import Lines
from tui_patterns.tui.widgets.pattern_list import PatternList

if TYPE_CHECKING:
    from tui_patterns.models import Filters, Pattern

OPENING = frozenset({"filter", "stats", "relations", "visit"})
"""Workers that end with the focus elsewhere: the next key waits for that."""


class DialogsScreen(RoutedScreen):
    """Each dialog is loaded when it is first asked for; one that needs the library reads it in a thread."""

    def action_rate(self) -> None:
        """Ask for 1 to 5."""
        from tui_patterns.tui.screens.rate import RateScreen

        if self.pattern:
            self.app.push_screen(RateScreen(title(self.pattern)), self._rate)

    def _rate(self, rating: int | None) -> None:
        if rating:
            self.ratings.rate(rating, self.prompt.task_text or None)

    @work(exclusive=True, group="filter", exit_on_error=False)
    async def action_filter(self) -> None:
        """Choose what the list is narrowed to."""
        from tui_patterns.tui.screens.filter import FilterScreen

        values = await asyncio.to_thread(lambda: self.services.filter_values(self.services.library))
        self.app.push_screen(FilterScreen(values, self.search.question.filters), self._filter)

    def _filter(self, filters: Filters | None) -> None:
        if filters is not None:
            self.post_message(FiltersChosen(filters))

    @work(exclusive=True, group="stats", exit_on_error=False)
    async def action_stats(self) -> None:
        """What the library holds, and what is used most."""
        from tui_patterns.tui.screens.stats import StatsScreen

        self.app.push_screen(StatsScreen(await asyncio.to_thread(self.services.library.stats)))

    def action_open_figure(self) -> None:
        """What the figure under the cursor was counted from; for open injections, the list of them."""
        from tui_patterns.tui.screens.figure import FigureScreen

        figure = self.session.listing.current
        if figure is None:
            self.notify("The figures are still being counted.", markup=False)
        elif figure.key == "open":
            self.action_injections(open_only=True)
        else:
            self.app.push_screen(FigureScreen(self.services, figure, self.session.days), self._look_at)

    def action_injections(self, open_only: bool = False) -> None:
        """Which prompts got which patterns, what became of them, and saying so."""
        from tui_patterns.tui.screens.injections import InjectionsScreen

        self.app.push_screen(InjectionsScreen(self.services, open_only=open_only), self._look_at)

    def _look_at(self, id: str | None) -> None:
        if id:
            self._visit(id, "code")

    def action_go(self) -> None:
        """Ask where to: by one more key."""
        from tui_patterns.tui.screens.go import GoScreen

        self.app.push_screen(GoScreen(), self._go)

    def _go(self, place: str | None) -> None:
        if place == "top" and isinstance(self.focused, PatternList | Lines):
            self.focused.action_top()
        elif place == "relations" and self.pattern:
            self._list_relations(self.pattern)

    @work(exclusive=True, group="relations", exit_on_error=False)
    async def _list_relations(self, pattern: Pattern) -> None:
        from tui_patterns.tui.screens.relations import RelationsScreen

        related = await asyncio.to_thread(self.services.library.relations, pattern.id)
        if related:
            self.app.push_screen(RelationsScreen(pattern, related), self._walk)
        else:
            self.notify("Nothing is known that this pattern relates to.", markup=False)

    def _walk(self, id: str | None) -> None:
        if id:
            self._visit(id, "results")

    def action_open_instead(self) -> None:
        """To the pattern that does right what the finding under the cursor does wrong."""
        finding = self.findings.current
        if finding is None or finding.pattern_id is None:
            self.notify("No pattern in the library does it better yet.", markup=False)
        else:
            self._visit(finding.pattern_id, "code")

    @work(exclusive=True, group="visit", exit_on_error=False)
    async def _visit(self, id: str, pane: str) -> None:
        pattern = await asyncio.to_thread(self.services.library.pattern, id)
        self.post_message(Visited(pattern, pane))

    @on(Visited)
    def _visited(self, message: Visited) -> None:
        self.results.visit(message.pattern)
        self.panes.go(message.pane)

    def action_theme(self) -> None:
        """Choose a theme."""
        from tui_patterns.tui.screens.theme import ThemeScreen

        self.app.push_screen(ThemeScreen(sorted(self.app.available_themes), self.app.theme), self._theme)

    def _theme(self, name: str | None) -> None:
        if name:
            self._keep_theme(name)

    @work(exclusive=True, group="theme", exit_on_error=False)
    async def _keep_theme(self, name: str) -> None:
        """For the next run too; the config file is the person's own to write."""
        try:
            await asyncio.to_thread(keep_theme, name, self.services.settings.ui.theme)
        except OSError as error:
            self.post_message(Problem(f"the theme cannot be kept: {error.strerror or error}"))

    def action_help(self) -> None:
        """All keys."""
        from tui_patterns.tui.screens.help import HelpScreen

        self.app.push_screen(HelpScreen(self.app.keys_in_force()))  # type: ignore[attr-defined]
