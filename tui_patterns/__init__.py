"""patterns-tui: proven code patterns from the projects beside you, searched, rated and reused."""

from __future__ import annotations

__version__ = "0.1.0"
