"""Search by example: what a text is decides what it is compared by."""

from __future__ import annotations

from tui_patterns.api.library import PatternLibrary
from tui_patterns.models import Hit
from tui_patterns.search import contract
from tui_patterns.search.query import read


def search_example(library: PatternLibrary, text: str, limit: int = 10) -> list[Hit]:
    """Patterns for code, an error's text or a contract (JSON or YAML), best first.

    What is none of these is searched for as code: a single line may be all there is of it.
    """
    kind = read(text).kind
    if kind == "error":
        return library.search_error(text, limit)
    said = contract.said(text) if kind != "code" else None
    if said is not None:
        return list(library.search(said, limit, semantic=library.search_semantic(said)).hits)
    return library.search_code(text, limit)
