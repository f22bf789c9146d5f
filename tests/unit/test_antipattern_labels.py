"""Each label of the vocabulary is found where it is, and not where the same thing is done right."""

from __future__ import annotations

import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

from tui_patterns.extraction.antipatterns import examine_files, find_file
from tui_patterns.extraction.antipatterns.advice import advice

EXAMPLES = tomllib.loads((Path(__file__).parent.parent / "data" / "antipatterns.toml").read_text("utf-8"))
BAD: dict[str, str] = EXAMPLES["bad"]
GOOD: dict[str, str] = EXAMPLES["good"]


def labels(tmp_path: Path, source: str) -> set[str]:
    path = tmp_path / "code.py"
    path.write_text(source)
    return {finding.label for finding in find_file(path, "code.py")}


@pytest.mark.parametrize("label", BAD)
def test_a_label_is_found_where_it_is(tmp_path: Path, label: str) -> None:
    assert label in labels(tmp_path, BAD[label])


@pytest.mark.parametrize("label", GOOD)
def test_and_not_where_it_is_done_right(tmp_path: Path, label: str) -> None:
    assert label not in labels(tmp_path, GOOD[label])


def test_every_label_has_words_and_an_example() -> None:
    assert set(advice()) == {*BAD, "duplicated_code"}


@pytest.mark.parametrize(
    ("comment", "quiet"),
    [("# ruff: noqa", True), ("# flake8: noqa: PLR", True), ("# ruff: noqa: E501", False)],
)
def test_a_noqa_for_the_whole_file(tmp_path: Path, comment: str, quiet: bool) -> None:
    found = labels(tmp_path, f"{comment}\n{BAD['too_many_args']}")
    assert ("too_many_args" not in found) is quiet


def test_a_mark_survives_lines_that_move_and_not_words_that_change(tmp_path: Path) -> None:
    path = tmp_path / "code.py"

    def mark(source: str) -> str:
        path.write_text(dedent(source))
        return next(one.id for one in find_file(path, "code.py") if one.label == "compare_none")

    first = mark("def f(x):\n    return x == None\n")
    assert mark("import os\n\n\ndef f(x):\n    return  x == None\n") == first
    assert mark("def f(y):\n    return y == None\n") != first
    assert mark("def g(x):\n    return x == None\n") != first


def test_what_is_kept_of_a_file_needs_no_other_file(tmp_path: Path) -> None:
    body = "".join(f"    a{n} = first(x, {n}) + second(x)\n" for n in range(6))
    (tmp_path / "a.py").write_text(f"def a(x):\n{body}    return a1\n")
    (tmp_path / "b.py").write_text(f"def b(x):  # noqa: R0801\n{body}    return a1\n")
    a, b = sorted(examine_files(tmp_path, ["a.py", "b.py", "missing.py"]), key=lambda one: one.path)
    assert [one.label for one in a.found] == []
    assert a.bodies[0].key == b.bodies[0].key
    assert (a.bodies[0].quiet, b.bodies[0].quiet) == (False, True)
