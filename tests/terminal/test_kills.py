"""Processes are killed at the worst moments; nothing that was shown is lost, and nothing is left behind."""

from __future__ import annotations

import pytest

from tests.terminal import processes
from tests.terminal.conftest import Launch
from tests.terminal.harness import Condition, until
from tui_patterns.api import PatternLibrary

MOMENTS: dict[str, Condition] = {
    "starting": "q Quit",
    "indexing": lambda screen: "indexing" in screen or "folder watched" in screen,  # it may be over soon
    "idle": "semantic ready",
}
SOON_S = 30.0  # three or four where nothing else runs


def test_without_its_engine_the_app_searches_and_gets_a_new_one(launch: Launch) -> None:
    app = launch().ready()
    killed = app.engine
    processes.kill(killed)
    app.wait_for("engine restarting…, lexical search goes on")
    app.keys("/")
    app.type("discount")
    app.wait_for(lambda screen: "▌ƒ Discount Percent of" in screen and "▌" in screen)
    app.wait_for(lambda screen: "restarting" not in screen and "1 folder watched" in screen)
    assert app.engine != killed
    app.wait_for("hybrid")


def test_a_rating_that_was_shown_outlives_the_app_and_nothing_else_does(
    launch: Launch, library: PatternLibrary
) -> None:
    app = launch(fresh=True).ready()
    app.keys("r")
    app.wait_for("worked at once")
    app.keys("5")
    app.wait_for("★5")
    processes.kill(app.pid)
    assert [one.ratings.last for one in library.recent(50) if one.ratings.usage_count] == [5]
    processes.wait_until_gone(app.data_dir, SOON_S)


@pytest.mark.parametrize("moment", MOMENTS)
def test_quitting_is_quick_and_leaves_no_process(launch: Launch, moment: str) -> None:
    app = launch(fresh=True)
    app.wait_for(MOMENTS[moment])
    app.keys("q")
    until(lambda: app.fact("alternate_on") == "0", "the screen is given back", timeout=SOON_S)
    app.wait_for("ENDED WITH CODE 0", timeout=SOON_S)
    processes.wait_until_gone(app.data_dir, SOON_S)
