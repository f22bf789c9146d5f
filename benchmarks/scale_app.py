"""Typing in the real app over a large library: gaps between frames, and how soon results stand."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks.figures import Figure, percentile
from benchmarks.grown import grow
from benchmarks.library import copy_of, library_folder, source_of
from benchmarks.live import ANSWER_S, CLEAR, QUERIES, READY_S, Log, _answer
from benchmarks.measured import run
from benchmarks.places import tell
from benchmarks.scale_growth import model_name
from benchmarks.terminal import Terminal

PAUSE_S = 0.12  # between two keys of somebody who types quickly
ASKED = 6


def measure(work: Path, patterns: int) -> list[Figure]:
    """Type queries without waiting for answers, over ``patterns`` patterns; a small project is watched."""
    data = copy_of(library_folder(), work / "data")
    have = grow(data / "patterns.db", patterns, model_name())
    run([sys.executable, "-m", "benchmarks.drivers.warm", "sync", str(data)])
    log = Log(work / "app.jsonl")
    log.path.touch()
    argv = [sys.executable, "-m", "benchmarks.drivers.app", "--data-dir", str(data), "run"]
    argv.append(str(source_of("iniconfig", work / "watched")))
    with Terminal(argv, BENCH_OUT=str(log.path)) as terminal:
        try:
            log.when(_ready, READY_S)
            began = time.monotonic()
            waits = _type(terminal, log)
            ended = time.monotonic()
        except TimeoutError as error:
            raise RuntimeError(f"{error}\n{terminal.tail.decode(errors='replace')}") from error
    gaps = [one["seconds"] for one in log.read() if one["what"] == "gap" and began <= one["at"] <= ended]
    tell(
        f"typed over {have:,} patterns: {len(gaps)} gaps over 15 ms, the longest {max(gaps, default=0):.3f} s"
    )
    return _figures(have, gaps, waits)


def _ready(one: dict[str, object]) -> bool:
    return one["what"] == "status" and (one["state"], one["index"]) == ("idle", "chroma")


def _type(terminal: Terminal, log: Log) -> list[float]:
    """Type each query at one pace; seconds from its last key to what was found by meaning for it."""
    waits = []
    terminal.press("/")
    time.sleep(0.5)  # the next key goes where this one leads
    for query in QUERIES[:ASKED]:
        for key in query:
            pressed = terminal.press(key)
            time.sleep(PAUSE_S)
        waits.append(log.when(_answer(query, "hybrid"), ANSWER_S, pressed) - pressed)
        log.when(_answer("", None), ANSWER_S, terminal.press(CLEAR))
    return waits


def _figures(have: int, gaps: list[float], waits: list[float]) -> list[Figure]:
    how = f"{ASKED} questions typed, a key each {PAUSE_S * 1000:.0f} ms, over {have:,} patterns"
    often = f"the event loop; {how}; {len(gaps)} gaps over 15 ms"
    return [
        Figure("longest gap between frames while typing", max(gaps, default=0.0) * 1000, "ms", 100, often),
        Figure("p95 of the gaps over 15 ms", percentile(gaps or [0.0], 0.95) * 1000, "ms", None, how),
        Figure(
            "last key → results by meaning", percentile(waits, 0.5) * 1000, "ms", None, "median of the same"
        ),
    ]
