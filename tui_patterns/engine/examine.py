"""Anti-patterns of many files, by children: a file that ends its child costs that file alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tui_patterns.engine.examine_main import RUFF_FAILED
from tui_patterns.extraction.antipatterns import RuffFailed

CHILD_S = 120.0  # for a batch; for one file alone a tenth of it
LEAST_FILES = 16  # fewer are not worth a child of their own
BACKGROUND = 10  # niceness of a child that nobody waits for

Row = dict[str, Any]


def examine(root: str, paths: Sequence[str], *, jobs: int = 1, nice: int = 0) -> Iterator[Row]:
    """What each file (relative to ``root``) holds, as ``Examined`` in JSON; in no certain order.

    One that cannot be read, parsed or got through is left out. Raises RuffFailed.
    """
    share = max(LEAST_FILES, -(-len(paths) // max(jobs, 1)))
    parts = [paths[start : start + share] for start in range(0, len(paths), share)]
    with ThreadPoolExecutor(max_workers=max(len(parts), 1)) as threads:
        for rows in threads.map(lambda part: list(_batch(root, part, nice)), parts):
            yield from rows


def _batch(root: str, paths: Sequence[str], nice: int) -> Iterator[Row]:
    """By one child; if it does not come through, by one for each half."""
    rows = _child(root, paths, nice)
    if rows is not None:
        yield from rows
    elif len(paths) > 1:
        half = len(paths) // 2
        yield from _batch(root, paths[:half], nice)
        yield from _batch(root, paths[half:], nice)


def _child(root: str, paths: Sequence[str], nice: int) -> list[Row] | None:
    asked = {"root": root, "paths": list(paths), "nice": nice, "parent": os.getpid()}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "tui_patterns.engine.examine_main"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            timeout=CHILD_S if len(paths) > 1 else CHILD_S / 10,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode == RUFF_FAILED:
        raise RuffFailed(done.stderr.decode("utf-8", "replace").strip())
    return [json.loads(line) for line in done.stdout.splitlines()] if done.returncode == 0 else None
