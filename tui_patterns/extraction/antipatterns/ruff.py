"""ruff as a child process: many files a call, no foreign configuration, plain hits back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tui_patterns.extraction.antipatterns.rules import RULES
from tui_patterns.extraction.source import one_line

TIMEOUT_S = 60.0
_BATCH = 250
_BATCH_CHARACTERS = 60_000


class RuffFailed(Exception):
    """ruff is missing, took too long or gave nothing readable; its text is one clear line."""


@dataclass(frozen=True, slots=True)
class RuffHit:
    """One violation: *file* as ruff names it (absolute), lines from 1."""

    file: str
    rule: str
    line: int
    end_line: int


def run_ruff(files: Sequence[str], timeout_s: float = TIMEOUT_S) -> Iterator[RuffHit]:
    """The hits of RULES in *files* (absolute paths); *timeout_s* is for each batch.

    The files' own ``noqa`` comments count; configuration files do not, since a
    watched project is not trusted to choose what is run. Raises RuffFailed.
    """
    for batch in _batches(files):
        for row in _rows(_output(batch, timeout_s)):
            if row.get("code") in RULES:
                yield _hit(row)


def _batches(files: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for file in files:
        if batch and (len(batch) >= _BATCH or size + len(file) > _BATCH_CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += len(file)
    if batch:
        yield batch


def _output(files: list[str], timeout_s: float) -> str:
    try:
        done = subprocess.run(
            [*_command(), "--", *files],
            capture_output=True,
            timeout=timeout_s,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RuffFailed(f"ruff took longer than {timeout_s:g} s on {len(files)} files: try fewer") from error
    except OSError as error:
        raise RuffFailed(f"ruff cannot be started ({one_line(error)}): reinstall it with pip") from error
    if done.returncode:
        said = one_line(done.stderr.decode("utf-8", "replace")) or f"exit {done.returncode}"
        raise RuffFailed(f"ruff failed: {said}")
    return done.stdout.decode("utf-8", "replace")


@cache
def _command() -> tuple[str, ...]:
    """The call without its files. Rules in preview are on only because they are named."""
    fixed = ("check", "--isolated", "--no-cache", "--exit-zero", "--quiet", "--output-format", "json")
    preview = ("--preview", "--config", "lint.explicit-preview-rules = true")
    return (*program(), *fixed, *preview, "--target-version", "py311", "--select", ",".join(RULES))


def program() -> tuple[str, ...]:
    """ruff's own binary where its package knows it: Python in between costs some 50 ms a call."""
    try:
        from ruff import find_ruff_bin  # type: ignore[import-untyped]

        return (str(find_ruff_bin()),)
    except (ImportError, FileNotFoundError):
        return (sys.executable, "-P", "-m", "ruff")


def _rows(output: str) -> list[dict[str, Any]]:
    try:
        rows = json.loads(output or "[]")
    except ValueError as error:
        raise RuffFailed("ruff's answer is not JSON: is it older than 0.12?") from error
    return [row for row in rows if isinstance(row, dict)]


def _hit(row: dict[str, Any]) -> RuffHit:
    line = int(row["location"]["row"])
    return RuffHit(str(row["filename"]), str(row["code"]), line, max(line, int(row["end_location"]["row"])))
