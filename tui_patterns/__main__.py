"""``python -m tui_patterns``: the same as the command ``patterns-tui``."""

from __future__ import annotations

from tui_patterns.cli.main import main

if __name__ == "__main__":
    main()
