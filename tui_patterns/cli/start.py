"""``run``: the terminal app."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from tui_patterns.cli.errors import usage
from tui_patterns.cli.invocation import existing, invocation


def run(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH", help="Folders to watch; default: here.")
    ] = None,
) -> None:
    """Open the app on folders, index them, and follow every change.

    `patterns-tui PATH` does the same where PATH is no command; with `run`, any name is
    a folder. Press ? in the app for its keys.

    \b
    Examples:
      patterns-tui run
      patterns-tui run ~/work/shop ~/work/api
    """
    roots = [
        root.resolve() for root in existing([each.expanduser() for each in paths or []], folders_only=True)
    ]
    chosen = invocation(ctx)
    settings, folder = chosen.settings(), chosen.folder()
    if not (sys.__stdin__ and sys.__stdin__.isatty() and sys.__stderr__ and sys.__stderr__.isatty()):
        raise usage("the app needs a terminal; without one, `patterns-tui watch` follows folders")
    from tui_patterns.tui.app import run_app

    run_app(roots, settings=settings, data_dir=folder, config=chosen.config)
