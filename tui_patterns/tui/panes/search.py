"""The search line: each key asks again, at once by words, then by meaning when the engine has answered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import chain, repeat
from time import perf_counter
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.widgets import Input, Static

from tui_patterns.text import clean_line
from tui_patterns.tui.answers import HITS, Question, ask
from tui_patterns.tui.filters import told
from tui_patterns.tui.formats import percent, plural
from tui_patterns.tui.messages import Answered, Asked
from tui_patterns.tui.panes.pane import Reporting

if TYPE_CHECKING:
    from tui_patterns.models import EngineStatus, Filters, SemanticRows
    from tui_patterns.tui.answers import Answer
    from tui_patterns.tui.ports import Services

SEMANTIC_AFTER_S = 0.04
AGAIN_AFTER_S = (0.5, 1.0, 2.0, 4.0)  # while the engine is there and cannot answer yet; then every 4 s
RESTED_AFTER_S = 1.0


class SearchInput(Input):
    """One line of plain words; the arrows move in the results meanwhile."""

    BINDINGS = [
        Binding("down", "results(1)", "Next result", id="next_result", show=False, tooltip="Next result"),
        Binding("up", "results(-1)", "Previous result", id="previous_result", show=False,
                tooltip="Previous result"),
    ]  # fmt: skip

    virtual_size: Reactive[Size] = Reactive(Size(0, 0), layout=False)
    """A longer text scrolls inside: no key lays the screen out."""

    class Moved(Message):
        """An arrow key: move in the results by ``by`` rows."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def action_results(self, by: int) -> None:
        """Leave the words, move in the results."""
        self.post_message(self.Moved(by))


class SearchBar(Horizontal, Reporting):
    """Asks the library; the newest question alone is answered."""

    def __init__(self, services: Services, query: str, id: str) -> None:
        super().__init__(id=id)
        self.services = services
        self.question = Question(0, clean_line(query))
        self.answer: Answer | None = None
        self.engine_status: EngineStatus | None = None
        self._stale = False

    def compose(self) -> ComposeResult:
        yield Static("/", id="slash")
        yield SearchInput(
            self.question.text, placeholder="search in plain words", id="query", select_on_focus=False
        )
        yield Static("", id="mode")

    def on_mount(self) -> None:
        self._resting = self.set_interval(RESTED_AFTER_S, self._rested, pause=True)

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        if event.value.strip() != self.question.text:
            self.ask(text=event.value.strip())

    def ask(self, text: str | None = None, filters: Filters | None = None) -> None:
        """A new question: by words at once, by meaning soon."""
        old = self.question
        self.question = Question(
            old.number + 1, old.text if text is None else text, old.filters if filters is None else filters
        )
        self.services.library.interrupt()
        self._resting.reset()
        self._resting.resume()
        self._search(self.question)

    def refresh_answer(self) -> None:
        """The same question again, since the library has changed; after a search that is under way."""
        self._stale = True
        if not any(worker.is_running and worker.group == "search" for worker in self.workers):
            self._search(None)

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _search(self, question: Question | None) -> None:
        if question:
            await self._answer(question, None)
            await asyncio.sleep(SEMANTIC_AFTER_S)
            if rows := await self._rows(question):
                await self._answer(question, rows)
            elif question.text:
                self._ask_meaning_later()
        while self._stale:
            self._stale = False
            self.question = replace(self.question, number=self.question.number + 1)
            await self._answer(self.question, await self._rows(self.question))
            await asyncio.sleep(SEMANTIC_AFTER_S)

    @work(exclusive=True, group="meaning", exit_on_error=False)
    async def _ask_meaning_later(self) -> None:
        """An engine that has just started cannot answer by meaning yet: ask until it can."""
        for pause in chain(AGAIN_AFTER_S, repeat(AGAIN_AFTER_S[-1])):
            await asyncio.sleep(pause)
            if not self.question.text or (self.answer and self.answer.mode == "hybrid"):
                return
            if await self._rows(self.question):
                self.refresh_answer()
                return

    async def _answer(self, question: Question, rows: SemanticRows | None) -> None:
        started = perf_counter()
        answer = await asyncio.to_thread(ask, self.services.library, question, rows)
        self.post_message(Answered(replace(answer, seconds=perf_counter() - started)))

    async def _rows(self, question: Question) -> SemanticRows | None:
        return await self.services.semantic(question.text, question.filters) if question.text else None

    def _rested(self) -> None:
        self._resting.pause()
        if self.question.text and self.answer:
            self.post_message(Asked(self.question.text, len(self.answer.rows)))

    def accepts(self, answer: Answer) -> bool:
        """Whether ``answer`` is to the newest question; a late one to an older question is not."""
        if answer.question.number != self.question.number:
            return False
        self.answer = answer
        self.show_mode()
        return True

    def show_status(self, status: EngineStatus) -> None:
        """Take over how much of the library can be searched by meaning."""
        self.engine_status = status
        self.show_mode()

    def show_mode(self) -> None:
        """What answered, how many hits, and how long it took."""
        parts = list(self._filter_words())
        share = self.engine_status.semantic if self.engine_status else None
        if self.question.text and share is not None and share < 1:
            parts.append(f"semantic {percent(share)}")
        if self.answer and self.answer.mode:
            count = len(self.answer.rows)
            parts += [
                self.answer.mode,
                plural(count, "hit") if count < HITS else f"best {HITS}",
                f"{self.answer.seconds * 1000:.0f} ms",
            ]
        elif self.answer and self.answer.rows:
            parts.append("newest first")
        self._say(Content(" · ".join(parts)))

    def _say(self, words: Content) -> None:
        """A longer text makes room for itself; a shorter one spares the screen a new layout."""
        mode = self.query_one("#mode", Static)
        mode.update(words, layout=words.cell_length > mode.content_region.width)

    def _filter_words(self) -> list[str]:
        words = told(self.question.filters)
        return ["only " + clean_line(", ".join(words), 40)] if words else []
