"""The one screen of six panes: what it is made of, and how it follows the library."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.screen import Screen

from tui_patterns.text import clean_line
from tui_patterns.tui import messages as facts
from tui_patterns.tui.compositor import NarrowCompositor
from tui_patterns.tui.panes.code import CodePane
from tui_patterns.tui.panes.findings import FindingsPane
from tui_patterns.tui.panes.grid import PaneGrid
from tui_patterns.tui.panes.pane import Reporting
from tui_patterns.tui.panes.prompt import PromptPane
from tui_patterns.tui.panes.ratings import RatingsPane
from tui_patterns.tui.panes.results import ResultsPane
from tui_patterns.tui.panes.search import SearchBar
from tui_patterns.tui.panes.session import SessionPane
from tui_patterns.tui.panes.status import KeyHints, StatusBar

if TYPE_CHECKING:
    from tui_patterns.models import Pattern
    from tui_patterns.tui.ports import Services

POLL_S = 0.5


class PanesScreen(Screen[None], Reporting):
    """All panes are always there; the stylesheet shows those that the terminal has room for."""

    AUTO_FOCUS = "#list"

    def __init__(self, services: Services, query: str) -> None:
        super().__init__()
        self._compositor = NarrowCompositor()
        self.services = services
        self.search = SearchBar(services, query, id="search")
        self.results = ResultsPane(services, id="results")
        self.search.standing_on = lambda: self.pattern.id if self.pattern else None
        self.code = CodePane(services, id="code")
        self.prompt = PromptPane(services, id="prompt")
        self.ratings = RatingsPane(services, id="ratings")
        self.findings = FindingsPane(services, id="findings")
        self.session = SessionPane(services, id="session")
        self.status, self.hints = StatusBar(id="status"), KeyHints(id="hints")
        self._poller = ThreadPoolExecutor(1, "poll")  # a data version is comparable on one connection only
        self._version: int | None = None
        self._heard = 0  # the last place in the ledger that was shown

    def compose(self) -> ComposeResult:
        yield self.search
        with PaneGrid(id="panes"):
            yield from (self.results, self.code, self.prompt, self.ratings, self.findings, self.session)
        yield self.status
        yield self.hints

    @property
    def panes(self) -> PaneGrid:
        """The grid of panes."""
        return self.query_one(PaneGrid)

    @property
    def pattern(self) -> Pattern | None:
        """The pattern under the cursor."""
        return self.results.list.current

    @work(group="open", exit_on_error=False)
    async def open_library(self) -> None:
        """After the first paint: a damaged or newer database ends the app, since all else needs it."""
        try:
            self._version = await self._data_version()
            count = await asyncio.to_thread(self.services.library.count)
            self._heard = await asyncio.to_thread(self.services.library.last_event)
        except Exception as error:
            self.post_message(facts.LibraryOpened(clean_line(str(error), 300)))
        else:
            self.post_message(facts.LibraryOpened())
            self.post_message(facts.Counted(count))

    @on(facts.LibraryOpened)
    def _library_opened(self, message: facts.LibraryOpened) -> None:
        if message.failure is None:
            self.search.ask()
            self.session.count_again()
            self.set_interval(POLL_S, self._poll)

    def on_unmount(self) -> None:
        self.services.library.interrupt()
        self._poller.shutdown(wait=False, cancel_futures=True)

    @work(exclusive=True, group="poll", exit_on_error=False)
    async def _poll(self) -> None:
        version = await self._data_version()
        if version != self._version:
            self._version = version
            self.post_message(facts.LibraryMoved())

    async def _data_version(self) -> int:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._poller, self._read_version)

    def _read_version(self) -> int:
        return self.services.library.data_version()  # the first use opens the library: for threads

    @work(exclusive=True, group="count", exit_on_error=False)
    async def _recount(self) -> None:
        self.post_message(facts.Counted(await asyncio.to_thread(self.services.library.count)))

    @on(facts.Counted)
    def _counted(self, message: facts.Counted) -> None:
        self.status.show_count(message.patterns)
