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
from tui_patterns.models import Example, Filters, Hit, Pattern, SemanticRows
from tui_patterns.search.clauses import clauses
from tui_patterns.search.parameters import POOL
from tui_patterns.settings import Settings, cache_dir
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


def prompt_rows(library: Searching, prompt: str, *, catch_up: bool = True) -> tuple[SemanticRows, ...] | None:
    """What is near each clause of a prompt (``search.clauses``), in one batch; else as ``semantic_rows``."""
    asked = [one.query.meaning for one in clauses(prompt)]
    semantic, _ = open_semantic(library, convert=False) if asked else (None, None)
    if semantic is None:
        return None
    with library.connections.lend() as conn:
        if catch_up:
            _catch_up(conn, semantic, library.settings.embedding.batch_size)
        return tuple(semantic.near(conn, semantic.embed_queries(asked), POOL, Filters()))


def _catch_up(conn: sqlite3.Connection, semantic: Semantic, batch: int) -> None:
    """Embed the little that is missing; much of it is for the engine or ``index``, and a pause is a pause."""
    if paused(conn):
        return
    for _ in range(max(1, CATCH_UP // batch)):
        if not semantic.embed_batch(conn, batch):
            return


def example_rows(library: Searching, example: Example, filters: Filters) -> SemanticRows | None:
    """What is near ``example``; ``None`` without a model that is ready."""
    from tui_patterns.engine.examples import vector_of

    semantic, _ = open_semantic(library, convert=False) if example.text.strip() else (None, None)
    if semantic is None:
        return None
    with library.connections.lend() as conn:
        _catch_up(conn, semantic, library.settings.embedding.batch_size)
        return semantic.near(conn, [vector_of(conn, semantic, example)], POOL, filters)[0]


def similar(library: Searching, pattern: Pattern, limit: int) -> list[Hit]:
    """Patterns like this one, best first, without it: by its stored vector and the words of its code."""
    return _found(library, Example(pattern.code, "pattern", pattern.id), limit)


def like_code(library: Searching, code: str, limit: int) -> list[Hit]:
    """Patterns like a piece of code, best first; of several definitions in it the largest counts."""
    return _found(library, Example(code), limit)


def like_error(library: Searching, text: str, limit: int) -> list[Hit]:
    """Patterns that have to do with a traceback or an error's message, best first."""
    return _found(library, Example(text, "error"), limit)


def _found(library: Searching, example: Example, limit: int) -> list[Hit]:
    from tui_patterns.api.examples import Examples

    rows = example_rows(library, example, Filters())
    return list(Examples(library).like(example, limit, semantic=rows).hits)
