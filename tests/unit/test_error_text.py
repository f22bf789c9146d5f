"""Errors are told apart by what they are and where; not by their values, nor by how a tool prints them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.learning.error_classes import CLASSES, WORDS, classify
from tui_patterns.learning.error_text import MOST, errors_in
from tui_patterns.learning.signatures import MESSAGE_KEPT, TYPES_KEPT, likeness, normal_message, stems

ROOT = "/home/u/shop"
LONG = """
___________________ test_total ____________________

    def test_total():
>       assert total({"price": 3}) == 3

tests/test_orders.py:4:
_ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _ _

order = {'price': 3}

    def total(order):
        checked = order
>       return checked["price"] * checked["count"]
E       KeyError: 'count'

shop/orders.py:4: KeyError
================= short test summary info =================
FAILED tests/test_orders.py::test_total - KeyError: 'count'
========================= 1 failed in 0.02s =========================
"""
SHORT = """
tests/test_orders.py:4: in test_total
    assert total({"price": 3}) == 3
shop/orders.py:4: in total
    return checked["price"] * checked["count"]
E   KeyError: 'count'
"""
NATIVE = """
Traceback (most recent call last):
  File "/home/u/shop/tests/test_orders.py", line 4, in test_total
    assert total({"price": 3}) == 3
  File "/home/u/shop/shop/orders.py", line 4, in total
    return checked["price"] * checked["count"]
           ~~~~~~~^^^^^^^^^
KeyError: 'size'
"""


def one(text: str) -> tuple[str, str, str, str | None]:
    (found,) = errors_in(text, ROOT)
    return found.type, found.message, found.error_class, None if found.frame is None else str(found.frame)


@pytest.mark.parametrize("text", [LONG, SHORT, NATIVE, LONG.replace("\n", "\r\n")])
def test_every_style_gives_one_signature(text: str) -> None:
    (found,) = errors_in(text, ROOT)
    assert str(found.frame) == "shop/orders.py::total"
    assert found.files == ("tests/test_orders.py", "shop/orders.py")
    assert found.signature == errors_in(LONG, ROOT)[0].signature


def test_of_a_chain_the_last_error_has_its_own_frames() -> None:
    text = (
        'Traceback (most recent call last):\n  File "/home/u/shop/a.py", line 1, in low\n    x\n'
        "KeyError: 1\n\n"
        "During handling of the above exception, another exception occurred:\n\n"
        'Traceback (most recent call last):\n  File "/home/u/shop/b.py", line 2, in high\n    y\n'
        '  File "/usr/lib/python3.11/json/decoder.py", line 9, in decode\n'
        '  File "/home/u/shop/.venv/lib/python3.11/site-packages/httpx/_api.py", line 3, in get\n'
        "shop.errors.Broken: no answer after 3 tries\n"
    )
    first, last = errors_in(text, ROOT)
    assert (first.type, str(first.frame)) == ("KeyError", "a.py::low")
    assert (last.type, str(last.frame)) == ("shop.errors.Broken", "b.py::high")
    assert last.normal == "no answer after <n> tries"


def test_an_assertion_says_what_was_compared() -> None:
    text = "    def test_add():\n>       assert add(1, 2) == 4\nE       assert 3 == 4\n"
    text += "E        +  where 3 = add(1, 2)\n"
    assert one(text + "\ntests/test_x.py:9: AssertionError\n") == (
        "AssertionError",
        "assert 3 == 4",
        "assertion",
        "tests/test_x.py::test_add",
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ValueError: bad", ("ValueError", "bad", "value", None)),
        ("src/a.ts(3,5): error TS2322: no", ("TS2322", "no", "build", "src/a.ts")),
        ("a.py:3: error: no match  [arg-type]", ("arg-type", "no match", "lint", "a.py")),
        ("main.c:3:5: fatal error: x.h: No such file or directory",
         ("error", "x.h: No such file or directory", "file", "main.c")),
        ("error[E0308]: mismatched types", ("error[E0308]", "mismatched types", "build", None)),
        ("bash: foo: command not found", ("", "bash: foo: command not found", "import", None)),
        ("TypeError: x is not a function\n    at foo (/home/u/shop/a.js:3:4)\n    at node:internal/main:1:2",
         ("TypeError", "x is not a function", "type", "a.js::foo")),
        ("FAILED t.py::a - ConnectionRefusedError: [Errno 111] no",
         ("ConnectionRefusedError", "[Errno 111] no", "network", None)),
    ],
)  # fmt: skip
def test_other_tools_are_read(text: str, expected: tuple[str, str, str, str | None]) -> None:
    assert one(text) == expected


def test_exit_codes_are_read_but_part_only_what_has_no_type() -> None:
    text = "make: *** [all] Error 2"
    (built,) = errors_in(text)
    assert built.exit_code == 2
    assert errors_in(f"{LONG}\nProcess exited with code 1")[0].signature == errors_in(LONG)[0].signature


def test_no_error_is_none() -> None:
    assert errors_in("") == [] == errors_in("all is well\n3 passed in 0.10s")


@pytest.mark.parametrize(
    ("type_name", "message", "normal"),
    [
        ("ValueError", "bad 'x y' at 0x7f12 after 3.5 s", "bad <s> at <address> after <n> s"),
        ("OSError", "no /tmp/a-1/b.txt", "no <path>"),
        (
            "AttributeError",
            "'NoneType' object has no attribute 'body'",
            "'NoneType' object has no attribute <s>",
        ),
        ("ModuleNotFoundError", "No module named 'requests'", "No module named 'requests'"),
        ("E", "at https://x.org/a?b=1 2026-01-02T03:04:05.6", "at <url> <time>"),
        ("E", "id 123e4567-e89b-12d3-a456-426614174000", "id <id>"),
        ("E", "don't touch it's", "don't touch it's"),
        ("E", "v2 of utf8", "v2 of utf8"),
    ],
)
def test_literals_are_replaced_and_names_of_types_stay(type_name: str, message: str, normal: str) -> None:
    assert normal_message(type_name, message) == normal


WORDS_IN_QUOTES = st.text(st.characters(exclude_characters="'\"\\\n", categories=["L", "N"]), max_size=20)


@given(st.integers(), WORDS_IN_QUOTES.filter(lambda word: word not in TYPES_KEPT))
def test_values_make_no_other_error(number: int, word: str) -> None:
    (found,) = errors_in(f"ValueError: got '{word}' and {number}")
    assert found.shape == errors_in("ValueError: got 'a' and 1")[0].shape


@given(st.text(max_size=400))
def test_any_text_is_read_and_what_is_kept_is_small_and_clean(text: str) -> None:
    for found in errors_in(f"E   ValueError: {text}"):
        assert found.error_class in CLASSES
        data = found.data()
        assert len(data["message"]) <= MESSAGE_KEPT and len(data["normal"]) <= MESSAGE_KEPT
        assert data["message"].isprintable() or not data["message"].isascii()


HOSTILE = {
    "one line": "a" * 1_000_000,
    "markers": "E   " * 250_000,
    "places": "x.py:1: " * 120_000,
    "errors": ("Error: " * 10 + "\n") * 15_000,
    "sequences": "\x1b]0;x\x07" * 150_000,
    "quotes": ("'" + "\\" * 700 + "\n") * 1_400,
    "dots": ("A." * 900 + "\n") * 500,
    "frames": ('  File "' + "x" * 390 + "\n") * 2_500,
    "summaries": "FAILED a::b - ValueError: x\n" * 36_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_megabyte_of_anything_is_read_at_once(name: str) -> None:
    began = time.thread_time()
    assert len(errors_in(HOSTILE[name])) <= MOST
    assert time.thread_time() - began < 4.0


def test_classes_are_a_closed_set_with_words() -> None:
    assert set(WORDS) == set(CLASSES)
    for type_name, message, expected in (
        ("ModuleNotFoundError", "", "import"), ("requests.exceptions.ReadTimeout", "", "timeout"),
        ("OSError", "[Errno 13] Permission denied", "permission"), ("RuntimeError", "timed out", "timeout"),
        ("sqlite3.OperationalError", "no such table: x", "database"), ("IndentationError", "", "syntax"),
        ("UnicodeDecodeError", "", "encoding"), ("json.decoder.JSONDecodeError", "", "value"),
        ("Whatever", "", "unknown"), ("RecursionError", "", "recursion"), ("FileNotFoundError", "", "file"),
    ):  # fmt: skip
        assert classify(type_name, message) == expected


def test_likeness_is_of_words() -> None:
    missing = stems("KeyError", "the order has no count")
    assert likeness(missing, stems("KeyError", "orders have no counts")) > 0.5
    assert likeness(missing, stems("TimeoutError", "server did not answer")) < 0.1
    assert likeness(frozenset(), frozenset()) == 0.0
