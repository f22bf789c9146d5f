"""The real app over a large library: gaps between frames, how soon results stand, and whether they stay."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, percentile
from benchmarks.large import large_folder, run_warm
from benchmarks.library import copy_of, source_of
from benchmarks.live import ANSWER_S, CLEAR, QUERIES, READY_S, Log
from benchmarks.places import tell
from benchmarks.scale_record import Record
from benchmarks.terminal import Terminal

PAUSE_S = 0.12  # between two keys of somebody who types quickly
SCREENS = {"M": "statistics", "i": "injections", "m": "metrics", "f": "filter", "a": "anti-patterns"}
SCREEN_S = 1.5
DOWN, ESCAPE = "\x1b[B", "\x1b"
ADDED = '''

def measured_{number}(values, limit):
    """Retry a request until the limit, and cache what is read on disk."""
    kept = []
    for value in values:
        if value not in kept and len(kept) < limit:
            kept.append(value)
    return kept
'''


@dataclass
class Stage:
    """The app in its terminal, its log, the file that makes meaning late, and a file that is watched."""

    terminal: Terminal
    log: Log
    late: Path
    watched: Path


def measure(work: Path, patterns: int, queries: int, record: Record) -> None:
    """Type, move and look over a copy of the library of ``patterns``; a small project is watched."""
    data = copy_of(large_folder(patterns), work / "data")
    have = run_warm("count", data)["patterns"]
    log, late = Log(work / "app.jsonl"), work / "late"
    log.path.touch()
    project = source_of("iniconfig", work / "watched")
    argv = [sys.executable, "-m", "benchmarks.drivers.held", "--data-dir", str(data), "run", str(project)]
    with Terminal(argv, BENCH_OUT=str(log.path), BENCH_LATE=str(late)) as terminal:
        stage = Stage(terminal, log, late, project / "__init__.py")
        try:
            log.when(_ready, READY_S)
            record.add(typed(stage, QUERIES[:queries], have))
            record.add(held(stage, QUERIES[:queries]))
            record.add(looked(stage, have))
        except TimeoutError as error:
            raise RuntimeError(f"{error}\n{terminal.tail.decode(errors='replace')}") from error


def _ready(one: dict[str, Any]) -> bool:
    return one["what"] == "status" and (one["state"], one["index"]) == ("idle", "chroma")


def typed(stage: Stage, queries: tuple[str, ...], have: int) -> list[Figure]:
    """Type each query at one pace, without waiting; how smooth that was, and how soon its answer stood."""
    began, waits = time.monotonic(), []
    stage.terminal.press("/")
    time.sleep(0.5)  # the next key goes where this one leads
    for query in queries:
        for key in query:
            pressed = stage.terminal.press(key)
            time.sleep(PAUSE_S)
        waits.append(stage.log.when(_answer(query, "hybrid"), ANSWER_S, pressed) - pressed)
        _clear(stage)
    how = f"{len(queries)} questions typed, a key each {PAUSE_S * 1000:.0f} ms, over {have:,} patterns"
    gaps = _gaps(stage.log, began)
    longest, work = _longest(gaps)
    tell(f"typed over {have:,} patterns: {len(gaps)} gaps over 15 ms, the longest {longest:.3f} s")
    often = (
        f"the event loop; {how}; {len(gaps)} gaps over 15 ms, in none of which it was at work for more than "
        f"{work * 1000:.0f} ms"
    )
    late = percentile([seconds for seconds, _ in gaps] or [0.0], 0.95)
    return [
        Figure("longest gap between frames while typing", longest * 1000, "ms", 100, often),
        Figure("p95 of the gaps over 15 ms", late * 1000, "ms", None, how),
        Figure("last key → results by meaning", percentile(waits, 0.5) * 1000, "ms", None,
               "median of the same"),
    ]  # fmt: skip


def held(stage: Stage, queries: tuple[str, ...]) -> list[Figure]:
    """Move down while only words have answered; what is under the cursor when meaning comes, and a save."""
    stage.late.touch()
    merges, saves = [], []
    for number, query in enumerate(queries):
        down = 1 + 5 * number  # of the last queries the list has scrolled
        pressed = stage.terminal.press(query)
        stage.log.when(_answer(query, "lexical"), ANSWER_S, pressed)
        stage.terminal.press(DOWN * down)
        at = stage.log.when(_answer(query, "hybrid"), ANSWER_S, pressed)
        merges.append(_swap(stage.log, query, at))
        with stage.watched.open("a", encoding="utf-8") as stream:
            stream.write(ADDED.format(number=number))
        at = stage.log.when(_answer(query, "hybrid"), ANSWER_S, time.monotonic())
        saves.append(_swap(stage.log, query, at))
        _clear(stage)
    stage.late.unlink()
    how = "the same pattern in the same row and on the same line of the screen before and after"
    moved = sum(one["before"]["row"] > 0 for one in merges)
    tell(f"of {len(merges)} rows {sum(map(jumped, merges))} jumped, at saves {sum(map(jumped, saves))}")
    return [
        _jumps("rows under the cursor that jump when meaning is merged", merges,
               f"{how}; the cursor had been moved in {moved} of {len(merges)}"),
        _jumps("the same, when a file is saved meanwhile", saves, f"of {len(saves)} saves; {how}"),
    ]  # fmt: skip


def _jumps(what: str, swaps: list[dict[str, Any]], how: str) -> Figure:
    return Figure(what, float(sum(map(jumped, swaps))), "", 0.0, how)


def jumped(swap: dict[str, Any]) -> bool:
    """Whether another pattern is under the cursor, or the same one elsewhere."""
    return bool(swap["before"] != swap["after"])


def looked(stage: Stage, have: int) -> list[Figure]:
    """Open what counts or lists the whole library: none of it may hold up the screen."""
    stage.terminal.press(ESCAPE)
    time.sleep(SCREEN_S)
    found = {}
    for key, name in SCREENS.items():
        began = time.monotonic()
        stage.terminal.press(key)
        time.sleep(SCREEN_S)
        stage.terminal.press(ESCAPE)
        time.sleep(SCREEN_S / 3)
        found[name] = _longest(_gaps(stage.log, began))
    told = "; ".join(
        f"{name} {gap * 1000:.0f} ms ({work * 1000:.0f} of work)" for name, (gap, work) in found.items()
    )
    tell(f"opened: {told}")
    longest = max(gap for gap, _ in found.values())
    return [
        Figure("longest gap while a screen opens", longest * 1000, "ms", None, f"{told}; {have:,} patterns")
    ]


def _clear(stage: Stage) -> None:
    stage.log.when(_answer("", None), ANSWER_S, stage.terminal.press(CLEAR))


def _answer(text: str, mode: str | None) -> Any:
    return lambda one: one["what"] == "answer" and (one["text"], one["mode"]) == (text, mode)


def _swap(log: Log, text: str, at: float) -> dict[str, Any]:
    """What happened under the cursor when the answer that was drawn at this time was swapped in."""
    return next(
        one for one in _waited(log) if one["what"] == "swapped" and one["at"] >= at and one["text"] == text
    )


def _waited(log: Log) -> list[dict[str, Any]]:
    time.sleep(0.1)  # the note of the swap follows the one of the answer
    return log.read()


def _gaps(log: Log, began: float) -> list[tuple[float, float]]:
    """(seconds, of them at work) of all gaps since then."""
    return [
        (one["seconds"], one["work"]) for one in log.read() if one["what"] == "gap" and one["at"] >= began
    ]


def _longest(gaps: list[tuple[float, float]]) -> tuple[float, float]:
    """The longest gap, and the most work in any."""
    return max((gap for gap, _ in gaps), default=0.0), max((work for _, work in gaps), default=0.0)
