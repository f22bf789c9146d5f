"""``python -m tui_patterns.engine.examine_main``: anti-patterns of files, as a child that may die.

One JSON object on stdin: ``{"root", "paths", "nice"}``; one JSON object a file on stdout. Exit
code 3: ruff cannot do its work, and stderr says why in one line.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

RUFF_FAILED = 3


def main() -> None:
    """Examine what stdin asks for."""
    from tui_patterns.engine.worker_main import die_with
    from tui_patterns.extraction.antipatterns import RuffFailed, examine_files

    gc.disable()  # the trees of a batch are all alive until its end: looking for dead ones costs a third
    asked = json.load(sys.stdin)
    die_with(asked["parent"])
    if asked["nice"] and hasattr(os, "nice"):
        os.nice(asked["nice"])
    try:
        for one in examine_files(Path(asked["root"]), asked["paths"]):
            sys.stdout.write(json.dumps(asdict(one)) + "\n")
    except RuffFailed as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(RUFF_FAILED)


if __name__ == "__main__":
    main()
