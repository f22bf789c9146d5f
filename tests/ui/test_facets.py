"""The facets of a pattern: in the place of its code, one line each, opened by a key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import make_pattern

FACETS: dict[str, Any] = {
    "structural": {
        "definition": "async def fetch_with_retry(client: Client, url: str, attempts: int = 5) -> Response",
        "line": 0, "kind": "function", "async": True,
    },
    "error_handling": {
        "tries": [{"line": 7, "handlers": [
            {"line": 9, "exceptions": ["TimeoutError", "ConnectionError"], "does": ["log", "else"]}]}],
        "raises": [{"line": 13, "exception": "FetchError"}],
        "logged": [{"line": 10, "level": "warning"}],
    },
    "parameter_ordering": {
        "of": "fetch_with_retry", "line": 0, "required": ["client", "url"],
        "optional": [{"name": "attempts", "value": 5}], "required_first": True,
    },
    "logging": {
        "loggers": ["logger"], "levels": {"warning": 1},
        "calls": [{"line": 10, "level": "warning", "style": "arguments", "in_handler": True}],
    },
    "validation": {"validators": [{"line": 1, "call": "check_url\x1b[2J"}]},
}  # fmt: skip


def stage_with(facets: dict[str, Any]) -> Stage:
    """An app over two patterns, the first with *facets*."""
    return make_stage(FakeLibrary.of(replace(make_pattern(0), facets=facets), make_pattern(1)))


async def opened(pilot: Pilot[None], stage: Stage) -> None:
    """Until the facets are on screen, with the focus."""
    await ready(pilot, stage)
    await pilot.press("v")
    code = stage.app.main.code
    await wait_for(pilot, lambda: code.facets.display and code.facets.has_focus and code.facets.text)


def drawn(stage: Stage) -> str:
    return "\n".join(strip.text for strip in stage.app.screen._compositor.render_strips())


async def test_facets_take_the_place_of_the_code_and_give_it_back() -> None:
    stage = stage_with(FACETS)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, stage)
        code = stage.app.main.code
        lines = code.facets.text.splitlines()
        assert [line[2:20].strip() for line in lines] == [
            "structural", "error handling", "parameter ordering", "logging", "validation",
        ]  # fmt: skip
        assert "catches TimeoutError, ConnectionError" in lines[1]
        assert not code.source.display
        await wait_for(pilot, lambda: code.facets.region.height >= len(lines))
        await pilot.press("v")
        await wait_for(pilot, lambda: code.source.display and code.source.has_focus)
        assert not code.facets.display


async def test_each_facet_says_how_far_it_can_be_relied_on() -> None:
    stage = stage_with(FACETS)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, stage)
        said = dict(zip(FACETS, stage.app.main.code.facets.text.splitlines(), strict=True))
        assert "67 % n 4" in said["logging"]
        assert "67 % n 1" in said["validation"]
        assert "not yet tried" in said["structural"]


async def test_a_facet_opens_to_lines_of_the_file_and_closes_again() -> None:
    stage = stage_with(FACETS)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, stage)
        facets, first = stage.app.main.code.facets, make_pattern(0).line
        await pilot.press("j", "enter")
        await wait_for(pilot, lambda: "▾ error handling" in facets.text)
        assert f"{first + 13}  raises: FetchError" in facets.text
        assert f"{first + 10}  logged: warning" in facets.text
        await pilot.press("j", "j", "enter")
        await wait_for(pilot, lambda: "▾" not in facets.text and facets.cursor == 1)


async def test_what_was_opened_stays_open_and_a_pattern_without_facets_says_so() -> None:
    stage = stage_with(FACETS)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, stage)
        facets = stage.app.main.code.facets
        await pilot.press("enter", "1", "j")
        await wait_for(pilot, lambda: "No facets are stored" in facets.text)
        await pilot.press("2", "enter", "1", "k")
        await wait_for(pilot, lambda: "▾ structural" in facets.text)


async def test_foreign_text_in_facets_is_shown_as_text() -> None:
    stage = stage_with(FACETS)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, stage)
        await pilot.press("G", "enter")
        await wait_for(pilot, lambda: "check_url" in drawn(stage))
        assert "\x1b" not in drawn(stage)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_facets(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    stage = stage_with(FACETS)

    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot, stage)
        await pilot.press("j", "enter")
        await wait_for(pilot, lambda: "▾" in stage.app.main.code.facets.text)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)
