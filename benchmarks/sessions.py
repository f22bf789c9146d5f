"""How fast transcripts are imported, and whether their totals are those that were worked out by hand.

    python benchmarks/sessions.py [--truth DIR] [--mb 50] [--no-write]

DIR holds ``sessions/index.json`` with transcripts, their expected totals, and a
price table. A large transcript is made by repeating their real lines with fresh
ids, and imported in a process of its own: whole, again, and after it has grown.
The rate is judged by processor time, start included: one thread does all of it.
"""

from __future__ import annotations

import argparse
import json
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

if __package__:
    from benchmarks.figures import Figure, markdown, plain
    from benchmarks.sections import write_section
else:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from benchmarks.figures import Figure, markdown, plain
    from benchmarks.sections import write_section

PROJECT = Path(__file__).resolve().parent.parent
TABLES = (
    "sessions", "session_messages", "session_prompts", "tool_events", "session_edits", "session_tasks",
    "session_marks",
)  # fmt: skip
RATE, MEMORY = 20.0, 300.0  # least MB of JSON a second, most MB in memory
ABOUT = """\
## Transcripts

Written by `python benchmarks/sessions.py --truth DIR`: totals against those worked out by hand, and a large
transcript made of real lines with fresh ids, imported in a process of its own. The rate is judged by
processor time, start included.
"""
_IDS = re.compile(r'"(uuid|parentUuid|requestId|id|tool_use_id)":"([^"]+)"')
IMPORT = """
import json, resource, sys, time
from pathlib import Path
from tui_patterns.sessions.cost import pricer
from tui_patterns.sessions.importer import take
from tui_patterns.sessions.sources import find
from tui_patterns.store.sqlite import connect
path, data = Path(sys.argv[1]), Path(sys.argv[2])
begun = time.perf_counter()
conn = connect(data / "patterns.db")
lines = sum(take(conn, source, pricer(data)).lines for source in find(path))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
cpu = time.process_time()
print(json.dumps({"seconds": time.perf_counter() - begun, "cpu": cpu, "lines": lines, "mb": peak}))
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code is 1 where a figure misses its target."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--truth", type=Path, default=PROJECT.parent / "shared" / "truth")
    parser.add_argument("--mb", type=int, default=50)
    parser.add_argument("--no-write", action="store_true", help="leave docs/benchmarks.md as it is")
    options = parser.parse_args(arguments)
    truth = options.truth / "sessions"
    with tempfile.TemporaryDirectory(prefix="patterns-tui-bench-") as work:
        figures = [*_totals(truth, Path(work)), *_speed(truth, Path(work), options.mb)]
    print(plain(figures))
    if not options.no_write:
        write_section("transcripts", f"{ABOUT}\n{markdown(figures)}\n")
    return int(any(figure.ok is False for figure in figures))


def _totals(truth: Path, work: Path) -> Iterator[Figure]:
    """Differences from the expected totals, over all files of the index."""
    index = json.loads((truth / "index.json").read_text("utf-8"))
    wrong = [
        entry["file"] for number, entry in enumerate(index) if not _agrees(truth, entry, work / str(number))
    ]
    how = f"{len(index)} transcripts, tokens by class, cost to the cent" + (
        f"; wrong: {wrong}" if wrong else ""
    )
    yield Figure("transcripts with other totals than expected", len(wrong), "", 0, how)


def _agrees(truth: Path, entry: dict[str, Any], data: Path) -> bool:
    from tui_patterns.sessions.cost import Pricer
    from tui_patterns.sessions.importer import take
    from tui_patterns.sessions.prices import OwnTable
    from tui_patterns.sessions.sources import find
    from tui_patterns.store import session_reads
    from tui_patterns.store.sqlite import connect

    conn = connect(data / "patterns.db")
    tables = [OwnTable(truth / name) for name in ("prices_ccusage_builtin.json", "prices_litellm.json")]
    source = next(find(truth / entry["file"]))
    take(conn, source, Pricer(tables))
    found = session_reads.totals(conn, source.session)
    conn.close()
    return _claude_agrees(found, entry["expected"]) and _codex_agrees(found, entry["expected"])


def _claude_agrees(found: sqlite3.Row, expected: dict[str, Any]) -> bool:
    if "deduped" not in expected:
        return True
    names = {
        "input": "input_tokens",
        "output": "output_tokens",
        "cache_creation": "cache_creation_input_tokens",
        "cache_read": "cache_read_input_tokens",
    }
    tokens = all(found[ours] == expected["deduped"].get(theirs, 0) for ours, theirs in names.items())
    cents = abs((found["cost_usd"] or 0.0) - expected["cost_usd_calculate_standard_speed"]) < 0.005
    return tokens and cents and bool(found["messages"] == expected["unique_messages"])


def _codex_agrees(found: sqlite3.Row, expected: dict[str, Any]) -> bool:
    sums = expected.get("sum_of_last_token_usage")
    if not sums:
        return True
    return bool(
        found["input"] + found["cache_read"] == sums["input_tokens"]
        and found["cache_read"] == sums["cached_input_tokens"]
        and found["output"] == sums["output_tokens"]
        and found["reasoning"] == sums["reasoning_output_tokens"]
        and found["reported_total"] == sums["total_tokens"]
    )


def _speed(truth: Path, work: Path, megabytes: int) -> Iterator[Figure]:
    path, data = work / f"{uuid.uuid4()}.jsonl", work / "large"
    write_large(truth, path, megabytes * 1_000_000)
    size = path.stat().st_size / 1e6
    whole = _import(path, data)
    before = _rows(data)
    again = _import(path, data)
    told = f"{size:.0f} MB, {whole['lines']:,} lines"
    rate, cpu = size / whole["seconds"], size / whole["cpu"]
    yield Figure("import of 20 MB of JSON, processor time", RATE / cpu, "s", 1.0, f"{told}: {cpu:.0f} MB/s")
    yield Figure("the same by the clock", RATE / rate, "s", None, f"{rate:.0f} MB/s, with what else ran here")
    yield Figure("import, peak memory", whole["mb"], "MB", MEMORY, "ru_maxrss of the importing process")
    yield Figure("again: rows changed", float(before != _rows(data)), "", 0, f"{again['seconds']:.2f} s")
    with path.open("ab") as file:
        file.write(b"".join(_fresh(_lines(truth), 10**9)))
    grown, anew = _import(path, data), work / "anew"
    _import(path, anew)
    yield Figure("grown: rows unlike a whole import", float(_rows(data) != _rows(anew)), "", 0,
                 f"{grown['lines']:,} lines taken in {grown['seconds']:.2f} s")  # fmt: skip


def _import(path: Path, data: Path) -> dict[str, float]:
    data.mkdir(exist_ok=True)
    command = [sys.executable, "-c", IMPORT, str(path), str(data)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=PROJECT)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def _rows(data: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(data / "patterns.db") as conn:
        return [
            (table, *row)
            for table in TABLES
            for row in conn.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        ]


def _lines(truth: Path) -> list[str]:
    return [
        line
        for path in sorted((truth / "claude").glob("real_*.jsonl"))
        for line in path.read_text("utf-8").splitlines()
    ]


def _fresh(lines: list[str], number: int) -> Iterator[bytes]:
    """The lines once more, with ids of their own: message, request, call and line."""
    for line in lines:
        yield (_IDS.sub(lambda found: f'"{found[1]}":"{found[2]}-{number}"', line) + "\n").encode()


def write_large(truth: Path, path: Path, size: int) -> None:
    """A transcript of at least ``size`` bytes."""
    lines, number, written = _lines(truth), 0, 0
    with path.open("wb") as file:
        while written < size:
            number += 1
            written += sum(map(file.write, _fresh(lines, number)))


if __name__ == "__main__":
    begun = time.monotonic()
    code = main()
    sys.stderr.write(f"{time.monotonic() - begun:.0f} s\n")
    sys.exit(code)
