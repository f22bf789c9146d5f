"""The screen of statistics: opened by a key, at every size, safe, and gone with Esc."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import make_pattern
from tui_patterns.tui.screens.stats import StatsScreen, told
from tui_patterns.tui.widgets.lines import Lines

WIDTHS = (20, 37, 76, 116, 196)


async def opened(pilot: Pilot[None], stage: Stage) -> str:
    """The text of the screen, once it is drawn."""
    await ready(pilot, stage)
    await pilot.press("M")
    await wait_for(pilot, lambda: isinstance(stage.app.screen, StatsScreen))
    shown = stage.app.screen.query_one(Lines)
    await wait_for(pilot, lambda: shown.text)
    return shown.text


async def test_statistics_tell_what_is_there_and_who_uses_it(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        text = await opened(pilot, stage)
        for title in ("by type", "by quality", "by label", "by category", "by framework", "by project",
                      "references in code", "after injection", "sessions, by whom"):  # fmt: skip
            assert title in text
        assert "average quality 0.74" in text
        assert "success rate not yet tried" in " ".join(text.split())
        assert "anti-patterns in sample" in text
        used = next(line for line in text.splitlines() if "person 2, codex 1" in line)
        assert used.split()[:2] == ["3", "1"]
        await pilot.press("escape")
        await wait_for(pilot, lambda: not stage.app.screen.is_modal)


async def test_a_resize_lays_the_tables_out_again(stage: Stage) -> None:
    async with stage.app.run_test(size=(200, 60)) as pilot:
        wide = await opened(pilot, stage)
        await pilot.resize_terminal(80, 24)
        shown = stage.app.screen.query_one(Lines)
        await wait_for(pilot, lambda: len(shown.text.splitlines()) > len(wide.splitlines()))


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_screen_and_no_escape_gets_through(width: int) -> None:
    library = FakeLibrary.of(make_pattern(0, "名前 \x1b[31m" + "long " * 60, framework="fr\x1b[2Jame" * 9))
    lines = list(told(library.stats(), width))
    assert max(line.cell_length for line in lines) <= width
    assert not any("\x1b" in line.plain for line in lines)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_stats(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    stage = make_stage(FakeLibrary.of(*(make_pattern(number) for number in range(12))))

    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot, stage)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)
