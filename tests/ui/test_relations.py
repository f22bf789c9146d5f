"""Walking along relations by keyboard: there, on, and back."""

from __future__ import annotations

from tests.ui.conftest import Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import make_pattern
from tui_patterns.models import Pattern, Related, RelationKind
from tui_patterns.tui.screens.relations import RelationsScreen


def relation(kind: RelationKind, to: Pattern, outgoing: bool = True, resolved: bool = True) -> Related:
    return Related(kind, outgoing, 0.9, resolved, to.id, to.name, to.qualname, to.path, to.line)


def walking() -> Stage:
    """Three patterns in a row, of which the list shows the first two."""
    first, second, third = (make_pattern(number) for number in range(3))
    library = FakeLibrary.of(first, second)
    library.related = {
        first.id: [relation("USES", second), relation("EXTENDS", third, resolved=False)],
        third.id: [relation("CREATES", second, outgoing=False)],
    }
    stage = make_stage(library)
    library.patterns[third.id] = third
    return stage


async def test_g_r_lists_relations_and_enter_walks_them_and_esc_comes_back() -> None:
    stage = walking()
    first, second, third = (make_pattern(number) for number in range(3))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        stage.library.recent = lambda limit=50, filters=None: [first, second]  # type: ignore[method-assign]
        await ready(pilot, stage)
        results = stage.app.main.results
        await wait_for(pilot, lambda: len(results.list.rows) == 2)
        await pilot.press("g", "r")
        await wait_for(pilot, lambda: isinstance(stage.app.screen, RelationsScreen))
        words = [choice.words for choice in stage.app.screen.choices]  # type: ignore[attr-defined]
        assert words[0].startswith("uses ")
        assert words[1].startswith("extends 90%?")
        await pilot.press("j", "enter")
        await wait_for(pilot, lambda: results.list.current == third)
        await wait_for(pilot, lambda: stage.app.main.code.pattern == third)
        await pilot.press("g", "r")
        await wait_for(pilot, lambda: isinstance(stage.app.screen, RelationsScreen))
        await pilot.press("enter")
        await wait_for(pilot, lambda: results.list.current == second)
        await pilot.press("escape")
        await wait_for(pilot, lambda: results.list.current == third)
        await pilot.press("escape")
        await wait_for(pilot, lambda: results.list.current == first)
        assert [row.pattern for row in results.list.rows] == [first, second]


async def test_what_a_walk_stands_on_stays_when_the_library_changes() -> None:
    stage = walking()
    first, second, third = (make_pattern(number) for number in range(3))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        stage.library.recent = lambda limit=50, filters=None: [first, second]  # type: ignore[method-assign]
        await ready(pilot, stage)
        results = stage.app.main.results
        await wait_for(pilot, lambda: len(results.list.rows) == 2)
        results.visit(third)
        before = results.answer
        stage.app.main.search.refresh_answer()
        await wait_for(pilot, lambda: results.answer is not before)
        assert results.list.current == third


async def test_g_g_is_the_first_row_and_without_relations_one_line_says_so(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("G")
        results = stage.app.main.results
        assert results.list.cursor == 11
        await pilot.press("g", "g")
        await wait_for(pilot, lambda: results.list.cursor == 0)
        await pilot.press("g", "r")
        await wait_for(pilot, lambda: any("relates" in note.message for note in stage.app._notifications))
