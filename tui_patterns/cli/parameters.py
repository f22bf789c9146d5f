"""Options that several commands take, and values that say what is wrong with them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def given_path(value: str | Path) -> Path:
    """A path as it was given. An empty one is mostly a variable that was never set, and never means "here".

    Raises typer.BadParameter.
    """
    if not str(value):
        raise typer.BadParameter('the path is empty; "." is the current folder')
    return Path(value)


Json = Annotated[bool, typer.Option("--json", help="Print data as JSON, and nothing else.")]
PatternId = Annotated[
    str, typer.Argument(metavar="ID", help="A pattern's id, or its first four characters or more.")
]
Limit = Annotated[int | None, typer.Option(metavar="N", min=1, max=1000, help="Most results.")]
MinQuality = Annotated[
    float | None, typer.Option(metavar="X", min=0.0, max=1.0, help="Least quality, 0 to 1.")
]
