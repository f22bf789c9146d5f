"""ruff's security rules (flake8-bandit, ``S``) on some lines of one file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Collection
from pathlib import Path

from tui_patterns.extraction.antipatterns.ruff import program

TIMEOUT_S = 20.0
_ASSERT = "S101"  # what tests are made of
_CALL = ("check", "--isolated", "--no-cache", "--exit-zero", "--quiet", "--output-format", "json")


def security_findings(file: Path, lines: Collection[int], *, is_test: bool) -> list[str] | None:
    """The rules broken on *lines* (from 1), each once; ``None`` if that cannot be known."""
    try:
        done = subprocess.run(
            [*program(), *_CALL, "--select", "S", "--target-version", "py311", "--", str(file)],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
        )
        rows = json.loads(done.stdout or b"null")
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return None
    if done.returncode or not isinstance(rows, list):
        return None
    wanted = set(lines)
    broken = {
        str(row["code"])
        for row in rows
        if isinstance(row, dict)
        and not wanted.isdisjoint(range(row["location"]["row"], row["end_location"]["row"] + 1))
    }
    return sorted(code for code in broken if code.startswith("S") and not (is_test and code == _ASSERT))
