"""What somebody meets who has read nothing: what is said once, what is cut, and where Esc leads."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.widgets import Static

from tests.ui.conftest import Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import FINDINGS, make_pattern
from tui_patterns.tui.answers import Row
from tui_patterns.tui.commands import Actions
from tui_patterns.tui.formats import tail
from tui_patterns.tui.messages import Problem
from tui_patterns.tui.screens.help import HelpScreen
from tui_patterns.tui.screens.routes import PREPARING
from tui_patterns.tui.widgets.pattern_row import single


async def test_the_cursor_stands_before_every_row_of_a_folded_entry(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        stage.library.kept = list(FINDINGS)
        await ready(pilot, stage)
        listing = stage.app.main.findings.listing
        await wait_for(pilot, lambda: listing.virtual_size.height > 5)
        signed = [row.plain.startswith("▌") for row in listing._rows]
        first = signed.index(False)
        assert first > 3 and all(signed[:first]) and not any(signed[first:])


async def test_only_the_newest_news_is_a_toast_and_errors_stay(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, stage)
        stage.app.main.post_message(Problem("the disk is full"))
        await pilot.press("plus", "plus", "u")
        toasts = stage.app._notifications
        await wait_for(pilot, lambda: any("Took back" in one.message for one in toasts))
        told = [one.message.split(":")[0] for one in toasts]
        assert told == ["the disk is full", "Took back the rating"]
        entries = stage.app.main.session
        await wait_for(pilot, lambda: entries.counts["rating"] == 0)


async def test_escape_leads_from_changes_and_facets_back_to_the_code(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        main = stage.app.main
        await pilot.press("v", "escape")
        await wait_for(pilot, lambda: main.code.source.has_focus and main.code.shown is main.code.source)
        await pilot.press("escape")
        await wait_for(pilot, lambda: main.results.list.has_focus)
        await pilot.press("d")
        await wait_for(pilot, lambda: main.code.border_title == "2 Changes")
        await pilot.press("escape")
        await wait_for(pilot, lambda: main.code.border_title == "2 Code")
        await wait_for(pilot, lambda: "async def fetch" in main.code.source.text)
        await pilot.press("v")
        assert ("Enter", "Open or close") in main.hints.hints


async def test_a_text_without_room_is_cut_with_an_ellipsis(stage: Stage) -> None:
    async with stage.app.run_test(size=(60, 24)) as pilot:
        await ready(pilot, stage)
        source = stage.app.main.code.source
        assert source.render_line(0).text.rstrip().endswith("…")
        assert not source.render_line(2).text.rstrip().endswith("…")
        stage.injector.warnings = tuple(f"pattern {number} does not go with others" for number in range(9))
        await pilot.press("space", "p")
        tokens = stage.app.main.prompt.query_one("#tokens", Static)
        await wait_for(pilot, lambda: str(tokens.render()).endswith("…"))
        assert str(tokens.render()).count("\n") == 1


async def test_preparing_is_told_once_although_indexing_comes_in_between(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        for state in ("converting", "indexing", "converting", "idle"):
            stage.engine.report(state=state)
        await wait_for(pilot, lambda: stage.app.main.status.status.state == "idle")
        assert sum(text == PREPARING for _, text in stage.app.main.session.entries) == 1


async def test_the_palette_runs_what_only_another_pane_can_do(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        main = stage.app.main
        await Actions(main).run_one("mark_lines")
        await wait_for(pilot, lambda: main.code.source.has_focus and main.code.source.chosen is not None)


def test_a_path_keeps_its_end_in_the_cells_that_it_has() -> None:
    assert tail("net/retry.py:12", 15) == "net/retry.py:12"
    assert tail("net/retry.py:12", 10) == "…try.py:12"
    assert tail("目录/更多/模块.py:2", 12) == "…/模块.py:2"
    assert tail("目录/更多/模块.py:2", 40) == "目录/更多/模块.py:2"


def test_a_place_takes_no_more_of_a_row_than_it_needs_and_nothing_where_there_is_little() -> None:
    row = Row(make_pattern(0, "N" * 90), 0.5)
    for width in (79, 60, 40):
        found = single(row, width, "★4 ●", "net/retry.py:12")
        text = "".join(cell if isinstance(cell, str) else cell[0] for cell in found)
        assert cell_len(text) == width
        assert ("net/retry.py:12" in text) == (width > 70)
        assert text.count("N") > width // 2 - 10


async def test_of_several_projects_each_place_is_told_with_its_own() -> None:
    here, there = make_pattern(0), make_pattern(1, project="other", root="/projects/other")
    stage = make_stage(FakeLibrary.of(here))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        rows = stage.app.main.results.list
        assert rows.render_line(1).text.strip(" ▌").startswith("net/retry.py:12")
        stage.library.add(there)
        stage.library.version += 1
        await wait_for(pilot, lambda: len(rows.rows) == 2)
        assert rows.render_line(1).text.strip(" ▌").startswith("sample/net/retry.py:12")
        assert rows.render_line(3).text.strip().startswith("other/core/cache.py:48")


async def test_a_problem_leaves_the_status_line_after_a_while(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_patterns.tui.panes.status.STAYS_S", 0.2)
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        main = stage.app.main
        main.post_message(Problem("the disk is full"))
        await wait_for(pilot, lambda: any(text == "! the disk is full" for _, text in main.session.entries))
        await wait_for(pilot, lambda: "disk" not in str(main.status.render()))


async def test_the_mouse_chooses_entries_and_presses_the_keys_of_the_last_line(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        stage.library.kept = list(FINDINGS)
        await ready(pilot, stage)
        main = stage.app.main
        listing = main.findings.listing
        await wait_for(pilot, lambda: listing.virtual_size.height > 5)
        second = next(y for y, row in enumerate(listing._rows) if "broad-except" in row.plain)
        await pilot.click(listing, offset=(3, second))
        await wait_for(pilot, lambda: main.findings.current == FINDINGS[1])
        await pilot.click(listing, offset=(3, 0))
        await wait_for(pilot, lambda: main.findings.current == FINDINGS[0])
        line = str(main.hints.render())
        await pilot.click(main.hints, offset=(1 + line.index("? Help"), 0))
        await wait_for(pilot, lambda: isinstance(stage.app.screen, HelpScreen))
        await pilot.press("escape")
        await pilot.click(main.results.list, offset=(3, 4), times=2)
        await wait_for(pilot, lambda: main.code.source.has_focus and main.pattern == make_pattern(2))
