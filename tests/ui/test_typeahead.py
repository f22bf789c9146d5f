"""Keys that come faster than the app reach what the keys before them have opened."""

from __future__ import annotations

import threading

import pytest
from textual.events import Key
from textual.pilot import Pilot
from textual.screen import Screen

from tests.ui.conftest import Stage, ready, wait_for
from tests.ui.samples import make_pattern
from tui_patterns.tui.screens.filter import FilterScreen
from tui_patterns.tui.screens.stats import StatsScreen
from tui_patterns.tui.widgets.lines import Lines


def _burst(pilot: Pilot[None], *keys: str) -> None:
    """All at once, as from a fast hand while the app is busy."""
    names = {"/": "slash", "\r": "enter"}
    for key in keys:
        pilot.app.post_message(Key(names.get(key, key), key if len(key) == 1 else None))


async def test_a_query_typed_in_one_burst_is_the_query(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        _burst(pilot, *"/cache\r")
        main = stage.app.main
        await wait_for(pilot, lambda: main.search.question.text == "cache" and main.results.list.has_focus)
        assert not main.panes.opened


async def test_r_5_in_one_burst_rates_and_a_task_lands_in_the_prompt(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, stage)
        _burst(pilot, *"r5")
        await wait_for(pilot, lambda: stage.app.main.ratings.mine == {make_pattern(0).id: 5})
        _burst(pilot, *"premote\r")
        prompt = stage.app.main.prompt
        await wait_for(pilot, lambda: prompt.task_text == "remote")
        await wait_for(pilot, lambda: prompt.query_one("#preview", Lines).has_focus)


async def test_a_key_that_closes_its_own_screen_does_not_hold_up_the_next(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        _burst(pilot, "?", "escape", "j", "j", "r", "escape", "j")
        await wait_for(pilot, lambda: stage.app.main.results.list.cursor == 3)


async def test_a_key_after_enter_goes_to_where_enter_leads(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        main = stage.app.main
        _burst(pilot, *"/cache\rz")
        await wait_for(pilot, lambda: main.panes.zoomed)
        assert main.search.question.text == "cache"
        _burst(pilot, "z", "\r", "v", "\r")  # the code of the row, its facets, and the first of them
        await wait_for(pilot, lambda: main.code.facets.has_focus)
        assert not main.panes.zoomed


@pytest.mark.parametrize(("key", "kind"), [("f", FilterScreen), ("M", StatsScreen)])
async def test_a_key_after_one_that_reads_for_its_dialog_goes_to_the_dialog(
    stage: Stage, key: str, kind: type[Screen[object]]
) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        main, gate = stage.app.main, threading.Event()
        read = stage.library.stats, stage.library.filter_values
        stage.library.stats = lambda: (gate.wait(10), read[0]())[1]  # type: ignore[method-assign]
        stage.library.filter_values = lambda: (gate.wait(10), read[1]())[1]  # type: ignore[method-assign]
        _burst(pilot, key, "j", "escape", "j")
        await wait_for(pilot, lambda: stage.app.opening)
        assert main.results.list.cursor == 0
        gate.set()
        await wait_for(pilot, lambda: main.results.list.cursor == 1)
        assert not isinstance(stage.app.screen, kind)
