"""The optional reranker in this process: for one-shot searches, and to have it made ready."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.api.library import PatternLibrary
from tui_patterns.embedding.errors import EmbeddingError
from tui_patterns.models import SearchResult
from tui_patterns.search.parameters import RERANKED
from tui_patterns.search.reranking import applies, reranked, score
from tui_patterns.settings import cache_dir

if TYPE_CHECKING:
    from tui_patterns.embedding.reranker import Reranker

NOT_READY = "the reranker is not converted yet: `patterns-tui index` does it; found without it"


def rerank(library: PatternLibrary, result: SearchResult) -> tuple[SearchResult, str | None]:
    """``result`` as the reranker that is set orders its best hits; else as it is, with one line on why.

    Nothing is said where none is set, or where it does not apply (see ``search.reranking``).
    """
    settings = library.settings
    if not settings.search.reranker or len(result.hits) < 2 or not applies(result.query):
        return result, None
    try:
        reranker = _ready(settings.search.reranker, settings.embedding.precision, settings.embedding.threads)
    except EmbeddingError as error:
        return result, str(error)
    except Exception as error:  # a torn conversion: the engine and ``index`` make it again
        return (
            result,
            f"the reranker cannot be loaded ({type(error).__name__}): `patterns-tui index` mends it",
        )
    if reranker is None:
        return result, NOT_READY
    ids = [hit.pattern.id for hit in result.hits[:RERANKED]]
    with library.connections.lend() as conn:
        scores = score(conn, reranker, result.query, ids)
    return reranked(result, scores, settings.search.min_relevance), None


def prepare_reranker(library: PatternLibrary, on_progress: Callable[[str], None]) -> str | None:
    """Convert the reranker that is set, if it was not yet; one line on why not, ``None`` if all is well."""
    from tui_patterns.embedding.reranker import load_reranker

    settings = library.settings
    if not settings.search.reranker:
        return None
    chosen = settings.embedding
    try:
        load_reranker(settings.search.reranker, chosen.precision, chosen.threads, cache_dir(), on_progress)
    except EmbeddingError as error:
        return str(error)
    return None


def _ready(name: str, precision: str, threads: int) -> Reranker | None:
    from tui_patterns.embedding.reranker import find_reranker

    folder = find_reranker(name, precision, cache_dir())
    return None if folder is None else _load(folder, threads)


@lru_cache(maxsize=1)
def _load(folder: Path, threads: int) -> Reranker:
    from tui_patterns.embedding.reranker import Reranker

    return Reranker(folder, threads)
