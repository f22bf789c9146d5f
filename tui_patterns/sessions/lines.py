"""JSON Lines as a stream: one line in memory at a time, whatever the file holds.

A line that is no JSON object is counted and left out. A last line without its
newline is taken only if it is whole; else it is left for the next reading,
since its writer may be half-way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, BinaryIO

MAX_LINE = 16 * 1024 * 1024  # bytes; a screenshot in base64 fits, a file without newlines does not
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
_PAIR = re.compile(rb"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|" + _SURROGATE.pattern)


@dataclass(slots=True)
class Line:
    """A JSON object with its bytes and where they begin."""

    place: int
    raw: bytes
    value: dict[str, Any]

    def key(self) -> str:
        """A name for a line that has no id: equal for equal lines."""
        return "line-" + blake2b(self.raw.strip(), digest_size=12).hexdigest()


class LineReader:
    """Iterates over the objects of a file from ``place`` on.

    Afterwards ``place`` is the byte after the last line that was taken, and
    ``lines`` and ``unreadable`` count what was met. Raises OSError.
    """

    def __init__(self, path: Path, place: int = 0) -> None:
        self._path = path
        self.place = place
        self.lines = 0
        self.unreadable = 0

    def __iter__(self) -> Iterator[Line]:
        with self._path.open("rb", buffering=1024 * 1024) as file:
            file.seek(self.place)
            while raw := file.readline(MAX_LINE):
                endless = len(raw) == MAX_LINE and not raw.endswith(b"\n")
                if endless and not _skip_line(file):
                    return
                value = None if endless else parse_object(raw)
                if value is None and not endless and not raw.endswith(b"\n"):
                    return
                start, self.place = self.place, file.tell()
                if raw.strip():
                    self.lines += 1
                    self.unreadable += value is None
                if value is not None:
                    yield Line(start, raw, value)


def _skip_line(file: BinaryIO) -> bool:
    """Read to the end of an endless line; ``False`` where the file ends first."""
    while part := file.readline(MAX_LINE):
        if part.endswith(b"\n"):
            return True
    return False


def parse_object(raw: bytes) -> dict[str, Any] | None:
    """The JSON object of a line; ``None`` for anything else.

    orjson refuses nesting deeper than 1024, NaN and bytes that are not UTF-8; a
    number beyond 64 bits becomes a float. Halves of surrogate pairs, which
    JavaScript writes where it cuts a text, become U+FFFD.
    """
    import orjson

    try:
        value = orjson.loads(raw)
    except ValueError:
        value = _second_try(raw)
    return value if isinstance(value, dict) else None


def _second_try(raw: bytes) -> Any:
    import orjson

    if not _SURROGATE.search(raw) and raw.isascii():
        return None
    mended = _PAIR.sub(lambda match: match[1] or rb"\ufffd", raw)
    try:
        return orjson.loads(mended.decode("utf-8", "replace"))
    except ValueError:
        return None
