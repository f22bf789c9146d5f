"""A library made of chosen units, through the same doors as any: extraction, ingest, embedding, Chroma.

Vectors are remembered by text between runs, so that a second run takes seconds.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np

from benchmarks.places import cache_folder
from tui_patterns.embedding.model import EmbeddingModel, Role, load_model
from tui_patterns.engine.ingest import Arrival, Ingest
from tui_patterns.engine.semantic import Semantic
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Filters, SearchResult, SemanticRows, Unit
from tui_patterns.search import searcher
from tui_patterns.search.files import FileHit, by_file
from tui_patterns.search.parameters import FILE_POOL
from tui_patterns.search.values import values
from tui_patterns.settings import Settings, cache_dir
from tui_patterns.store import projects
from tui_patterns.store.sqlite import connect

BATCH = 256


class Remembering:
    """The default model, which embeds no text twice."""

    def __init__(self, file: Path) -> None:
        chosen = Settings().embedding
        self.model = load_model(
            chosen.model, chosen.precision, chosen.max_tokens, chosen.threads, cache_dir()
        )
        self.fingerprint, self.dimension = self.model.fingerprint, self.model.dimension
        file.parent.mkdir(parents=True, exist_ok=True)
        self._kept = sqlite3.connect(file)
        self._kept.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, vector BLOB NOT NULL)")

    def embed(self, texts: Sequence[str], batch_size: int = 32, role: Role = "document") -> np.ndarray:
        """As ``EmbeddingModel.embed``."""
        keys = [self._key(text, role) for text in texts]
        known = {key: vector for key in dict.fromkeys(keys) if (vector := self._look(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            rows = self.model.embed(list(missing.values()), batch_size, role)
            known.update(zip(missing, rows, strict=True))
            with self._kept:
                self._kept.executemany(
                    "INSERT OR REPLACE INTO kept VALUES (?, ?)",
                    [(key, known[key].tobytes()) for key in missing],
                )
        return np.stack([known[key] for key in keys]) if keys else np.zeros((0, self.dimension), np.float32)

    def _key(self, text: str, role: Role) -> str:
        body = text.encode("utf-8", "replace")
        return f"{self.fingerprint}:{role}:{hashlib.sha256(body).hexdigest()}"

    def _look(self, key: str) -> np.ndarray | None:
        row = self._kept.execute("SELECT vector FROM kept WHERE key = ?", (key,)).fetchone()
        return np.frombuffer(row[0], np.float32) if row else None


def remembering() -> Remembering:
    """The model with its memory beside the virtual environment."""
    return Remembering(cache_folder() / "retrieval" / "vectors.db")


class Shelf:
    """A library in ``folder``, and the product's search over it."""

    def __init__(self, folder: Path, model: Remembering) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.conn = connect(folder / "patterns.db", durable=False)
        self.model = model
        self.semantic = Semantic(cast(EmbeddingModel, model), Settings(), folder)

    def put(self, root: Path, sources: Mapping[str, bytes], keep: Callable[[Unit], bool]) -> None:
        """Extract these files (by path), and store the units that ``keep`` names, gate or no gate."""
        ingest = Ingest(self.conn, projects.ensure(self.conn, root), root.name)
        arrivals = []
        for path, source in sources.items():
            parsed = extract_source(source, path)
            units = tuple(
                replace(unit, reason=None if keep(unit) else "not asked for") for unit in parsed.units
            )
            arrivals.append(Arrival(replace(parsed, units=units), len(source), 0))
        ingest.apply(arrivals)

    def embed(self, *, chroma: bool) -> None:
        """Vectors for all, in Chroma too if wanted."""
        while self.semantic.embed_batch(self.conn, BATCH):
            pass
        if chroma:
            self.semantic.chroma.sync(self.conn, threading.Event())

    def near(self, query: str) -> SemanticRows:
        """What is near in meaning, as the engine answers."""
        return self.semantic.rows(self.conn, query, FILE_POOL, Filters())

    def search(self, query: str, limit: int, semantic: SemanticRows | None) -> SearchResult:
        """The product's answer."""
        return searcher.search(self.conn, query, limit, semantic=semantic)

    def files(self, query: str, limit: int, semantic: SemanticRows | None) -> list[FileHit]:
        """The product's answer by files."""
        return by_file(self.search(query, limit, semantic).hits, values(self.conn, query))

    def places(self) -> dict[str, list[tuple[str, str, int]]]:
        """(root, path, line) of every place of each pattern, by its id."""
        rows = self.conn.execute(
            """
            SELECT p.uuid, r.root, f.path, s.line FROM sites s JOIN patterns p ON p.id = s.pattern_id
            JOIN files f ON f.id = s.file_id JOIN projects r ON r.id = p.project_id
            ORDER BY p.id, (p.path = f.path AND p.line = s.line) DESC, f.path, s.line
            """
        )
        found: dict[str, list[tuple[str, str, int]]] = {}
        for uuid, root, path, line in rows:
            found.setdefault(uuid, []).append((root, path, line))
        return found

    def close(self) -> None:
        """Let Chroma and the database go."""
        self.semantic.chroma.release()
        self.conn.close()


def without_docstrings(source: str, spans: Iterable[tuple[int, int]]) -> str:
    """``source`` with these lines (from 1, both ends included) emptied: no other line moves."""
    lines = source.split("\n")
    for start, end in spans:
        lines[start - 1 : end] = [""] * (end - start + 1)
    return "\n".join(lines)
