"""PatternLibrary: the patterns, what was rated and injected, and every way to find them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.api.library.judging import Judging

if TYPE_CHECKING:
    from tui_patterns.api.older import AppliedPattern, PatternMatch


class PatternLibrary(Judging):
    """One library of patterns. Any thread may call any method; all of them block for milliseconds.

    ``db_path`` is the database file, by default that of the data folder. Methods
    raise LibraryError or StoreError, one clear line each.
    """

    def backup(self, target: Path | None = None) -> Path:
        """Write a consistent copy; by default into the data folder, named by date."""
        from tui_patterns.api.keeping import backup

        return backup(self.connections, target)

    def restore(self, source: Path | None = None) -> Path:
        """Put a backup in the place of the database; by default the newest."""
        from tui_patterns.api.keeping import restore

        self.close()
        return restore(self.connections, source)

    # -- the names that older integrations know --------------------------------------

    def extract_pattern(self, code: str, metadata: dict[str, object] | None = None) -> str:
        """Store the largest function or class of ``code``, and return the pattern's id."""
        from tui_patterns.api.older import extract_pattern

        return extract_pattern(self, code, metadata or {})

    def search_patterns(self, query: str, limit: int = 5) -> Sequence[PatternMatch]:
        """Rows of (id, code, description, similarity in 0..1), best first."""
        from tui_patterns.api.older import search_patterns

        return search_patterns(self, query, limit)

    def apply_pattern(self, id: str, context: dict[str, object] | None = None) -> AppliedPattern | None:
        """The pattern, noted as injected into ``context``; ``None`` if there is no such pattern."""
        from tui_patterns.api.older import apply_pattern

        return apply_pattern(self, id, context or {})

    def rate_pattern(self, id: str, rating: int, session_id: str) -> None:
        """The same as ``rate``."""
        self.rate(id, rating, session_id)
