"""The command ``patterns-tui`` with the arguments given, ended at its first paint.

Writes the monotonic time of that paint to the file named by ``BENCH_OUT``.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from tui_patterns.cli.main import run
from tui_patterns.tui.app import PatternsApp


def _painted(app: PatternsApp) -> None:
    """In place of what the app does after its first paint: open the library, start the engine."""
    Path(os.environ["BENCH_OUT"]).write_text(str(time.monotonic()), "ascii")
    app.exit()


if __name__ == "__main__":
    setattr(PatternsApp, "_begin", _painted)  # noqa: B010 - mypy forbids to assign a method
    sys.exit(run(sys.argv[1:]))
