"""Every way to find patterns: by words, by meaning, by example."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui_patterns.api.library.reading import Reading
from tui_patterns.models import Filters, Hit, Pattern, SearchResult, SemanticRows
from tui_patterns.search import prompted, searcher
from tui_patterns.search.files import FileHit, by_file
from tui_patterns.search.parameters import FILE_POOL, POOL
from tui_patterns.search.values import values
from tui_patterns.store import patterns


class Searching(Reading):
    """Searches; a newer one may stop those before it."""

    def search(
        self,
        query: str,
        limit: int | None = None,
        filters: Filters = Filters(),
        *,
        semantic: SemanticRows | None = None,
        home: Sequence[Path] | None = None,
    ) -> SearchResult:
        """Patterns for a query in plain words, best first, those that are retired last.

        By words alone, or fused with ``semantic`` rows. ``home`` are the folders that are
        worked in, if not the library's. Raises SearchInterrupted after ``interrupt``.
        """
        wanted = self.settings.search.default_limit if limit is None else limit
        with self.connections.lend(searching=True) as conn:
            return searcher.search(
                conn,
                query,
                wanted,
                self.believing(filters),
                semantic,
                strength=self.strength,
                home=self.home(conn, home),
                half_life_days=self.settings.learning.half_life_days,
            )

    def search_prompt(
        self,
        prompt: str,
        limit: int | None = None,
        *,
        semantic: Sequence[SemanticRows] | None = None,
        home: Sequence[Path] | None = None,
    ) -> SearchResult:
        """Patterns for a prompt as people write them to coding agents, of whatever length, best first.

        It is taken apart into clauses, code and errors; ``semantic`` is as ``prompt_semantic`` gives it.
        Relevance is how likely a pattern stands in a file that the work will change.
        """
        wanted = self.settings.search.default_limit if limit is None else limit
        with self.connections.lend(searching=True) as conn:
            return prompted.search(
                conn,
                prompt,
                wanted,
                semantic,
                strength=self.strength,
                home=self.home(conn, home),
                half_life_days=self.settings.learning.half_life_days,
            )

    def prompt_semantic(self, prompt: str) -> tuple[SemanticRows, ...] | None:
        """What is near each clause of a prompt, worked out in this process; ``None`` without a model."""
        from tui_patterns.api.meaning import prompt_rows

        return prompt_rows(self, prompt)

    def search_files(
        self,
        query: str,
        limit: int | None = None,
        filters: Filters = Filters(),
        *,
        semantic: SemanticRows | None = None,
    ) -> list[FileHit]:
        """The files that are about ``query``, best first, each with its patterns that were found, if any."""
        wanted = self.settings.search.default_limit if limit is None else limit
        hits = self.search(query, FILE_POOL, filters, semantic=semantic).hits
        with self.connections.lend() as conn:
            return by_file(hits, values(conn, query, filters))[:wanted]

    def interrupt(self) -> None:
        """Stop every search that runs now; from any thread."""
        self.connections.interrupt()

    def search_semantic(
        self, query: str, limit: int | None = None, filters: Filters = Filters()
    ) -> SemanticRows | None:
        """What is near in meaning, worked out in this process; ``None`` without a model.

        As many rows as a search ranks, unless ``limit`` says how many.
        """
        from tui_patterns.api.meaning import semantic_rows

        return semantic_rows(self, query, POOL if limit is None else limit, self.believing(filters))

    def similar(self, id: str, limit: int = 10) -> list[Hit]:
        """Patterns like this one, without it, best first."""
        from tui_patterns.api.meaning import similar

        return similar(self, self.pattern(id), limit)

    def search_code(self, code: str, limit: int = 10) -> list[Hit]:
        """Patterns like a piece of code that is not stored, best first."""
        from tui_patterns.api.meaning import like_code

        return like_code(self, code, limit)

    def search_error(self, text: str, limit: int = 10) -> list[Hit]:
        """Patterns that have to do with a traceback or an error's message, best first."""
        from tui_patterns.api.meaning import like_error

        return like_error(self, text, limit)

    def recent(self, limit: int = 50, filters: Filters = Filters()) -> list[Pattern]:
        """Patterns by their last change, newest first."""
        with self.connections.lend() as conn:
            return self.load(conn, patterns.recent(conn, limit, self.believing(filters)))
