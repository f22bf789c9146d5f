"""How facts read on screen: words, numbers and glyphs, never colour alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.cells import cell_len

from tui_patterns.text import clean_line

if TYPE_CHECKING:
    from tui_patterns.models import Kind, Pattern, Usage
    from tui_patterns.tui.answers import Row

MUTED = "$foreground 65%"
KIND_GLYPHS: dict[Kind, str] = {"function": "ƒ", "method": "m", "class": "◇", "module": "▤"}


def percent(share: float) -> str:
    """0.84 as ``84 %``; never rounded up to a false 100."""
    return f"{min(round(share * 100), 99) if share < 1 else 100} %"


def figure(share: float) -> str:
    """0.84 as ``0.84``: a score, and no share of anything; never rounded up to a false 1."""
    return f"{min(share, 0.99) if share < 1 else 1:.2f}"


def plural(count: int, noun: str) -> str:
    """``1 file``, ``1,204 files``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def stars(rating: int) -> str:
    """A rating of 0 to 5 as five stars."""
    return "★" * rating + "☆" * (5 - rating)


def clock(moment: float) -> str:
    """Unix seconds as local time of day."""
    return time.strftime("%H:%M:%S", time.localtime(moment))


def day(moment: float) -> str:
    """Unix seconds as local date and minute."""
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(moment))


def title(pattern: Pattern) -> str:
    """The pattern's name, safe to show."""
    return clean_line(pattern.name, 200)


def tail(text: str, width: int) -> str:
    """The end of ``text`` in ``width`` cells: of a path, the end tells most."""
    if cell_len(text) <= width:
        return text
    at = max(len(text) - max(width - 1, 0), 0)  # no character is narrower than a cell, but some are wider
    while at < len(text) and cell_len(text[at:]) > width - 1:
        at += 1
    return "…" + text[at:]


def where(pattern: Pattern) -> str:
    """``path:line``, safe to show."""
    return clean_line(pattern.location, 300)


def facts(pattern: Pattern) -> str:
    """Kind, framework, complexity and tags; what is not known is left out."""
    parts = [pattern.kind, pattern.framework or ""]
    parts.append(f"complexity {pattern.complexity}" if pattern.complexity is not None else "")
    parts.append(" ".join(f"#{tag}" for tag in pattern.tags))
    return clean_line(" · ".join(part for part in parts if part), 400)


def quality(pattern: Pattern) -> str:
    """``0.82 high``: quality and its tier, or ``unknown``."""
    from tui_patterns.api import quality_tier

    overall = pattern.quality.overall
    return "unknown" if overall is None else f"{figure(overall)} {quality_tier(overall)}"


def label_name(label: str) -> str:
    """A label as a person reads it: ``exception translation``."""
    return clean_line(label.replace("_", " "), 60)


def named_labels(pattern: Pattern) -> str:
    """``retry 0.92, caching 0.71``: its labels, the surest first."""
    return ", ".join(f"{label_name(one.label)} {figure(one.confidence)}" for one in pattern.labels)


def match(row: Row) -> str:
    """How a row answers the query: ``97 % relevant (rank 1 by words, 3 by meaning)``; empty without one."""
    if row.relevance is None:
        return ""
    ranks = [f"{row.why[by]} by {by}" for by in ("words", "meaning") if row.why.get(by)]
    return f"{percent(row.relevance)} relevant" + (f" (rank {', '.join(ranks)})" if ranks else "")


def evidence(pattern: Pattern) -> str:
    """Tier and success rate as the library words it: ``high · 73 % (51–89) n 12`` or ``not yet tried``."""
    from tui_patterns.api import describe, tier

    described = describe(pattern.confidence)
    words = described if not pattern.confidence.n else f"{tier(pattern.confidence)} · {described}"
    return words if pattern.retired is None else f"retired · {words}"


def uses(usage: Usage) -> str:
    """``3 times, rising · last 2026-01-31 09:12 · person 2, codex 1 · adoption 67 % (34–92) n 4``."""
    from tui_patterns.api import describe

    parts = [f"{plural(usage.uses, 'time')}{f', {usage.trend}' if usage.trend else ''}"]
    parts.append(f"last {day(usage.last)}" if usage.last is not None else "")
    parts.append(", ".join(f"{name} {count}" for name, count in usage.by.items()))
    parts.append(f"adoption {describe(usage.adoption)}" if usage.adoption.n else "")
    return clean_line(" · ".join(part for part in parts if part), 300)
