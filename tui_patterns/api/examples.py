"""Search by example: what a text is decides what it is compared by, and one ranking serves them all."""

from __future__ import annotations

from dataclasses import replace

from tui_patterns.api.library.searching import Searching
from tui_patterns.models import Example, Filters, Hit, SearchResult, SemanticRows
from tui_patterns.search import searcher
from tui_patterns.search.example import example_of

__all__ = ["Examples", "example_of", "search_example"]


class Examples:
    """Patterns like an example. Blocks for milliseconds; any thread may call it."""

    def __init__(self, library: Searching) -> None:
        self._library = library

    def like(
        self,
        example: Example,
        limit: int = 10,
        filters: Filters = Filters(),
        *,
        semantic: SemanticRows | None = None,
    ) -> SearchResult:
        """Patterns like ``example``, best first, without the one that it was taken from.

        By words alone, or fused with ``semantic`` rows, those near the example's own vector.
        Raises SearchInterrupted after the library's ``interrupt``.
        """
        if example.kind == "words":
            result = self._library.search(example.text, limit + 1, filters, semantic=semantic)
        else:
            result = self._like(example, limit + 1, filters, semantic)
        others = [hit for hit in result.hits if hit.pattern.id != example.pattern]
        return replace(result, hits=tuple(others[:limit]))

    def _like(
        self, example: Example, limit: int, filters: Filters, semantic: SemanticRows | None
    ) -> SearchResult:
        learning = self._library.settings.learning
        if filters.min_confidence is not None:
            filters = replace(
                filters, prior_strength=learning.prior_strength, half_life_days=learning.half_life_days
            )
        is_error = example.kind == "error"
        with self._library.connections.lend(searching=True) as conn:
            return searcher.like(
                conn,
                limit,
                code=None if is_error else example.text,
                error=example.text if is_error else None,
                semantic=semantic,
                filters=filters,
                strength=learning.prior_strength,
            )


def search_example(library: Searching, text: str, limit: int = 10) -> list[Hit]:
    """Patterns for code, an error's text or a contract (JSON or YAML), best first.

    What is none of these is searched for as code: a single line may be all there is of it.
    """
    example = example_of(text) or Example(text)
    if example.kind == "error":
        return library.search_error(text, limit)
    if example.kind == "words":
        return list(library.search(example.text, limit, semantic=library.search_semantic(example.text)).hits)
    return library.search_code(text, limit)
