"""What the figures were measured on, and whether both sides of a comparison are byte-compiled."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.places import TOP

TOOLS = ("textual", "chromadb", "onnxruntime", "sentence-transformers", "torch", "astroid")
# Every side of every comparison, as far as its modules are known before it runs.
COMPARED = (
    ("sentence_transformers",),
    ("textual.app", "textual.widgets._text_area", "textual.scroll_view"),
    ("tui_patterns.tui.app", "tui_patterns.cli.main", "tui_patterns.cli.start", "tui_patterns.cli.find"),
    ("tui_patterns.api.library", "tui_patterns.api.meaning", "tui_patterns.engine.server"),
)
BUSY = 0.5
TRIES = 3  # a file may be saved between compiling and looking


class NotCompiled(Exception):
    """A comparison with what is not compiled would flatter one side."""


def environment() -> dict[str, str]:
    """The environment of everything that is measured."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if key not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}
    }
    return {**kept, "HF_HUB_OFFLINE": "1", "TERM": "xterm-256color", "COLORTERM": "truecolor"}


def compile_project() -> None:
    """Byte-compile this project; installed packages were compiled when they were set up."""
    folders = [str(TOP / "tui_patterns"), str(TOP / "benchmarks")]
    subprocess.run([sys.executable, "-m", "compileall", "-qq", *folders], check=False, env=environment())


def check_compiled() -> None:
    """Raise NotCompiled unless every module of every side has bytecode that fits its source."""
    for modules in COMPARED:
        if stale := _stale(modules):
            raise NotCompiled(
                f"{len(stale)} modules are not byte-compiled ({', '.join(stale[:3])} …): "
                f"run {sys.executable} -m compileall -q on their folder, then again"
            )


def _stale(modules: Sequence[str]) -> list[str]:
    command = [sys.executable, "-B", "-m", "benchmarks.drivers.stale", *modules]
    for _ in range(TRIES):
        compile_project()
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment(), cwd=TOP)
        stale: list[str] = json.loads(done.stdout.splitlines()[-1])
        if not stale:
            break
    return stale


def describe() -> list[str]:
    """Date, machine, versions and commit, a line each."""
    tools = ", ".join(f"{tool} {version(tool)}" for tool in TOOLS)
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, commit {commit()}",
        f"{os.cpu_count()} cores ({_processor()}), {_memory_gb():.0f} GB, {platform.system()}",
        f"Python {platform.python_version()}, {tools}",
    ]


def load() -> str:
    """The load average: above the number of cores, other programs slowed this one down."""
    return " ".join(f"{one:.1f}" for one in os.getloadavg())


def busy() -> bool:
    """Whether other programs take a good part of a core now."""
    return os.getloadavg()[0] > BUSY


def commit() -> str:
    """The commit that is measured, and whether the program was changed since."""
    changes = " with changes" if _git("status", "--porcelain", "--", "tui_patterns") else ""
    return (_git("rev-parse", "--short", "HEAD") or "unknown") + changes


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], capture_output=True, text=True, cwd=TOP, check=False)
    return done.stdout.strip()


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )


def _memory_gb() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
