"""Themes from TOML files: the fields of ``textual.theme.Theme`` and a table ``[variables]``.

Later folders win over earlier ones, by name: shipped, then the user's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

from tui_patterns.text import clean_line

NOT_COLORS = frozenset({"name", "dark", "luminosity_spread", "text_alpha", "variables", "ansi"})
KNOWN = frozenset(field.name for field in fields(Theme))


def load_themes(folders: Iterable[Path]) -> tuple[dict[str, Theme], list[str]]:
    """Themes by name, and one clear line for each file that is not one."""
    loaded: dict[str, Theme] = {}
    failed: list[str] = []
    for path in (path for folder in folders for path in sorted(folder.glob("*.toml"))):
        try:
            theme = read_theme(path)
        except (OSError, ValueError, TypeError) as error:
            failed.append(f"{clean_line(path.name)}: {clean_line(str(error), 160)}")
        else:
            loaded[theme.name] = theme
    return loaded, failed


def read_theme(path: Path) -> Theme:
    """The theme in ``path``, named for the file unless it names itself.

    Raises ``ValueError`` (a wrong key or colour, TOML that does not parse), ``TypeError`` or ``OSError``.
    """
    values: dict[str, Any] = {"name": path.stem, **tomllib.loads(path.read_text(encoding="utf-8"))}
    for key, value in values.items():
        if key not in KNOWN:
            raise ValueError(f"unknown key {key}")
        if key not in NOT_COLORS:
            _check_color(key, value)
    return Theme(**values)


def _check_color(key: str, value: object) -> None:
    try:
        Color.parse(str(value))
    except ColorParseError:
        raise ValueError(f"{key}: {value!r} is not a colour") from None


def find_theme(name: str, folders: Iterable[Path]) -> Theme | None:
    """The theme ``name`` if the last folder that has a file of that name has it right; else ``None``."""
    found = [path for folder in folders if (path := folder / f"{name}.toml").is_file()]
    try:
        theme = read_theme(found[-1]) if found else None
    except (OSError, ValueError, TypeError):
        return None
    return theme if theme and theme.name == name else None


def theme_folders() -> list[Path]:
    """Where themes are looked for: the shipped ones, then the user's."""
    from tui_patterns.resources import resource
    from tui_patterns.settings import user_config_path

    try:
        shipped = [resource("themes")]
    except FileNotFoundError:
        shipped = []
    return [*shipped, user_config_path().parent / "themes"]
