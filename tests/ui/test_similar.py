"""Search by example in the app: marked lines, a pattern, a paste; and the way back to what was asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.events import Paste
from textual.pilot import Pilot
from textual.widgets import Static

from tests.ui.conftest import Stage, ready, wait_for
from tests.ui.samples import CODE, make_pattern
from tui_patterns.models import Example, Filters, SemanticRows
from tui_patterns.tui.likeness import of_lines, of_paste
from tui_patterns.tui.messages import FiltersChosen
from tui_patterns.tui.panes.search import PLACEHOLDER
from tui_patterns.tui.widgets.search_input import SearchInput

SIZES = [(80, 24), (120, 40), (200, 60)]
TRACEBACK = (
    'Traceback (most recent call last):\n  File "a.py", line 3, in load\n    x["a"]\nKeyError: \'a\'\n'
)


def field(stage: Stage) -> SearchInput:
    return stage.app.main.search.query_one(SearchInput)


def names(stage: Stage) -> list[str]:
    return [row.pattern.name for row in stage.app.main.results.list.rows]


def drawn(stage: Stage) -> list[str]:
    return [strip.text for strip in stage.app.screen._compositor.render_strips()]


async def mark(pilot: Pilot[None], stage: Stage, first: int, last: int) -> None:
    """Mark the lines ``first`` to ``last`` of the code, counted from 0, by keyboard."""
    await pilot.press("2", *("j" * first), "V", *("j" * (last - first)))
    await wait_for(pilot, lambda: stage.app.main.code.chosen == range(first, last + 1))


async def answered(pilot: Pilot[None], stage: Stage, words: str) -> None:
    """Until what is asked is called ``words``, and answered."""
    bar = stage.app.main.search
    await wait_for(pilot, lambda: bar.question.said == words)
    await wait_for(pilot, lambda: bar.answer and bar.answer.question.number == bar.question.number)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_marked_lines_find_what_is_like_them_and_escape_leads_back(
    stage: Stage, size: tuple[int, int]
) -> None:
    async with stage.app.run_test(size=size) as pilot:
        await ready(pilot, stage)
        await pilot.press("slash", *"re", "enter", "j")
        await wait_for(pilot, lambda: len(names(stage)) == 4)
        before, standing_on = names(stage), stage.app.main.pattern
        assert standing_on
        await wait_for(pilot, lambda: stage.app.main.code.pattern == standing_on)
        await mark(pilot, stage, 6, 8)
        await pilot.press("s")
        words = of_lines(standing_on, range(6, 9)).words
        assert words == f"like 3 lines of dependencies.py:{standing_on.line + 6}–{standing_on.line + 8}"
        await answered(pilot, stage, words)
        text = "\n".join(CODE.split("\n")[6:9])
        assert stage.examples.asked[-1] == Example(text, "code", standing_on.id)
        assert standing_on.name not in names(stage)
        assert words in drawn(stage)[0] and "≈" in drawn(stage)[0]
        assert stage.app.main.results.list.has_focus
        await pilot.press("j", "escape")
        await wait_for(pilot, lambda: names(stage) == before)
        assert stage.app.main.pattern == standing_on
        assert field(stage).value == "re" and field(stage).placeholder == PLACEHOLDER
        await pilot.press("escape")
        await wait_for(pilot, lambda: len(names(stage)) == 12)


async def test_marked_lines_are_reversed_and_escape_ends_marking_first(stage: Stage) -> None:
    async with stage.app.run_test(size=(80, 24)) as pilot:
        await ready(pilot, stage)
        await mark(pilot, stage, 1, 2)
        source = stage.app.main.code.source
        reverse = [
            any(segment.style and segment.style.reverse for segment in source.render_line(y))
            for y in range(4)
        ]
        assert reverse == [False, True, True, False]
        assert "2 lines marked" in drawn(stage)[-1] and "s Similar" in drawn(stage)[-1]
        await pilot.press("k", "k")
        await wait_for(pilot, lambda: stage.app.main.code.chosen == range(2))
        await pilot.press("escape")
        assert stage.app.main.code.chosen is None
        assert source.has_focus and "V Mark lines" in drawn(stage)[-1]
        await pilot.press("V", "V")
        assert stage.app.main.code.chosen is None
        await pilot.press("escape")
        await wait_for(pilot, lambda: stage.app.main.results.list.has_focus)


async def test_without_marked_lines_it_is_the_pattern_and_steps_lead_back_one_by_one(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        first = stage.app.main.pattern
        assert first
        await pilot.press("s")
        await answered(pilot, stage, f"like {first.name}")
        assert stage.examples.asked[-1] == Example(first.code, "pattern", first.id)
        assert first.name not in names(stage)
        second = stage.app.main.pattern
        assert second
        await pilot.press("s")
        await answered(pilot, stage, f"like {second.name}")
        await pilot.press("escape")
        await answered(pilot, stage, f"like {first.name}")
        assert stage.app.main.pattern == second
        await pilot.press("escape")
        await wait_for(pilot, lambda: len(names(stage)) == 12)
        assert stage.app.main.pattern == first


@pytest.mark.usefixtures("looked_at")
async def test_rows_by_meaning_join_and_the_row_under_the_cursor_stays(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        far, near = make_pattern(5), make_pattern(9)
        stage.engine.near = SemanticRows(((near.id, 0.9), (far.id, 0.8)), "exact")
        bar, results = stage.app.main.search, stage.app.main.results
        await pilot.press("s")
        await wait_for(pilot, lambda: bar.answer and bar.answer.question.like and bar.answer.mode == "hybrid")
        assert results.list.current == make_pattern(1)  # best by words, and there it stays
        assert results.list.cursor == 0
        assert names(stage)[1:3] == [near.name, far.name]


async def test_words_typed_take_the_place_of_an_example(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("s")
        await wait_for(pilot, lambda: stage.app.main.search.question.like)
        await pilot.press("slash", *"cache")
        await wait_for(pilot, lambda: names(stage) == ["Bounded Cache with Expiry"])
        assert field(stage).placeholder == PLACEHOLDER
        await pilot.press("escape", "escape")
        await wait_for(pilot, lambda: len(names(stage)) == 12)


async def test_a_filter_narrows_what_is_like_an_example(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("s")
        await wait_for(pilot, lambda: stage.app.main.search.question.like)
        stage.app.main.post_message(FiltersChosen(Filters(framework="rich")))
        await wait_for(pilot, lambda: stage.app.main.search.question.filters.framework == "rich")
        assert stage.app.main.search.question.like
        await pilot.press("escape")
        await wait_for(pilot, lambda: names(stage) == [make_pattern(2).name])


async def test_code_pasted_into_the_search_line_is_an_example(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("slash")
        stage.app.post_message(Paste("    delay *= 2\n    await asyncio.sleep(delay)\n"))
        await answered(pilot, stage, "like 2 lines of pasted code")
        assert stage.examples.asked[-1].text.count("\n") == 2
        assert field(stage).value == ""
        assert len(names(stage)) == 12


async def test_an_error_pasted_outside_of_any_field_is_asked_for_and_words_are_typed(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        stage.app.post_message(Paste(TRACEBACK))
        await answered(pilot, stage, "for KeyError: 'a'")
        assert stage.examples.asked[-1].kind == "error"
        stage.app.post_message(Paste("bounded\n  cache\n"))
        await wait_for(pilot, lambda: field(stage).value == "bounded cache")
        await wait_for(pilot, lambda: names(stage) == ["Bounded Cache with Expiry"])


async def test_a_paste_into_the_task_stays_there(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        await pilot.press("p")
        await wait_for(pilot, lambda: stage.app.focused and stage.app.focused.id == "task")
        stage.app.post_message(Paste("x = 1\ny = f(x)\n"))
        await wait_for(pilot, lambda: stage.app.main.prompt.task_text == "x = 1")
        assert not stage.examples.asked


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1\ny = f(x)\n", "like 2 lines of pasted code"),
        (TRACEBACK, "for KeyError: 'a'"),
        ('{"name": "load",\n "description": "Reads settings."}', "like 2 lines of pasted contract"),
        ("ValueError: no such width\n", None),  # one line: it stands in the field, and can be changed
        ("retry\nwith backoff", None),
        ("retry\nbackoff\n", None),
        ("", None),
        ("\x00\n\x00\n", None),
    ],
)
def test_what_was_pasted_is_told_apart(text: str, words: str | None) -> None:
    found = of_paste(text)
    assert (found.words if found else None) == words


async def test_marked_lines_are_what_is_copied(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await mark(pilot, stage, 0, 1)
        await pilot.press("y")
        await wait_for(pilot, lambda: stage.copy.texts)
        assert stage.copy.texts == ["\n".join(CODE.split("\n")[:2])]


async def test_only_code_can_be_marked_and_other_code_ends_it(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        code = stage.app.main.code
        await mark(pilot, stage, 0, 1)
        await pilot.press("1", "j")
        await wait_for(pilot, lambda: code.pattern == make_pattern(1))
        assert code.chosen is None
        await pilot.press("2", "d")
        await wait_for(pilot, lambda: "one version only" in code.source.text)
        await pilot.press("V")
        assert code.chosen is None


async def test_scrolling_reads_on_and_the_cursor_comes_back_into_sight(stage: Stage) -> None:
    stage.library.add(make_pattern(0, code="\n".join(f"x{n} = {n}" for n in range(200))))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        source = stage.app.main.code.source
        await wait_for(pilot, lambda: source.count == 200)
        await pilot.press("J", "J", "J")
        await wait_for(pilot, lambda: source.scroll_offset.y == 9)
        await pilot.press("2", "j")
        assert source.cursor == 10
        await pilot.press("G")
        await wait_for(pilot, lambda: source.scroll_offset.y + source.size.height == 200)
        assert source.cursor == 199


Compare = Callable[..., bool]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_marking(snap_compare: Compare, stage: Stage, size: tuple[int, int]) -> None:
    async def before(pilot: Pilot[None]) -> None:
        await ready(pilot, stage)
        await mark(pilot, stage, 2, 4)
        stage.app.main.search.query_one("#mode", Static).update("newest first", layout=True)
        await wait_for(pilot, lambda: stage.app.main.session.measured or not stage.app.main.session.display)

    assert snap_compare(stage.app, terminal_size=size, run_before=before)
