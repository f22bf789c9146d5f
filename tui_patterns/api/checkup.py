"""What works here and what does not: the checks behind ``patterns-tui doctor``."""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tui_patterns import __version__
from tui_patterns.api.library import PatternLibrary
from tui_patterns.store import patterns, vectors
from tui_patterns.store.database_file import integrity
from tui_patterns.store.errors import StoreError

LEAST_FREE = 500 * 1024 * 1024
PACKAGES = ("textual", "chromadb", "astroid", "onnxruntime", "sentence-transformers", "watchdog", "ruff")


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at: ``ok`` is ``None`` where it is neither good nor broken."""

    name: str
    ok: bool | None
    detail: str


def doctor(library: PatternLibrary) -> list[Check]:
    """Look at everything that patterns-tui stands on; changes nothing and fetches nothing."""
    checks: tuple[Callable[[PatternLibrary], Check], ...] = (
        _versions,
        _disk,
        _database,
        _model,
        _reranker,
        _chroma,
        _lock,
        _watches,
        _clipboard,
        _languages,
    )
    return [_guarded(check, library) for check in checks]


def _guarded(check: Callable[[PatternLibrary], Check], library: PatternLibrary) -> Check:
    try:
        return check(library)
    except Exception as error:
        return Check(check.__name__.strip("_"), False, f"could not be checked: {error}")


def _versions(library: PatternLibrary) -> Check:
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            return Check("versions", False, f"{package} is not installed: install patterns-tui again")
    python = platform.python_version()
    return Check("versions", True, f"patterns-tui {__version__}, Python {python}, {', '.join(found)}")


def _disk(library: PatternLibrary) -> Check:
    folder = library.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Check("disk", free >= LEAST_FREE, f"{free / 2**30:.1f} GiB free at {library.data_dir}")


def _database(library: PatternLibrary) -> Check:
    if not library.path.exists():
        return Check("database", None, f"{library.path} is not there yet: the first index makes it")
    try:
        with library.connections.lend() as conn:
            state, count = integrity(conn), patterns.count(conn)
    except StoreError as error:
        return Check("database", False, str(error))
    if state != "ok":
        return Check("database", False, f"{library.path} is damaged ({state}): `patterns-tui restore`")
    return Check("database", True, f"{library.path}: {count} patterns, SQLite {sqlite3.sqlite_version}")


def _model(library: PatternLibrary) -> Check:
    from tui_patterns.embedding.errors import EmbeddingError
    from tui_patterns.embedding.fingerprint import find_converted
    from tui_patterns.embedding.locate import resolve_model
    from tui_patterns.settings import cache_dir

    chosen = library.settings.embedding
    try:
        resolve_model(chosen.model)
    except EmbeddingError as error:
        return Check("model", False, str(error))
    converted = find_converted(chosen.model, chosen.precision, chosen.max_tokens, cache_dir())
    if converted is None:
        return Check("model", None, f"{chosen.model} is there, to be converted by the first index")
    return Check("model", True, f"{chosen.model}, {chosen.precision}, converted: {converted}")


def _reranker(library: PatternLibrary) -> Check:
    from tui_patterns.embedding.errors import EmbeddingError
    from tui_patterns.embedding.reranker import find_reranker
    from tui_patterns.settings import cache_dir

    name = library.settings.search.reranker
    if not name:
        return Check("reranker", None, "none is set (search.reranker)")
    try:
        converted = find_reranker(name, library.settings.embedding.precision, cache_dir())
    except EmbeddingError as error:
        return Check("reranker", False, str(error))
    if converted is None:
        return Check("reranker", None, f"{name} is there, to be converted by the first index")
    return Check("reranker", True, f"{name}, converted: {converted}")


def _chroma(library: PatternLibrary) -> Check:
    from tui_patterns.api.meaning import open_semantic
    from tui_patterns.store.synced import synced_total

    if not library.path.exists():
        return Check("Chroma", None, "nothing indexed yet")
    semantic, reason = open_semantic(library, convert=False)
    if semantic is None:
        return Check("Chroma", None, reason or "no model")
    with library.connections.lend() as conn:
        embedded, total = vectors.share(conn, semantic.fingerprint)
        synced = synced_total(conn)
        broken = semantic.look(conn)
    if broken:
        return Check("Chroma", None, broken)
    where = library.settings.index.chroma or str(library.data_dir / "chroma")
    in_step = synced >= embedded == total
    return Check(
        "Chroma", True if in_step else None, f"{total} patterns, {embedded} embedded, {synced} in {where}"
    )


def _lock(library: PatternLibrary) -> Check:
    from tui_patterns.engine.lock import holder

    found = holder(library.data_dir)
    if found is None:
        return Check("index lock", True, "free: whoever starts next indexes")
    return Check("index lock", True, f"held by process {found['pid']} ({found['purpose']})")


def _watches(library: PatternLibrary) -> Check:
    limit = Path("/proc/sys/fs/inotify/max_user_watches")
    if library.settings.watch.polling == "always":
        return Check("watches", None, "polling, as the settings say")
    if not limit.exists():
        return Check("watches", True, f"{platform.system()}: the system's own events")
    count = int(limit.read_text())
    return Check("watches", count >= 8192, f"inotify, at most {count} folders (fs.inotify.max_user_watches)")


def _clipboard(library: PatternLibrary) -> Check:
    from tui_patterns.clipboard import detect

    route = detect(mode=library.settings.ui.clipboard)
    sure = route not in ("osc52", "file")
    return Check(
        "clipboard", True if sure else None, route if sure else f"{route}: the terminal never confirms a copy"
    )


def _languages(library: PatternLibrary) -> Check:
    from tui_patterns.settings import unsupported

    lines = unsupported(library.settings)
    return Check("languages", None if lines else True, "; ".join(lines) or "all that the settings name")
