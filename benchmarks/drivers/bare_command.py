"""The bare app behind a command of Typer and a model of pydantic-settings: what of start-up is theirs."""

from __future__ import annotations

from pathlib import Path

import typer
from pydantic_settings import BaseSettings

from benchmarks.drivers.bare import Bare
from benchmarks.drivers.frames import end_at_first_frame


class Settings(BaseSettings):
    """As small as settings can be."""

    theme: str = "textual-dark"


def command(folder: Path) -> None:
    """Check one setting, and open the bare app."""
    app = Bare()
    app.theme = Settings().theme
    app.run()


if __name__ == "__main__":
    end_at_first_frame()
    typer.run(command)
