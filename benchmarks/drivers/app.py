"""The command ``patterns-tui`` with the arguments given, and a log of what happened when.

Appends JSON lines to the file named by ``BENCH_OUT``, times from the monotonic
clock: ``painted``; ``status`` (what the engine said); ``answer`` (a result list
is written to the terminal: its text and mode); ``gap`` (the event loop did not turn: for
how many seconds, and for how many of them its thread itself was at work).
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any

from textual.strip import Strip

from tui_patterns.cli.main import run
from tui_patterns.tui.answers import Answer
from tui_patterns.tui.app import PatternsApp
from tui_patterns.tui.panes.results import ResultsPane
from tui_patterns.tui.widgets.pattern_list import PatternList

TURN_S = 0.005
TOLD_S = 0.015
_OUT = open(os.environ["BENCH_OUT"], "a", buffering=1, encoding="utf-8")  # noqa: PTH123, SIM115 - until the end
_turning: set[asyncio.Task[None]] = set()


def note(what: str, **facts: Any) -> None:
    """One line of the log, now."""
    _OUT.write(json.dumps({"what": what, "at": time.monotonic(), **facts}) + "\n")


async def _turn() -> None:
    """Note when the loop comes round late: for so long no frame could be drawn."""
    while True:
        before, worked = time.monotonic(), time.thread_time()
        await asyncio.sleep(TURN_S)
        late = time.monotonic() - before - TURN_S
        if late > TOLD_S:
            note("gap", seconds=late, work=time.thread_time() - worked)


def _begin(app: PatternsApp) -> None:
    note("painted")
    _turning.add(asyncio.get_running_loop().create_task(_turn()))
    _real_begin(app)


def _engine_event(app: PatternsApp, event: Any) -> None:
    status = getattr(event, "status", None)
    if status is not None:
        note("status", state=status.state, semantic=status.semantic, index=status.index, queue=status.queue)
    _real_event(app, event)


def _show(pane: ResultsPane, answer: Answer) -> None:
    _real_show(pane, answer)
    _given.append(answer)


def _render_line(rows: PatternList, y: int) -> Strip:
    """The list is drawn: whatever it was given is in the next frame."""
    _drawn.extend(_given)
    _given.clear()
    return _real_line(rows, y)


def _display(app: PatternsApp, screen: Any, frame: Any) -> None:
    """A frame is written to the terminal."""
    _real_display(app, screen, frame)
    for answer in _drawn:
        note("answer", text=answer.question.text, mode=answer.mode, rows=len(answer.rows))
    _drawn.clear()


_given: list[Answer] = []
_drawn: list[Answer] = []
_real_begin, _real_event, _real_display = PatternsApp._begin, PatternsApp._engine_event, PatternsApp._display
_real_show, _real_line = ResultsPane.show, PatternList.render_line

HOOKS = (
    (PatternsApp, "_begin", _begin),
    (PatternsApp, "_engine_event", _engine_event),
    (PatternsApp, "_display", _display),
    (ResultsPane, "show", _show),
    (PatternList, "render_line", _render_line),
)

if __name__ == "__main__":
    for owner, name, hook in HOOKS:
        setattr(owner, name, hook)
    sys.exit(run(sys.argv[1:]))
