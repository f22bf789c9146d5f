"""The model that answers while another one, which the settings name now, has not caught up."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from tui_patterns.embedding.errors import ModelMissing
from tui_patterns.embedding.fingerprint import converted_in, fingerprint, models_dir
from tui_patterns.embedding.locate import resolve_model
from tui_patterns.embedding.model import EmbeddingModel
from tui_patterns.settings import Settings
from tui_patterns.store import embedding, vectors

logger = logging.getLogger(__name__)


def former_model(
    conn: sqlite3.Connection, settings: Settings, cache_dir: Path, *, low_priority: bool = False
) -> EmbeddingModel | None:
    """The model whose vectors are complete, if the settings name another one; ``None`` if they name it."""
    folder = former_folder(conn, settings, cache_dir)
    if folder is None:
        return None
    try:
        return EmbeddingModel(folder, settings.embedding.threads, low_priority=low_priority)
    except Exception:  # whatever ails it: the new one is on its way
        logger.exception("the former model in %s could not be loaded", folder)
        return None


def former_folder(conn: sqlite3.Connection, settings: Settings, cache_dir: Path) -> Path | None:
    """Where its converted form is; ``None`` too where that is gone.

    Converts nothing, and costs a look into one row where nothing has changed.
    """
    wanted = _wanted(settings, cache_dir)
    known = embedding.complete_model(conn) or _only_other(conn, wanted)
    return converted_in(models_dir(cache_dir) / known) if known and known != wanted else None


def _wanted(settings: Settings, cache_dir: Path) -> str:
    chosen = settings.embedding
    try:
        return fingerprint(resolve_model(chosen.model), chosen.precision, chosen.max_tokens, cache_dir)
    except ModelMissing:
        return ""


def _only_other(conn: sqlite3.Connection, wanted: str) -> str | None:
    """Where nobody has noted a complete model yet: the one that there are vectors of."""
    found = vectors.models(conn)
    return found[0] if found and wanted not in found else None
