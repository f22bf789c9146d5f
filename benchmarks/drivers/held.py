"""As ``drivers/app.py``, and also whether the row under the cursor stays where it is.

Whenever an answer is swapped in, ``swapped`` tells which pattern was under the
cursor before, in which row and on which line of the pane, and the same as it is
written to the terminal after; ``same`` is whether both answer one question. While the
file named by ``BENCH_LATE`` is there, answers by meaning come half a second late, so
that there is time to move the cursor.
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from benchmarks.drivers import app as plain
from tui_patterns.cli.main import run
from tui_patterns.models import Filters
from tui_patterns.tui.answers import Answer
from tui_patterns.tui.app import PatternsApp
from tui_patterns.tui.panes.results import ResultsPane
from tui_patterns.tui.ports import Services
from tui_patterns.tui.widgets.pattern_list import PatternList

LATE_S = 0.5
_LATE = os.environ["BENCH_LATE"]
_swapped: list[tuple[ResultsPane, Answer, bool, dict[str, Any]]] = []


def place(rows: PatternList) -> dict[str, Any]:
    """The pattern under the cursor, its row, and its line in the pane."""
    line = rows.cursor * rows.row_height - int(rows.scroll_offset.y)
    return {"id": rows.current.id if rows.current else None, "row": rows.cursor, "line": line}


def _show(pane: ResultsPane, answer: Answer) -> None:
    before, old = place(pane.list), pane.answer
    same = old is not None and (old.question.text, old.question.filters) == (
        answer.question.text,
        answer.question.filters,
    )
    plain._show(pane, answer)
    _swapped.append((pane, answer, same, before))


def _display(app: PatternsApp, screen: Any, frame: Any) -> None:
    drawn = list(plain._drawn)
    plain._display(app, screen, frame)
    for one in [one for one in _swapped if one[1] in drawn]:
        pane, answer, same, before = one
        _swapped.remove(one)
        plain.note(
            "swapped",
            text=answer.question.text,
            mode=answer.mode,
            same=same,
            before=before,
            after=place(pane.list),
        )


async def _semantic(services: Services, query: str, filters: Filters = Filters()) -> Any:
    if os.path.exists(_LATE):  # noqa: PTH110, ASYNC240 - a look at a name, microseconds
        await asyncio.sleep(LATE_S)
    return await _real_semantic(services, query, filters)


_real_semantic = Services.semantic
HOOKS: dict[tuple[type, str], Any] = {
    **{(owner, name): hook for owner, name, hook in plain.HOOKS},
    (ResultsPane, "show"): _show,
    (PatternsApp, "_display"): _display,
    (Services, "semantic"): _semantic,
}

if __name__ == "__main__":
    for (owner, name), hook in HOOKS.items():
        setattr(owner, name, hook)
    sys.exit(run(sys.argv[1:]))
