"""What pytest-benchmark saves below ``.benchmarks``: one JSON file a run.

``{"benchmarks": [{"fullname": "tests/test_a.py::test_b", "stats": {"median": seconds, …}}, …]}``
(https://pytest-benchmark.readthedocs.io/en/stable/usage.html). The time of the run is the file's.
"""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Any

from tui_patterns.extraction.evidence import nodeids
from tui_patterns.extraction.evidence.facts import Duration, Unreadable
from tui_patterns.extraction.evidence.reading import read_limited


def read(file: Path, ran: int) -> list[Duration]:
    """The medians of a run. Raises Unreadable."""
    try:
        data = json.loads(read_limited(file))
    except (ValueError, RecursionError) as error:
        raise Unreadable("is damaged, it is not JSON") from error
    rows = data.get("benchmarks") if isinstance(data, dict) else None
    if not isinstance(rows, list):
        raise Unreadable("is no file of pytest-benchmark: it lists no benchmarks")
    return [found for row in rows if (found := _duration(row, ran)) is not None]


def _duration(row: Any, ran: int) -> Duration | None:
    if not isinstance(row, dict) or not isinstance(row.get("fullname"), str):
        return None
    stats = row.get("stats")
    median = stats.get("median") if isinstance(stats, dict) else None
    test = nodeids.parse(row["fullname"])
    if test is None or isinstance(median, bool) or not isinstance(median, int | float):
        return None
    return Duration(test, float(median), ran, benchmark=True) if isfinite(median) and median > 0 else None
