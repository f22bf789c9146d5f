"""The real app in a terminal, over 10,000 patterns: memory, key presses, and frames while it indexes."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, percentile
from benchmarks.library import source_of
from benchmarks.places import tell
from benchmarks.processes import MemoryWatch, resident
from benchmarks.terminal import Terminal

QUERIES = (
    "wrap text to a given width", "retry with backoff", "parse http header", "async context manager",
    "read json lines", "cache results on disk", "walk a syntax tree", "render markdown table",
    "validate email address", "shortest path between nodes",
)  # fmt: skip
INDEXED = "textual"
READY_S, ANSWER_S = 400.0, 10.0
MEGABYTE = 1_000_000
CLEAR = "\x15"  # Ctrl+U


@dataclass
class Log:
    """What the app noted so far."""

    path: Path
    notes: list[dict[str, Any]] = field(default_factory=list)
    _at: int = 0

    def read(self) -> list[dict[str, Any]]:
        """All notes, with those that are new."""
        with self.path.open("rb") as stream:
            stream.seek(self._at)
            new = stream.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._at += len(whole)
        self.notes += map(json.loads, whole.splitlines())
        return self.notes

    def when(self, holds: Callable[[dict[str, Any]], bool], seconds: float, after: float = 0.0) -> float:
        """When something that ``holds`` was noted, waiting for it; raises TimeoutError."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            for one in self.read():
                if one["at"] >= after and holds(one):
                    return float(one["at"])
            time.sleep(0.002)
        raise TimeoutError(f"the app did not do in {seconds:.0f} s what was waited for: {self.notes[-3:]}")


def measure(data: Path, work: Path) -> list[Figure]:
    """``data`` holds 10,000 patterns and is written to: the project is new to it."""
    log = Log(work / "live.jsonl")
    log.path.touch()
    argv = [sys.executable, "-m", "benchmarks.drivers.app", "--data-dir", str(data), "run"]
    argv.append(str(source_of(INDEXED, work / "live")))
    with Terminal(argv, BENCH_OUT=str(log.path)) as terminal, MemoryWatch(terminal.process.pid) as memory:
        try:
            began, ended = _index(terminal, log)
            tell(f"indexed and embedded {INDEXED} in {ended - began:.0f} s while the app was in use")
            lexical, merged = _type(terminal, log)
            time.sleep(2)
        except TimeoutError as error:
            raise RuntimeError(f"{error}\n{terminal.tail.decode(errors='replace')}") from error
        app, engine = resident(terminal.process.pid), resident(memory.engine or 0)
    gaps = [one["seconds"] for one in log.notes if one["what"] == "gap" and began <= one["at"] <= ended]
    return [*_memory(app, engine, memory), *_speed(lexical, merged, gaps)]


def _index(terminal: Terminal, log: Log) -> tuple[float, float]:
    """Move in the list until the new project is indexed, embedded and in Chroma; from when to when."""
    began = log.when(lambda one: one["what"] == "painted", READY_S)
    moves = cycle("jjjjkk")
    ends = time.monotonic() + READY_S
    while not any(_done(one) for one in log.read()):
        if time.monotonic() > ends:
            raise TimeoutError(f"not indexed in {READY_S:.0f} s: {log.notes[-3:]}")
        terminal.press(next(moves))
        time.sleep(0.1)
    return began, time.monotonic()


def _done(one: dict[str, Any]) -> bool:
    return one["what"] == "status" and (one["state"], one["semantic"], one["index"]) == (
        "idle",
        1.0,
        "chroma",
    )


def _type(terminal: Terminal, log: Log) -> tuple[list[float], list[float]]:
    """Seconds from each key to its lexical, and to its semantic results; the next key waits for both."""
    lexical, merged = [], []
    terminal.press("/")
    time.sleep(0.5)  # the next key goes where this one leads
    for query in QUERIES:
        typed = ""
        for key in query:
            typed += key
            if key == " ":
                terminal.press(key)  # changes nothing until the next one
                continue
            pressed = terminal.press(key)
            lexical.append(log.when(_answer(typed, "lexical"), ANSWER_S, pressed) - pressed)
            merged.append(log.when(_answer(typed, "hybrid"), ANSWER_S, pressed) - pressed)
        log.when(_answer("", None), ANSWER_S, terminal.press(CLEAR))
    return lexical, merged


def _answer(text: str, mode: str | None) -> Callable[[dict[str, Any]], bool]:
    return lambda one: one["what"] == "answer" and (one["text"], one["mode"]) == (text, mode)


def _memory(app: int, engine: int, memory: MemoryWatch) -> list[Figure]:
    peak = f"resident, after an index and a search; its peak was {memory.engine_peak / MEGABYTE:.0f} MB"
    worker = f"the most of any worker while {INDEXED} was indexed"
    return [
        Figure(
            "memory of the interface process",
            app / MEGABYTE,
            "MB",
            80,
            "resident, after an index and a search",
        ),
        Figure("memory of the engine", engine / MEGABYTE, "MB", 400, peak),
        Figure("memory of a parser worker", memory.worker_peak / MEGABYTE, "MB", 250, worker),
    ]


def _speed(lexical: list[float], merged: list[float], gaps: list[float]) -> list[Figure]:
    how = f"p95 of {len(lexical)} keys into the terminal, until the list is painted"
    longest = max(gaps, default=0.0)
    often = f"the event loop, {INDEXED} being indexed and embedded, keys pressed; {len(gaps)} gaps over 15 ms"
    return [
        Figure("key press → results by words", percentile(lexical, 0.95) * 1000, "ms", 50, how),
        Figure("key press → results by meaning merged", percentile(merged, 0.95) * 1000, "ms", 150, how),
        Figure("longest gap between frames while indexing", longest * 1000, "ms", 100, often),
    ]
