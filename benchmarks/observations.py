"""What a search observes of its best hit: for questions whose answer is known, and for those without any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import cast

import numpy as np

from benchmarks.pairs import Corpus, Pair
from benchmarks.places import tell
from benchmarks.shelf import BATCH, remembering
from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.embedding.model import EmbeddingModel
from tui_patterns.embedding.pooled import embed_documents
from tui_patterns.models import Filters, Hit, SearchMode, SemanticRows
from tui_patterns.search.exact import ExactIndex
from tui_patterns.settings import load_settings
from tui_patterns.store import documents, patterns, vectors
from tui_patterns.store.sqlite import transaction

OFF_TOPIC = Path(__file__).with_name("off_topic.txt")
DEPTH = 100
# Docstrings that are nearer than this say the same of two functions: so it is in most of those read.
SAME = 0.7
KEPT = """
    SELECT r.name, p.path, p.qualname FROM patterns p JOIN projects r ON r.id = p.project_id
    WHERE p.gone IS NULL
"""
# More than the entry gate lets in, so that few questions lose their answer.
WIDE = {"extraction.min_complexity": 1, "extraction.min_lines": 3}


@dataclass(frozen=True, slots=True)
class Observation:
    """The best hit of one question: what was seen, and whether it answers. ``project`` is "" off topic.

    ``exact``: it is the very function asked for. ``relevant`` is ``None`` where nobody knows: it is
    another one, and has no docstring.
    """

    mode: SearchMode
    project: str
    query: str
    cosine: float
    words: float
    exact: bool
    relevant: bool | None


class Examiner:
    """Asks a library that holds every corpus, with and without a filter on the project."""

    def __init__(self, corpora: Sequence[Corpus], data: Path, overrides: Mapping[str, object] = WIDE) -> None:
        self._corpora = {corpus.root.name: corpus for corpus in corpora}
        self._library = PatternLibrary(data / "patterns.db", settings=load_settings(overrides=overrides))
        for corpus in corpora:
            report = Indexer(self._library).index([corpus.root], embed=False)
            tell(f"{corpus.root.name}: {len(corpus.pairs)} questions, {report.patterns:,} patterns so far")
        self._open()

    def _open(self) -> None:
        self._model = remembering()
        self._fingerprint = self._model.fingerprint
        self._embed()
        with self._library.connections.lend() as conn:
            ids, blob = vectors.live(conn, self._fingerprint)
            self._kept = {tuple(row) for row in conn.execute(KEPT)}
            self._allowed = {name: patterns.allowed(conn, Filters(project=name)) for name in self._corpora}
        self._index = ExactIndex.from_blob(ids, blob, self._model.dimension)

    def _embed(self) -> None:
        """A vector for every document that has none; what any benchmark embedded before is remembered."""
        with self._library.connections.lend() as conn:
            while missing := vectors.missing(conn, self._fingerprint, BATCH):
                named = documents.without_vector(conn, self._fingerprint, missing)
                found = embed_documents(cast(EmbeddingModel, self._model), [body for _, body in named])
                pairs = [(name, row.tobytes()) for (name, _), row in zip(named, found, strict=True)]
                with transaction(conn):
                    vectors.save(conn, self._fingerprint, pairs)
        tell("embedded")

    def on_topic(self, first: frozenset[tuple[str, str, str]], most: int, seed: int) -> Iterator[Observation]:
        """Up to ``most`` questions of each corpus, those in ``first`` (project, path, name) before others."""
        for name, corpus in self._corpora.items():
            pairs = [pair for pair in corpus.pairs if self._holds(pair)]
            Random(seed).shuffle(pairs)
            pairs.sort(key=lambda pair: (pair.project, pair.path, pair.qualname) not in first)
            tell(f"{name}: asking {min(len(pairs), most)} of {len(pairs)} questions")
            for pair in pairs[:most]:
                for filters in (Filters(), Filters(project=name)):
                    yield from self._answered(pair, filters)

    def off_topic(self) -> Iterator[Observation]:
        """Every question of ``off_topic.txt``, in every project and in all of them."""
        lines = OFF_TOPIC.read_text("utf-8").splitlines()
        for query in (line.strip() for line in lines if line.strip() and not line.startswith("#")):
            for filters in (Filters(), *(Filters(project=name) for name in self._corpora)):
                for mode, hit in self._best(query, filters):
                    yield _observed(mode, "", query, hit, exact=False, relevant=False)

    def _answered(self, pair: Pair, filters: Filters) -> Iterator[Observation]:
        for mode, hit in self._best(pair.query, filters):
            found = hit.pattern
            exact = (found.project, found.path, found.qualname) == (pair.project, pair.path, pair.qualname)
            relevant = exact or self._says_the_same(pair, hit)
            yield _observed(mode, pair.project, pair.query, hit, exact=exact, relevant=relevant)

    def _says_the_same(self, pair: Pair, hit: Hit) -> bool | None:
        """Whether the hit's own docstring says what is asked; ``None``: it has none."""
        found = hit.pattern
        sentence = self._corpora[found.project].sentences.get((found.path, found.qualname))
        if sentence is None:
            return None
        one, other = self._model.embed([sentence, pair.query])
        return float(one @ other) >= SAME

    def _best(self, query: str, filters: Filters) -> Iterator[tuple[SearchMode, Hit]]:
        """The best hit of both ways to search, if there is any."""
        for semantic in (None, self._near(query, filters)):
            result = self._library.search(query, 1, filters, semantic=semantic)
            yield from ((result.mode, hit) for hit in result.hits)

    def _near(self, query: str, filters: Filters) -> SemanticRows:
        vector: np.ndarray = self._model.embed([query], role="query")[0]
        allowed = self._allowed[filters.project] if filters.project else None
        found = self._index.query(vector, DEPTH, allowed)
        return SemanticRows(tuple(found), "exact", self._fingerprint, vector.tobytes())

    def _holds(self, pair: Pair) -> bool:
        return (pair.project, pair.path, pair.qualname) in self._kept


def _observed(
    mode: SearchMode, project: str, query: str, hit: Hit, *, exact: bool, relevant: bool | None
) -> Observation:
    why = hit.why
    return Observation(mode, project, query, why["cosine"] or 0.0, why["match"], exact, relevant)
