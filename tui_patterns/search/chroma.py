"""The Chroma collection of one model's vectors: embedded in a folder, or on a server.

Only the holder of the index lock may open the folder: Chroma's persistent client
is not safe for several processes. Nothing is ever downloaded: vectors are always
given, and no embedding function is set.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from tui_patterns.models import IndexKind
from tui_patterns.search.chroma_client import collection, embedded, server
from tui_patterns.search.chroma_folder import (
    ChromaDamaged,
    ChromaUnavailable,
    CrashGuard,
    collection_name,
    faults,
    set_aside,
)
from tui_patterns.search.vectors import Match

__all__ = ["ChromaDamaged", "ChromaIndex", "ChromaUnavailable", "open_or_rebuild"]
_PAGE = 10_000
_MOST_IDS = 5_000


def open_or_rebuild(
    path: Path, fingerprint: str, dimension: int, url: str = "", headers: Mapping[str, str] | None = None
) -> ChromaIndex:
    """An index that answers: a folder that is damaged, or crashed two processes, is set aside first.

    ``.rebuilt`` then says so; its ``key`` is new, so that everything counts as
    not synced. Raises ``ChromaUnavailable``.
    """
    if url:
        return ChromaIndex(path, fingerprint, dimension, url, headers)
    guards = [CrashGuard(path, step) for step in ("opening", "writing")]
    crashed = any(guard.tripped for guard in guards)
    if not crashed:
        try:
            return ChromaIndex(path, fingerprint, dimension)
        except ChromaDamaged:
            pass
    with faults("set a damaged folder aside"):
        set_aside(path)
    for guard in guards:
        guard.clear()
    try:
        index = ChromaIndex(path, fingerprint, dimension)
    except ChromaDamaged as error:  # a fresh folder: not its fault
        raise ChromaUnavailable(str(error)) from error
    index.rebuilt = True
    return index


class ChromaIndex:
    """One collection in cosine space; its ids are patterns' ids.

    Every method but ``close`` raises ``ChromaDamaged`` or ``ChromaUnavailable``.
    """

    def __init__(
        self,
        path: Path,
        fingerprint: str,
        dimension: int,
        url: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Open (made if absent) and try out: a collection that cannot count and answer counts as damaged."""
        self.rebuilt = False
        self.name = collection_name(fingerprint)
        self.dimension = dimension
        self._url = url
        self._writing = contextlib.nullcontext if url else CrashGuard(path, "writing").step
        opening = contextlib.nullcontext if url else CrashGuard(path, "opening").step
        with opening(), self._faults("open its collection"):
            self._client = server(url, headers) if url else embedded(path)
            try:
                self._collection = collection(self._client, self.name, dimension)
                self.count()
                self.query(np.full(dimension, dimension**-0.5, np.float32), 1)
            except BaseException:
                self.close()
                raise

    @property
    def kind(self) -> IndexKind:
        """Always ``chroma``."""
        return "chroma"

    @property
    def key(self) -> str:
        """Names this very collection: another, later made under the same name, has another key."""
        return f"{self.name}:{(self._collection.metadata or {}).get('nonce', '')}"

    def upsert(
        self, ids: Sequence[str], vectors: np.ndarray, metadatas: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        """Add or replace vectors, ``[len(ids), dimension]`` float32; durable when it returns."""
        most = int(self._client.get_max_batch_size())
        for start in range(0, len(ids), most):
            part = slice(start, start + most)
            given = [dict(one) for one in metadatas[part]] if metadatas else None
            with self._writing(), self._faults("store vectors"):
                self._collection.upsert(
                    ids=list(ids[part]), embeddings=np.asarray(vectors[part], np.float32), metadatas=given
                )

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; ids that are not there are passed over."""
        for part in _parts(ids, _MOST_IDS):
            with self._writing(), self._faults("remove vectors"):
                self._collection.delete(ids=part)

    def query(self, vector: np.ndarray, limit: int, allowed: Collection[str] | None = None) -> list[Match]:
        """As ``VectorIndex.query``."""
        if limit <= 0 or (allowed is not None and not allowed):
            return []
        if allowed is None:
            return self._query(vector, limit, None)
        try:
            return self._query(vector, limit, list(allowed))
        except (ChromaDamaged, ChromaUnavailable):
            # Embedded Chroma fails on an id that it does not hold; what is not synced yet is no damage.
            held = self._held(allowed)
            return self._query(vector, limit, held) if held else []

    def count(self) -> int:
        """How many vectors it holds."""
        with self._faults("count"):
            return int(self._collection.count())

    def ids(self) -> list[str]:
        """All ids it holds."""
        found: list[str] = []
        with self._faults("list ids"):
            while page := self._collection.get(include=[], limit=_PAGE, offset=len(found))["ids"]:
                found += page
        return found

    def drop_others(self) -> None:
        """Remove embedded collections of other models; on a server they may be someone else's."""
        if self._url:
            return
        with self._writing(), self._faults("remove other models' vectors"):
            for other in self._client.list_collections():
                if other.name != self.name:
                    self._client.delete_collection(other.name)

    def close(self) -> None:
        """Let go of the folder or the connection. Never raises."""
        with contextlib.suppress(Exception, ChromaDamaged), faults("close"):
            self._client.close()

    def _query(self, vector: np.ndarray, limit: int, allowed: list[str] | None) -> list[Match]:
        with self._faults("search"):
            answer = self._collection.query(
                query_embeddings=[np.asarray(vector, np.float32)],
                n_results=limit,
                ids=allowed,
                include=["distances"],
            )
            return [
                (found, 1.0 - distance)
                for found, distance in zip(answer["ids"][0], answer["distances"][0], strict=True)
            ]

    def _held(self, ids: Collection[str]) -> list[str]:
        held: list[str] = []
        for part in _parts(ids, _MOST_IDS):
            with self._faults("list ids"):
                held += self._collection.get(ids=part, include=[])["ids"]
        return held

    @contextlib.contextmanager
    def _faults(self, action: str) -> Iterator[None]:
        """On a server every fault is the server's: there is no folder to set aside."""
        try:
            with faults(action):
                yield
        except ChromaDamaged as error:
            if self._url:
                raise ChromaUnavailable(str(error)) from error
            raise


def _parts(items: Collection[str], size: int) -> Iterator[list[str]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
