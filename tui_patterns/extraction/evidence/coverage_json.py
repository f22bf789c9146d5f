"""``coverage json``: per file the executed and missing lines, and contexts where they were asked for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui_patterns.extraction.evidence.facts import Measured, Unreadable
from tui_patterns.extraction.evidence.reading import read_json


def read(file: Path) -> dict[str, Measured]:
    """Lines and contexts by file name as written there. Raises Unreadable."""
    report = read_json(file)
    try:
        return {str(path): _measured(entry) for path, entry in report["files"].items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise Unreadable("is damaged: it is not what `coverage json` writes") from error


def _measured(entry: dict[str, Any]) -> Measured:
    contexts = entry.get("contexts")
    return Measured(
        executed={int(line) for line in entry["executed_lines"]},
        missing={int(line) for line in entry["missing_lines"]},
        contexts=None if not contexts else {int(line): set(names) for line, names in contexts.items()},
    )
