"""Switching a real repository between two branches: what has to be embedded, and how long it takes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.measured import Run, run
from benchmarks.places import TOP, tell
from benchmarks.scale_record import Record

BACK = 40  # commits between the two branches, merges followed on their first side only
TWICE = 2  # each branch once


def measure(work: Path, repository: Path, switches: int, record: Record) -> None:
    """Index, switch, index again: ``switches`` times, the first two of which may embed."""
    folder = work / "repository"
    names = _clone(repository, folder)
    if names is None:
        tell(f"{repository} has no history to switch in: no branches measured")
        return
    changed = _git(folder, "diff", "--name-only", *names, "--", "*.py").splitlines()
    done = [_switched(work / "data", folder, names[turn % 2]) for turn in range(switches)]
    for turn, (one, report) in enumerate(done, start=1):
        tell(f"switch {turn}: {report['parsed']} parsed, {report['embedded']} embedded, {one.seconds:.1f} s")
    record.add(_figures(done, len(changed)))


def _clone(repository: Path, folder: Path) -> tuple[str, str] | None:
    """A clone with two branches, ``now`` and ``then``; nothing if there is no history that far back."""
    clone = ["git", "clone", "-q", "--no-hardlinks", str(repository), str(folder)]
    if subprocess.run(clone, check=False).returncode:
        return None
    past = _git(folder, "log", "--first-parent", "--format=%H", f"-{BACK + 1}").splitlines()
    if len(past) < TWICE:
        return None
    _git(folder, "branch", "then", past[-1])
    _git(folder, "branch", "now", past[0])
    return "now", "then"


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout


def _switched(data: Path, folder: Path, branch: str) -> tuple[Run, dict[str, Any]]:
    _git(folder, "switch", "-q", branch)
    command = [sys.executable, "-m", "tui_patterns", "--data-dir", str(data), "index", str(folder), "--json"]
    done = run(command, cwd=TOP)
    return done, json.loads(done.out)


def _figures(done: list[tuple[Run, dict[str, Any]]], changed: int) -> list[Figure]:
    later = done[TWICE:]
    embedded = [report["embedded"] for _, report in done]
    at_first = " and ".join(f"{count:,}" for count in embedded[:TWICE])
    patterns = done[-1][1]["patterns"]
    how = f"{changed} Python files differ, {patterns:,} patterns; the first two visits embedded {at_first}"
    slowest = max(one.seconds for one, _ in later)
    parsed = max(report["parsed"] for _, report in later)
    return [
        Figure(f"embedded by {len(later)} further switches of a branch", float(sum(embedded[TWICE:])),
               "", 0.0, how),
        Figure("slowest of these switches, indexed again", slowest, "s", None,
               f"process start to end; at most {parsed} files parsed"),
    ]  # fmt: skip
