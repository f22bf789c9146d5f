"""Ratings, prompt, clipboard, findings, keys and sizes, by keyboard."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from textual.widgets import Static

from tests.ui.conftest import PATIENCE_S, Stage, make_stage, ready, wait_for
from tests.ui.fakes import FakeLibrary
from tests.ui.samples import FINDINGS, make_pattern
from tui_patterns.api import EngineDown, LibraryError
from tui_patterns.settings import kept_theme
from tui_patterns.tui.messages import Problem, Rated
from tui_patterns.tui.screens.actions import MainScreen
from tui_patterns.tui.widgets.lines import Lines


async def test_a_rating_shows_only_when_it_is_on_disk(stage: Stage) -> None:
    async with stage.app.run_test(message_hook=stage.messages.append) as pilot:
        await ready(pilot, stage)
        main = stage.app.main
        stage.library.gate.clear()
        await pilot.press("r", "4")
        await wait_for(pilot, lambda: any(worker.group == "rate" for worker in main.ratings.workers))
        assert not main.ratings.mine
        assert not stage.seen(Rated)
        stage.library.gate.set()
        await wait_for(pilot, lambda: stage.seen(Rated))
        await wait_for(pilot, lambda: "★★★★☆" in main.ratings.query_one(Lines).text)
        assert main.results.list.rated == {make_pattern(0).id: 4}
        assert stage.library.ratings == {(make_pattern(0).id, "session-1"): 4}


async def test_plus_and_minus_count_each_press_and_undo_takes_the_rating_back(stage: Stage) -> None:
    async with stage.app.run_test(message_hook=stage.messages.append) as pilot:
        await ready(pilot, stage)
        await pilot.press("plus", "plus", "minus")
        await wait_for(pilot, lambda: len(set(map(id, stage.seen(Rated)))) == 3)
        assert list(stage.library.ratings.values()) == [4]
        await pilot.press("u")
        await wait_for(pilot, lambda: not stage.library.ratings and not stage.app.main.ratings.mine)


async def test_a_rating_that_fails_is_one_line_and_is_not_shown(stage: Stage) -> None:
    async with stage.app.run_test(message_hook=stage.messages.append) as pilot:
        await ready(pilot, stage)
        stage.library.fault = LibraryError("the disk is full")
        await pilot.press("r", "5")
        await wait_for(pilot, lambda: stage.seen(Problem))
        await wait_for(pilot, lambda: "the disk is full" in str(stage.app.main.status.render()))
        assert not stage.app.main.ratings.mine


async def test_findings_tell_what_why_and_what_instead(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        findings = stage.app.main.findings
        await wait_for(pilot, lambda: "fills itself in" in findings.query_one(Lines).text)
        stage.engine.found = FINDINGS
        stage.engine.report(state="idle")
        await wait_for(pilot, lambda: "blind-retry" in findings.query_one(Lines).text)
        assert "Instead: Cap the delay" in findings.query_one(Lines).text
        await wait_for(pilot, lambda: stage.app.main.code.marked >= {21, 22, 23})
        await pilot.press("a")
        await wait_for(pilot, lambda: findings.query_one(Lines).has_focus)


async def test_a_dead_engine_is_told_and_search_goes_on(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        stage.engine.on_event(EngineDown("killed", 0.5))
        await wait_for(pilot, lambda: "lexical search goes on" in str(stage.app.main.status.render()))
        await pilot.press("slash", *"cache")
        await wait_for(pilot, lambda: len(stage.app.main.results.list.rows) == 1)


@pytest.mark.parametrize(
    ("size", "visible"),
    [
        ((60, 16), {"results", "code"}),
        ((80, 24), {"results", "code"}),
        ((120, 40), {"results", "code", "ratings", "findings"}),
        ((200, 60), {"results", "code", "ratings", "findings", "session", "prompt"}),
    ],
)
async def test_each_size_shows_its_panes_and_any_pane_can_be_reached(
    stage: Stage, size: tuple[int, int], visible: set[str]
) -> None:
    async with stage.app.run_test(size=size) as pilot:
        await ready(pilot, stage)
        panes = stage.app.main.panes
        await wait_for(pilot, lambda: {pane.id for pane in panes.children if pane.display} == visible)
        for number, id in enumerate(("results", "code", "ratings", "findings", "session", "prompt"), 1):
            await pilot.press(str(number))
            await wait_for(pilot, lambda id=id: panes.pane(id).has_focus_within)  # type: ignore[misc]
            await wait_for(pilot, lambda id=id: panes.pane(id).region.height > 3)  # type: ignore[misc]
            await pilot.press("escape", "escape")
        await wait_for(pilot, lambda: stage.app.main.results.list.has_focus)
        await wait_for(pilot, lambda: {pane.id for pane in panes.children if pane.display} == visible)


async def test_zoom_gives_one_pane_the_screen_and_escape_takes_it_back(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        panes = stage.app.main.panes
        await pilot.press("2", "z")
        await wait_for(pilot, lambda: [p.id for p in panes.children if p.display] == ["code"])
        await wait_for(pilot, lambda: panes.pane("code").region.width == 120)
        await pilot.press("escape")
        await wait_for(pilot, lambda: panes.pane("results").display)


async def test_a_resize_keeps_the_cursor_in_sight(stage: Stage) -> None:
    async with stage.app.run_test(size=(200, 60)) as pilot:
        await ready(pilot, stage)
        await pilot.press("G")
        await pilot.resize_terminal(80, 24)
        rows = stage.app.main.results.list
        await wait_for(pilot, lambda: rows.size.height == 8)
        await wait_for(pilot, lambda: rows.scroll_offset.y <= rows.cursor < rows.scroll_offset.y + 8)


async def test_foreign_text_is_shown_as_text() -> None:
    evil = make_pattern(
        0, "[red]Bold[/] \x1b[31mname", path="a[b]/\x1b]0;x\x07.py", code="x = '\x1b[2J[bold]'\n"
    )
    stage = make_stage(FakeLibrary.of(evil))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        await pilot.press("space", "p")
        await wait_for(pilot, lambda: stage.app.main.prompt.built)
        drawn = "\n".join(strip.text for strip in stage.app.screen._compositor.render_strips())
        assert "\x1b" not in drawn
        assert "[red]Bold[/]" in drawn


async def test_a_damaged_database_ends_the_app_with_one_line() -> None:
    library = FakeLibrary()
    library.fault = LibraryError("patterns.db is damaged: restore a backup")
    stage = make_stage(library)
    async with stage.app.run_test():
        for _ in range(int(PATIENCE_S / 0.01)):
            if stage.app.failure:
                break
            await asyncio.sleep(0.01)
    assert stage.app.failure == "patterns.db is damaged: restore a backup"
    assert stage.app.return_code == 1


async def test_the_engine_is_stopped_with_the_app(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        assert stage.engine.running
        await pilot.press("q")
        await asyncio.sleep(0)
    assert not stage.engine.running


async def test_a_remapped_key_works_and_help_and_hints_follow() -> None:
    from tui_patterns.settings import load_settings

    library = FakeLibrary.of(make_pattern(0), make_pattern(1))
    library.settings = load_settings(overrides={"ui.keymap": {"help": "f9", "serch": "x", "zoom": "p"}})
    stage = make_stage(library)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        await wait_for(pilot, lambda: stage.app._notifications)
        notes = " ".join(toast.message for toast in stage.app._notifications)
        assert "serch is no action; did you mean search?" in notes
        assert "p is taken twice" in notes
        assert ("f9", "Help") in stage.app.key_hints("results")
        await pilot.press("f9")
        await wait_for(pilot, lambda: stage.app.screen.id != "_default" and stage.app.screen.is_modal)


async def test_theme_is_previewed_and_escape_brings_the_old_one_back(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        assert stage.app.theme == "patterns-dark"
        await pilot.press("t", "j")
        await wait_for(pilot, lambda: stage.app.theme != "patterns-dark")
        await pilot.press("escape")
        await wait_for(pilot, lambda: stage.app.theme == "patterns-dark")


async def test_a_chosen_theme_is_there_in_the_next_run(stage: Stage) -> None:
    async with stage.app.run_test() as pilot:
        await ready(pilot, stage)
        await pilot.press("t", "j")
        await wait_for(pilot, lambda: stage.app.theme != "patterns-dark")
        chosen = stage.app.theme
        await pilot.press("enter")
        await wait_for(pilot, lambda: kept_theme("patterns-dark") == chosen)
    again = make_stage(stage.library)
    async with again.app.run_test() as pilot:
        await ready(pilot, again)
        assert again.app.theme == chosen


async def test_a_pattern_marked_gone_says_so(stage: Stage) -> None:
    stage.library.add(replace(make_pattern(0), gone=True))
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        assert "no longer in the code" in str(stage.app.main.code.query_one("#about").render())


def test_an_unexpected_error_is_one_line_without_the_values_of_variables(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(_: MainScreen) -> None:
        password = "hunter" + "2"
        raise RuntimeError(f"broken at {len(password)}")

    monkeypatch.setattr(MainScreen, "open_library", broken)
    stage.app.run(headless=True)
    assert stage.app.failure == "unexpected error: RuntimeError: broken at 7"
    assert stage.app.return_code == 1
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err
    assert "hunter2" not in out + err


async def test_the_code_tells_how_its_pattern_was_found(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        await pilot.press("slash", *"cache", "enter")
        about = stage.app.main.code.query_one("#about", Static)
        await wait_for(pilot, lambda: "92 % relevant" in str(about.render()))
        await pilot.press("escape")
        await wait_for(pilot, lambda: "relevant" not in str(about.render()))


async def test_a_finding_leads_to_the_pattern_that_does_it_right(stage: Stage) -> None:
    other = list(stage.library.patterns.values())[2]
    stage.library.kept = [
        replace(FINDINGS[0], id="aaaa", line=1),
        replace(FINDINGS[1], id="bbbb", pattern_id=other.id, pattern_name=other.name),
    ]
    async with stage.app.run_test(size=(120, 40), message_hook=stage.messages.append) as pilot:
        await ready(pilot, stage)
        findings = stage.app.main.findings
        await wait_for(pilot, lambda: f"Enter → {other.name}" in findings.listing.text)
        await pilot.press("a", "enter")
        assert stage.app.main.results.list.current != other
        await pilot.press("j", "enter")
        await wait_for(pilot, lambda: stage.app.main.results.list.current == other)
        await wait_for(pilot, lambda: stage.app.main.code.pattern == other)
        await wait_for(pilot, lambda: stage.app.main.panes.current == "code")


async def test_a_finding_is_dismissed_by_a_key_and_comes_back_by_another(stage: Stage) -> None:
    stage.library.kept = [replace(FINDINGS[0], id="aaaa"), replace(FINDINGS[1], id="bbbb")]
    async with stage.app.run_test(size=(120, 40), message_hook=stage.messages.append) as pilot:
        await ready(pilot, stage)
        findings = stage.app.main.findings
        await wait_for(pilot, lambda: findings.findings)
        await pilot.press("a", "x")
        await wait_for(
            pilot,
            lambda: "blind-retry" not in (text := findings.listing.text) and "broad-except" in text,
        )
        assert stage.library.dismissed == ["aaaa"]
        await pilot.press("u")
        await wait_for(pilot, lambda: "blind-retry" in findings.listing.text)
        assert not stage.library.dismissed
        assert not stage.library.ratings


async def test_what_the_versions_changed_and_the_code_again(stage: Stage) -> None:
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        code = stage.app.main.code
        before = code.source.text
        await pilot.press("d")
        await wait_for(pilot, lambda: "one version only" in code.source.text)
        stage.library.changed = "async def fetch_with_retry():\n    ...\n"
        await pilot.press("d", "d")
        await wait_for(pilot, lambda: "--- v1" in code.source.text and "+++ v2" in code.source.text)
        assert "-    ..." in code.source.text
        await pilot.press("d")
        await wait_for(pilot, lambda: code.source.text == before)


async def test_patterns_that_do_not_go_together_are_a_warning(stage: Stage) -> None:
    stage.injector.warnings = ("One and Two are two single instances of one cache",)
    async with stage.app.run_test(size=(120, 40)) as pilot:
        await ready(pilot, stage)
        await pilot.press("space", "p")
        tokens = stage.app.main.prompt.query_one("#tokens", Static)
        await wait_for(pilot, lambda: "! One and Two" in str(tokens.render()))
