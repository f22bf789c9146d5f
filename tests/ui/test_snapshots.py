"""How the app looks: three sizes, empty, with results, and with help."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import FINDINGS

SIZES = [(80, 24), (120, 40), (200, 60)]
Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def _no_stopwatch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every search takes no time on a picture."""
    monkeypatch.setattr("tui_patterns.tui.panes.asking.perf_counter", lambda: 0.0)


def _settled(stage: Stage) -> bool:
    """Nothing is being fetched, and what was fetched of the pattern under the cursor is shown."""
    main = stage.app.main
    busy = any(
        worker.is_running
        for worker in stage.app.workers
        if worker.group in ("search", "code", "findings", "ratings", "figures")
    )
    current = main.results.list.current
    followed = current is None or (main.code.pattern == current and main.ratings.findings is not None)
    counted = main.session.measured is not None or not main.session.display
    return not busy and followed and counted


async def _filled(pilot: Pilot[None], stage: Stage) -> None:
    await ready(pilot, stage)
    stage.engine.found = FINDINGS
    stage.engine.report(
        state="idle",
        role="owner",
        folders=("/projects/sample",),
        patterns=len(stage.library.patterns),
        semantic=0.43,
    )
    await pilot.pause()
    await wait_for(pilot, lambda: _settled(stage))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_empty(snap_compare: Compare, size: tuple[int, int]) -> None:
    stage = make_stage(FakeLibrary())

    async def before(pilot: Pilot[None]) -> None:
        await _filled(pilot, stage)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_results(snap_compare: Compare, stage: Stage, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await _filled(pilot, stage)
        await pilot.press("slash", *"re", "enter")
        await wait_for(pilot, lambda: len(stage.app.main.results.list.rows) == 4)
        await pilot.press("space")
        await pilot.pause()
        await wait_for(pilot, lambda: _settled(stage) and stage.app.main.prompt.built)
        await wait_for(pilot, lambda: any("Searched" in text for _, text in stage.app.main.session.entries))
        # How wide it is tells of the answers before, and those depend on how fast the keys came.
        stage.app.main.search.query_one("#mode").refresh(layout=True)
        await pilot.pause()

    assert snap_compare(stage.app, terminal_size=size, run_before=before)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_help(snap_compare: Compare, stage: Stage, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await _filled(pilot, stage)
        await pilot.press("question_mark")
        await wait_for(pilot, lambda: stage.app.screen.is_modal)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)
