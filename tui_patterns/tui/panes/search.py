"""The search line: each key asks again; an example stands in the place of words, and leads back to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input, Static

from tui_patterns.text import clean_line
from tui_patterns.tui.answers import HITS, Question
from tui_patterns.tui.filters import told
from tui_patterns.tui.formats import percent, plural
from tui_patterns.tui.likeness import of_paste
from tui_patterns.tui.messages import Asked, Compared
from tui_patterns.tui.panes.asking import Asking
from tui_patterns.tui.widgets.search_input import SearchInput

if TYPE_CHECKING:
    from tui_patterns.models import EngineStatus, Filters, Pattern
    from tui_patterns.tui.answers import Answer
    from tui_patterns.tui.likeness import Likeness
    from tui_patterns.tui.ports import Services

RESTED_AFTER_S = 1.0
PLACEHOLDER = "search in plain words"
STEPS_BACK = 50  # from search by example to search by example


@dataclass(frozen=True, slots=True)
class Step:
    """What was asked and answered before a search by example, and the pattern that the cursor stood on."""

    question: Question
    answer: Answer | None
    pattern: Pattern | None


class SearchBar(Asking):
    """Asks the library; the newest question alone is answered."""

    def __init__(self, services: Services, query: str, id: str) -> None:
        super().__init__(services, Question(0, clean_line(query)), id)
        self.engine_status: EngineStatus | None = None
        self._steps: list[Step] = []

    def compose(self) -> ComposeResult:
        yield Static("/", id="slash")
        yield SearchInput(self.question.text, placeholder=PLACEHOLDER, id="query", select_on_focus=False)
        yield Static("", id="mode")

    def on_mount(self) -> None:
        self._resting = self.set_interval(RESTED_AFTER_S, self._rested, pause=True)

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        if event.value.strip() != self.question.text:
            self.ask(text=event.value.strip())

    @on(SearchInput.Pasted)
    def _pasted(self, message: SearchInput.Pasted) -> None:
        message.stop()
        self.paste(message.text)

    def paste(self, text: str) -> None:
        """Several lines of code or of an error: more like it. Anything else: words, on one line."""
        found = of_paste(text)
        if found:
            self.post_message(Compared(found))
        else:
            self.query_one(SearchInput).insert_text_at_cursor(clean_line(" ".join(text.split())))

    def ask(self, text: str | None = None, filters: Filters | None = None) -> None:
        """A new question in words, or the same narrowed otherwise: by words at once, by meaning soon."""
        old = self.question
        if text is not None:
            self._steps.clear()
        self._begin(
            Question(
                old.number + 1,
                old.text if text is None else text,
                old.filters if filters is None else filters,
                old.like if text is None else None,
            )
        )

    def compare(self, like: Likeness, standing_on: Pattern | None) -> None:
        """Ask for what is like an example; ``step_back`` leads to what was asked before."""
        before = self.question
        self._steps = [*self._steps[1 - STEPS_BACK :], Step(before, self.answer, standing_on)]
        self._begin(Question(before.number + 1, "", before.filters, like))

    def step_back(self) -> Step | None:
        """What was asked before the last search by example, asked again; ``None`` if there is none."""
        if not self._steps:
            return None
        step = self._steps.pop()
        number = self.question.number + 1
        question = replace(step.question, number=number, filters=self.question.filters)
        known = step.answer if question.filters == step.question.filters else None
        answer = replace(known, question=question) if known else None
        self._begin(question, answer)
        return replace(step, question=question, answer=answer)

    def _begin(self, question: Question, known: Answer | None = None) -> None:
        """Ask; what is ``known`` of it already stands until the answer comes."""
        self.question, self.answer = question, known or self.answer
        self._tell_asked()
        self.services.library.interrupt()
        self._resting.reset()
        self._resting.resume()
        if known is None:
            self._search(self.question)
        else:
            self.show_mode()
            self.refresh_answer()

    def _tell_asked(self) -> None:
        """The field holds words as typed; in their place it says what an example is."""
        field, like = self.query_one(SearchInput), self.question.like
        self.set_class(like is not None, "-like")
        self.query_one("#slash", Static).update("≈" if like else "/", layout=False)
        field.placeholder = like.words if like else PLACEHOLDER
        if field.value.strip() != self.question.text:
            with field.prevent(Input.Changed):
                field.value = self.question.text

    def _rested(self) -> None:
        self._resting.pause()
        if self.question.said and self.answer:
            self.post_message(Asked(self.question.said, len(self.answer.rows)))

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
        if self.question.said and share is not None and share < 1:
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
