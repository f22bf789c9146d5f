"""The first start on a small project, at every size and on plain terminals; and starts that cannot be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.terminal.conftest import Launch
from tests.terminal.harness import ENDED
from tui_patterns.api import PatternLibrary

SIZES = [(80, 24), (120, 40), (200, 60), (60, 16)]
COLOUR = re.compile(r"\x1b\[(?:[\d;]*;)?[34]8;2;(\d+);(\d+);(\d+)")


def whole(screen: str, size: tuple[int, int]) -> bool:
    """No control or replacement character, no line beyond the terminal, no traceback."""
    lines = screen.split("\n")[:-1]
    fits = len(lines) == size[1] and all(len(line) <= size[0] for line in lines)
    return fits and not re.search(r"[\x00-\x09\x0b-\x1f\x7f\ufffd]|Traceback", screen)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_first_start_shows_patterns_code_and_keys(
    launch: Launch, library: PatternLibrary, size: tuple[int, int]
) -> None:
    app = launch(size, fresh=True)
    app.listed()
    app.wait_for(lambda screen: "indexing" not in screen and "1 folder watched" in screen)
    expected = (
        f"{library.count()} patterns",
        "Async Retrying with",
        "15 │ async def retry_with_backoff(",
        *("/ Search", "? Help", "q Quit"),
    )
    screen = app.wait_for(lambda screen: all(words in screen for words in expected))
    assert whole(screen, size)


@pytest.mark.parametrize("terminal", [{"TERM": "vt100"}, {"NO_COLOR": "1"}], ids=["vt100", "NO_COLOR"])
def test_without_colour_everything_can_be_told_apart(launch: Launch, terminal: dict[str, str]) -> None:
    words = " ".join(f"{name}={value}" for name, value in terminal.items())
    app = launch(prefix=f"env -u COLORTERM {words}").listed()
    app.keys("j", "Space")
    screen = app.wait_for(lambda screen: "●" in screen and "2 of" in screen and screen.count("▌") == 2)
    assert whole(screen, (120, 40))
    if "NO_COLOR" in terminal:
        colours = COLOUR.findall(app.screen(escapes=True))
        assert all(red == green == blue for red, green, blue in colours)


def test_a_damaged_database_is_one_clear_line(launch: Launch, data_dir: Path) -> None:
    (data_dir / "patterns.db").write_bytes(b"this is no database, whatever its name says" * 200)
    said = _last_words(launch(fresh=True).wait_for(ENDED))
    assert said[-1] == f"{ENDED} 1"
    assert len(said) == 1 + _rows("patterns-tui: ", said)
    assert "patterns.db" in "".join(said)


def test_a_missing_folder_is_one_clear_line(launch: Launch) -> None:
    said = _last_words(launch(fresh=True, args=["no/such/folder"]).wait_for(ENDED))
    assert said[0].startswith("patterns-tui: no/such/folder: no such folder")
    assert said[-1] == f"{ENDED} 2"


def _last_words(screen: str) -> list[str]:
    assert "Traceback" not in screen
    return [line for line in screen.splitlines() if line.strip()][1:]


def _rows(start: str, lines: list[str]) -> int:
    """How many rows of the screen one line takes that begins so."""
    assert lines[0].startswith(start)
    return len(lines[:-1])
