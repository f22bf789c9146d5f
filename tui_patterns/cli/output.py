"""Writing to the terminal: lines, data as JSON, colour only where it is wanted, progress on stderr.

Everything foreign passes ``clean`` or ``clean_line`` on its way. JSON is pure
ASCII: exact for a program, harmless in a terminal.
"""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import datetime
from shutil import get_terminal_size
from time import monotonic
from types import TracebackType
from typing import Any, Self
from unicodedata import combining, east_asian_width

from tui_patterns.text import clean, clean_line

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_INTERVAL = 0.1


def line(text: str = "") -> None:
    """One line (already clean) on stdout."""
    sys.stdout.write(text + "\n")


def data(value: Any) -> None:
    """One JSON document; indented for a reader at a terminal."""
    indent = 2 if sys.stdout.isatty() else None
    sys.stdout.write(json.dumps(value, indent=indent) + "\n")


def data_line(value: Any) -> None:
    """One line of JSON Lines, on its way at once."""
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


def coloured() -> bool:
    """Colour goes to a terminal that can show it, unless ``NO_COLOR`` is set (no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def styled(text: str, *names: str) -> str:
    """``text`` in a style where colour is wanted, else as it is."""
    if not names or not text or not coloured():
        return text
    return f"\x1b[{';'.join(_STYLES[name] for name in names)}m{text}\x1b[0m"


def width() -> int:
    """Columns to write in: the terminal's, at most 120; 80 where there is none."""
    return max(40, min(get_terminal_size((80, 24)).columns, 120))


def cells(text: str) -> int:
    """How many cells a clean line takes (Unicode Standard Annex 11)."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def fit(text: str, size: int) -> str:
    """``text`` as one clean line of at most ``size`` cells."""
    text = clean_line(text)
    if cells(text) <= size:
        return text
    text = text[: 2 * size]
    while text and cells(text) > size - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def pad(text: str, size: int) -> str:
    """``text`` filled up to ``size`` cells."""
    return text + " " * (size - cells(text))


def wrapped(text: str, indent: str = "") -> None:
    """Foreign text as clean, indented lines within the width."""
    for part in textwrap.wrap(clean_line(text), width() - len(indent)) or [""]:
        line(indent + part)


def columns(rows: Sequence[Sequence[str]], indent: str = "") -> None:
    """Rows as aligned columns; on a terminal cut to its width, in a pipe whole."""
    clean = [[clean_line(cell) for cell in row] for row in rows]
    sizes = [max(map(cells, column)) for column in zip(*clean, strict=True)]
    for row in clean:
        text = "  ".join(pad(cell, size) for cell, size in zip(row, sizes, strict=True)).rstrip()
        line(indent + (fit(text, width() - len(indent)) if sys.stdout.isatty() else text))


def facts(pairs: Iterable[tuple[str, object]]) -> None:
    """Names and values, one pair a line, values aligned and wrapped."""
    shown = [(name, str(value)) for name, value in pairs if value not in (None, "")]
    size = max((len(name) for name, _ in shown), default=0)
    for name, value in shown:
        hanging(styled(pad(name, size), "dim") + "  ", value, indent=size + 2)


def hanging(head: str, text: str, indent: int) -> None:
    """Foreign text after a head that takes ``indent`` cells, further lines below its beginning."""
    parts = textwrap.wrap(clean_line(text), max(20, width() - indent), break_on_hyphens=False)
    line((head + (parts[0] if parts else "")).rstrip())
    for part in parts[1:]:
        line(" " * indent + part)


class Progress:
    """A line on stderr that replaces itself, only on a terminal; gone when the work ends."""

    def __init__(self) -> None:
        self._on = sys.stderr.isatty()
        self._shown = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.clear()

    def show(self, text: str) -> None:
        """Replace the line, at most ten times a second."""
        if not self._on or monotonic() - self._shown < _INTERVAL:
            return
        self._shown = monotonic()
        self._write(f"\r\x1b[K{fit(text, width() - 1)}")

    def clear(self) -> None:
        """Take the line away."""
        if self._on and self._shown:
            self._write("\r\x1b[K")
            self._shown = 0.0

    def _write(self, text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def hint(text: str) -> None:
    """What to do next, for a person: on stderr, only on a terminal."""
    if sys.stderr.isatty():
        sys.stderr.write(clean_line(text) + "\n")


def safe(text: str) -> str:
    """Foreign text as one clean line, uncut."""
    return clean_line(text)


def block(code: str, language: str) -> None:
    """Foreign code: clean, and highlighted where colour is wanted."""
    text = clean(code).rstrip("\n")
    line(_highlighted(text, language) if coloured() else text)


def _highlighted(text: str, language: str) -> str:
    from pygments import highlight
    from pygments.formatters.terminal import TerminalFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return text
    return highlight(text, lexer, TerminalFormatter())


def exact(text: str) -> None:
    """``text`` to the byte, as UTF-8 and without a newline added, for a program to read."""
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "surrogatepass"))
    sys.stdout.buffer.flush()


def flush() -> None:
    """Send what was written on its way."""
    sys.stdout.flush()


def when(seconds: float) -> str:
    """A Unix time as local date and minute."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")
