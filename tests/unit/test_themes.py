"""The shipped themes: complete, readable, and made only of what Textual reads."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from textual.color import Color
from textual.theme import Theme

from tui_patterns.resources import resource

FILES = sorted(resource("themes").glob("*.toml"))
INKS = ("primary", "secondary", "accent", "success", "warning", "error", "foreground")


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [part / 255 for part in Color.parse(colour).rgb]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast ratio, WCAG 2.2: 1 to 21."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def test_four_themes_are_shipped() -> None:
    assert [path.stem for path in FILES] == [
        "patterns-colour-blind",
        "patterns-dark",
        "patterns-high-contrast",
        "patterns-light",
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_theme(path: Any) -> None:
    data = tomllib.loads(path.read_text())
    theme = Theme(**data)
    assert theme.name == path.stem
    known = Theme(name="plain", primary="#000000").to_color_system().generate()
    assert [name for name in theme.variables if name not in known] == []
    least = 7.0 if path.stem == "patterns-high-contrast" else 4.5
    dim = [(ink, ground) for ink in INKS for ground in GROUNDS if contrast(data[ink], data[ground]) < least]
    assert dim == []


GROUNDS = ("background", "surface", "panel")


def test_good_and_bad_differ_without_red_and_green() -> None:
    data = tomllib.loads((resource("themes") / "patterns-colour-blind.toml").read_text())
    good, bad = Color.parse(data["success"]), Color.parse(data["error"])
    assert good.b > good.r and bad.r > bad.b
