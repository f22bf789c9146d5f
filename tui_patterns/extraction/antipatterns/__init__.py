"""Anti-patterns of files: what is wrong, why it hurts, and what to do instead."""

from __future__ import annotations

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
