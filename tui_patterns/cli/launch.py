"""Opening the app.

A plain call is told apart here: to read it with Typer takes longer than to import the app.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from tui_patterns.cli.catalog import ENTRIES
from tui_patterns.cli.errors import usage
from tui_patterns.cli.invocation import Invocation, begin, existing, expanded

GLOBAL_OPTIONS = ("--data-dir", "--config")


def launch(chosen: Invocation, paths: Sequence[Path]) -> NoReturn:
    """Run the app on ``paths``, or here; ends the process. Raises CliError, SettingsError."""
    roots = [root.resolve() for root in existing([expanded(path) for path in paths], folders_only=True)]
    settings, folder = chosen.settings(), chosen.folder()
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.__stderr__.isatty()):
        raise usage("the app needs a terminal; without one, `patterns-tui watch` follows folders")
    gc.disable()  # until the first frame is there: what start-up makes stays
    from tui_patterns.tui.app import run_app

    run_app(roots, settings=settings, data_dir=folder, config=chosen.config)


def launch_if_plain(argv: Sequence[str]) -> None:
    """Run the app if *argv* is ``[--data-dir D] [--config F] [run] PATH…`` and nothing else.

    Returns where it is anything else, wrong calls too: Typer knows what to say.
    """
    given: dict[str, Path] = {}
    words = list(argv)
    while len(words) > 1 and words[0] in GLOBAL_OPTIONS and words[1] and not words[1].startswith("-"):
        given[words[0]] = Path(words[1])
        del words[:2]
    named = bool(words) and words[0] == "run"
    paths = [Path(word) for word in words[named:]]
    if not _are_folders(words[named:], paths) or (paths and not named and words[0] in ENTRIES):
        return
    launch(begin(given.get("--data-dir"), given.get("--config")), paths)


def _are_folders(words: Sequence[str], paths: Sequence[Path]) -> bool:
    plain = all(word and not word.startswith("-") for word in words)
    return plain and all(expanded(path).is_dir() for path in paths)
