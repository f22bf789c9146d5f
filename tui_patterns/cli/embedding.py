"""``embedding``: how far search by meaning is, and having it wait."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output
from tui_patterns.cli.indexing import duration
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json

if TYPE_CHECKING:
    from tui_patterns.api import EmbeddingState


class Wish(StrEnum):
    """What to do."""

    state = "state"
    pause = "pause"
    resume = "resume"


def embedding(
    ctx: typer.Context,
    wish: Annotated[Wish, typer.Argument(metavar="[pause|resume]", show_default=False)] = Wish.state,
    json: Json = False,
) -> None:
    """Say how many patterns can be found by meaning; pause embedding, or go on with it.

    A pause holds for every process on this library until it is ended, also after a restart.
    Search by words, and by meaning over what is embedded, goes on.

    \b
    Examples:
      patterns-tui embedding
      patterns-tui embedding pause
      patterns-tui embedding resume
    """
    from tui_patterns.api import Embedding

    control = Embedding(invocation(ctx).library())
    if wish is not Wish.state:
        control.pause() if wish is Wish.pause else control.resume()
    state = control.state()
    if json:
        output.data(asdict(state))
        return
    for line in _lines(state):
        output.line(output.safe(line))


def _lines(state: EmbeddingState) -> list[str]:
    lines = [f"{state.embedded} of {state.patterns} patterns embedded by {state.model} ({state.precision})"]
    if state.rate is not None and state.remaining_s is not None:
        lines.append(f"{state.rate:.0f} patterns a second, {duration(state.remaining_s)} left")
    if state.paused:
        lines.append("paused: `patterns-tui embedding resume` goes on")
    if not state.answering and state.embedded < state.patterns:
        lines.append("until all are, the model used before answers, if there was one")
    return lines
