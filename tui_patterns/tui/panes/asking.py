"""How a question is asked: at once by words, by meaning when the engine has answered, then reranked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import chain, repeat
from time import perf_counter
from typing import TYPE_CHECKING

from textual import work
from textual.containers import Horizontal

from tui_patterns.tui.answers import Question, ask, looked_for
from tui_patterns.tui.messages import Answered
from tui_patterns.tui.panes.pane import Reporting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tui_patterns.models import SemanticRows
    from tui_patterns.tui.answers import Answer
    from tui_patterns.tui.ports import Services

SEMANTIC_AFTER_S = 0.04
RERANK_AFTER_S = 0.25
AGAIN_AFTER_S = (0.5, 1.0, 2.0, 4.0)  # while the engine is there and cannot answer yet; then every 4 s


class Scores:
    """What the reranker said of one question, by pattern, and of which text of each it said so."""

    def __init__(self) -> None:
        self._text = ""
        self._said: dict[str, float] = {}
        self._read: dict[str, int] = {}

    def of(self, text: str) -> Mapping[str, float] | None:
        """What was said of the question ``text``; of a pattern that has changed since, the last word."""
        return self._said if text == self._text else None

    def missing(self, text: str, best: Mapping[str, int]) -> list[str]:
        """Those of ``best`` that it has not read, or not as they are now."""
        read = self._read if text == self._text else {}
        return [id for id, number in best.items() if read.get(id) != number]

    def take(self, text: str, read: Mapping[str, int], said: Mapping[str, float]) -> None:
        """Take over what it ``said`` of what it ``read``."""
        if text != self._text:
            self._text, self._said, self._read = text, {}, {}
        self._said = {**self._said, **said}
        self._read.update(read)


class Asking(Horizontal, Reporting):
    """Asks the library the newest question; each answer is a message."""

    def __init__(self, services: Services, question: Question, id: str) -> None:
        super().__init__(id=id)
        self.services = services
        self.question = question
        self.answer: Answer | None = None
        self._stale = False
        self.standing_on: Callable[[], str | None] = lambda: None
        """Tells the id of the pattern under the cursor."""
        self._scores = Scores()

    def refresh_answer(self) -> None:
        """The same question again, since the library has changed; after a search that is under way."""
        self._stale = True
        if not any(worker.is_running and worker.group == "search" for worker in self.workers):
            self._search(None)

    @work(exclusive=True, group="search", exit_on_error=False)
    async def _search(self, question: Question | None) -> None:
        if question:
            first = await self._answer(question, None)
            await asyncio.sleep(SEMANTIC_AFTER_S)
            answer, rows = None, await self._rows(question)
            if rows:
                answer = await self._answer(question, rows)
            elif question.said:
                self._ask_meaning_later()
            await self._rerank(answer or first, rows)
        while self._stale:
            self._stale = False
            self.question = replace(self.question, number=self.question.number + 1)
            rows = await self._rows(self.question)
            await self._rerank(await self._answer(self.question, rows, self.standing_on()), rows)
            await asyncio.sleep(SEMANTIC_AFTER_S)

    @work(exclusive=True, group="meaning", exit_on_error=False)
    async def _ask_meaning_later(self) -> None:
        """An engine that has just started cannot answer by meaning yet: ask until it can."""
        for pause in chain(AGAIN_AFTER_S, repeat(AGAIN_AFTER_S[-1])):
            await asyncio.sleep(pause)
            if not self.question.said or (self.answer and self.answer.mode == "hybrid"):
                return
            if await self._rows(self.question):
                self.refresh_answer()
                return

    async def _answer(
        self, question: Question, rows: SemanticRows | None, standing_on: str | None = None
    ) -> Answer:
        started, scores = perf_counter(), self._scores.of(question.text)
        answer = await asyncio.to_thread(ask, self.services, question, rows, scores)
        answer = await asyncio.to_thread(looked_for, self.services, answer, standing_on)
        self.post_message(Answered(replace(answer, seconds=perf_counter() - started)))
        return answer

    async def _rerank(self, answer: Answer, rows: SemanticRows | None) -> None:
        """Once nothing more is typed: the same answer, as the reranker orders it where one is set."""
        text = answer.question.text
        if not text or not self.services.settings.search.reranker:
            return
        await asyncio.sleep(RERANK_AFTER_S)
        wanted = self._scores.missing(text, answer.best)
        if wanted and (scores := await self.services.rerank(text, wanted)):
            self._scores.take(text, {id: answer.best[id] for id in wanted}, scores)
            await self._answer(answer.question, rows, self.standing_on())

    async def _rows(self, question: Question) -> SemanticRows | None:
        if question.like:
            return await self.services.like(question.like.example, question.filters)
        return await self.services.semantic(question.text, question.filters) if question.text else None
