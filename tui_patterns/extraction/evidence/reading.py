"""Bytes of a file that anyone may have written: a regular one, of a limited size, never through a link."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

from tui_patterns.extraction.evidence.facts import Unreadable
from tui_patterns.extraction.source import one_line

MOST_BYTES = 64 << 20


def read_limited(file: Path, most: int = MOST_BYTES) -> bytes:
    """The whole file. Raises Unreadable."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        handle = os.open(file, flags | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as opened:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Unreadable("is not a regular file")
            data = opened.read(most + 1)
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from error
    if len(data) > most:
        raise Unreadable(f"is larger than {most >> 20} MiB and was passed over")
    return data


def read_json(file: Path) -> Any:
    """The decoded JSON of the file. Raises Unreadable."""
    try:
        return json.loads(read_limited(file))
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"is damaged, it is not JSON: {one_line(error)}") from error
