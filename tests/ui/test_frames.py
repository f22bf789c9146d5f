"""Only what changed is drawn, and all of it: what is left on the terminal is what a fresh drawing shows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from rich.segment import Segment
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from tests.ui.conftest import PATIENCE_S, Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import FINDINGS, make_pattern
from tui_patterns.tui.answers import Row
from tui_patterns.tui.app import PatternsApp
from tui_patterns.tui.widgets.pattern_list import PatternList

SIZE = (120, 40)
Cells = list[tuple[str, str]]


class Terminal:
    """What a terminal would show of an app's frames, cell by cell."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cells: list[Cells] = []
        real = PatternsApp._display

        def display(app: PatternsApp, screen: Any, frame: Any) -> None:
            self.take(frame)
            real(app, screen, frame)

        monkeypatch.setattr(PatternsApp, "_display", display)

    def take(self, frame: Any) -> None:
        """Draw a frame over what is there."""
        if isinstance(frame, LayoutUpdate):
            self.cells = [cells(Strip.join(strips)) for strips in frame.strips]
        elif isinstance(frame, ChopsUpdate):
            for y, end, x, strip in parts(frame):
                shown = cells(strip)[: end - x]
                self.cells[y][x : x + len(shown)] = shown


def parts(frame: ChopsUpdate) -> Iterator[tuple[int, int, int, Strip]]:
    """Of each piece that is written: line, where its span ends, its column, and what."""
    for y, start, end in frame.spans:
        for until, (x, strip) in zip(frame.chop_ends[y], frame.chops[y].items(), strict=False):
            if strip is not None and x < end and until > start:
                yield y, end, x, strip


def cells(strip: Strip) -> Cells:
    """Each cell with how it looks; the second half of a wide character is empty."""
    found: Cells = []
    for segment in strip:
        assert isinstance(segment, Segment)
        for character in segment.text:
            width = Segment(character).cell_length
            look = str(segment.style)
            found += [(character, look), *([("", look)] * (width - 1))][:width]
    return found


def fresh(app: PatternsApp) -> list[Cells]:
    """The screen, drawn anew from nothing."""
    for widget in app.screen.walk_children(Widget, with_self=True):
        widget._styles_cache.clear()
    return [cells(strip) for strip in app.screen._compositor.render_strips()]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(monkeypatch)


def text(lines: list[Cells]) -> list[str]:
    return ["".join(character for character, _ in line) for line in lines]


async def same(pilot: Pilot[None], stage: Stage, terminal: Terminal, after: str) -> None:
    """Until the app is at rest: then the terminal shows just what a fresh drawing would."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        await pilot.pause(0.02)
        if terminal.cells == fresh(stage.app):
            return
    assert text(terminal.cells) == text(fresh(stage.app)), f"after {after}"
    assert terminal.cells == fresh(stage.app), f"colours after {after}"


KEYS = (
    "j j j j j j j j j j j k k G home j",  # through the list and back
    "slash c a c h e enter j escape slash ctrl+u r e enter escape escape",
    "space j space r 4 plus u",
    "v 2 j enter j k v escape",
    "a j j k escape d d z escape ctrl+d 2 G home escape",
)


@pytest.mark.parametrize("keys", KEYS)
async def test_after_any_key_the_terminal_shows_what_a_fresh_drawing_would(
    terminal: Terminal, keys: str
) -> None:
    stage = make_stage(FakeLibrary.of(*(make_pattern(number) for number in range(40))))
    stage.library.kept = [FINDINGS[0], *FINDINGS]
    async with stage.app.run_test(size=SIZE) as pilot:
        await ready(pilot, stage)
        for key in keys.split():
            await pilot.press(key)
            await same(pilot, stage, terminal, key)


def due(rows: PatternList) -> set[int]:
    """The lines of the list that the next frame draws; asked for once."""
    top = rows.content_offset.y
    return {y - top for region in rows._exchange_repaint_regions() for y in region.line_range}


async def test_the_cursor_draws_the_row_that_it_leaves_and_the_one_that_it_comes_to(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        await ready(pilot, stage)
        rows = stage.app.main.results.list
        due(rows)
        rows.cursor = 3
        assert due(rows) == {0, 1, 6, 7}


async def test_the_same_answer_again_draws_the_cursor_alone(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        await ready(pilot, stage)
        pane, answer = stage.app.main.results, stage.app.main.results.answer
        assert answer is not None
        due(pane.list)
        pane.show(answer)
        assert due(pane.list) == {0, 1}


async def test_a_row_that_reads_otherwise_is_drawn(stage: Stage) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        await ready(pilot, stage)
        rows = stage.app.main.results.list
        changed = [*rows.rows[:4], Row(rows.rows[4].pattern, relevance=0.5), *rows.rows[5:]]
        due(rows)
        rows.swap(changed, 0)
        assert due(rows) == {0, 1, 8, 9}


async def test_another_number_of_hits_does_not_lay_the_screen_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.app.run_test(size=SIZE) as pilot:
        await ready(pilot, stage)
        await pilot.press("slash", *"re")
        await wait_for(pilot, lambda: len(stage.app.main.results.list.rows) < 12)
        before = stage.app.main.results.list._layout_updates
        await pilot.press("ctrl+u")
        await wait_for(pilot, lambda: len(stage.app.main.results.list.rows) == 12)
        assert stage.app.main.results.list._layout_updates == before


async def test_a_key_puts_off_the_look_for_garbage(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    touched: list[None] = []
    monkeypatch.setattr(stage.app._garbage, "touched", lambda: touched.append(None))
    async with stage.app.run_test(size=SIZE) as pilot:
        await ready(pilot, stage)
        before = len(touched)
        await pilot.press("j")
        assert len(touched) > before


async def test_rows_take_the_place_of_the_words_that_stood_there(terminal: Terminal) -> None:
    stage = make_stage(FakeLibrary())
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, stage)
        stage.engine.report(state="indexing", files_done=0, files_total=6)
        await wait_for(pilot, lambda: "appear here" in "".join(text(terminal.cells)))
        stage.library.add(make_pattern(0))
        stage.library.version += 1
        await wait_for(pilot, lambda: stage.app.main.results.list.rows)
        await same(pilot, stage, terminal, "the first row")
        assert "appear here" not in "".join(text(terminal.cells))
