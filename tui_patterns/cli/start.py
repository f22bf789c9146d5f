"""``run``: the terminal app."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.launch import launch
from tui_patterns.cli.parameters import given_path


def run(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", parser=given_path, help="Folders to watch; default: here."),
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
    launch(invocation(ctx), paths or [])
