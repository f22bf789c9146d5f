"""``python -m tui_patterns.engine``: the app's child. Not for people; they run ``patterns-tui watch``."""

from __future__ import annotations

import argparse
import faulthandler
import logging
import os
import threading
from pathlib import Path
from typing import BinaryIO

NICE = 4  # the app's frames come first, also while the engine's libraries load
EXIT_S = 4.0  # a finished engine is given this long to end its threads; its app does not wait for it


def main() -> None:
    """Take the pipe out of everyone else's reach, then serve."""
    if hasattr(os, "nice"):
        os.nice(NICE)
    source, sink = _take_pipe()
    faulthandler.enable()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    arguments = _arguments()

    from tui_patterns.engine.server import EngineServer
    from tui_patterns.settings import cache_dir, load_settings

    server = EngineServer(
        source,
        sink,
        arguments.data_dir,
        cache_dir(),
        arguments.roots,
        lambda root: load_settings(arguments.config, project=root),
    )
    server.serve()
    # No orphan: a thread that hangs in native code must not keep a finished engine alive.
    threading.Timer(EXIT_S, os._exit, (1,)).start()
    server.close()
    os._exit(0)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="patterns-tui engine", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--config", type=Path)
    parser.add_argument("roots", type=Path, nargs="*")
    return parser.parse_args()


def _take_pipe() -> tuple[BinaryIO, BinaryIO]:
    """Keep the protocol's ends for us alone.

    Libraries and grandchildren print to stdout: it becomes stderr, which is a
    log, and stdin becomes empty. Our copies are not inherited (PEP 446).
    """
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return source, sink


if __name__ == "__main__":
    main()
