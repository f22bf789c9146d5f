"""The main path by keyboard, on a real library: search, read, rate, copy; and the way out."""

from __future__ import annotations

import sqlite3
from functools import partial
from pathlib import Path

from tests.terminal.conftest import Launch
from tests.terminal.harness import BEFORE, ENDED, until
from tests.terminal.test_start import whole
from tui_patterns.api import PatternLibrary
from tui_patterns.models import Hit, Injection, Pattern
from tui_patterns.prompts.render import Pick, render


def _retry(library: PatternLibrary) -> Pattern:
    return next(one for one in library.recent(100) if one.qualname == "retry_with_backoff")


RETRY = ("retry with backoff", "Async Retrying with Backoff")
TASK = "call the payment service again when it fails"


def test_a_search_follows_each_key_and_enter_opens_the_code(launch: Launch, library: PatternLibrary) -> None:
    app = launch().listed()
    app.keys("/")
    for typed in ("or", "der", " tot"):
        app.type(typed)
    app.wait_for(lambda screen: "/ order tot" in screen and "▌ƒ Order Total of Lines" in screen)
    app.wait_for(lambda screen: "relevant (rank" in screen and "by words" in screen)
    app.keys("Enter")
    app.wait_for("Enter Code")
    app.keys("Enter")
    app.wait_for("Esc Back")
    (first,) = (one for one in library.recent(100) if one.qualname == "order_total")
    lines = [f"{number} │ {line}"[:70] for number, line in enumerate(first.code.splitlines()[:3], first.line)]
    app.wait_for(lambda screen: all(words in screen for words in (first.location, *lines)))


def test_a_rating_on_screen_is_on_disk_and_u_takes_it_back(launch: Launch, library: PatternLibrary) -> None:
    app = launch().listed().search(*RETRY)
    app.keys("r")
    app.wait_for("worked at once")
    app.keys("5")
    app.wait_for("★5")
    assert _retry(library).ratings.last == 5
    app.wait_for("Rating    ★★★★★")
    app.keys("u")
    app.wait_for("Rating    not rated")
    assert _retry(library).ratings.usage_count == 0


def test_what_is_copied_is_what_is_previewed(launch: Launch, library: PatternLibrary) -> None:
    """Byte for byte: the buffer, what SQLite recorded rendered again, and the lines on screen."""
    app = launch((160, 90), PATTERNS_TUI_INJECTION__MAX_PATTERNS="1").ready().search(*RETRY)
    app.keys("Space", "p")
    app.wait_for("Y Copy prompt")
    app.keys("z", "Enter")
    app.wait_for("where Y copies")
    app.type(TASK)
    app.wait_for(lambda screen: screen.count(TASK) == 2 and "Y copies · 1 pattern" in screen)
    app.keys("Enter")
    shown = app.wait_for("Y Copy prompt")
    app.keys("Y")
    app.wait_for("Copied via tmux · prompt with 1 pattern")
    (injection,) = library.injections()
    assert injection.task == TASK
    assert app.buffer() == _rendered(library, injection).encode()
    assert _preview(shown) == app.buffer().decode().rstrip("\n").split("\n")


def _rendered(library: PatternLibrary, injection: Injection) -> str:
    (one,) = injection.patterns
    with sqlite3.connect(library.path) as db:
        (relevance,) = db.execute("SELECT relevance FROM injection_patterns").fetchone()
    hit = Hit(library.pattern(one.id), 0.0, relevance, {})
    return render(TASK, [Pick(hit, one.rank, 1.0, 0, manual=True)], injection.id)


def _preview(screen: str) -> list[str]:
    """The lines between the rule below what is picked and the line that counts tokens."""
    lines = [line.strip("┃").strip(" ▁▂▃▄▅▆▇█") if "──" in line else line for line in screen.split("\n")]
    begin = next(at for at, line in enumerate(lines) if line.startswith("─────"))
    end = next(at for at, line in enumerate(lines) if "Y copies · " in line)
    inside = [line.removeprefix("┃ ").removesuffix("┃").rstrip() for line in lines[begin + 1 : end]]
    return "\n".join(inside).rstrip("\n").split("\n")


EDITOR = """#!/bin/sh
printf '%s\\n' "$@" > "$0.draft" && mv "$0.draft" "$0.argv"
until [ -e "$0.leave" ]; do sleep 0.05; done
"""


def test_o_opens_the_editor_at_the_line_and_comes_back(launch: Launch, tmp_path: Path) -> None:
    editor = tmp_path / "editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    argv = tmp_path / "editor.argv"
    app = launch(EDITOR=str(editor), VISUAL="").listed().search(*RETRY)
    app.keys("o")
    until(argv.exists, "the editor has begun")
    assert argv.read_text().splitlines() == ["+15", f"{app.project}/shop/retry.py"]
    until(lambda: app.fact("alternate_on") == "0", "the editor has the screen")
    (tmp_path / "editor.leave").touch()
    until(lambda: app.fact("alternate_on") == "1" and "q Quit" in app.screen(), "the app is back")
    app.wait_for("hybrid")
    app.keys("j")
    app.wait_for("2 of ")


def test_help_palette_and_back_again(launch: Launch) -> None:
    app = launch((80, 24)).listed()
    app.keys("?")
    app.wait_for("Type a query; results follow each key")
    app.keys("Escape")
    app.wait_for(lambda screen: "Type a query" not in screen)
    app.keys(":")
    app.wait_for("Rate the pattern: then 1 to 5")
    app.type("anti")
    app.wait_for(lambda screen: "Anti-patterns" in screen and "Rate the pattern" not in screen)
    app.keys("Enter")
    app.wait_for("4 Anti-patterns")
    app.keys("Escape")
    app.wait_for("2 Code")


def test_marked_lines_and_a_paste_find_what_is_like_them(launch: Launch) -> None:
    app = launch((80, 24)).listed().search(*RETRY)
    app.keys("Enter")
    app.wait_for("V Mark lines")
    app.keys("j", "V", "j", "j")
    app.wait_for("3 lines marked:")
    app.keys("s")
    app.wait_for(lambda screen: "≈ like 3 lines of retry.py:16–18" in screen and "hit" in screen)
    app.keys("Escape")
    app.wait_for(lambda screen: f"/ {RETRY[0]}" in screen and f" {RETRY[1]} " in screen)
    app.run("set-buffer", 'Traceback (most recent call last):\n  File "a.py", line 3, in f\nKeyError: 3\n')
    app.run("paste-buffer", "-p")
    app.wait_for("≈ for KeyError: 3")


def test_quitting_gives_the_terminal_back(launch: Launch) -> None:
    app = launch().listed()
    assert app.fact("alternate_on") == "1"
    app.keys("q")
    screen = app.wait_for(f"{ENDED} 0")
    assert screen.startswith(BEFORE)
    assert (app.fact("alternate_on"), app.fact("cursor_flag"), app.fact("mouse_any_flag")) == ("0", "1", "0")
    app.type("typed after the app")
    app.keys("Enter")
    app.wait_for(lambda screen: screen.count("typed after the app") == 2)


def test_ctrl_c_twice_quits_also_while_typing(launch: Launch) -> None:
    app = launch().listed()
    app.keys("/")
    app.type("some words")
    app.wait_for("/ some words")
    app.keys("C-c")
    app.wait_for("Ctrl+C again quits")
    app.wait_for(lambda screen: "Ctrl+C again quits" not in screen)  # too late now: it takes two again
    app.keys("C-c", "C-c")
    app.wait_for(f"{ENDED} 0")


def test_the_window_can_be_resized_whatever_the_shell_exports(launch: Launch) -> None:
    app = launch((120, 40), COLUMNS="80", LINES="24").listed()
    for size in ((60, 16), (200, 60), (80, 24), (120, 40)):
        app.resize(*size)
        app.wait_for(partial(_laid_out, size=size))
    app.keys("j")
    app.wait_for("2 of ")


def _laid_out(screen: str, size: tuple[int, int]) -> bool:
    """Everything in its place for this size, the code included, and nothing of another size."""
    panes = {"3 About": 100, "6 Prompt": 160}
    placed = all((name in screen) == (size[0] >= columns) for name, columns in panes.items())
    return placed and whole(screen, size) and "def retry_with_backoff(" in screen and "q Quit" in screen


def test_a_key_that_comes_together_with_enter_goes_to_where_enter_leads(launch: Launch) -> None:
    app = launch().listed()
    app.keys("/", *"order", "Enter", "w")
    screen = app.wait_for("of the most they could score")
    assert "/ order " in screen
    app.keys("f", "j", "q", "z")
    app.wait_for(
        lambda screen: "1 Patterns" in screen and "2 Code" not in screen and "Enter opens" not in screen
    )
