"""One library of many trees, and what is found in it for a prompt: as one question, and as a prompt."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from benchmarks.commits import Asked
from benchmarks.observations import Examiner
from benchmarks.pairs import Corpus
from tui_patterns.models import Filters, SemanticRows
from tui_patterns.search import prompted, query, ranking, searcher
from tui_patterns.search.clauses import clauses
from tui_patterns.search.parameters import POOL
from tui_patterns.search.ranking import Evidence

Right = Literal["it", "class", "file", "", "unknown"]
Features = tuple[float, float, float, float]
DEPTH = 5
CUT = 400  # characters of a prompt that were asked for as one question
PATTERNS = """
    SELECT p.id, r.name, p.path, p.qualname FROM patterns p JOIN projects r ON r.id = p.project_id
    WHERE p.gone IS NULL
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A hit: its relevance, how right it is, and of the whole and its best clause what was seen.

    That is cosine, the words' share, whether a name is met exactly, and the logarithm of its number of words.
    """

    relevance: float
    right: Right
    whole: Features
    clause: Features


Find = Callable[["PromptLibrary", sqlite3.Connection, str], list[Evidence]]


class PromptLibrary(Examiner):
    """As ``Examiner``, with the settings that a user has."""

    def __init__(self, sources: Path, data: Path) -> None:
        roots = sorted(one for one in sources.iterdir() if one.is_dir())
        super().__init__([Corpus(root, (), {}) for root in roots], data, {})
        with self._library.connections.lend() as conn:
            self._places = {row[0]: (row[1], row[2], row[3]) for row in conn.execute(PATTERNS)}
        self.patterns = len(self._places)
        self._all = frozenset(self._places.values())

    def holds(self, asked: Asked) -> bool:
        """Whether something of what its commit changed is a pattern."""
        return any((asked.project, path, name) in self._all for path, name in asked.changed)

    def near_all(self, texts: list[str]) -> list[SemanticRows]:
        """What is near each of these."""
        rows = []
        for vector in self._model.embed(texts, role="query") if texts else ():
            found = self._index.query(vector, POOL)
            rows.append(SemanticRows(tuple(found), "exact", self._fingerprint, vector.tobytes()))
        return rows

    def seen(self, find: Find, text: str, asked: Asked | None) -> tuple[Seen, ...]:
        """The best hits of one way to ask."""
        with self._library.connections.lend() as conn:
            found = ranking.order(find(self, conn, text))[:DEPTH]
        return tuple(self._seen(one, asked) for one in found)

    def _seen(self, one: Evidence, asked: Asked | None) -> Seen:
        best = getattr(one, "best", None) or one
        return Seen(one.relevance, self._right(one.row_id, asked), _features(one), _features(best))

    def _right(self, row_id: int, asked: Asked | None) -> Right:
        project, path, name = self._places[row_id]
        if asked is None:
            return ""
        if project != asked.project:  # no commit of this project could have changed it, helpful or not
            return "unknown"
        if (path, name) in asked.changed:
            return "it"
        owners = {own.rpartition(".")[0] or own for there, own in asked.changed if there == path}
        if any(name == owner or name.startswith(f"{owner}.") for owner in owners):
            return "class"
        return "file" if any(path == there for there, _ in asked.changed) else ""


def _features(one: Evidence) -> Features:
    return (one.cosine or 0.0, one.words.share, one.exact, math.log(max(one.said, 1)))


def _as_question(library: PromptLibrary, conn: sqlite3.Connection, text: str) -> list[Evidence]:
    near = library.near_all([text[:CUT]])[0]
    return searcher.found(conn, searcher.Asked(query.read(text[:CUT]), POOL, Filters(), near))


def _as_prompt(library: PromptLibrary, conn: sqlite3.Connection, text: str) -> list[Evidence]:
    near = library.near_all([one.query.meaning for one in clauses(text)])
    return list(prompted.answers(conn, text, near))


def _by_words(library: PromptLibrary, conn: sqlite3.Connection, text: str) -> list[Evidence]:
    return list(prompted.answers(conn, text, None))


WAYS: dict[str, Find] = {
    "one question": _as_question,
    "prompt, hybrid": _as_prompt,
    "prompt, lexical": _by_words,
}
