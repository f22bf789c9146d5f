"""Questions to the library and their answers, as the result list takes them. Nothing here draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tui_patterns.models import Filters
from tui_patterns.search.parameters import RERANKED

if TYPE_CHECKING:
    from tui_patterns.models import Pattern, SearchMode, SemanticRows
    from tui_patterns.tui.likeness import Likeness
    from tui_patterns.tui.ports import Services

HITS = 50
RECENT = 200


@dataclass(frozen=True, slots=True)
class Question:
    """One search, in words or by example.

    ``number`` grows with each: an answer to an older one is dropped.
    """

    number: int
    text: str = ""
    filters: Filters = Filters()
    like: Likeness | None = None

    @property
    def said(self) -> str:
        """What is asked, in words; empty where nothing is."""
        return self.like.words if self.like else self.text


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result list; ``relevance`` is ``None`` where nothing was asked, ``why`` a hit's."""

    pattern: Pattern
    relevance: float | None = None
    why: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows, best first; ``mode`` is ``None`` for the list of recent patterns."""

    question: Question
    rows: tuple[Row, ...] = ()
    mode: SearchMode | None = None
    seconds: float = 0.0
    best: Mapping[str, int] = field(default_factory=dict)
    """The hits that a reranker may read, as they are without it: a number for what it would read, by id."""
    looked_for: str | None = None
    """The pattern under the cursor, if it was looked for because it is not among the rows any more."""
    still: Pattern | None = None
    """That pattern as it is now; ``None`` if it stands nowhere in the code any more."""


def ask(
    services: Services,
    question: Question,
    semantic: SemanticRows | None = None,
    scores: Mapping[str, float] | None = None,
) -> Answer:
    """Search, or list what changed last when there is no query. Blocks for milliseconds.

    ``scores`` are the reranker's, by pattern.
    """
    if question.like:
        example = question.like.example
        result = services.examples.like(example, HITS, question.filters, semantic=semantic)
    elif question.text:
        result = services.library.search(question.text, HITS, question.filters, semantic=semantic)
    else:
        recent = services.library.recent(RECENT, question.filters)
        return Answer(question, tuple(Row(pattern) for pattern in recent))
    best = {hit.pattern.id: told_to_reranker(hit.pattern) for hit in result.hits[:RERANKED]}
    if scores:
        from tui_patterns.api import reranked

        result = reranked(result, scores, services.settings.search.min_relevance)
    rows = tuple(Row(hit.pattern, hit.relevance, hit.why) for hit in result.hits)
    return Answer(question, rows, result.mode, best=best)


def told_to_reranker(pattern: Pattern) -> int:
    """A number that is another once what a reranker reads of the pattern is."""
    return hash((pattern.name, pattern.docstring, pattern.signature, pattern.code))


def looked_for(services: Services, answer: Answer, id: str | None) -> Answer:
    """``answer`` with what has become of the pattern ``id``, where the answer lacks it. Blocks likewise.

    Others may have been added that are newer, or better: what a person looks at stays all the same.
    """
    if id is None or any(row.pattern.id == id for row in answer.rows):
        return answer
    from tui_patterns.api import LibraryError

    try:
        found = services.library.pattern(id)
    except LibraryError:  # forgotten
        return replace(answer, looked_for=id)
    return replace(answer, looked_for=id, still=None if found.gone else found)


def merged(rows: Sequence[Row], pinned: str | None, index: int) -> list[Row]:
    """``rows`` with the pattern ``pinned`` at ``index``: what a person is looking at stays in place."""
    order = list(rows)
    at = next((i for i, row in enumerate(order) if row.pattern.id == pinned), None)
    if at is not None:
        order.insert(min(index, len(order) - 1), order.pop(at))
    return order
