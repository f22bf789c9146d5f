"""A change is one wherever it is made, and its strategy follows from what was done."""

from __future__ import annotations

import pytest

from tui_patterns.learning.changes import (
    DIFF_KEPT,
    MOST_FILES,
    SAME,
    STRATEGIES,
    ChangeMade,
    alike,
    change_between,
    from_diff,
    strategy_of,
    strategy_words,
)


def change(before: str, after: str, path: str = "app.py") -> ChangeMade:
    made = change_between({path: before}, {path: after})
    assert made is not None
    return made


BODY = "def f(x):\n    y = x.body\n    return y\n"


@pytest.mark.parametrize(
    ("before", "after", "strategy"),
    [
        (BODY, "import os\n" + BODY, "import"),
        ("from a import b\n", "from c import b\n", "import"),
        (BODY, BODY.replace("    y =", "    if x is None:\n        return None\n    y ="), "check"),
        (BODY, BODY.replace("    y = x.body\n", "    try:\n        y = x\n    except E:\n        y = 1\n"),
         "handle"),
        ("x = d['a']\n", "x = d.get('a', 1)\n", "default"),
        ("x = a + b\n", "x = a + int(b)\n", "convert"),
        ("if a < b:\n    c()\n", "if a <= b:\n    c()\n", "condition"),
        ("call(a, b)\n", "call(b, a)\n", "argument"),
        ("def f():\n    return a\n", "def f():\n    return b\n", "return"),
        ("x = f()\n", "x = await f()\n", "await"),
        ("a()\nb()\n", "a()\n", "remove"),
        ("x = 1\n", "x = 2\n", "edit"),
        ("", "".join(f"line_{at} = {at}\n" for at in range(60)), "rewrite"),
    ],
)  # fmt: skip
def test_the_strategy_is_what_was_done(before: str, after: str, strategy: str) -> None:
    assert strategy_of(change(before, after)) == strategy


@pytest.mark.parametrize(
    ("path", "strategy"),
    [("pyproject.toml", "dependency"), ("requirements-dev.txt", "dependency"), ("app.yaml", "configuration"),
     ("tests/test_a.py", "expectation"), ("src/a.spec.ts", "expectation"), ("src/contest.py", "edit")],
)  # fmt: skip
def test_some_files_tell_it(path: str, strategy: str) -> None:
    assert strategy_of(change("a = 1\n", "a = 2\n", path)) == strategy


def test_every_strategy_has_words() -> None:
    assert all(strategy_words(one) != one for one in STRATEGIES)


def test_the_same_change_elsewhere_is_alike_and_another_is_not() -> None:
    mine = change(BODY, BODY.replace("x.body", "x.body or ''"))
    moved = change("class A:\n    " + BODY.replace("\n", "\n    "), "class A:\n    "
                   + BODY.replace("x.body", "x.body or ''").replace("\n", "\n    "), "other.py")  # fmt: skip
    assert alike(mine, moved) >= SAME
    assert alike(mine, change(BODY, BODY.replace("x.body", "x.head"))) < SAME
    assert alike(mine, from_diff(mine.diff, mine.paths)) == 1.0


def test_nothing_changed_is_no_change() -> None:
    assert change_between({"a": "x"}, {"a": "x"}) is None
    assert change_between({"a": "x\ny\n"}, {"a": "y\nx\n"}) is None, "lines that only moved say nothing"


def test_files_come_and_go_and_large_diffs_are_cut() -> None:
    made = change_between({"old.py": "a = 1\n"}, {"new.py": "b = 1\n"})
    assert made is not None and "/dev/null" in made.diff and set(made.paths) == {"old.py", "new.py"}
    many = change_between({}, {f"f{at}.py": "x = 1\n" for at in range(9)}, first=["f8.py"])
    assert many is not None and len(many.paths) == 9 and many.paths[0] == "f8.py"
    assert many.diff.count("+++") == MOST_FILES
    assert change_between({"a": "x\n" * 6_000}, {"a": "y\n" * 6_000}) is None, "too long to compare"
    large = change("", "x = '%s'\n" % ("y" * 50) * 2_000)
    assert len(large.diff) <= DIFF_KEPT + 20 and large.diff.endswith("cut off")
