"""The app shows the loop by itself, without a key: used with its lines, outcome, interval, changed rank."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.integration.test_loop import WRITTEN, Loop
from tests.ui.conftest import wait_for
from tests.ui.fake_engine import FakeEngine
from tui_patterns.tui.app import PatternsApp
from tui_patterns.tui.screens.injections import InjectionsScreen


@pytest.fixture
def loop(tmp_path: Path) -> Iterator[Loop]:
    made = Loop(tmp_path)
    yield made
    made.library.close()


async def shown(pilot: Pilot[None], app: PatternsApp, loop: Loop, keys: tuple[str, ...]) -> None:
    """The app on the loop's library, its metrics in sight."""
    await wait_for(pilot, lambda: app.main.results.answer is not None and app.services.engine)
    await pilot.press(*keys)


async def test_the_app_tells_by_itself_what_was_used_and_how_it_went(loop: Loop) -> None:
    app = PatternsApp(
        lambda: loop.library, [loop.root], settings=loop.library.settings,
        engine_factory=lambda _, __, on_event, ___: FakeEngine(on_event),
    )  # fmt: skip
    async with app.run_test(size=(120, 40)) as pilot:
        await shown(pilot, app, loop, ("m",))
        session = app.main.session
        await wait_for(pilot, lambda: session.measured and "1 n 1" in line(session.listing.text, "open inj"))
        await written(loop, WRITTEN)
        await wait_for(pilot, lambda: session.counts["use"] == 2 and session.counts["outcome"] >= 2)
        told = [text for _, text in session.entries]
        assert any(text.startswith("Used: ") and "pkg/report.py:" in text for text in told)
        worked = [text for text in told if text.startswith("Worked (test)")]
        assert len(worked) == 2 and all(" n 1 · rank " in text for text in worked)
        assert any(" → " in text.split("rank")[1] for text in worked)
        await wait_for(pilot, lambda: " n 2" in line(session.listing.text, "success trend"))

        await pilot.press("i")
        await wait_for(pilot, lambda: isinstance(app.screen, InjectionsScreen) and app.screen.rows)
        screen: Any = app.screen
        assert screen.listing.text.count("✓ worked") == 2 and screen.listing.text.count("○ open") == 1
        assert "» pkg/report.py:" in screen.listing.text

        await written(loop, WRITTEN.replace("if turn == tries:", "if turn != tries:"))
        await wait_for(pilot, lambda: screen.listing.text.count("✗ failed") == 1)
        assert screen.listing.text.count("✓ worked") == 1
        failed = screen.listing.text.split("✗ failed")[1].split("\n")[1]
        assert re.fullmatch(r" +not yet tried → \d+ % \(.*\) n 1 · rank (\d → 3|3 as before)", failed)


async def test_a_person_says_in_the_app_how_a_use_went(loop: Loop) -> None:
    app = PatternsApp(
        lambda: loop.library, [loop.root], settings=loop.library.settings,
        engine_factory=lambda _, __, on_event, ___: FakeEngine(on_event),
    )  # fmt: skip
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(pilot, app, loop, ("i",))
        await wait_for(pilot, lambda: isinstance(app.screen, InjectionsScreen) and app.screen.rows)
        await pilot.press("j", "plus")
        await wait_for(pilot, lambda: any(one.outcome for one in loop.shown().values()))
        (said,) = [one for one in loop.shown().values() if one.outcome]
        assert (said.rank, said.state, said.outcome) == (2, "used", "success")
        await pilot.press("minus")
        await wait_for(pilot, lambda: {one.outcome for one in loop.shown().values()} == {None, "failure"})
        with loop.library.connections.lend() as conn:
            words = conn.execute("SELECT kind, source FROM outcomes")
            assert [tuple(row) for row in words] == [("explicit", "person")]
        await pilot.press("u")
        await wait_for(pilot, lambda: {one.outcome for one in loop.shown().values()} == {None, "success"})
        await pilot.press("u")
        await wait_for(pilot, lambda: {one.state for one in loop.shown().values()} == {"open"})
        await pilot.press("u", "minus")
        await wait_for(pilot, lambda: {one.outcome for one in loop.shown().values()} == {None, "failure"})
        assert loop.library.rebuild_evidence() == {}


async def written(loop: Loop, code: str) -> None:
    """Somebody writes, tests, and the engine looks; the app goes on meanwhile."""
    loop.write(code)
    await asyncio.to_thread(loop.test)
    await asyncio.to_thread(loop.look)


def line(text: str, name: str) -> str:
    """The line of that figure."""
    return next((one for one in text.splitlines() if name in one), "")
