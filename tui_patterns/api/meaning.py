"""Search by meaning in this process: for one-shot commands and for the Python API.

Costs as little as it can: the converted model and ONNX Runtime, Chroma's native
part without its Python, and nothing that is not needed for the one answer.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.api.library.searching import Searching
from tui_patterns.embedding.errors import EmbeddingError
from tui_patterns.models import Filters, Hit, Pattern, SemanticRows
from tui_patterns.search import searcher
from tui_patterns.search.parameters import POOL
from tui_patterns.settings import Settings, cache_dir
from tui_patterns.store import patterns, vectors
from tui_patterns.store.embedding import paused

if TYPE_CHECKING:
    from tui_patterns.embedding.model import EmbeddingModel
    from tui_patterns.engine.semantic import Semantic

CATCH_UP = 256  # documents that a query embeds on its way, rather than answer without them


def open_semantic(
    library: Searching, *, convert: bool, on_progress: Callable[[str], None] | None = None
) -> tuple[Semantic | None, str | None]:
    """Search by meaning over this library, or one line on why not.

    ``convert`` makes the model ready first if it never was, which takes up to a minute.
    """
    from tui_patterns.engine.semantic import Semantic

    try:
        model = _model(library.settings, convert, on_progress) if convert else _ready_model(library)
    except EmbeddingError as error:
        return None, str(error)
    if model is None:
        return None, "the model is not converted yet: `patterns-tui index` does it"
    return Semantic(model, library.settings, library.data_dir), None


def _ready_model(library: Searching) -> EmbeddingModel | None:
    """The model to ask: where the settings name another one, the former until that has caught up."""
    from tui_patterns.engine.former import former_folder

    with library.connections.lend() as conn:
        former = former_folder(conn, library.settings, cache_dir())
    if former is not None:
        with suppress(Exception):  # whatever ails it: the one that the settings name is left
            return _load_from(former, library.settings.embedding.threads)
    return _model(library.settings, convert=False, on_progress=None)


@lru_cache(maxsize=1)
def _load_from(folder: Path, threads: int) -> EmbeddingModel:
    from tui_patterns.embedding.model import EmbeddingModel

    return EmbeddingModel(folder, threads)


def _model(
    settings: Settings, convert: bool, on_progress: Callable[[str], None] | None
) -> EmbeddingModel | None:
    from tui_patterns.embedding.model import find_converted

    chosen = settings.embedding
    if not convert and find_converted(chosen.model, chosen.precision, chosen.max_tokens, cache_dir()) is None:
        return None
    return _load(chosen.model, chosen.precision, chosen.max_tokens, chosen.threads, cache_dir(), on_progress)


@lru_cache(maxsize=2)
def _load(
    name: str,
    precision: str,
    max_tokens: int,
    threads: int,
    cache: Path,
    on_progress: Callable[[str], None] | None,
) -> EmbeddingModel:
    from tui_patterns.embedding.model import load_model

    return load_model(name, precision, max_tokens, threads, cache, on_progress)


def semantic_rows(
    library: Searching, query: str, limit: int, filters: Filters, *, catch_up: bool = True
) -> SemanticRows | None:
    """What is near ``query`` in meaning; ``None`` without a model that is ready.

    ``catch_up`` embeds first the little that is missing, which takes seconds and writes.
    """
    if not query.strip():
        return None
    semantic, _ = open_semantic(library, convert=False)
    if semantic is None:
        return None
    with library.connections.lend() as conn:
        if catch_up:
            _catch_up(conn, semantic, library.settings.embedding.batch_size)
        return semantic.one_shot(conn, query, limit, filters)


def _catch_up(conn: sqlite3.Connection, semantic: Semantic, batch: int) -> None:
    """Embed the little that is missing; much of it is for the engine or ``index``, and a pause is a pause."""
    if paused(conn):
        return
    for _ in range(max(1, CATCH_UP // batch)):
        if not semantic.embed_batch(conn, batch):
            return


def similar(library: Searching, pattern: Pattern, limit: int) -> list[Hit]:
    """Patterns like this one, best first, without it: by its stored vector and the words of its code."""
    semantic, _ = open_semantic(library, convert=False)
    with library.connections.lend() as conn:
        rows = None
        if semantic is not None:
            _catch_up(conn, semantic, library.settings.embedding.batch_size)
            rows = _near_stored(conn, semantic, pattern)
        result = searcher.like(
            conn,
            limit + 1,
            code=pattern.code,
            semantic=rows,
            strength=library.settings.learning.prior_strength,
        )
    return [hit for hit in result.hits if hit.pattern.id != pattern.id][:limit]


def _near_stored(conn: sqlite3.Connection, semantic: Semantic, pattern: Pattern) -> SemanticRows | None:
    import numpy as np

    row_id = patterns.row_ids(conn, [pattern.id])[pattern.id]
    blob = vectors.of_rows(conn, semantic.fingerprint, [row_id]).get(row_id)
    if blob is None:
        return None
    return semantic.near(conn, np.frombuffer(blob, dtype="<f4"), POOL, Filters())


def like_code(library: Searching, code: str, limit: int) -> list[Hit]:
    """Patterns like a piece of code, best first; of several definitions in it the largest counts."""
    semantic, _ = open_semantic(library, convert=False)
    with library.connections.lend() as conn:
        rows = None
        if semantic is not None and code.strip():
            _catch_up(conn, semantic, library.settings.embedding.batch_size)
            rows = semantic.near(conn, semantic.embed_example(_document(code)), POOL, Filters())
        result = searcher.like(
            conn, limit, code=code, semantic=rows, strength=library.settings.learning.prior_strength
        )
    return list(result.hits)


def _document(code: str) -> str:
    """The document of the largest definition in ``code``; the text itself where there is none."""
    from tui_patterns.embedding.document import embedding_text
    from tui_patterns.extraction.python import extract_source

    units = extract_source(code.encode("utf-8", "replace"), "").units
    largest = max(units, key=lambda unit: unit.end_line - unit.line, default=None)
    return embedding_text(largest) if largest is not None else code


def like_error(library: Searching, text: str, limit: int) -> list[Hit]:
    """Patterns that have to do with a traceback or an error's message, best first."""
    from tui_patterns.search.query import of_error

    rows = semantic_rows(library, of_error(text).meaning, POOL, Filters())
    with library.connections.lend() as conn:
        result = searcher.like(
            conn, limit, error=text, semantic=rows, strength=library.settings.learning.prior_strength
        )
    return list(result.hits)
