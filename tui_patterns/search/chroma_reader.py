"""One search in the embedded Chroma folder, from a process that lives for that search alone.

Importing chromadb takes 0.5 to 1.3 s, its native part alone 20 ms; so this calls
the native part as ``chromadb/api/rust.py`` does. That shape is no promise of
Chroma's: it is used only with versions that it was checked with.
"""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_patterns.models import IndexKind
from tui_patterns.search.chroma_folder import (
    ChromaDamaged,
    ChromaUnavailable,
    CrashGuard,
    collection_name,
    faults,
)
from tui_patterns.search.vectors import Match

if TYPE_CHECKING:
    import numpy as np

CHECKED = ("1.5.9",)
_TENANT, _DATABASE = "default_tenant", "default_database"
_OPEN_INDEXES = 4


class ChromaReader:
    """Reads one collection; only while its process holds the index lock.

    Raises ``ChromaUnavailable`` whenever Chroma is not surely right to ask, and
    ``ChromaDamaged`` if the folder is broken: the caller then scans exactly.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        """Open ``path`` without changing anything in it."""
        _check_version()
        self._guard = CrashGuard(path)
        if self._guard.deaths:
            raise ChromaUnavailable("the last process that used the Chroma folder died in it")
        if not (path / "chroma.sqlite3").is_file():
            raise ChromaUnavailable(f"there is no Chroma folder at {path}")
        with self._guard.step("opening"), faults("open its folder"):
            self._native = _open(path)
            self._collection = self._find(collection_name(fingerprint))

    @property
    def kind(self) -> IndexKind:
        """Always ``chroma``."""
        return "chroma"

    @property
    def key(self) -> str:
        """As ``ChromaIndex.key``."""
        return f"{self._collection.name}:{(self._collection.metadata or {}).get('nonce', '')}"

    def query(self, vector: np.ndarray, limit: int, allowed: Collection[str] | None = None) -> list[Match]:
        """As ``VectorIndex.query``."""
        if limit <= 0 or (allowed is not None and not allowed):
            return []
        if allowed is None:
            return self._query(vector, limit, None)
        try:
            return self._query(vector, limit, list(allowed))
        except ChromaDamaged:  # as in ``ChromaIndex.query``: an id that it does not hold is no damage
            held = self._held(list(allowed))
            return self._query(vector, limit, held) if held else []

    def count(self) -> int:
        """How many vectors the collection holds."""
        with self._guard.step("asking"), faults("count"):
            return int(self._native.count(str(self._collection.id), _TENANT, _DATABASE))

    def close(self) -> None:
        """Let go of the folder."""
        self._native = None

    def _query(self, vector: np.ndarray, limit: int, ids: list[str] | None) -> list[Match]:
        with self._guard.step("asking"), faults("search"):
            answer = self._native.query(
                str(self._collection.id),
                ids,
                [vector.tolist()],
                limit,
                None,
                None,
                ["distances"],
                _TENANT,
                _DATABASE,
            )
            return [
                (found, 1.0 - float(distance))
                for found, distance in zip(answer.ids[0], answer.distances[0], strict=True)
            ]

    def _held(self, ids: list[str]) -> list[str]:
        with self._guard.step("asking"), faults("list ids"):
            answer = self._native.get(
                str(self._collection.id), ids, None, None, 0, None, [], _TENANT, _DATABASE
            )
            return list(answer.ids)

    def _find(self, name: str) -> Any:
        try:
            return self._native.get_collection(name, _TENANT, _DATABASE)
        except Exception as error:
            if type(error).__name__ == "NotFoundError":
                raise ChromaUnavailable(f"Chroma holds no collection {name} yet") from error
            raise


def _check_version() -> None:
    """Raise unless the installed chromadb is a checked one; its .dist-info tells, at a tenth of the price."""
    spec = find_spec("chromadb")
    if spec is None or spec.origin is None:
        raise ChromaUnavailable("chromadb is not installed")
    site = Path(spec.origin).parent.parent
    if not any((site / f"chromadb-{version}.dist-info").is_dir() for version in CHECKED):
        raise ChromaUnavailable(f"direct reading is checked with chromadb {', '.join(CHECKED)} only")


def _open(path: Path) -> Any:
    native = import_module("chromadb_rust_bindings")
    # "Validate" instead of "Apply": a reader migrates nothing.
    config = native.SqliteDBConfig(
        hash_type=native.MigrationHash.MD5,
        migration_mode=native.MigrationMode.Validate,
        url=str(path / "chroma.sqlite3"),
    )
    return native.Bindings(
        allow_reset=False, sqlite_db_config=config, persist_path=str(path), hnsw_cache_size=_OPEN_INDEXES
    )
