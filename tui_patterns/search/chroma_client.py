"""Opens Chroma without its surprises: no downloads, no telemetry, no ``.env`` of the current folder."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui_patterns.search.chroma_folder import ChromaUnavailable

_TIMEOUT_S = 30.0
_PROBE_S = 5.0
# What Chroma has not written to its vector files it inserts anew at each opening: with its own 1,000,
# a first query at 10,000 vectors takes up to 0.3 s, with 100 it takes 0.07 s, and adding is 15 % slower.
SUCCESSOR = "-next"
# With its own ef of 100 Chroma finds .97 of the 50 nearest of 11,000 on average and .50 at the worst (the
# neighbours of a question lie in small islands of likes); with 400 .995 and .92, in 2.4 ms instead of 1.8.
HNSW: Mapping[str, object] = {
    "space": "cosine",
    "sync_threshold": 100,
    "ef_search": 400,
    "ef_construction": 200,
}


def loaded() -> Any:
    """Chroma's settings; loads chromadb for a second, or many on a busy machine. Raises ChromaUnavailable."""
    try:
        from chromadb.config import Settings

        # Chroma would read a .env file in the current folder, which may be anybody's project.
        return Settings(_env_file=None, anonymized_telemetry=False)
    except Exception as error:  # it also reads the environment at import, and may not like it
        raise ChromaUnavailable(f"chromadb cannot be loaded: {' '.join(str(error).split())[:200]}") from error


def embedded(path: Path) -> Any:
    """A client of the folder, which is made if absent; raises whatever Chroma raises."""
    settings = loaded()
    import chromadb
    from chromadb.api.client import SharedSystemClient

    path.mkdir(parents=True, exist_ok=True)
    try:
        return chromadb.PersistentClient(str(path), settings=settings)
    except BaseException:
        # Chroma keeps a client that failed to start, and would hand it out again for this path.
        SharedSystemClient.clear_system_cache()
        raise


def server(url: str, headers: Mapping[str, str] | None) -> Any:
    """A client of a Chroma server (``headers`` as a proxy may ask for); raises ``ChromaUnavailable``."""
    from urllib.parse import urlsplit

    settings = loaded()
    import chromadb
    import httpx

    parts = urlsplit(url)
    secure = parts.scheme == "https"
    try:
        # The client itself waits for ever.
        httpx.get(f"{url.rstrip('/')}/api/v2/heartbeat", headers=headers, timeout=_PROBE_S).raise_for_status()
    except httpx.HTTPError as error:
        raise ChromaUnavailable(f"no Chroma server answers at {url}: check index.chroma ({error})") from error
    port = parts.port or (443 if secure else 80)
    client = chromadb.HttpClient(
        parts.hostname or "", port, secure, dict(headers or {}) or None, settings=settings
    )
    session = getattr(getattr(client, "_server", None), "_session", None)
    if session is not None:
        session.timeout = _TIMEOUT_S
    return client


def collection(client: Any, name: str, dimension: int) -> Any:
    """The collection as it is, the one that was to take its place, or a new one with a nonce of its own."""
    from chromadb.errors import NotFoundError

    for known in (name, name + SUCCESSOR):
        try:
            found = client.get_collection(known, embedding_function=None)
        except NotFoundError:
            continue
        if known != name:  # the process ended between taking the old one away and renaming this one
            found.modify(name=name)
        return _searched_well(found)
    return made(client, name, dimension)


def _searched_well(found: Any) -> Any:
    """Give one that was made with another ``ef_search`` today's; the rest holds for as long as it lives."""
    if found.configuration["hnsw"]["ef_search"] != HNSW["ef_search"]:
        found.modify(configuration={"hnsw": {"ef_search": HNSW["ef_search"]}})
    return found


def made(client: Any, name: str, dimension: int) -> Any:
    """A new collection, with a nonce of its own."""
    return client.get_or_create_collection(
        name,
        embedding_function=None,
        configuration={"hnsw": dict(HNSW)},
        metadata={"nonce": uuid.uuid4().hex, "dimension": dimension},
    )
