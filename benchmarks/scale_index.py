"""A million lines of real code, indexed: parsed, extracted, stored, and found by words."""

from __future__ import annotations

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks.corpus import Corpus, add_small_files, copy_lines
from benchmarks.figures import Figure
from benchmarks.measured import Run, run
from benchmarks.places import tell
from benchmarks.scale_record import Record
from tui_patterns.api import PatternLibrary
from tui_patterns.settings import Settings

COMMAND = [sys.executable, "-m", "tui_patterns"]
# Anti-patterns are looked for when nothing else is to do: here they are left out, as vectors are.
WITHOUT = {"PATTERNS_TUI_EXTRACTION__ANTIPATTERNS": "false"}
QUERY = "retry a request with backoff"
AGAIN = 3
GB = 1e9


def measure(work: Path, lines: int, files: int, share: float, record: Record) -> None:
    """Index ``lines`` of code, then look again at ``files`` files; limits of time are for ``share`` of it."""
    corpus = copy_lines(work / "code", lines)
    tell(f"copied {corpus.lines:,} lines in {corpus.files:,} files of {len(corpus.packages)} packages")
    data = work / "data"
    first, report = index(data, corpus.folder)
    tell(f"indexed in {first.seconds:.0f} s, {first.cpu:.0f} s of work, {first.memory / GB:.2f} GB")
    hits = len(PatternLibrary(data / "patterns.db", settings=Settings()).search(QUERY, 10).hits)
    if not hits or not report["parsed"]:
        raise RuntimeError(f"nothing is found of what was indexed: {report}")
    record.add(_first(first, report, corpus, data, share))
    record.add(_again(data, corpus, files))


def _first(first: Run, report: dict[str, Any], corpus: Corpus, data: Path, share: float) -> list[Figure]:
    stored = _stored_lines(data)
    size = f"{stored:,} lines of {corpus.lines:,} read in {report['parsed']:,} files"
    how = f"{size}, {report['patterns']:,} patterns; {first.cpu:.0f} s of processor time; no vectors"
    every = "all processes together at its highest, pages that they share counted for each"
    name = "a million lines indexed, found by words" if share == 1.0 else f"{stored:,} lines indexed"
    return [
        Figure(name, first.seconds, "s", 360 * share, how),
        Figure("the same, processor time a million lines", first.cpu / (stored / 1e6), "s", None,
               "over all processes; on two cores it takes half as long at best"),
        Figure("memory while indexing them", first.memory / GB, "GB", 1.2, every),
    ]  # fmt: skip


def index(data: Path, folder: Path) -> tuple[Run, dict[str, Any]]:
    """One ``index`` command, and its report."""
    done = run([*COMMAND, "--data-dir", str(data), "index", str(folder), "--no-embed", "--json"],
               variables=WITHOUT)  # fmt: skip
    return done, json.loads(done.out)


def _again(data: Path, corpus: Corpus, files: int) -> list[Figure]:
    corpus = add_small_files(corpus, files)
    index(data, corpus.folder)
    tell(f"{corpus.files:,} files, with small ones added")
    agains = [index(data, corpus.folder) for _ in range(AGAIN)]
    done, report = min(agains, key=lambda one: one[0].seconds)
    if report["parsed"]:
        raise RuntimeError(f"files were parsed again though nothing had changed: {report}")
    how = f"process start to end; the best of three; {done.cpu:.1f} s of processor time"
    return [Figure(f"nothing changed, {report['unchanged']:,} files", done.seconds, "s", 3.0, how)]


def _stored_lines(data: Path) -> int:
    with closing(sqlite3.connect(data / "patterns.db")) as conn:
        return int(conn.execute("SELECT SUM(lines) FROM files").fetchone()[0])
