"""The prompt pane: what is previewed is copied and recorded, and the keys that lead there."""

from __future__ import annotations

from tests.ui.conftest import Stage, ready, wait_for
from tests.ui.samples import make_pattern
from tui_patterns.tui.messages import Copied, Injected
from tui_patterns.tui.widgets.lines import Lines


async def test_the_prompt_that_is_copied_is_the_preview_and_is_recorded_once(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40), message_hook=stage.messages.append) as pilot:
        await ready(pilot, stage)
        prompt = stage.app.main.prompt
        await pilot.press("p", *"2 retries", "escape", "escape", "space", "j", "space")
        await wait_for(pilot, lambda: prompt.built and len(prompt.built.request.picked) == 2)
        assert prompt.task_text == "2 retries"
        shown = prompt.query_one("#preview", Lines).text
        await pilot.press("Y")
        await wait_for(pilot, lambda: stage.seen(Copied))
        assert stage.copy.texts == [shown]
        assert len(stage.injector.recorded) == len(set(map(id, stage.seen(Injected)))) == 1
        assert len(stage.injector.recorded[0].chosen) == 2


async def test_a_prompt_without_a_fitting_pattern_is_copied_unchanged_and_not_recorded(stage: Stage) -> None:
    async with stage.app.run_test(message_hook=stage.messages.append) as pilot:
        await ready(pilot, stage)
        await pilot.press("6", "tab", *"hello", "escape", "Y")
        await wait_for(pilot, lambda: stage.seen(Copied))
        assert stage.copy.texts == ["hello"]
        assert not stage.injector.recorded


async def test_y_copies_the_code_and_the_toast_names_the_route(stage: Stage) -> None:
    async with stage.app.run_test(message_hook=stage.messages.append) as pilot:
        await ready(pilot, stage)
        await pilot.press("y")
        await wait_for(pilot, lambda: stage.seen(Copied))
        assert stage.copy.texts == [make_pattern(0).code]
        assert stage.seen(Copied)[0].route == "Copied via tmux"


async def test_enter_goes_from_the_task_to_the_preview_and_back_and_the_keys_are_told(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        hints = stage.app.main.hints
        await pilot.press("p")
        await wait_for(pilot, lambda: "Enter To the preview, where Y copies" in str(hints.render()))
        await pilot.press(*"retries", "enter")
        preview = stage.app.main.prompt.query_one("#preview", Lines)
        await wait_for(pilot, lambda: preview.has_focus and "Enter Task" in str(hints.render()))
        await pilot.press("enter")
        await wait_for(pilot, lambda: stage.app.main.prompt.writing)


async def test_a_task_that_nothing_fits_is_the_prompt_itself(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40), message_hook=stage.messages.append) as pilot:
        await ready(pilot, stage)
        await pilot.press("p", *"no such thing", "enter", "Y")
        await wait_for(pilot, lambda: stage.seen(Copied))
        assert stage.copy.texts == ["no such thing"]
        assert not stage.seen(Injected)
