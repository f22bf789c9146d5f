"""Copying text for a face, by the route that its settings and terminal allow."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.clipboard import Route, copy

if TYPE_CHECKING:
    from tui_patterns.settings import Settings


def copy_text(
    text: str,
    settings: Settings,
    write_terminal: Callable[[str], None] | None = None,
    *,
    state_dir: Path | None = None,
) -> Route:
    """Copy ``text``; the route's message says how, never more than is known. Blocks up to seconds.

    ``state_dir`` takes the text as a file where nothing else does; by default the data folder.
    """
    from tui_patterns.settings import data_dir

    return copy(text, settings.ui.clipboard, write_terminal=write_terminal, state_dir=state_dir or data_dir())
