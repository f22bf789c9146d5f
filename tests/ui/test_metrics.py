"""The metrics pane, the events behind a figure, and injections with a person's word: by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.figures import figures
from tests.ui.samples import make_pattern
from tui_patterns.api import LibraryError
from tui_patterns.models import Interval, Learned
from tui_patterns.tui.screens.figure import EntryList, FigureScreen
from tui_patterns.tui.screens.injections import InjectionsScreen
from tui_patterns.tui.widgets.figure_list import rows

SIZES = [(80, 24), (120, 40), (200, 60)]
Compare = Callable[..., bool]
sized = pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")


async def opened(pilot: Pilot[None], stage: Stage, *keys: str) -> None:
    """The metrics pane has the focus and its figures, then come the keys."""
    await ready(pilot, stage)
    await pilot.press("m")
    session = stage.app.main.session
    await wait_for(pilot, lambda: session.measured and session.listing.has_focus)
    await pilot.press(*keys)


async def injections(pilot: Pilot[None], stage: Stage, *keys: str) -> InjectionsScreen:
    """The list of injections, once it is there."""
    await pilot.press(*keys)
    await wait_for(pilot, lambda: isinstance(stage.app.screen, InjectionsScreen))
    screen = stage.app.screen
    assert isinstance(screen, InjectionsScreen)
    await wait_for(pilot, lambda: screen.rows)
    return screen


async def test_every_figure_is_there_with_its_n_and_what_it_was_counted_from(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, stage, "j", "j")
        session = stage.app.main.session
        lines = session.listing.text.splitlines()
        assert len(lines) == 10
        assert "success trend      73 % (51–89) n 12" in lines[2] and "▌" in lines[2]
        assert "not enough data n 9" in lines[3] and "unknown n 0" in lines[4] and "4.2 min" in lines[6]
        note = str(session.query_one("#figure-note").render())
        assert note.startswith("n 12 uses with a known outcome · rising: +12")
        assert "all time" in str(session.border_title)


async def test_figures_follow_the_library_by_themselves_and_only_while_they_are_seen(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        assert stage.metrics.counted == []
        await opened(pilot, stage)
        before = len(stage.metrics.counted)
        first = replace(stage.metrics.found[0], value=113)
        stage.metrics.found = (first, *stage.metrics.found[1:])
        stage.library.version += 1
        await wait_for(pilot, lambda: "113 n 9" in stage.app.main.session.listing.text)
        assert len(stage.metrics.counted) > before


async def test_brackets_choose_the_time(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, stage, "left_square_bracket", "left_square_bracket")
        await wait_for(pilot, lambda: stage.metrics.counted[-1] == 30)
        session = stage.app.main.session
        await wait_for(pilot, lambda: "last 30 days" in str(session.border_title))
        await pilot.press("right_square_bracket", "right_square_bracket", "right_square_bracket")
        await wait_for(pilot, lambda: stage.metrics.counted[-1] is None)


async def test_enter_opens_what_is_behind_a_figure_and_escape_comes_back(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, stage, "j", "j", "enter")
        await wait_for(pilot, lambda: isinstance(stage.app.screen, FigureScreen))
        screen = stage.app.screen
        await wait_for(pilot, lambda: "worked (git" in screen.query_one(EntryList).text)
        lines = screen.query_one(EntryList).text.splitlines()
        assert lines[0].startswith("▌2023-11-14") and "- failed (test" in lines[0]
        assert "\x1b" not in screen.query_one(EntryList).text
        await pilot.press("escape")
        await wait_for(pilot, lambda: stage.app.main.session.listing.has_focus)
        assert stage.app.main.session.listing.cursor == 2


async def test_an_event_leads_to_its_pattern_and_no_event_says_so(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, stage, "j", "j", "enter")
        await wait_for(pilot, lambda: isinstance(stage.app.screen, FigureScreen))
        listing = stage.app.screen.query_one(EntryList)
        await wait_for(pilot, lambda: "failed" in listing.text)
        await pilot.press("j", "enter")
        pattern = stage.library.patterns["00000003-0000-4000-8000-000000000000"]
        await wait_for(pilot, lambda: stage.app.main.pattern == pattern)
        await opened(pilot, stage, "g", "g", "j", "j", "j", "j", "enter")
        await wait_for(pilot, lambda: isinstance(stage.app.screen, FigureScreen))
        await wait_for(pilot, lambda: "Nothing stands behind" in stage.app.screen.query_one(EntryList).text)


async def test_an_injection_shows_state_evidence_interval_and_rank(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        screen = await injections(pilot, stage, "i")
        text = screen.listing.text
        assert "add retries to the client" in text and "manual, 812 tokens" in text
        assert "1. ○ open  Async Fetch with Retry and Backoff" in text
        assert "2. ✓ worked  Bounded Cache with Expiry  used" in text
        assert "not yet tried → 60 % (30–87) n 1 · rank 2 → 1" in text
        assert "» pkg/report.py:6–18, 93% alike" in text
        assert "– not used  Text Wrapping" in text and "1 pattern open" in str(
            screen.query_one("#injections").border_title
        )


async def test_plus_minus_and_equals_say_how_a_use_went_and_u_takes_it_back(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, stage)
        screen = await injections(pilot, stage, "i")
        first = "00000000-0000-4000-8000-000000000000"
        for key, success in (("plus", True), ("minus", False), ("equals_sign", None)):
            await pilot.press(key)
            await wait_for(pilot, lambda: stage.metrics.said)
            assert stage.metrics.said.pop() == ("injection-1", first, success)
        await pilot.press("plus")
        await wait_for(pilot, lambda: "1. ✓ worked  Async" in screen.listing.text)
        assert screen.listing.cursor == 0
        await pilot.press("u")
        await wait_for(pilot, lambda: stage.metrics.unsaid == [("injection-1", first)])
        assert "rate 5" not in stage.library.calls  # it is no rating


async def test_open_injections_are_listed_from_their_figure_and_f_shows_all(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, stage, *"jjjjjjjj")
        screen = await injections(pilot, stage, "enter")
        assert screen.open_only and len(screen.rows) == 2
        await pilot.press("f")
        await wait_for(pilot, lambda: len(screen.rows) == 3)
        await pilot.press("escape")
        await wait_for(pilot, lambda: not stage.app.screen.is_modal)


async def test_an_open_list_follows_the_ledger_without_a_key(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        screen = await injections(pilot, stage, "i")
        stage.metrics.say("injection-1", "00000000-0000-4000-8000-000000000000", False)
        stage.library.version += 1
        await wait_for(pilot, lambda: "1. ✗ failed  Async" in screen.listing.text)


async def test_an_outcome_is_told_with_the_rank_that_it_changed(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        known = Interval(0.6, 0.3, 0.87, 1)
        pattern = "00000001-0000-4000-8000-000000000000"
        stage.library.news = [
            Learned(1, "outcome", pattern, "Cache", known, what="test", success=True, injection="injection-1")
        ]
        stage.library.version += 1
        session = stage.app.main.session
        await wait_for(pilot, lambda: session.counts["outcome"])
        assert session.entries[0][1] == "Worked (test): Cache · 60 % (30–87) n 1 · rank 2 → 1"


async def test_what_happens_out_of_sight_is_told_in_a_toast_and_own_words_are_not(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, stage)
        known = Interval(0.6, 0.3, 0.87, 1)
        pattern = "00000001-0000-4000-8000-000000000000"
        for event, what in ((1, "explicit"), (2, "test")):
            stage.library.news.append(
                Learned(event, "outcome", pattern, what.title(), known, what=what, success=True)
            )
        stage.library.version += 1
        await wait_for(pilot, lambda: stage.app.main.session.counts["outcome"] == 2)
        toasts = [one.message for one in stage.app._notifications]
        assert toasts == ["Worked (test): Test · 60 % (30–87) n 1 · m shows"]


async def test_a_failure_behind_a_screen_is_one_line_and_the_screen_stays(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24), notifications=True) as pilot:
        await ready(pilot, stage)
        screen = await injections(pilot, stage, "i")
        stage.metrics.fault = LibraryError("the injection is gone")
        await pilot.press("plus")
        await wait_for(pilot, lambda: stage.app._notifications)
        assert [one.message for one in stage.app._notifications] == ["the injection is gone"]
        assert stage.app.screen is screen


@pytest.mark.parametrize("theme", ["textual-dark", "ansi-dark", "ansi-light", "high-contrast", "nord"])
async def test_charts_are_drawn_in_every_theme_and_in_a_small_window(stage: Stage, theme: str) -> None:
    async with stage.app.run_test(size=(60, 22)) as pilot:
        await opened(pilot, stage)
        stage.app.theme = theme if theme in stage.app.available_themes else "textual-light"
        for down in range(10):
            await pilot.press("enter")
            await wait_for(pilot, lambda: stage.app.screen.is_modal)
            await settled(pilot, stage)
            await pilot.resize_terminal(60 - down, 16 + down)
            await pilot.press("escape", "j")
            await wait_for(pilot, lambda: not stage.app.screen.is_modal)


@pytest.mark.parametrize("width", [10, 30, 46, 76, 150])
def test_no_row_is_wider_than_the_pane(width: int) -> None:
    assert max(row.cell_length for row in rows(figures(), width)) <= width


@sized
def test_pane(snap_compare: Compare, size: tuple[int, int]) -> None:
    stage = make_stage(FakeLibrary.of(*(make_pattern(number) for number in range(12))))

    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot, stage, "j", "j")
        await wait_for(pilot, lambda: stage.app.main.ratings.details.history)
        await settled(pilot, stage)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)


@sized
def test_figure(snap_compare: Compare, stage: Stage, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await opened(pilot, stage, "j", "j", "enter")
        await wait_for(pilot, lambda: isinstance(stage.app.screen, FigureScreen))
        await wait_for(pilot, lambda: "failed" in stage.app.screen.query_one(EntryList).text)
        await settled(pilot, stage)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)


@sized
def test_injections(snap_compare: Compare, stage: Stage, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await ready(pilot, stage)
        await injections(pilot, stage, "i")
        await settled(pilot, stage)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)


async def settled(pilot: Pilot[None], stage: Stage) -> None:
    """Until nothing is fetched any more."""
    groups = ("search", "code", "findings", "ratings", "figures", "read")
    await wait_for(
        pilot,
        lambda: not any(worker.is_running for worker in stage.app.workers if worker.group in groups),
    )
