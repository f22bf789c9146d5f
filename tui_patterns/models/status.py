"""What an engine is doing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tui_patterns.models.searching import IndexKind


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """What the engine is doing, as the status line shows it.

    ``semantic`` is the embedded share of all patterns in 0..1, ``None`` while
    not known; ``role`` tells whether this engine indexes or another one does.
    Of those patterns ``embedded`` have a vector, ``rate`` more get one each second,
    and in ``remaining_s`` seconds all will have (``None`` while not known).
    ``paused``: a person wants nothing embedded for now.
    """

    state: Literal["starting", "testing", "converting", "indexing", "embedding", "idle", "stopped"] = (
        "starting"
    )
    role: Literal["owner", "guest"] = "guest"
    folders: tuple[str, ...] = ()
    watches: int = 0
    watch_note: str | None = None
    queue: int = 0
    files_done: int = 0
    files_total: int = 0
    patterns: int = 0
    semantic: float | None = None
    index: IndexKind | None = None
    error: str | None = None
    embedded: int = 0
    rate: float | None = None
    remaining_s: float | None = None
    paused: bool = False
