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
    """``data`` holds 10,000 patterns. The two take turns, so that both meet the same noise."""
    out, project = work / "painted", work / "project"
    project.mkdir()
    bare = [sys.executable, "-m", "benchmarks.drivers.bare"]
    ours = [
        sys.executable,
        "-m",
        "benchmarks.drivers.first_paint",
        "--data-dir",
        str(data),
        "run",
        str(project),
    ]
    first, second = [], []
    for turn in range(RUNS + 1):
        one, other = _seconds(bare, out), _seconds(ours, out)
        if turn:  # the first turn only warms the disk cache
            first.append(one)
            second.append(other)
    tell(
        f"first paint: bare {statistics.median(first):.2f} s, patterns-tui {statistics.median(second):.2f} s"
    )
    return [
        Figure(
            "start to first paint ÷ a bare Textual app",
            ratio(second, first),
            "×",
            1.2,
            f"{statistics.median(second):.2f} s ÷ {statistics.median(first):.2f} s; from the process's start",
        )
    ]


def _seconds(argv: list[str], out: Path) -> float:
    out.unlink(missing_ok=True)
    with Terminal(argv, BENCH_OUT=str(out)) as terminal:
        terminal.wait(60)
    if not out.exists():
        raise RuntimeError(f"{argv[2]} ended without a first paint: {terminal.tail.decode(errors='replace')}")
    return float(out.read_text("ascii")) - terminal.started
