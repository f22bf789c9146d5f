"""How far embedding is, and having it wait."""

from __future__ import annotations

from dataclasses import dataclass

from tui_patterns.api.library import PatternLibrary
from tui_patterns.embedding.errors import ModelMissing
from tui_patterns.settings import cache_dir
from tui_patterns.store import embedding, status, vectors


@dataclass(frozen=True, slots=True)
class EmbeddingState:
    """How many of all patterns have a vector of ``model``; ``rate`` and ``remaining_s`` while it goes on.

    ``answering`` is false while the vectors of the model before it are what is asked.
    """

    model: str
    precision: str
    patterns: int
    embedded: int
    paused: bool
    answering: bool
    rate: float | None
    remaining_s: float | None


class Embedding:
    """Embedding in the background, whichever process does it."""

    def __init__(self, library: PatternLibrary) -> None:
        self._library = library

    def pause(self) -> None:
        """Embed nothing until ``resume``; the batch at hand is finished. Survives restarts."""
        self._set(True)

    def resume(self) -> None:
        """Go on embedding."""
        self._set(False)

    def state(self) -> EmbeddingState:
        """How far it is; where the model is not on this machine, nothing is embedded."""
        chosen = self._library.settings.embedding
        wanted = self._wanted()
        with self._library.connections.lend() as conn:
            done, total = vectors.share(conn, wanted)
            said = status.said(conn, "engine")
            running = said[0] if said and said[0].get("state") == "embedding" and done < total else {}
            return EmbeddingState(
                model=chosen.model,
                precision=chosen.precision,
                patterns=total,
                embedded=done,
                paused=embedding.paused(conn),
                answering=embedding.complete_model(conn) == wanted,
                rate=running.get("rate"),
                remaining_s=running.get("remaining_s"),
            )

    def _set(self, paused: bool) -> None:
        with self._library.connections.lend() as conn:
            embedding.pause(conn, paused)

    def _wanted(self) -> str:
        """The fingerprint of the model that the settings name; empty where it is not on this machine."""
        from tui_patterns.embedding.fingerprint import fingerprint
        from tui_patterns.embedding.locate import resolve_model

        chosen = self._library.settings.embedding
        try:
            return fingerprint(resolve_model(chosen.model), chosen.precision, chosen.max_tokens, cache_dir())
        except ModelMissing:
            return ""
