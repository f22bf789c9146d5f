"""The screen of panes with its messages: each is one fact, and goes to every pane that it concerns."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on, work
from textual.widgets import Input

from tui_patterns.heap import give_back
from tui_patterns.models import Filters
from tui_patterns.text import clean_line
from tui_patterns.tui import messages as facts
from tui_patterns.tui.formats import plural, stars, title
from tui_patterns.tui.panes.findings import FindingsPane, marked_lines
from tui_patterns.tui.screens.main import PanesScreen
from tui_patterns.tui.widgets.search_input import SearchInput

if TYPE_CHECKING:
    from tui_patterns.models import Change, EngineStatus

PREPARING = (
    "Search by meaning is prepared on the first start: once, about a minute. By words it works already."
)


class RoutedScreen(PanesScreen):
    """What one pane tells, or the engine, or the library, is shown by the others."""

    _prepared = False  # told that the model is being prepared: indexing may come in between

    @on(facts.LibraryMoved)
    def _library_moved(self) -> None:
        self.search.refresh_answer()
        self._recount()
        self._listen()
        self.session.count_again()
        for screen in self.app.screen_stack[1:]:  # a screen above shows the same library
            screen.post_message(facts.LibraryMoved())

    @work(exclusive=True, group="learned", exit_on_error=False)
    async def _listen(self) -> None:
        self.post_message(await asyncio.to_thread(self._news, self._heard))

    def _news(self, after: int) -> facts.Learnt:
        news = self.services.library.learned(after)
        effects = {
            one.event: self.services.metrics.effect(one.injection, one.pattern)
            for one in news
            if one.kind == "outcome" and one.injection is not None
        }
        return facts.Learnt(news, effects)

    @on(facts.Learnt)
    def _learnt(self, message: facts.Learnt) -> None:
        told = []
        for one in message.news:
            if one.event > self._heard:
                self._heard = one.event
                words = self.session.note_learned(one, message.effects.get(one.event))
                told += [words] if one.what != "explicit" else []  # a person knows what they just said
        if told and not self.session.display:
            more = f" · {len(told) - 1} more" if len(told) > 1 else ""
            self.notify(clean_line(f"{told[-1]}{more} · m shows", 300), markup=False, timeout=6)

    @on(facts.Answered)
    def _answered(self, message: facts.Answered) -> None:
        if self.search.accepts(message.answer):
            self.results.show(message.answer)
            self.code.show_match(self.results.list.row)
            self._tell_shown([row.pattern.id for row in message.answer.rows])

    @work(exclusive=True, group="shown", exit_on_error=False)
    async def _tell_shown(self, ids: list[str]) -> None:
        """While not all is embedded: what is on the screen comes before the rest."""
        engine = self.services.engine
        if engine is not None and engine.status.semantic is not None and engine.status.semantic < 1:
            await engine.shown(ids)

    @on(facts.Asked)
    def _asked(self, message: facts.Asked) -> None:
        self.session.note(f"Searched “{message.text}”: {plural(message.hits, 'hit')}", search=1)
        self._rest()

    @work(exclusive=True, group="rest", exit_on_error=False)
    async def _rest(self) -> None:
        """A search has left free memory behind."""
        await asyncio.to_thread(give_back)

    @on(facts.PatternSelected)
    def _selected(self, message: facts.PatternSelected) -> None:
        self.code.show_match(self.results.list.row)
        self.code.show(message.pattern)
        self.ratings.show(message.pattern)
        self.findings.show(message.pattern)

    @on(facts.PatternOpened)
    def _opened(self) -> None:
        self.panes.go("code")

    @on(FindingsPane.Ready)
    def _found(self, message: FindingsPane.Ready) -> None:
        lines = (marked_lines(finding) for finding in message.findings or ())
        self.code.mark(frozenset(line for span in lines for line in span))
        self.ratings.show_findings(message.pattern, message.findings)

    @on(facts.PicksChanged)
    def _picked(self, message: facts.PicksChanged) -> None:
        self.results.mark_picked(message.picked)

    @on(facts.Rated)
    def _rated(self, message: facts.Rated) -> None:
        pattern, rating = message.pattern, message.rating
        more = bool(rating) - (pattern.id in self.ratings.mine)
        self.results.mark_rating(pattern, rating)
        self.ratings.take(pattern, rating)
        self.code.refresh_about(pattern)
        words = f"Rated {stars(rating)}" if rating else "Took back the rating"
        self.session.note(f"{words}: {title(pattern)}", rating=more)
        self.notify(f"{words}: {title(pattern)}", markup=False, timeout=3)

    @on(facts.Injected)
    def _injected(self, message: facts.Injected) -> None:
        self.session.note(
            f"Prompt with {plural(message.count, 'pattern')}, {message.tokens:,} tokens", prompt=1
        )

    @on(facts.Copied)
    def _copied(self, message: facts.Copied) -> None:
        self.session.note(f"{message.route} · {message.what}", copy=1)
        self.notify(clean_line(f"{message.route} · {message.what}", 200), markup=False, timeout=4)

    @on(facts.FiltersChosen)
    def _filtered(self, message: facts.FiltersChosen) -> None:
        self.search.ask(filters=message.filters)

    @on(facts.Problem)
    def _failed(self, message: facts.Problem) -> None:
        self.status.show_problem(message.text)
        self.session.note(f"! {message.text}")
        self.notify(message.text, severity="error", markup=False)

    @on(facts.EngineNews)
    def _engine_reported(self, message: facts.EngineNews) -> None:
        from tui_patterns.api import ChangedEvent, EngineDown, StatusEvent

        match message.event:
            case StatusEvent(status):
                self._engine_status(status)
            case ChangedEvent(change):
                self._engine_changed(change)
            case EngineDown(reason):
                self.status.show_down(reason)
                self.session.note(f"Engine stopped: {reason}", restart=1)

    def _engine_status(self, status: EngineStatus) -> None:
        waiting = self.findings.findings is None and self.pattern is not None
        if status.state == "converting" and not self._prepared:
            self._prepared = True
            self.session.note(PREPARING)
            self.notify(PREPARING, markup=False, timeout=10)
        self.status.show(status)
        self.search.show_status(status)
        self.results.show_status(status)
        if waiting:
            self.findings.show(self.pattern)

    def _engine_changed(self, change: Change) -> None:
        self.session.note_change(change)
        self.search.refresh_answer()
        self._recount()
        if self.pattern and self.pattern.path in change.files:
            self.findings.show(self.pattern, again=True)

    @on(SearchInput.Moved)
    def _move_results(self, message: SearchInput.Moved) -> None:
        self.results.list.action_move(message.by)

    @on(Input.Submitted, "#query")
    def _leave_query(self) -> None:
        self.panes.go("results")

    @on(facts.Compared)
    def _compare(self, message: facts.Compared) -> None:
        self.search.compare(message.like, self.pattern)
        self.panes.go("results")

    def clear_search(self) -> bool:
        """Back to what was asked before, else to the newest patterns, at last unfiltered; whether any was."""
        if step := self.search.step_back():
            if step.answer:
                self.results.show(step.answer, at=step.pattern)
        elif self.search.question.text:
            self.search.query_one(SearchInput).value = ""
        elif self.search.question.filters != Filters():
            self.search.ask(filters=Filters())
        else:
            return False
        return True
