"""Anti-patterns of files: what is wrong, why it hurts, and what to do instead.

What finds them loads on first use: to show what was found needs its words alone.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui_patterns.extraction.antipatterns.files import (
        Body,
        Examined,
        Found,
        examine_files,
        find_file,
        find_files,
        finding,
    )
    from tui_patterns.extraction.antipatterns.ruff import RuffFailed

__all__ = ["Body", "Examined", "Found", "RuffFailed", "examine_files", "find_file", "find_files", "finding"]


def __getattr__(name: str) -> Any:
    """One of the names above, from the module that has it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = import_module(f"{__name__}.{'ruff' if name == 'RuffFailed' else 'files'}")
    return getattr(home, name)
