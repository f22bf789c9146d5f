"""The command ``patterns-tui``: runs one command line and answers with an exit code.

Exit codes: 0 done, 1 something failed, 2 usage or configuration, 130 stopped
with Ctrl-C, 141 the reader of a pipe went away.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from collections.abc import Sequence
from typing import NoReturn

# Start-up makes a hundred thousand objects that stay: looking for garbage every 700 of them is a tenth of it.
YOUNG_OBJECTS = 20_000


def main() -> NoReturn:
    """The entry point: ends the process with the exit code of its command line."""
    code = run(sys.argv[1:])
    if "onnxruntime" in sys.modules and threading.active_count() == 1:
        _leave(code)
    sys.exit(code)


def run(argv: Sequence[str]) -> int:
    """Run one command line (without the program's name) and return its exit code; never raises."""
    # Everything is imported inside, so that Ctrl-C is quiet from the first moment.
    gc.set_threshold(YOUNG_OBJECTS)
    try:
        _prepare_streams()
        from tui_patterns.cli.launch import launch_if_plain

        launch_if_plain(argv)
        from tui_patterns.cli.app import invoke

        code = invoke(list(argv))
        sys.stdout.flush()
        return code
    except BaseException as error:
        from tui_patterns.cli.errors import FAILED, USAGE, report
        from tui_patterns.cli.hooks import called_as_hook

        code = report(error)
        # An agent takes 2 for a veto, and erases the person's prompt; 1 is an error that it only mentions.
        return FAILED if code == USAGE and called_as_hook(argv) else code


def _leave(code: int) -> NoReturn:
    """End at once: taking native libraries apart would cost a search a tenth of its time."""
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    os._exit(code)


def _prepare_streams() -> None:
    """A closed stream swallows, and a character that the terminal cannot show becomes ``?``."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
