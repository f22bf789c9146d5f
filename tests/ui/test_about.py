"""What is known of the selected pattern: in pane 3, above its code, and in the gutter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import FINDINGS, make_pattern
from tests.ui.test_relations import relation
from tui_patterns.models import Label, Pattern, Quality, TestRecord
from tui_patterns.tui.panes.about import Details, lines
from tui_patterns.tui.widgets.lines import Lines


def known_stage(**changes: object) -> Stage:
    """An app whose first pattern has all that can be known."""
    first, second = replace(make_pattern(0), sites=3, **changes), make_pattern(1)  # type: ignore[arg-type]
    library = FakeLibrary.of(first, second)
    library.related = {
        first.id: [relation("USES", second), relation("USES", second), relation("EXTENDS", second, False)]
    }
    library.kept = FINDINGS
    return make_stage(library)


def text_of(stage: Stage) -> str:
    return stage.app.main.ratings.query_one(Lines).text


def said(pattern: Pattern) -> str:
    return "\n".join(line.plain for line in lines(pattern, Details(), None))


async def complete(pilot: Pilot[None], stage: Stage) -> None:
    """Until everything was fetched."""
    await ready(pilot, stage)
    await wait_for(pilot, lambda: "referred to" in text_of(stage) and "blind-retry" in text_of(stage))


async def test_all_that_is_known_of_a_pattern_is_told() -> None:
    stage = known_stage(category="concurrency", subcategory="retry", component_type="task")
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await complete(pilot, stage)
        text = text_of(stage)
    assert "retry 0.92 · » 18, 22–23 · A loop calls again" in text
    assert "Quality   0.82 high · complexity 1.00 · documentation 0.75 · coverage unknown" in text
    assert "reusability 0.60 · maintainability unknown" in text
    assert "function pattern · concurrency / retry · task · complexity 4, low" in text
    assert "Tests     unknown" in text
    assert "uses 2 · extended by 1 · referred to 7 times from 3 files · g r walks" in text
    assert "Also in   net/old.py:12, jobs/fetch.py:12" in text
    assert "Problems  blind-retry · 4 says what to do instead" in text


async def test_lines_that_are_the_evidence_are_marked_apart_from_anti_patterns() -> None:
    stage = known_stage()
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await complete(pilot, stage)
        source = stage.app.main.code.source
        await wait_for(pilot, lambda: stage.app.main.code.marked)
        gutters = {number: source.render_line(number - 12).text[:5] for number in (17, 18, 20, 21, 22, 23)}
    assert gutters == {
        17: "17 │ ", 18: "18»│ ", 20: "20 │ ", 21: "21»▐ ", 22: "22»▐ ", 23: "23»▐ ",
    }  # fmt: skip


async def test_broken_code_says_so_above_the_code_and_names_the_tests() -> None:
    tests = TestRecord(1, 1, 0, ("tests/test_net.py::test_\x1b[2Jretry",))
    stage = known_stage(tests=tests)
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await complete(pilot, stage)
        assert "✗ broken · still failing: tests/test_net.py::test_" in text_of(stage)
        assert "\x1b" not in text_of(stage)
        await pilot.pause()
        drawn = "\n".join(strip.text for strip in stage.app.screen._compositor.render_strips())
        assert "✗ its tests fail · retry 0.92, logging 0.70 · quality 0.82 high" in drawn


def test_what_is_not_known_is_never_a_number() -> None:
    text = said(make_pattern(1, quality=Quality(), complexity=None))
    assert "Quality   unknown · complexity unknown" in text
    assert "complexity unknown" in text.splitlines()[2]
    assert "Labels    none recognised" in text
    assert "no relations known" in text
    assert "not looked for yet" in text


def test_words_of_a_label_are_safe_to_show() -> None:
    evil = make_pattern(1, labels=(Label("re\x1b[31mtry", 1.0, (), "found \x1b]0;x\x07"),))
    assert "\x1b" not in said(evil)


async def test_what_a_person_reads_stays_in_place_when_the_rest_arrives() -> None:
    stage = known_stage()
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await complete(pilot, stage)
        await pilot.press("3", "j", "j")
        pane = stage.app.main.ratings.query_one(Lines)
        await wait_for(pilot, lambda: pane.scroll_offset.y == 2)
        await pilot.press("plus")
        await wait_for(pilot, lambda: "★★★★☆" in text_of(stage))
        assert pane.scroll_offset.y == 2


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_about(snap_compare: Callable[..., bool], size: tuple[int, int]) -> None:
    stage = known_stage(category="concurrency", subcategory="retry", component_type="task")

    async def before(pilot: Pilot[None]) -> None:
        await complete(pilot, stage)
        await pilot.press("3")
        await wait_for(pilot, lambda: stage.app.main.panes.pane("ratings").has_focus_within)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)
