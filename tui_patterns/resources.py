"""Files that belong to the program: inside the package in a wheel, at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """The path of ``"themes"``, ``"config.toml"`` ...

    Raises ``FileNotFoundError`` with one clear line when the installation is damaged.
    """
    for place in (PACKAGE / name, PACKAGE.parent / name):
        if place.exists():
            return place
    raise FileNotFoundError(f"{name} is missing from the installation; install patterns-tui again")
