"""Prompts, ratings and outcomes: what the command line promises of its answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.integration.cli.stand_in import HIT, ID, INJECTION, Api, Said
from tui_patterns.cli.main import run
from tui_patterns.models import Chosen, Enhanced


@pytest.mark.parametrize("rating", ["0", "6", "abc", "4.5", ""])
def test_a_wrong_rating_is_an_error_of_usage(api: Api, said: Said, rating: str) -> None:
    code, out, err = said("rate", "3f9a", rating)
    assert (code, out) == (2, "")
    assert err == f'patterns-tui: a rating is a whole number from 1 to 5, not "{rating}"\n'
    assert api.library.calls == []


def test_ratings_of_one_terminal_and_day_share_a_session(api: Api, said: Said) -> None:
    said("rate", "3f9a", "4")
    said("rate", "3f9a", "5", "--note", "fine")
    first, second = api.library.calls
    assert first[3] == second[3] and re.fullmatch(r"cli-\d{4}-\d\d-\d\d-[\w-]+", first[3])
    assert second == ("rate", "3f9a", 5, second[3], "fine")
    said("rate", "3f9a", "5", "--session", "mine")
    assert api.library.calls[-1][3] == "mine"


def test_rate_json(api: Api, said: Said) -> None:
    shape = json.loads(said("rate", "3f9a", "5", "--session", "s", "--json")[1])
    assert (shape["id"], shape["session"], shape["rating"]) == (ID, "s", 5)


def test_injections_and_outcome_json(api: Api, said: Said) -> None:
    (shape,) = json.loads(said("injections", "--open", "--json")[1])
    assert ("injections", True, 100) in api.library.calls
    assert {"id", "session", "created", "task", "arm", "patterns"} <= set(shape)
    keys = "id version rank state outcome similarity evidence confidence"
    assert set(keys.split()) <= set(shape["patterns"][0])
    assert json.loads(said("outcome", "8c1d", "3f9a", "failure", "--json")[1]) == shape
    assert api.library.calls[-1] == ("outcome", "8c1d", "3f9a", False)


def test_an_outcome_is_success_or_failure(api: Api, said: Said) -> None:
    code, _, err = said("outcome", "8c1d", "3f9a", "maybe")
    assert code == 2 and err.count("\n") == 1


def test_enhance_prints_the_prompt_to_the_byte(
    api: Api, capfdbinary: pytest.CaptureFixture[bytes], stdin: Callable[[bytes], None]
) -> None:
    raw = "één\r\nprompt\x1b without newline".encode()
    stdin(raw)
    api.enhanced = Enhanced(raw.decode(), 0, 2000, reason="nothing")
    session = "cli-2026-01-31-pts-3"
    assert run(["enhance", "--task", "wrap", "--session", session]) == 0
    assert capfdbinary.readouterr().out == raw
    assert api.library.calls[-1] == ("enhance", raw.decode(), "wrap", session, None)


def test_enhance_json(api: Api, said: Said, stdin: Callable[[bytes], None]) -> None:
    stdin(b"do it")
    api.enhanced = Enhanced("new", 120, 800, (Chosen(HIT, 1, 1.0, 120),), INJECTION.id)
    code, out, _ = said("enhance", "--task", "wrap", "--budget", "800", "--session", "mine", "--json")
    shape = json.loads(out)
    assert code == 0 and api.library.calls[-1] == ("enhance", "do it", "wrap", "mine", 800)
    assert (shape["injection_id"], shape["prompt"], shape["session"]) == (INJECTION.id, "new", "mine")
    assert list(shape["patterns"][0]) == ["id", "version", "rank", "score", "propensity", "tokens", "why"]


def test_enhance_explains_which_clause_a_pattern_answers(
    api: Api, said: Said, stdin: Callable[[bytes], None]
) -> None:
    stdin(b"do it")
    why = {**HIT.why, "clause": {"text": "wrap the \x1b[31mtext", "cosine": 0.5, "match": 0.25}}
    api.enhanced = Enhanced("new", 120, 800, (Chosen(replace(HIT, why=why), 1, 1.0, 120),), INJECTION.id)
    code, out, err = said("enhance", "--task", "wrap", "--explain")
    assert code == 0 and out == "new" and "\x1b" not in err
    assert "clause: wrap the" in err and "cosine 0.50, 25 % of the most" in err.replace("25%", "25 %")


def test_enhance_refuses_what_is_no_text(api: Api, said: Said, stdin: Callable[[bytes], None]) -> None:
    stdin(b"ab\xff")
    code, out, err = said("enhance", "--task", "wrap")
    assert (code, out) == (2, "") and "not UTF-8 (byte 2)" in err


def test_patterns_that_do_not_go_together_are_told_on_stderr(
    api: Api, said: Said, stdin: Callable[[bytes], None]
) -> None:
    stdin(b"do it")
    api.enhanced = replace(api.enhanced, warnings=("One and Two do not go together",))
    code, out, err = said("enhance", "--task", "wrap")
    assert code == 0 and out == "do it\n" and "One and Two" in err
    stdin(b"do it")
    assert json.loads(said("enhance", "--task", "wrap", "--json")[1])["warnings"]


def test_an_empty_error_is_an_error_of_usage(api: Api, said: Said, stdin: Callable[[bytes], None]) -> None:
    stdin(b" \n")
    for argv in (["fix", ""], ["fix", "-"]):
        code, out, err = said(*argv)
        assert (code, out) == (2, "") and "the error is empty" in err and err.count("\n") == 1
