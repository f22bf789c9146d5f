"""Narrowing the list by keys alone: every field, its values with counts, and the way back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, OptionList

from tests.ui.conftest import Stage, ready, wait_for
from tui_patterns.models import Filters
from tui_patterns.tui.filters import FIELDS, chosen, in_force, offered, told
from tui_patterns.tui.screens.filter import FilterScreen
from tui_patterns.tui.screens.value import ValueScreen

VALUES = {"label": {"retry": 3}, "min_quality": {"0.8": 2}, "category": {"io": 1}, "language": {}}


async def opened(pilot: Pilot[None], stage: Stage, field: str | None = None) -> None:
    """The dialog, and in it the values of *field*."""
    await pilot.press("f")
    await wait_for(pilot, lambda: isinstance(stage.app.screen, FilterScreen))
    screen = stage.app.screen
    assert isinstance(screen, FilterScreen)
    if field:
        await pilot.press(*["j"] * screen.fields.index(field), "enter")
        await wait_for(pilot, lambda: isinstance(stage.app.screen, ValueScreen))


def filters(stage: Stage) -> Filters:
    return stage.app.main.search.question.filters


async def test_every_field_is_offered_and_narrows_the_list(stage: Stage) -> None:
    expected = {
        "language": "python", "framework": "httpx", "project": "sample", "pattern_type": "function_pattern",
        "category": "io", "subcategory": "files", "component_type": "route", "label": "label_00",
        "tag": "async", "complexity_range": "low", "min_quality": 0.8, "min_confidence": 0.9,
    }  # fmt: skip
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, stage)
        for field, value in expected.items():
            await opened(pilot, stage, field)
            await pilot.press("down", "enter")
            await wait_for(pilot, partial(lambda name: getattr(filters(stage), name) is not None, field))
            assert getattr(filters(stage), field) == value
        assert set(in_force(filters(stage))) == set(FIELDS)


async def test_typing_narrows_the_values_and_escape_steps_back_once(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, stage)
        await opened(pilot, stage, "label")
        await pilot.press(*"bel 17")
        screen = stage.app.screen
        assert isinstance(screen, ValueScreen)
        await wait_for(pilot, lambda: [value.value for value in screen.shown] == ["label_17"])
        await pilot.press("escape")
        await wait_for(pilot, lambda: isinstance(stage.app.screen, FilterScreen))
        assert filters(stage) == Filters()
        await pilot.press("escape")
        await wait_for(pilot, lambda: not stage.app.screen.is_modal)


async def test_nothing_left_to_take_takes_nothing(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, stage)
        await opened(pilot, stage, "label")
        await pilot.press(*"zzz", "enter", "down", "up")
        await wait_for(pilot, lambda: stage.app.screen.query_one(Input).value == "zzz")
        assert isinstance(stage.app.screen, ValueScreen)
        stage.app.screen.query_one(Input).value = ""
        await wait_for(pilot, lambda: len(stage.app.screen.query_one(OptionList).options) == 41)


async def test_one_field_is_lifted_or_all(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, stage)
        stage.app.main.search.ask(filters=Filters(language="python", framework="httpx", tag="async"))
        await opened(pilot, stage)
        await pilot.press("j", "x")
        await wait_for(pilot, lambda: filters(stage) == Filters(language="python", tag="async"))
        await opened(pilot, stage)
        await pilot.press("X")
        await wait_for(pilot, lambda: filters(stage) == Filters())


def test_a_field_without_values_is_not_offered() -> None:
    assert FilterScreen(VALUES, Filters()).fields == ["category", "label", "min_quality", "min_confidence"]


def test_what_is_in_force_is_told_in_words() -> None:
    narrowed = Filters(
        label="unit_of_work", pattern_type="design_pattern", min_quality=0.8, min_confidence=0.7
    )
    assert told(narrowed) == ["design", "unit of work", "quality from 80 %", "success from 70 %"]


def test_a_subcategory_goes_with_its_category() -> None:
    narrowed = Filters(category="io", subcategory="files")
    assert chosen(narrowed, "category", "concurrency").subcategory is None
    assert chosen(narrowed, "category", "io") == narrowed


def test_values_from_files_are_shown_safely() -> None:
    shown = offered("project", {"project": {"sam\x1b[31mple": 1}})[1]
    assert "\x1b" not in shown.words and shown.value == "sam\x1b[31mple"


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("field", [None, "label"], ids=["fields", "values"])
def test_filter(
    snap_compare: Callable[..., bool], stage: Stage, size: tuple[int, int], field: str | None
) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await ready(pilot, stage)
        stage.engine.report(state="idle", role="owner", folders=("/projects/sample",), patterns=12)
        stage.app.main.search.ask(filters=Filters(label="label_02", min_quality=0.6))
        groups = ("search", "code", "findings", "ratings")
        await wait_for(pilot, lambda: not any(w.is_running and w.group in groups for w in stage.app.workers))
        stage.app.main.search.query_one("#mode").refresh(layout=True)
        await pilot.pause()
        await opened(pilot, stage, field)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)
