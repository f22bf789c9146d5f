"""The page of recognition figures: one section of its own, replaced in place; an aim is judged."""

from __future__ import annotations

from benchmarks.recognition import END, SPEED, START, Score, put, section


def test_the_section_is_added_once_and_then_replaced_where_it_stands() -> None:
    first, second = section([Score("design", 0.9)]), section([Score("design", 0.8)])
    page = put("# Benchmarks\n\ntext\n", first) + "\n## After\n"
    again = put(page, second)
    assert again.count(START) == again.count(END) == 1
    assert "0.800" in again and "0.900" not in again
    assert again.startswith("# Benchmarks") and again.endswith("## After\n")
    assert put(again, second) == again


def test_a_score_below_its_aim_says_so() -> None:
    assert "**under**" in Score("design", 0.87, aim=0.88).cells()
    assert Score(SPEED, 0.75, aim=0.6).cells()[-2:] == ("≥ 0.60 ×", "ok")
    assert Score("functions", 0.9, fooled=(1, 10)).cells()[4] == "1 of 10"
