"""How long until there is something to see, against a bare Textual app with the same widgets."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from benchmarks.figures import Figure, ratio
from benchmarks.places import tell
from benchmarks.terminal import Terminal

RUNS = 5


def measure(data: Path, work: Path) -> list[Figure]:
    """``data`` holds 10,000 patterns. All take turns, so that they meet the same noise."""
    project, out = work / "project", work / "painted"
    project.mkdir()
    rivals = {
        "bare": ["bare"],
        "command": ["bare_command", str(project)],
        "ours": ["first_paint", "--data-dir", str(data), "run", str(project)],
    }
    taken: dict[str, list[float]] = {name: [] for name in rivals}
    for turn in range(RUNS + 1):
        for name, (module, *arguments) in rivals.items():
            seconds = _seconds([sys.executable, "-m", f"benchmarks.drivers.{module}", *arguments], out)
            if turn:  # the first turn only warms the disk cache
                taken[name].append(seconds)
    return [
        _figure("start to first frame ÷ a bare Textual app", taken["ours"], taken["bare"], 1.2),
        _figure("the same ÷ one with Typer and pydantic-settings", taken["ours"], taken["command"], None),
    ]


def _figure(what: str, ours: list[float], other: list[float], target: float | None) -> Figure:
    how = f"{statistics.median(ours):.2f} s ÷ {statistics.median(other):.2f} s; from the process's start"
    tell(f"{what}: {how}")
    return Figure(what, ratio(ours, other), "×", target, how)


def _seconds(argv: list[str], out: Path) -> float:
    out.unlink(missing_ok=True)
    with Terminal(argv, BENCH_OUT=str(out)) as terminal:
        terminal.wait(60)
    if not out.exists():
        raise RuntimeError(f"{argv[2]} ended without a first paint: {terminal.tail.decode(errors='replace')}")
    return float(out.read_text("ascii")) - terminal.started
