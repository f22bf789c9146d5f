"""The Chroma collection of one model's vectors: embedded in a folder, or on a server.

Only the holder of the index lock may open the folder: Chroma's persistent client
is not safe for several processes. Nothing is ever downloaded: vectors are always
given, and no embedding function is set.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from tui_patterns.models import IndexKind
from tui_patterns.search.chroma_client import SUCCESSOR, collection, embedded, loaded, made, server
from tui_patterns.search.chroma_filter import fetched_wide
from tui_patterns.search.chroma_folder import (
    ChromaDamaged,
    ChromaUnavailable,
    CrashGuard,
    collection_name,
    faults,
    set_aside,
)
from tui_patterns.search.vectors import Match

__all__ = ["ChromaDamaged", "ChromaIndex", "ChromaUnavailable", "open_or_rebuild", "rebuild"]
_PAGE = 10_000
_MOST_IDS = 5_000
# Chroma holds the interpreter lock while it stores a batch: at most about a tenth of a second.
_MOST_VECTORS = 200
_SAME = 0.999


def open_or_rebuild(
    path: Path,
    fingerprint: str,
    dimension: int,
    url: str = "",
    headers: Mapping[str, str] | None = None,
    deadline_s: float | None = None,
) -> ChromaIndex:
    """An index that answers: a folder that is damaged, or took two processes with it, is set aside first.

    ``.rebuilt`` then says so; its ``key`` is new, so that everything counts as
    not synced. ``deadline_s`` is as in ``CrashGuard``. Raises ``ChromaUnavailable``.
    """
    if url:
        return ChromaIndex(path, fingerprint, dimension, url, headers)
    guard = CrashGuard(path, deadline_s)
    if not guard.tripped:
        with contextlib.suppress(ChromaDamaged):
            return ChromaIndex(path, fingerprint, dimension, guard=guard)
    return rebuild(path, fingerprint, dimension, deadline_s)


def rebuild(path: Path, fingerprint: str, dimension: int, deadline_s: float | None = None) -> ChromaIndex:
    """An empty index in a fresh folder, the old one set aside; for an index that proved damaged in use.

    Close that one first. ``.rebuilt`` is true. Raises ``ChromaUnavailable``.
    """
    guard = CrashGuard(path, deadline_s)
    try:
        with faults("set a damaged folder aside"):
            set_aside(path)
        guard.clear()
        index = ChromaIndex(path, fingerprint, dimension, guard=guard)
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
        guard: CrashGuard | None = None,
    ) -> None:
        """Open (made if absent) and try out: a collection that cannot count and answer counts as damaged."""
        self.rebuilt = False
        self._total = 0  # about so many: what is replaced counts twice until somebody counts
        self.name = collection_name(fingerprint)
        self.dimension = dimension
        self._url = url
        self._guard = CrashGuard(None) if url else guard or CrashGuard(path)
        loaded()  # not inside: whoever dies here did not die of the folder
        with self._inside("opening", "open its collection"):
            self._client = server(url, headers) if url else embedded(path)
            try:
                self._collection = collection(self._client, self.name, dimension)
                self._total = int(self._collection.count())
                self._nearest(np.full(dimension, dimension**-0.5, np.float32), 1, None)
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
        most = min(_MOST_VECTORS, int(self._client.get_max_batch_size()))
        for start in range(0, len(ids), most):
            part = slice(start, start + most)
            given = [dict(one) for one in metadatas[part]] if metadatas else None
            with self._inside("writing", "store vectors"):
                self._collection.upsert(
                    ids=list(ids[part]), embeddings=np.asarray(vectors[part], np.float32), metadatas=given
                )

        self._total += len(ids)

    def delete(self, ids: Sequence[str]) -> None:
        """Remove vectors; ids that are not there are passed over."""
        for part in _parts(ids, _MOST_IDS):
            with self._inside("writing", "remove vectors"):
                self._collection.delete(ids=part)

    def query(self, vector: np.ndarray, limit: int, allowed: Collection[str] | None = None) -> list[Match]:
        """As ``VectorIndex.query``."""
        if limit <= 0 or (allowed is not None and not allowed):
            return []
        if allowed is None:
            return self._query(vector, limit, None)
        wide = fetched_wide(lambda count: self._query(vector, count, None), limit, allowed, self._total)
        if wide is not None:
            return wide
        try:
            return self._query(vector, limit, list(allowed))
        except (ChromaDamaged, ChromaUnavailable):
            # Embedded Chroma fails on an id that it does not hold; what is not synced yet is no damage.
            held = self._held(allowed)
            return self._query(vector, limit, held) if held else []

    def count(self) -> int:
        """How many vectors it holds."""
        with self._inside("asking", "count"):
            self._total = int(self._collection.count())
        return self._total

    def ids(self) -> list[str]:
        """All ids it holds."""
        found: list[str] = []
        with self._inside("asking", "list ids"):
            while page := self._collection.get(include=[], limit=_PAGE, offset=len(found))["ids"]:
                found += page
        return found

    def lost(self, vectors: np.ndarray) -> list[int]:
        """Rows of ``vectors`` (stored ones, ``[n, dimension]``) that the index no longer finds: damage.

        Torn files can pass every other test: Chroma keeps no checksums.
        """
        return [row for row, vector in enumerate(vectors) if not self._finds(vector)]

    def drop_others(self) -> None:
        """Remove embedded collections of other models; on a server they may be someone else's."""
        if self._url:
            return
        with self._inside("writing", "remove other models' vectors"):
            for other in self._client.list_collections():
                if not other.name.startswith(self.name):
                    self._client.delete_collection(other.name)

    def successor(self) -> ChromaIndex:
        """An empty collection beside this one, to be filled and then to take its place."""
        other = copy.copy(self)
        with self._inside("writing", "begin a new collection"):
            name = self.name + SUCCESSOR
            if any(each.name == name for each in self._client.list_collections()):
                self._client.delete_collection(name)  # a process ended while it filled it
            other._collection = made(self._client, name, self.dimension)
        other._total = 0
        return other

    def take_place(self) -> None:
        """Become the collection that this one succeeds, which is deleted; ``key`` stays."""
        with self._inside("writing", "put a new collection in its place"):
            self._client.delete_collection(self.name)
            self._collection.modify(name=self.name)

    def close(self) -> None:
        """Let go of the folder or the connection. Never raises."""
        with contextlib.suppress(Exception, ChromaDamaged), faults("close"):
            self._client.close()

    def _query(self, vector: np.ndarray, limit: int, allowed: list[str] | None) -> list[Match]:
        with self._inside("asking", "search"):
            return self._nearest(vector, limit, allowed)

    def _nearest(self, vector: np.ndarray, limit: int, allowed: list[str] | None) -> list[Match]:
        answer = self._collection.query(
            query_embeddings=[np.asarray(vector, np.float32)],
            n_results=limit,
            ids=allowed,
            include=["distances"],
        )
        found = zip(answer["ids"][0], answer["distances"][0], strict=True)
        return [(pattern_id, 1.0 - distance) for pattern_id, distance in found]

    def _finds(self, vector: np.ndarray) -> bool:
        nearest = self.query(vector, 1)
        return bool(nearest) and nearest[0][1] > _SAME

    def _held(self, ids: Collection[str]) -> list[str]:
        held: list[str] = []
        for part in _parts(ids, _MOST_IDS):
            with self._inside("asking", "list ids"):
                held += self._collection.get(ids=part, include=[])["ids"]
        return held

    @contextlib.contextmanager
    def _inside(self, step: str, action: str) -> Iterator[None]:
        """One guarded call. On a server every fault is the server's: there is no folder to set aside."""
        try:
            with self._guard.step(step), faults(action):
                yield
        except ChromaDamaged as error:
            if self._url:
                raise ChromaUnavailable(str(error)) from error
            raise


def _parts(items: Collection[str], size: int) -> Iterator[list[str]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
