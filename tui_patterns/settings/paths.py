"""Where the program keeps its files."""

from __future__ import annotations

import os
from pathlib import Path

APP = "patterns-tui"


def data_dir(flag: Path | None = None) -> Path:
    """The folder of the database, the index and the logs: flag, ``PATTERNS_TUI_DATA_DIR``, platform.

    The folder need not exist; whoever writes to it makes it.
    """
    if flag is not None:
        return flag.expanduser().absolute()
    named = os.environ.get("PATTERNS_TUI_DATA_DIR")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path(APP, appauthor=False)


def cache_dir() -> Path:
    """The folder of what can be made again (the converted model): ``PATTERNS_TUI_CACHE_DIR``, platform."""
    named = os.environ.get("PATTERNS_TUI_CACHE_DIR")
    if named:
        return Path(named).expanduser().absolute()
    from platformdirs import user_cache_path

    return user_cache_path(APP, appauthor=False)


def user_config_path() -> Path:
    """The user's config file; it need not exist."""
    from platformdirs import user_config_path as folder

    return folder(APP, appauthor=False) / "config.toml"
