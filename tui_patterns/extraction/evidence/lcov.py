"""LCOV tracefiles: ``SF:`` names a file, ``DA:line,count`` what of it ran (man geninfo, FILES)."""

from __future__ import annotations

from pathlib import Path

from tui_patterns.extraction.evidence.facts import Measured, Unreadable
from tui_patterns.extraction.evidence.reading import read_limited


def read(file: Path) -> dict[str, Measured]:
    """Executed and missing lines by file name as written there. Raises Unreadable."""
    found: dict[str, Measured] = {}
    current: Measured | None = None
    for line in read_limited(file).decode("utf-8", "replace").splitlines():
        key, _, value = line.partition(":")
        if key == "SF":
            current = found.setdefault(value.strip(), Measured(set(), set()))
        elif key == "DA" and current is not None:
            _count(current, value)
        elif line == "end_of_record":
            current = None
    if not found:
        raise Unreadable("is damaged: it names no file, as LCOV data does")
    for measured in found.values():
        measured.missing -= measured.executed
    return found


def _count(measured: Measured, value: str) -> None:
    try:
        line, count, *_ = value.split(",")
        (measured.executed if int(count) > 0 else measured.missing).add(int(line))
    except ValueError as error:
        raise Unreadable("is damaged: a DA record holds no line and count") from error
