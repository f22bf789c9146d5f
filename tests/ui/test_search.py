"""Search as you type: at once by words, then by meaning, and the cursor stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from textual.widgets import Input, Static

from tests.ui.conftest import Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import make_pattern
from tui_patterns.api import ChangedEvent
from tui_patterns.models import Change, Filters, SemanticRows
from tui_patterns.tui.answers import RECENT, Answer, Question, Row, merged
from tui_patterns.tui.messages import Answered, FiltersChosen


def names(stage: Stage) -> list[str]:
    return [row.pattern.name for row in stage.app.main.results.list.rows]


async def test_each_key_narrows_the_list_and_stops_the_search_before(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("slash", *"cache")
        await wait_for(pilot, lambda: names(stage) == ["Bounded Cache with Expiry"])
        assert stage.library.calls.count("interrupt") >= 5


async def test_digits_colons_and_letters_of_commands_are_typed_into_the_search(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("slash", *"1q:", "question_mark", "space", "6")
        query = stage.app.main.search.query_one("#query", Input)
        await wait_for(pilot, lambda: query.value == "1q:? 6")


@pytest.mark.usefixtures("looked_at")
async def test_rows_by_meaning_are_merged_and_the_row_under_the_cursor_stays(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        fetch, wrap = make_pattern(0), make_pattern(2)
        stage.engine.rows["retry"] = SemanticRows(((wrap.id, 0.9), (fetch.id, 0.8)), "exact")
        await pilot.press("slash", *"retry")
        results = stage.app.main.results
        await wait_for(pilot, lambda: results.answer and results.answer.mode == "hybrid")
        await wait_for(pilot, lambda: names(stage) == [fetch.name, wrap.name])
        assert results.list.current == fetch
        assert "hybrid" in str(stage.app.main.search.query_one("#mode").render())


@pytest.mark.parametrize("moved", [(), ("down",), ("enter",)], ids=["typing", "moved", "entered"])
async def test_what_nobody_has_looked_at_makes_room_for_the_best(
    stage: Stage, moved: tuple[str, ...]
) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        results, search = stage.app.main.results, stage.app.main.search
        await pilot.press("slash", *"re")
        await wait_for(pilot, lambda: results.answer and results.answer.question.text == "re")
        await wait_for(pilot, lambda: len(results.list.rows) > 2)
        words = names(stage)
        await pilot.press(*moved)
        looking_at = results.list.current
        meaning = [Row(make_pattern(number), 0.9) for number in (9, 0, 4)]
        stage.app.main.post_message(Answered(Answer(search.question, tuple(meaning), "hybrid")))
        await wait_for(pilot, lambda: results.answer and results.answer.mode == "hybrid")
        if moved:
            assert results.list.current == looking_at
        else:
            assert names(stage) == [row.pattern.name for row in meaning] != words[:3]
            assert results.list.cursor == 0


async def test_what_a_person_looks_at_stays_when_others_take_its_place(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        results, first = stage.app.main.results, make_pattern(0)
        many = [make_pattern(number, f"Newer {number}") for number in range(100, 100 + RECENT)]
        stage.library.patterns = {one.id: one for one in [*many, *stage.library.patterns.values()]}
        stage.library.version += 1
        await wait_for(pilot, lambda: "Newer 100" in names(stage))
        assert (results.list.cursor, results.list.current) == (0, first)
        stage.library.add(replace(first, gone=True))
        stage.library.patterns = {one.id: one for one in [*many, replace(first, gone=True)]}
        stage.library.version += 1
        await wait_for(pilot, lambda: results.list.current != first)
        assert len(results.list.rows) == RECENT


async def test_an_answer_to_an_older_question_is_dropped(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        before = names(stage)
        late = Answer(Question(0, "old"), (Row(make_pattern(5), 0.5),), "hybrid")
        stage.app.main.post_message(Answered(late))
        await pilot.pause()
        assert names(stage) == before


async def test_a_change_by_another_process_shows_and_the_cursor_keeps_its_pattern(
    stage: Stage,
) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("j", "j")
        await wait_for(pilot, lambda: stage.app.main.pattern == make_pattern(2))
        current = stage.app.main.pattern
        stage.library.add(make_pattern(40, "Brand New"))
        stage.library.version += 1
        await wait_for(pilot, lambda: "Brand New" in names(stage))
        assert stage.app.main.pattern == current
        assert stage.app.main.results.list.cursor == 2


async def test_a_saved_file_updates_list_and_code(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        main = stage.app.main
        changed = replace(make_pattern(0), name="Renamed While Watching", code="def renamed(): ...\n")
        stage.library.add(changed)
        stage.engine.on_event(ChangedEvent(Change("sample", files=(changed.path,), updated=(changed.id,))))
        await wait_for(pilot, lambda: "renamed" in main.code.source.text)
        await wait_for(pilot, lambda: names(stage)[:1] == ["Renamed While Watching"])
        assert any("net/retry.py: 1 changed" in text for _, text in main.session.entries)


async def test_escape_steps_back_from_the_field_then_clears_query_then_filter(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        main = stage.app.main
        main.post_message(FiltersChosen(Filters(framework="rich")))
        await wait_for(pilot, lambda: len(names(stage)) == 1)
        await pilot.press("slash", *"text", "escape")
        await wait_for(pilot, lambda: main.results.list.has_focus and main.search.question.text == "text")
        await pilot.press("escape")
        await wait_for(pilot, lambda: main.search.question.text == "")
        assert main.search.question.filters.framework == "rich"
        await pilot.press("escape")
        await wait_for(pilot, lambda: len(names(stage)) == 12)


async def test_nothing_found_says_that_escape_clears_and_it_does(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("slash", *"zzz")
        await wait_for(pilot, lambda: "Esc clears" in stage.app.main.results.list.empty)
        assert not stage.app.main.results.list.rows
        await pilot.press("escape")
        await wait_for(pilot, lambda: len(names(stage)) == 12)


async def test_an_empty_library_tells_of_progress() -> None:
    stage = make_stage(FakeLibrary())
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        stage.engine.report(state="indexing", files_done=34, files_total=100)
        await wait_for(pilot, lambda: "read 34 of 100 files" in stage.app.main.results.list.empty)
        stage.engine.report(state="idle")
        await wait_for(pilot, lambda: "? shows all keys" in stage.app.main.results.list.empty)


async def test_a_first_query_is_asked_at_once() -> None:
    stage = make_stage(FakeLibrary.of(make_pattern(0), make_pattern(1)), query="cache")
    async with stage.app.run_test() as pilot:
        await wait_for(pilot, lambda: names(stage) == ["Bounded Cache with Expiry"])


def test_merging_keeps_the_pinned_row_in_place_and_loses_none() -> None:
    rows = [Row(make_pattern(number)) for number in range(5)]
    order = merged(rows, rows[4].pattern.id, 1)
    assert order[1] is rows[4]
    assert sorted(row.pattern.id for row in order) == [row.pattern.id for row in rows]
    assert merged(rows, "gone", 3) == rows


async def test_an_engine_that_is_ready_later_still_answers_by_meaning(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_patterns.tui.panes.asking.AGAIN_AFTER_S", (0.01, 0.02))
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("slash", *"cache")
        await wait_for(pilot, lambda: stage.engine.asked.count("cache") > 3)
        answer = stage.app.main.search.answer
        assert answer and answer.mode == "lexical"
        stage.engine.rows["cache"] = SemanticRows(((make_pattern(0).id, 0.9),), "exact")
        await wait_for(pilot, lambda: len(names(stage)) == 2)


async def test_w_tells_what_puts_a_pattern_in_its_place_and_hides_it_again(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        code = stage.app.main.code
        why = code.query_one("#why", Static)
        await pilot.press("w")  # a list by date: nothing to tell
        assert not why.display
        row = Row(make_pattern(0), 0.9, {"words": 1, "match": 0.8, "fields": {"title": 1.0}, "cosine": 0.5})
        code.show_match(row)
        await pilot.press("w")
        assert why.display and "rank 1, 80% of the most they could score" in str(why.render())
        assert "cosine 0.50" in str(why.render())
        code.show_match(Row(make_pattern(1), 0.4, {"words": 2, "match": 0.3, "fields": {"body": 1.0}}))
        assert "rank 2, 30%" in str(why.render())
        await pilot.press("w")
        assert not why.display


async def test_w_before_the_answer_tells_of_it_when_it_comes(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        main = stage.app.main
        why = main.code.query_one("#why", Static)
        main.code.show_match(Row(make_pattern(0), None, {}))  # as in a list by date
        main.search.ask("cache")
        main.action_why()
        main.code.show_match(Row(make_pattern(0), 0.9, {"words": 1, "match": 0.8, "fields": {"title": 1.0}}))
        assert why.display and "rank 1, 80% of the most they could score" in str(why.render())


@pytest.mark.parametrize("later", [0, 1])
async def test_the_row_under_the_cursor_stays_although_meaning_finds_others(stage: Stage, later: int) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        results = stage.app.main.results
        number = stage.app.main.search.question.number
        await pilot.press("slash", *"retry")
        await wait_for(pilot, lambda: results.answer and results.answer.mode == "lexical")
        asked = stage.app.main.search.question
        assert asked.number > number
        words = Answer(asked, tuple(Row(make_pattern(n), 0.5) for n in range(6)), "lexical")
        stage.app.main.post_message(Answered(words))
        await pilot.pause()
        await pilot.press("down", "down", "down")
        assert (results.list.cursor, results.list.current) == (3, make_pattern(3))
        asked = stage.app.main.search.question = replace(asked, number=asked.number + later)
        meaning = Answer(asked, tuple(Row(make_pattern(n), 0.9) for n in (9, 8, 7, 1, 0)), "hybrid")
        stage.app.main.post_message(Answered(meaning))
        await pilot.pause()
        assert (results.list.cursor, results.list.current) == (3, make_pattern(3))
        assert len(results.list.rows) == 6
        again = stage.app.main.search.question = replace(asked, number=asked.number + 1)
        stage.app.main.post_message(Answered(Answer(again, meaning.rows, "hybrid")))
        await pilot.pause()
        assert (results.list.cursor, results.list.current) == (3, make_pattern(3))


async def test_what_is_gone_does_not_stay_under_the_cursor(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        results = stage.app.main.results
        await pilot.press("j", "j")
        gone = results.list.current
        left = tuple(row for row in results.list.rows if row.pattern != gone)
        search = stage.app.main.search
        search.question = replace(search.question, number=search.question.number + 1)
        stage.app.main.post_message(Answered(Answer(search.question, left)))
        await pilot.pause()
        assert results.list.current != gone and len(results.list.rows) == len(left)
