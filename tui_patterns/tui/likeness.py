"""What more like it is looked for, and the words in which the search line says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui_patterns.models import Example
from tui_patterns.text import clean, clean_line
from tui_patterns.tui.formats import plural, title

if TYPE_CHECKING:
    from tui_patterns.models import Pattern

SAID = 60  # characters of an error that are repeated


@dataclass(frozen=True, slots=True)
class Likeness:
    """An example, and what it is called: ``like 7 lines of text.py:88–94``."""

    example: Example
    words: str


def of_pattern(pattern: Pattern) -> Likeness:
    """More like a whole pattern."""
    return Likeness(Example(pattern.code, "pattern", pattern.id), f"like {title(pattern)}")


def of_lines(pattern: Pattern, lines: range) -> Likeness:
    """More like some lines of its code, counted from 0."""
    text = "\n".join(clean(pattern.code).split("\n")[lines.start : lines.stop])
    return Likeness(Example(text, "code", pattern.id), f"like {lines_of(pattern, lines)}")


def lines_of(pattern: Pattern, lines: range) -> str:
    """``7 lines of text.py:88–94``."""
    file = clean_line(pattern.path.rpartition("/")[2], 60)
    first, last = pattern.line + lines.start, pattern.line + lines.stop - 1
    place = f"{file}:{first}" if first == last else f"{file}:{first}–{last}"
    return f"{plural(len(lines), 'line')} of {place}"


def of_paste(text: str) -> Likeness | None:
    """More like what was pasted, if that is several lines of code, of an error or of a contract."""
    from tui_patterns.api import example_of

    lines = [line for line in text.splitlines() if line.strip()]
    example = example_of(text) if len(lines) > 1 else None
    if example is None:
        return None
    if example.kind == "error":
        said = next((line for line in reversed(lines) if line[:1].strip()), lines[-1])
        return Likeness(example, f"for {clean_line(said.strip(), SAID)}")
    what = "code" if example.kind == "code" else "contract"
    return Likeness(example, f"like {plural(len(lines), 'line')} of pasted {what}")
