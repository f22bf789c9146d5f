"""Reading values that may be anything: the right type, or ``None``.

What a transcript says is believed only as far as it can be true: a count of
tokens is a whole number from 0 to 10^10, a moment lies between 2020 and tomorrow.
"""

from __future__ import annotations

from datetime import UTC, datetime
from math import isfinite
from time import time
from typing import Any

MAX_COUNT = 10_000_000_000
EARLIEST = 1_577_836_800.0  # 2020-01-01T00:00:00Z, before any such agent
DAY = 86_400.0
_NOTHING: dict[str, Any] = {}


def table(value: Any) -> dict[str, Any]:
    """``value`` if it is an object, else an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def items(value: Any) -> list[Any]:
    """``value`` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def words(value: Any, limit: int = 200) -> str | None:
    """A text that is not empty, at most ``limit`` characters of it."""
    return value[:limit] if isinstance(value, str) and value else None


def count(value: Any) -> int | None:
    """A whole number from 0 to ``MAX_COUNT``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not (isfinite(value) and value.is_integer()):
        return None
    return int(value) if 0 <= value <= MAX_COUNT else None


def number(value: Any, most: float = float(MAX_COUNT)) -> float | None:
    """A finite number from 0 to ``most``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= most else None


def whole(value: Any) -> int | None:
    """A whole number that fits a database's column."""
    fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_COUNT
    return value if fits else None


def moment(value: Any) -> float | None:
    """Unix seconds of an ISO 8601 time or of a number of (milli)seconds; a naive time is UTC."""
    if isinstance(value, str) and len(value) <= 40:
        try:
            parsed = datetime.fromisoformat(value)
            seconds = (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            return None
    else:
        given = number(value, 1e14)
        if given is None:
            return None
        seconds = given / 1000 if given > 1e11 else given
    return seconds if EARLIEST <= seconds <= time() + DAY else None
