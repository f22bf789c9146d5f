"""The figures that tell whether the library learns, each from what is stored, none of them estimated."""

from __future__ import annotations

import sqlite3
from collections import Counter
from functools import lru_cache
from itertools import accumulate

from tui_patterns.learning import guard_findings
from tui_patterns.learning.figures import BUCKETS, Asked, Figure, change, counted, history, mean
from tui_patterns.learning.loop_metrics import decided, lifted, reuse, still_open, success
from tui_patterns.sessions.statistics import Difference, means
from tui_patterns.store import findings, guards, metrics

ENDS = 20  # completed tasks at each end that the calls are compared over


def collect(conn: sqlite3.Connection, asked: Asked) -> tuple[Figure, ...]:
    """All figures, in the order in which they are shown; over one state of the database if inside one."""
    return (
        learned(conn, asked),
        antipatterns(conn),
        success(conn, asked),
        calls(asked),
        decided(conn, asked),
        size(conn, asked),
        time_per_task(asked),
        reuse(conn, asked),
        still_open(conn, asked),
        lifted(conn, asked),
    )


def learned(conn: sqlite3.Connection, asked: Asked) -> Figure:
    """Patterns first seen in the period, also those whose code is gone again."""
    found = metrics.identified(conn, asked.period.start, asked.period.width)
    series = [0] * BUCKETS
    for bucket, count in found.items():
        if bucket >= 0:
            series[min(bucket, BUCKETS - 1)] += count
    total = sum(series)
    held = metrics.size(conn)
    return Figure(
        "patterns", "patterns learned", "count", total, held.files, "files read",
        note=f"{max(found.get(-1, 0), 0):,} before" if found.get(-1) else "since the library began",
        series=tuple(series), since=asked.period.start,
    )  # fmt: skip


def antipatterns(conn: sqlite3.Connection) -> Figure:
    """What is wrong in the code as it is now, without what was dismissed, and what failures have taught."""
    looked = metrics.examined(conn)
    learnt = len(guards.placed(conn))
    labels: Counter[str] = Counter({guard_findings.LABEL: learnt} if learnt else {})
    for _, label, count in findings.counts(conn):
        labels[label] += count
    most = ", ".join(f"{label.replace('_', ' ')} {count:,}" for label, count in labels.most_common(3))
    return Figure(
        "antipatterns", "anti-patterns", "count", sum(labels.values()) if looked.files or learnt else None,
        looked.files, "files examined", note=most if looked.files or learnt else "not looked for yet",
        more={"labels": dict(labels.most_common()), "files": looked.of},
    )  # fmt: skip


def size(conn: sqlite3.Connection, asked: Asked) -> Figure:
    """What the library holds now, and how it grew and shrank."""
    held = metrics.size(conn)
    came = metrics.identified(conn, asked.period.start, asked.period.width)
    went = metrics.gone(conn, asked.period.start, asked.period.width)
    steps = [0] * BUCKETS
    for counts, sign in ((came, 1), (went, -1)):
        for bucket, count in counts.items():
            if bucket >= 0:
                steps[min(bucket, BUCKETS - 1)] += sign * count
    before = came.get(-1, 0) - went.get(-1, 0)
    return Figure(
        "size", "knowledge base", "count", held.patterns, held.versions, "versions",
        note=_extent(held),
        series=tuple(float(before + step) for step in accumulate(steps)), since=asked.period.start,
        more={"projects": held.projects, "files": held.files, "bytes": held.bytes},
    )  # fmt: skip


def _extent(held: metrics.Size) -> str:
    files, projects = counted(held.files, "file"), counted(held.projects, "project")
    return f"{files} of {projects}, {held.bytes / 2**20:,.1f} MB"


def calls(asked: Asked) -> Figure:
    """By what share a completed task takes fewer calls of the model: the last ones against the first."""
    tasks = sorted(
        (task for one in asked.worked for task in one.completed if task.at >= asked.since),
        key=lambda task: (task.at, task.session),
    )
    each = mean([task.calls for task in tasks])
    note = "no completed task in an imported session" if each is None else f"{each:.1f} a task"
    enough = len(tasks) >= 2 * ENDS
    if not enough and tasks:
        note = f"{2 * ENDS} are needed, {note}"
    moved = _ends(tuple(task.calls for task in tasks)) if enough else None
    return Figure(
        "calls", "LLM-call reduction", "share", None if moved is None else _reduction(moved), len(tasks),
        "completed tasks", note=note if moved is None else _compared(moved),
        **history(asked, ((task.at, task.calls) for task in tasks), mean),
        more={"per_task": each, "compared": ENDS, "change": None if moved is None else change(moved)},
    )  # fmt: skip


@lru_cache(maxsize=8)
def _ends(spent: tuple[float, ...]) -> Difference:
    """The last tasks against the first; remembered, since the interval is drawn by resampling."""
    return means(spent[:ENDS], spent[-ENDS:])


def _reduction(moved: Difference) -> float | None:
    """1 − last/first: positive where fewer calls are needed."""
    return 1.0 - moved.b / moved.a if moved.a and moved.b is not None else None


def _compared(moved: Difference) -> str:
    words = f"{moved.a:.1f} calls in the first {ENDS}, {moved.b:.1f} in the last"
    if moved.low is None or moved.high is None:
        return words
    sure = "" if moved.low > 0 or moved.high < 0 else ", may be chance"
    return f"{words} ({moved.low:+.1f} to {moved.high:+.1f}{sure})"


def time_per_task(asked: Asked) -> Figure:
    """Seconds of activity by task, over all sessions with a transcript; pauses are not counted."""
    known = [
        one for one in asked.worked if one.ended >= asked.since and one.seconds is not None and one.tasks
    ]
    tasks = sum(one.tasks for one in known)
    spent = sum(one.seconds or 0.0 for one in known)
    return Figure(
        "time", "mean time per task", "seconds", spent / tasks if tasks else None, tasks, "tasks",
        note=f"in {counted(len(known), 'session')}" if tasks else "no imported session tells",
        **history(asked, ((one.ended, (one.seconds or 0.0) / one.tasks) for one in known), mean),
        more={"sessions": len(known), "seconds": spent},
    )  # fmt: skip
