"""The one question that everything that learns asks first: may anything be learned in this folder?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.sessions import optout
from tui_patterns.settings import PROJECT_FILE

if TYPE_CHECKING:
    from tui_patterns.api.library import PatternLibrary

OPTED_OUT = "its project is opted out (learning.opt_out)"


def learns_from(library: PatternLibrary, folder: str | None) -> bool:
    """Whether ``learning.opt_out`` lets anything be learned there: the user's, or that of a project's file.

    A project's file counts for all below it, as agents may work in a subfolder.
    """
    if not optout.allowed(folder, library.settings.learning.opt_out):
        return False
    place = Path(folder) if folder is not None else None
    return place is None or all(
        optout.allowed(folder, library.settings_for(one).learning.opt_out)
        for one in (place, *place.parents)
        if _has_file(one)
    )


def _has_file(folder: Path) -> bool:
    try:
        return (folder / PROJECT_FILE).is_file()
    except OSError:  # no such place here, or not for our eyes: transcripts name any folder
        return False
