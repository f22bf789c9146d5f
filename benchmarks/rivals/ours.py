"""This program, asked as the others are: its commands, from cold processes, with default settings."""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measured import run
from benchmarks.processes import TreeWatch, processor_seconds
from benchmarks.rivals.base import TOP, Built, Peer, Taken, size_of

COMMAND = (sys.executable, "-m", "tui_patterns")


class Ours(Peer):
    """Functions, methods and classes that are worth keeping, with their words and vectors."""

    name = "patterns-tui"
    note = (
        "default settings; the same run also titles, rates and looks for anti-patterns. Its model was "
        "converted before, as the others' are on disk"
    )

    def versions(self) -> str:
        """The one that is measured."""
        return f"{self.name} {version('patterns-tui')}"

    def index(self) -> Built:
        """One run of ``index``; found by words is when the last pattern had come."""
        seen: list[Arrivals] = []

        def watch(pid: int) -> Arrivals:
            seen.append(Arrivals(pid, self.data / "patterns.db"))
            return seen[0]

        argv = [*COMMAND, "--data-dir", str(self.data), "index", str(self.project), "--json"]
        done = run(argv, watch=watch)
        return Built(words=seen[0].last(), meaning=Taken(done.seconds, done.cpu, done.memory))

    def words_alone(self) -> None:
        """Index without embedding."""
        run([*COMMAND, "--data-dir", str(self.data), "index", str(self.project), "--json", "--no-embed"])

    def question(self, query: str) -> tuple[Taken, list[str]]:
        """A cold ``search``, its semantic part included."""
        taken, answer = self._search(query)
        if (answer["mode"], answer["index"]) != ("hybrid", "chroma"):
            raise RuntimeError(f"the search was {answer['mode']} over {answer['index']}: nothing to compare")
        return taken, [hit["path"] for hit in answer["results"]]

    def answers(self, queries: Sequence[str]) -> list[list[str]]:
        """The files, as ``search --files`` finds them."""
        return [[file["path"] for file in self._search(query, "--files")[1]] for query in queries]

    def disk(self) -> int:
        """Everything that is stored: code, history, words, vectors twice, Chroma."""
        return size_of(self.data)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.work / "data"

    def _search(self, query: str, *more: str) -> tuple[Taken, Any]:
        argv = [*COMMAND, "--data-dir", str(self.data), "search", "--json", "--limit", str(TOP), *more]
        done = run([*argv, "--", query])
        return Taken(done.seconds, done.cpu, done.memory), json.loads(done.out)


class Arrivals(TreeWatch):
    """When patterns came to be found by words, from looking at the database while it is filled."""

    def __init__(self, pid: int, database: Path) -> None:
        super().__init__(pid)
        self._database = database
        self._started = time.perf_counter()
        self._count = 0
        self._last: Taken | None = None

    def sample(self) -> None:
        """Add up the memory, and count what is there now."""
        super().sample()
        if (count := self._patterns()) > self._count:
            seconds = time.perf_counter() - self._started
            self._count, self._last = count, Taken(seconds, processor_seconds(self.pid), self.peak)

    def last(self) -> Taken | None:
        """What it had taken when the last pattern came; ``None`` if none ever did."""
        return self._last

    def _patterns(self) -> int:
        if not self._database.exists():
            return 0
        try:
            with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=0.0)) as conn:
                found: int = conn.execute("SELECT count(*) FROM search_docs").fetchone()[0]
        except sqlite3.Error:  # its tables are not there yet
            return 0
        return found
