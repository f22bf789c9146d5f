"""The command ``patterns-tui`` with the arguments given, ended at its first frame."""

from __future__ import annotations

import sys

from benchmarks.drivers.frames import end_at_first_frame
from tui_patterns.cli.main import run

if __name__ == "__main__":
    end_at_first_frame()
    sys.exit(run(sys.argv[1:]))
