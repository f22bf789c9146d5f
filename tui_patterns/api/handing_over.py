"""Indexing by the process that holds the index lock: asked through the store, and waited for."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tui_patterns.api.connections import LibraryError
from tui_patterns.models import IndexReport
from tui_patterns.store import requests

if TYPE_CHECKING:
    from tui_patterns.engine.lock import IndexLock

POLL_S = 0.1
Progress = Callable[[Path, int, int], None]
"""Called with a folder, and how many of its files are done of how many."""


def ask_holder(
    conn: sqlite3.Connection, folders: Sequence[Path], lock: IndexLock, on_progress: Progress
) -> IndexReport | None:
    """Have each folder indexed by the engine that runs; ``None`` if it is gone and ``lock`` is now ours.

    Raises LibraryError for a folder that the engine could not index.
    """
    reports = []
    for folder in folders:
        report = _await(conn, requests.ask(conn, str(folder), {}), folder, lock, on_progress)
        if report is None:
            return None
        reports.append(report)
    return _sum(reports)


def _await(
    conn: sqlite3.Connection, request_id: int, folder: Path, lock: IndexLock, on_progress: Progress
) -> IndexReport | None:
    while True:
        request = requests.one(conn, request_id)
        if request is None or request.error:
            reason = request.error if request else "the request is gone"
            raise LibraryError(f"{folder} was not indexed: {reason}")
        if request.report is not None:
            return _report(request.report)
        if lock.try_acquire():  # whoever was to answer is gone, even if it had begun
            requests.withdraw(conn, request_id)
            return None
        on_progress(folder, request.progress.get("done", 0), request.progress.get("total", 0))
        time.sleep(POLL_S)


def _report(told: dict[str, Any]) -> IndexReport:
    """A report as JSON brought it, which knows no tuples."""
    values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}
    return IndexReport(**values)


def _sum(reports: Sequence[IndexReport]) -> IndexReport:
    if len(reports) == 1:
        return reports[0]
    return IndexReport(
        files=sum(one.files for one in reports),
        parsed=sum(one.parsed for one in reports),
        unchanged=sum(one.unchanged for one in reports),
        skipped=_total(one.skipped for one in reports),
        failed=tuple(failure for one in reports for failure in one.failed),
        patterns=reports[-1].patterns,
        new=sum(one.new for one in reports),
        updated=sum(one.updated for one in reports),
        removed=sum(one.removed for one in reports),
        seconds=round(sum(one.seconds for one in reports), 3),
        left_out=_total(one.left_out for one in reports),
        tests=_total(one.tests for one in reports),
    )


def _total(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(sorted(total.items()))
