"""A reranker joins in once nothing more is typed, reads again what has changed, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.ui.conftest import Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import make_pattern
from tui_patterns.models import SemanticRows
from tui_patterns.settings import Settings
from tui_patterns.settings.model import SearchSettings


def names(stage: Stage) -> list[str]:
    return [row.pattern.name for row in stage.app.main.results.list.rows]


@pytest.fixture
def reranked(monkeypatch: pytest.MonkeyPatch) -> Stage:
    """An app with a reranker set, that does not wait for a person to stop typing."""
    monkeypatch.setattr("tui_patterns.tui.panes.asking.RERANK_AFTER_S", 0.0)
    library = FakeLibrary.of(*(make_pattern(number) for number in range(12)))
    library.settings = Settings(search=SearchSettings(reranker="some-model"))
    return make_stage(library)


@pytest.mark.usefixtures("looked_at")
async def test_a_reranker_joins_in_later_and_the_row_under_the_cursor_stays(reranked: Stage) -> None:
    async with reranked.app.run_test() as pilot:
        await ready(pilot, reranked)
        first, second, third = make_pattern(0), make_pattern(2), make_pattern(5)
        rows = ((first.id, 0.9), (second.id, 0.8), (third.id, 0.7))
        reranked.engine.rows["retry"] = SemanticRows(rows, "exact")
        results = reranked.app.main.results
        await pilot.press("slash", *"retry")
        await wait_for(pilot, lambda: results.answer and results.answer.mode == "hybrid")
        assert names(reranked) == [first.name, second.name, third.name]
        reranked.engine.scores = {first.id: -9.0, second.id: -9.0, third.id: 9.0}
        reranked.app.main.search.refresh_answer()
        await wait_for(pilot, lambda: names(reranked) == [first.name, third.name, second.name])
        assert results.list.current == first
        assert results.list.rows[1].why["reranker"]["rank"] == 1
        reranked.engine.scores = None  # what it said of this question is remembered
        asked = len(reranked.library.calls)
        reranked.app.main.search.refresh_answer()
        await wait_for(pilot, lambda: len(reranked.library.calls) > asked)
        assert names(reranked) == [first.name, third.name, second.name]


async def test_a_pattern_that_has_changed_is_read_again_by_the_reranker(reranked: Stage) -> None:
    async with reranked.app.run_test() as pilot:
        await ready(pilot, reranked)
        first, second, third = make_pattern(0), make_pattern(2), make_pattern(5)
        rows = ((first.id, 0.9), (second.id, 0.8), (third.id, 0.7))
        reranked.engine.rows["retry"] = SemanticRows(rows, "exact")
        reranked.engine.scores = {first.id: -9.0, second.id: -9.0, third.id: 9.0}
        await pilot.press("slash", *"retry")
        await wait_for(pilot, lambda: names(reranked) == [first.name, third.name, second.name])
        reranked.engine.read_again.clear()
        reranked.library.add(replace(second, code="def wait_and_retry(): ...\n"))
        reranked.engine.scores[second.id] = 9.5
        reranked.library.version += 1
        await wait_for(pilot, lambda: reranked.engine.read_again == [second.id])
        await wait_for(pilot, lambda: names(reranked) == [first.name, second.name, third.name])


async def test_a_reranker_that_is_not_ready_changes_nothing(reranked: Stage) -> None:
    async with reranked.app.run_test() as pilot:
        await ready(pilot, reranked)
        await pilot.press("slash", *"cache")
        await wait_for(pilot, lambda: names(reranked) == ["Bounded Cache with Expiry"])
        await pilot.press("escape", "escape")
        await wait_for(pilot, lambda: len(names(reranked)) == 12)
