"""The one question that everything that learns asks first: may anything be learned in this folder?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.sessions import optout

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary

OPTED_OUT = "its project is opted out (learning.opt_out)"


def learns_from(library: PatternLibrary, folder: str | None) -> bool:
    """Whether ``learning.opt_out``, the user's or the project's own, lets anything be learned there."""
    settings = library.settings
    if folder is not None and Path(folder).is_dir():
        settings = library.settings_for(Path(folder))
    return optout.allowed(folder, settings.learning.opt_out)
