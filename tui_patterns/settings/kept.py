"""What a person chose in the app and expects to find again: the theme. One small file of the user's.

It is kept together with what was configured when it was chosen: whoever writes another
theme into the config file later means that one.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from tui_patterns.settings.paths import APP

_MOST = 10_000  # bytes of a file that holds two names


def kept_theme(configured: str) -> str:
    """The theme to begin with: what was chosen in the app while ``configured`` was set, else that."""
    try:
        with _file().open("rb") as stream:
            kept = json.loads(stream.read(_MOST))
    except (OSError, ValueError, RecursionError):
        return configured
    if not isinstance(kept, dict) or kept.get("instead_of") != configured:
        return configured
    chosen = kept.get("theme")
    return chosen if isinstance(chosen, str) and chosen else configured


def keep_theme(chosen: str, configured: str) -> None:
    """Remember ``chosen`` in the place of ``configured``; raises OSError where that cannot be written."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=".ui-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({"theme": chosen, "instead_of": configured}, stream)
        Path(temporary).replace(file)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def _file() -> Path:
    from platformdirs import user_state_path

    return user_state_path(APP, appauthor=False) / "ui.json"
