"""Options that several commands take, and values that say what is wrong with them."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="Print data as JSON, and nothing else.")]
PatternId = Annotated[
    str, typer.Argument(metavar="ID", help="A pattern's id, or its first four characters or more.")
]
Limit = Annotated[int | None, typer.Option(metavar="N", min=1, max=1000, help="Most results.")]
MinQuality = Annotated[
    float | None, typer.Option(metavar="X", min=0.0, max=1.0, help="Least quality, 0 to 1.")
]
