"""PatternExtractor: patterns out of a folder of code, by the name that older integrations know."""

from __future__ import annotations

from pathlib import Path

from tui_patterns.api.indexer import Indexer
from tui_patterns.api.library import PatternLibrary


class PatternExtractor:
    """Fills a library from folders."""

    def __init__(self, library: PatternLibrary) -> None:
        self._library = library

    def extract_from_session(self, session_dir: str | Path) -> int:
        """Take up the code below a session's folder; how many patterns are new or changed.

        Raises LibraryError if the folder is not there.
        """
        report = Indexer(self._library).index([Path(session_dir)], embed=False)
        return report.new + report.updated
