"""The vector of an example: what stands in its place among the patterns, or asks for them."""

from __future__ import annotations

import re
import sqlite3
from textwrap import dedent
from typing import TYPE_CHECKING

from tui_patterns.models import Example
from tui_patterns.search.query import of_error
from tui_patterns.store import patterns, vectors

if TYPE_CHECKING:
    import numpy as np

    from tui_patterns.engine.semantic import Semantic

_DEFINITION = re.compile(r"^\s*(?:async\s+def|def|class)\s", re.MULTILINE)
_MOST_PARSED = 100_000  # characters: more is no example of anything


def vector_of(conn: sqlite3.Connection, semantic: Semantic, example: Example) -> np.ndarray:
    """float32 ``[dimension]`` of length 1: of a pattern the stored one, of code as a pattern's would be.

    An error and words are embedded as any question is.
    """
    if example.kind == "pattern":
        stored = _stored(conn, semantic.fingerprint, example.pattern or "")
        return semantic.embed_example(document(example.text)) if stored is None else stored
    if example.kind == "code":
        return semantic.embed_example(document(example.text))
    asked = of_error(example.text).meaning if example.kind == "error" else example.text
    return semantic.embed_query(asked)


def _stored(conn: sqlite3.Connection, fingerprint: str, id: str) -> np.ndarray | None:
    import numpy as np

    row_id = patterns.row_ids(conn, [id]).get(id, -1)
    blob = vectors.of_rows(conn, fingerprint, [row_id]).get(row_id)
    return None if blob is None else np.frombuffer(blob, dtype="<f4")


def document(code: str) -> str:
    """The document of the largest definition in ``code``; the text itself where there is no whole one."""
    if len(code) > _MOST_PARSED or not _DEFINITION.search(code):
        return code[:_MOST_PARSED]
    from tui_patterns.embedding.document import embedding_text
    from tui_patterns.extraction.python import extract_source

    units = extract_source(dedent(code).encode("utf-8", "replace"), "").units
    largest = max(units, key=lambda unit: unit.end_line - unit.line, default=None)
    return embedding_text(largest) if largest is not None else code
