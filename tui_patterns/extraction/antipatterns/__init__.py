"""Anti-patterns of files: what is wrong, why it hurts, and what to do instead.

What finds them loads on first use: to show what was found needs its words alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui_patterns.lazy import lazily

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

__getattr__ = lazily(
    __name__,
    {
        f"{__name__}.files": "Body Examined Found examine_files find_file find_files finding",
        f"{__name__}.ruff": "RuffFailed",
    },
)
