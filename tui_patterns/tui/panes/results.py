"""Pane 1: what the search found, or what changed last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from tui_patterns.models import EngineStatus, Filters
from tui_patterns.text import clean_line
from tui_patterns.tui.answers import RECENT, Row, merged
from tui_patterns.tui.formats import plural
from tui_patterns.tui.messages import PatternOpened, PatternSelected
from tui_patterns.tui.panes.pane import Pane
from tui_patterns.tui.widgets.pattern_list import PatternList

if TYPE_CHECKING:
    from tui_patterns.models import Pattern
    from tui_patterns.tui.answers import Answer
    from tui_patterns.tui.ports import Services

STOOD_S = 0.4
"""A first row that has stood so long has been looked at."""


class ResultsPane(Pane):
    """The list, and what to do next where there is none."""

    number, heading = 1, "Patterns"

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(services, id)
        self.answer: Answer | None = None
        self.status = EngineStatus()
        self.ratings: dict[str, int] = {}
        self._since = 0.0  # when the question that stands was first answered
        self.trail: list[Pattern] = []
        """Where a walk along relations came from, the start first."""

    def compose(self) -> ComposeResult:
        yield PatternList(id="list")

    @property
    def list(self) -> PatternList:
        """The list inside."""
        return self.query_one(PatternList)

    def show(self, answer: Answer, at: Pattern | None = None) -> None:
        """Swap in an answer, the cursor on ``at``. To the same question, its row stays where it is."""
        before, self.answer = self.answer, answer
        rows: Sequence[Row] = answer.rows
        cursor, row = 0, self.list.row
        if before and self._same(before, answer) and row and not self._fresh(before, answer):
            cursor = self.list.cursor
            rows = merged(rows, row.pattern.id, cursor)
            rows = self._with(self._held(row, before, answer), rows, cursor)
        else:
            if not before or not self._same(before, answer):
                self._since = self.services.clock()
            self.trail.clear()
            ids = [row.pattern.id for row in rows]
            cursor = ids.index(at.id) if at and at.id in ids else 0
        self.list.swap(rows, cursor)
        self._explain()

    def _fresh(self, before: Answer, after: Answer) -> bool:
        """Whether nobody has looked at the first row yet: the question has just been asked."""
        typing = self.screen.focused is not None and self.screen.focused.id == "query"
        stood = self.services.clock() - self._since >= STOOD_S
        new = before.question.number == after.question.number and not stood
        return new and (typing or after.question.like is not None) and not (self.list.cursor or self.trail)

    def _held(self, row: Row, before: Answer, after: Answer) -> Row | None:
        """The row if it stays although the new answer lacks it.

        By meaning, others may be better than what words found (also when the question was asked anew
        meanwhile); but after a change of the library, what was found before and is not any more may be gone.
        """
        if after.looked_for == row.pattern.id and not self.trail:
            return replace(row, pattern=after.still) if after.still else None
        found = any(one.pattern.id == row.pattern.id for one in before.rows)
        same = before.question.number == after.question.number or before.mode != after.mode
        return row if self.trail or not found or same else None

    def visit(self, pattern: Pattern) -> None:
        """Go to a pattern that the one under the cursor led to; ``leave`` comes back."""
        if self.list.current:
            self.trail.append(self.list.current)
        self._stand_on(pattern)

    def leave(self) -> bool:
        """Go back one step of the walk; ``False`` when there is none."""
        if self.trail:
            self._stand_on(self.trail.pop())
            return True
        return False

    def _stand_on(self, pattern: Pattern) -> None:
        """The cursor on ``pattern``, with a row of its own if the answer has none."""
        rows = self._with(Row(pattern), self.answer.rows if self.answer else (), self.list.cursor + 1)
        self.list.swap(rows, next(at for at, row in enumerate(rows) if row.pattern.id == pattern.id))
        self._explain()

    @staticmethod
    def _with(one: Row | None, rows: Sequence[Row], at: int) -> Sequence[Row]:
        there = one is None or any(row.pattern.id == one.pattern.id for row in rows)
        return rows if there or one is None else [*rows[:at], one, *rows[at:]]

    @staticmethod
    def _same(before: Answer, after: Answer) -> bool:
        old, new = before.question, after.question
        return (old.text, old.filters, old.like) == (new.text, new.filters, new.like)

    def show_status(self, status: EngineStatus) -> None:
        """Take over the engine's progress, for the empty list's words."""
        self.status = status
        self._explain()

    def _explain(self) -> None:
        if self.answer and not self.answer.rows:
            self.list.explain(self._next_key())
        self.tell_place(self._position())

    def _position(self) -> str:
        count = len(self.list.rows)
        all_of_them = self.answer is None or self.answer.mode or count < RECENT
        return f"{self.list.cursor + 1} of {count}{'' if all_of_them else ' newest'}" if count else ""

    def _next_key(self) -> str:
        asked = self.answer.question if self.answer else None
        if asked and asked.like:
            return f"Nothing is {clean_line(asked.like.words, 80)}.\n\nEsc goes back, f filters."
        if asked and asked.text:
            return f"Nothing matches “{clean_line(asked.text, 60)}”.\n\nEsc clears the search, f filters."
        if asked and asked.filters != Filters():
            return "No pattern passes the filter.\n\nEsc clears it, f changes it."
        if self.status.state in ("starting", "converting", "indexing"):
            return (
                f"No patterns yet: {self._progress()}\n\nFunctions and classes worth reusing appear "
                "here by themselves, newest first. Then / searches them."
            )
        return (
            "No patterns yet.\n\nSave a file in a watched folder, or open another one: patterns-tui FOLDER"
            "\n\n? shows all keys, q quits."
        )

    def _progress(self) -> str:
        if self.status.files_total:
            return f"read {self.status.files_done:,} of {plural(self.status.files_total, 'file')}"
        return (
            "looking through the folders…" if self.status.state == "indexing" else "the engine is starting…"
        )

    def mark_rating(self, pattern: Pattern, rating: int | None) -> None:
        """Show a rating of this session, and the pattern as it is now."""
        self.ratings = {k: v for k, v in self.ratings.items() if k != pattern.id}
        if rating:
            self.ratings[pattern.id] = rating
        self.list.replace(pattern)
        self.list.mark(self.list.picked, self.ratings)

    def mark_picked(self, picked: tuple[str, ...]) -> None:
        """Show what the next prompt holds."""
        self.list.mark(frozenset(picked), self.ratings)

    def on_pattern_list_highlighted(self, message: PatternList.Highlighted) -> None:
        message.stop()
        self._explain()
        self.post_message(PatternSelected(message.pattern))

    def on_pattern_list_opened(self, message: PatternList.Opened) -> None:
        message.stop()
        self.post_message(PatternOpened(message.pattern))
