"""Keys that come faster than the app reach what the keys before them have opened."""

from __future__ import annotations

from textual.events import Key
from textual.pilot import Pilot

from tests.ui.conftest import Stage, ready, wait_for
from tests.ui.samples import make_pattern
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
