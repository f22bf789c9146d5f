"""The parts of the ranking, each with how to switch it off."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from benchmarks import shelf as product
from benchmarks.shelf import Shelf
from tui_patterns.embedding.document import parts_of
from tui_patterns.search import lexical, ranking, relevance, scoring
from tui_patterns.search.parameters import FIELDS
from tui_patterns.store import calls, documents, vectors
from tui_patterns.store.sqlite import transaction


@dataclass(frozen=True, slots=True)
class Ablation:
    """``changes``: (module, name, value) while it holds; ``part`` is all of a document that is embedded."""

    name: str
    changes: tuple[tuple[Any, str, Any], ...] = ()
    part: int | None = None

    @property
    def asks_anew(self) -> bool:
        """Whether what is near in meaning changes."""
        return self.part is not None

    @contextmanager
    def applied(self, shelves: Sequence[Shelf]) -> Iterator[None]:
        """These libraries with the part switched off, then as they were."""
        before = [(module, name, getattr(module, name)) for module, name, _ in self.changes]
        _set(self.changes)
        try:
            if self.part is not None:
                _embed(shelves, lambda texts: [texts[min(self.part or 0, len(texts) - 1)]])
            yield
        finally:
            _set(before)
            if self.part is not None:
                _embed(shelves, lambda texts: texts)


def _set(changes: Sequence[tuple[Any, str, Any]]) -> None:
    for module, name, value in changes:
        setattr(module, name, value)


def _embed(shelves: Sequence[Shelf], chosen: Callable[[list[str]], list[str]]) -> None:
    """Give every document the vector of some of its parts; the exact scan answers from then on."""
    from tui_patterns.embedding.document import PART
    from tui_patterns.embedding.pooled import embed_documents

    for shelf in shelves:
        hashes = [row[0] for row in shelf.conn.execute("SELECT DISTINCT doc_hash FROM versions")]
        rows = list(documents.texts(shelf.conn, hashes).items())
        bodies = [PART.join(chosen(parts_of(body))) for _, body in rows]
        found = embed_documents(shelf.model, bodies)  # type: ignore[arg-type]
        pairs = [(one, vector.tobytes()) for (one, _), vector in zip(rows, found, strict=True)]
        with transaction(shelf.conn):
            vectors.save(shelf.conn, shelf.model.fingerprint, pairs)
        shelf.semantic.chroma.release()


def _field(name: str) -> Ablation:
    weights = tuple(0.0 if field == name else weight for field, weight in FIELDS.items())
    return Ablation(f"the field {name}", ((scoring, "_WEIGHTS", weights),))


ABLATIONS = (
    Ablation("kin of the query's words", ((scoring, "KIN", 0.0),)),
    Ablation("names of callers", ((calls, "MOST_CALLERS", -1),)),
    Ablation("names of values", ((product, "values", lambda conn, query: {}),)),
    Ablation("words (meaning alone)", ((relevance, "HYBRID", replace(relevance.HYBRID, words=0.0)),)),
    Ablation("the code's half of the vector", part=0),
    Ablation("the structure's half of the vector", part=1),
    *map(_field, FIELDS),
    Ablation("weights of fields", ((scoring, "_WEIGHTS", (1.0,) * len(FIELDS)),)),
    Ablation("regard for length", ((scoring, "LENGTH", 0.0),)),
    Ablation("rows that lack the rarest words", ((lexical, "POSTINGS", 0),)),
    Ablation("names met exactly", ((ranking, "EXACT", 0.0),)),
    Ablation("quality and success rate", ((ranking, "PRIOR", 0.0),)),
)
