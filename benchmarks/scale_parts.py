"""The parts of the benchmark at size: what each needs, and each in a process and a folder of its own."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from benchmarks import scale_app, scale_branches, scale_growth, scale_index, scale_vectors
from benchmarks.large import large_folder
from benchmarks.machine import environment
from benchmarks.places import TOP, cache_folder, tell
from benchmarks.scale_record import Record

PARTS = ("prepare", "index", "growth", "vectors", "app", "branches")
GB = 1e9
# What a part writes at most, measured; for a quick run a tenth of it.
ROOM = {
    "prepare": 3 * GB,
    "index": 2 * GB,
    "growth": 2 * GB,
    "vectors": 2 * GB,
    "app": 2 * GB,
    "branches": GB,
}
TERM_S = 20.0


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of everything: ``share`` is the part of the lines that the limits of time are for."""

    lines: int
    files: int
    share: float
    sizes: tuple[int, ...]
    vectors: tuple[int, ...]
    queries: int
    switches: int


AMOUNTS = {
    "whole": Amount(1_000_000, 10_000, 1.0, (10_000, 30_000, 100_000),
                    (10_000, 30_000, 100_000, 300_000), 6, 10),
    "quick": Amount(30_000, 300, 0.03, (10_000, 12_000), (2_000, 4_000, 8_000), 2, 4),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Plan:
    """``whole`` or ``quick``, and the repository whose branches are switched."""

    name: str
    repository: Path

    @property
    def amount(self) -> Amount:
        """How much is measured."""
        return AMOUNTS[self.name]

    def file(self, part: str) -> Path:
        """Where a part writes down what it measured."""
        return cache_folder() / "scale" / self.name / f"{part}.json"


def run_parts(parts: Sequence[str], plan: Plan, *, resume: bool) -> list[str]:
    """Run these parts one after the other; those that failed, the others having been run all the same."""
    failed = []
    for part in parts:
        known = Record.read(plan.file(part))
        if resume and known and known.fresh(plan.name):
            tell(f"{part}: measured at this commit already")
            continue
        if not resume:
            plan.file(part).unlink(missing_ok=True)
        began = time.monotonic()
        tell(f"{part}: begins")
        if _child(part, plan):
            failed.append(part)
        tell(f"{part}: {time.monotonic() - began:.0f} s")
    return failed


def _child(part: str, plan: Plan) -> int:
    """Its exit code. Whatever ends this process ends the child, and what that has started, too."""
    argv = [sys.executable, "-m", "benchmarks.scale", "--part", part, "--repository", str(plan.repository)]
    argv += ["--quick"] if plan.name == "quick" else []
    process = subprocess.Popen(argv, cwd=TOP, env=environment(), start_new_session=True)
    before = signal.signal(signal.SIGTERM, _leave)
    try:
        return process.wait()
    finally:
        signal.signal(signal.SIGTERM, before)
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(TERM_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _leave(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def run_part(part: str, plan: Plan) -> int:
    """Measure one part in this process, in a folder that is removed whatever happens."""
    signal.signal(signal.SIGTERM, _leave)
    work = _room(part, plan)
    known = Record.read(plan.file(part))
    going_on = known is not None and known.amount == plan.name and not known.done
    record = known if known and going_on else Record.begin(plan.file(part), part, plan.name)
    try:
        _measure(part, plan, work, record)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    record.finish()
    return 0


def _measure(part: str, plan: Plan, work: Path, record: Record) -> None:
    amount = plan.amount
    record.figures.clear()
    match part:
        case "prepare":
            for size in amount.sizes:
                large_folder(size)
        case "index":
            scale_index.measure(work, amount.lines, amount.files, amount.share, record)
        case "growth":
            scale_growth.measure(work, amount.sizes, record)
        case "vectors":
            scale_vectors.measure(work, amount.vectors, record)
        case "app":
            scale_app.measure(work, amount.sizes[-1], amount.queries, record)
        case _:
            scale_branches.measure(work, plan.repository, amount.switches, record)


def _room(part: str, plan: Plan) -> Path:
    """A folder of its own where there is room enough; what an earlier run left behind goes first."""
    home = cache_folder() / "scale" / "work"
    home.mkdir(parents=True, exist_ok=True)
    for left in home.iterdir():
        if not Path(f"/proc/{left.name}").exists():
            shutil.rmtree(left, ignore_errors=True)
    needed = ROOM[part] * (0.3 if plan.name == "quick" else 1.0)
    free = shutil.disk_usage(home).free
    if free < needed:
        raise SystemExit(f"{part}: {needed / GB:.1f} GB are needed at {home}, {free / GB:.1f} GB are free")
    work = home / str(os.getpid())
    work.mkdir()
    return work
