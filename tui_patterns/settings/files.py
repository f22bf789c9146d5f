"""Reading a TOML file, with one clear line for whatever is wrong with it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tui_patterns.settings.errors import SettingsError
from tui_patterns.text import clean_line


def shown(path: Path) -> str:
    """A path as an error line names it."""
    return clean_line(str(path))


def read_toml(path: Path, limit: int | None = None) -> dict[str, Any]:
    """The tables of a TOML file of at most ``limit`` bytes; ``SettingsError`` in one line otherwise."""
    try:
        if path.exists() and not path.is_file():
            raise SettingsError(f"{shown(path)}: not a file")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise SettingsError(f"{shown(path)}: no such file; name a config file that exists") from None
    except OSError as error:
        raise SettingsError(f"{shown(path)}: cannot be read ({error.strerror})") from None
    if limit is not None and len(raw) > limit:
        raise SettingsError(f"{shown(path)}: larger than {limit // 1024} KiB")
    return _parse_toml(raw, path)


def _parse_toml(raw: bytes, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{shown(path)}: not UTF-8 (byte {error.start})") from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{shown(path)}: not valid TOML: {clean_line(str(error), 160)}") from None
