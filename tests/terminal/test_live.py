"""Other processes write: editors into a watched file, a second app into the same library."""

from __future__ import annotations

from pathlib import Path

from tests.terminal.conftest import Launch
from tui_patterns.api import PatternLibrary

WINDOW = '''

def sliding_windows(values: list[int], size: int) -> list[list[int]]:
    """Every run of neighbours of this length, from left to right."""
    if size < 1:
        raise ValueError("a window holds at least one value")
    windows = []
    for start in range(len(values) - size + 1):
        windows.append(values[start : start + size])
    return windows
'''


def _write(path: Path, text: str) -> None:
    """As editors save: a new file, renamed over the old one."""
    draft = path.with_suffix(".tmp")
    draft.write_text(text)
    draft.replace(path)


def test_a_save_elsewhere_changes_the_list_without_a_key(launch: Launch) -> None:
    app = launch(fresh=True).ready()
    pricing = app.project / "shop" / "pricing.py"
    _write(pricing, pricing.read_text() + WINDOW)
    app.wait_for("Sliding Windows")
    app.search("sliding", "Sliding Windows by Size")
    _write(pricing, pricing.read_text().replace("def sliding_windows", "def sliding_frames"))
    app.wait_for("Sliding Frames by Size")
    _write(pricing, pricing.read_text().removesuffix(WINDOW.replace("sliding_windows", "sliding_frames")))
    app.wait_for(lambda screen: "Sliding Frames" not in screen)


def test_a_rating_survives_a_rename_a_move_and_an_edit(launch: Launch, library: PatternLibrary) -> None:
    app = launch(fresh=True).ready().search("parse amount", "Amount Parsing from Text")
    app.keys("r")
    app.wait_for("worked at once")
    app.keys("5")
    app.wait_for("Rating    ★★★★★")
    (before,) = (one for one in library.recent(50) if one.qualname == "parse_amount")

    pricing = app.project / "shop" / "pricing.py"
    kept, moved = pricing.read_text().split("def parse_amount", 1)
    moved = "def amount_from_text" + moved.replace("no amount given", "there is no amount").replace(
        "more than two decimals", "at most two decimals"
    )
    _write(pricing.with_name("amounts.py"), f'"""Amounts."""\n\n\n{moved}')
    _write(pricing, kept.rstrip() + "\n")

    app.wait_for("shop/amounts.py:4")
    app.wait_for("def amount_from_text(")
    app.wait_for("Rating    ★★★★★")
    after = library.pattern(before.id)
    assert (after.path, after.qualname, after.ratings.last) == ("shop/amounts.py", "amount_from_text", 5)


def test_a_second_app_is_a_guest_and_each_sees_what_the_other_rates(launch: Launch) -> None:
    first = launch().ready()
    second = launch().listed()
    second.wait_for("guest: another app indexes")
    second.search("retry with backoff", "Async Retrying with Backoff")
    second.wait_for("hybrid")
    second.keys("r")
    second.wait_for("worked at once")
    second.keys("4")
    second.wait_for("★4")
    first.wait_for("★4")
    first.keys("q")
    second.wait_for(lambda screen: "guest" not in screen)
