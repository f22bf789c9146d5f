"""Figures and foreign text as reports show them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from tui_patterns.sessions.measures import Measure
from tui_patterns.text import clean_line

UNKNOWN = "unknown"
_MARKDOWN = re.compile(r"([\\`*{}\[\]<>#|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def shown(measure: Measure, value: float | None) -> str:
    """A value in its unit."""
    if value is None:
        return UNKNOWN
    if measure.unit == "%":
        return percent(value)
    if measure.unit == "$":
        return dollars(value)
    return duration(value) if measure.unit == "s" else amount(value)


def signed(measure: Measure, value: float | None) -> str:
    """A difference with its sign; of shares in percentage points."""
    if value is None:
        return UNKNOWN
    size = f"{100 * abs(value):.0f} points" if measure.unit == "%" else shown(measure, abs(value))
    return ("+" if value > 0 else "−" if value < 0 else "±") + size


def percent(share: float | None) -> str:
    """A share as percent."""
    return UNKNOWN if share is None else f"{100 * share:.0f} %"


def dollars(usd: float | None) -> str:
    """USD to the cent, or to two digits that say something."""
    if usd is None:
        return UNKNOWN
    return f"${usd:,.2f}" if usd >= 0.995 or usd == 0 else f"${usd:.4f}"


def duration(seconds: float | None) -> str:
    """Seconds, minutes or hours."""
    if seconds is None:
        return UNKNOWN
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6_000 else f"{seconds / 3600:.1f} h"


def when(moment: float | None) -> str:
    """A moment to the minute, UTC."""
    return UNKNOWN if moment is None else f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M}"


def amount(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.2f}"


def escaped(text: str) -> str:
    """Foreign text as one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", clean_line(text, 200))
