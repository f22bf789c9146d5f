"""A cost is tokens times the rates of a named table, by ccusage's rule, or unknown."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tui_patterns.sessions.cost import Pricer, cost, pricer
from tui_patterns.sessions.prices import LibraryTable, OwnTable, PriceError, Rates, names
from tui_patterns.store.session_rows import MessageRow

RATES = Rates("t", 3e-6, 15e-6, 3.75e-6, 6e-6, 0.3e-6, {})


def message(model: str = "m", **tokens: Any) -> MessageRow:
    classes = {"input": 0, "output": 0, "cache_5m": 0, "cache_1h": 0, "cache_read": 0, **tokens}
    return MessageRow("k", "k", 1, None, model, False, total=0, **classes)


def table(folder: Path, content: Any) -> Path:
    path = folder / "prices.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_each_class_has_its_rate() -> None:
    whole = message(input=1000, output=100, cache_5m=2000, cache_1h=500, cache_read=10_000)
    assert cost(whole, RATES) == pytest.approx(0.003 + 0.0015 + 0.0075 + 0.003 + 0.003)


def test_a_class_without_a_rate_leaves_the_message_without_a_price() -> None:
    rates = RATES._replace(cache_read=None)
    assert cost(message(input=1), rates) == 3e-6
    assert cost(message(input=1, cache_read=1), rates) is None


def test_beyond_200000_tokens_of_a_class_the_rest_costs_more() -> None:
    rates = RATES._replace(above={"input": 6e-6})
    assert cost(message(input=300_000, output=10), rates) == pytest.approx(0.6 + 0.6 + 0.00015)
    assert cost(message(input=150_000, cache_read=150_000), rates) == pytest.approx(0.45 + 0.045)


def test_where_the_whole_message_costs_more_all_of_it_does() -> None:
    rates = RATES._replace(above={"input": 6e-6, "output": 22.5e-6}, whole=True)
    assert cost(message(input=300_000, output=10), rates) == pytest.approx(1.8 + 0.000225)
    assert cost(message(input=100_000, output=10), rates) == pytest.approx(0.3 + 0.00015)


def test_fast_answers_cost_a_multiple(tmp_path: Path) -> None:
    content = {"fast_multiplier": {"normalized_prefix": {"m": 6.0}}, "prices": {"m": {"input": 1e-6}}}
    rates = OwnTable(table(tmp_path, content)).rates("m", None)
    assert rates is not None and cost(message(input=10, fast=True), rates) == pytest.approx(6e-5)


def test_a_model_is_found_without_provider_and_date() -> None:
    assert "claude-sonnet-4" in names("us.anthropic.claude-sonnet-4-20250514-v1:0")
    assert "gpt-5" in names("openai/gpt-5-2025-08-07")
    assert "claude-opus-4" not in names("claude-opus-4-9")


def test_an_own_table_in_either_form_comes_first(tmp_path: Path) -> None:
    for rates in (
        {"input": 1.0e-6, "output": 2e-6},
        {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6},
    ):
        table(tmp_path, {"source": "mine", "prices": {"claude-sonnet-4": rates}})
        priced = pricer(tmp_path).price(message("claude-sonnet-4-20250514", input=100, output=10))
        assert priced.cost_usd == pytest.approx(0.00012)
        assert priced.price_table is not None and priced.price_table.startswith("mine (")


def test_the_library_prices_what_the_own_table_does_not_know() -> None:
    priced = Pricer([LibraryTable()]).price(message("claude-sonnet-4-20250514", input=1_000_000))
    assert priced.cost_usd == pytest.approx(3.0) and priced.context_window == 200_000
    assert priced.price_table is not None and priced.price_table.startswith("genai-prices ")


def test_an_unknown_model_has_no_price(tmp_path: Path) -> None:
    priced = pricer(tmp_path).price(message("a-model-nobody-made", input=10))
    assert priced.cost_usd is None and priced.price_table is None


@pytest.mark.parametrize("content", ["not json", "[]", "{" * 50_000])
def test_a_file_that_is_no_table_is_named(tmp_path: Path, content: str) -> None:
    with pytest.raises(PriceError, match=r"prices\.json"):
        OwnTable(table(tmp_path, content))
    with pytest.raises(PriceError, match="cannot be read"):
        pricer(tmp_path, str(tmp_path / "absent.json"))


def test_rates_that_cannot_be_are_unknown(tmp_path: Path) -> None:
    own = OwnTable(table(tmp_path, {"m": {"input": -1, "output": "free"}, "n": 5}))
    assert own.rates("m", None) is None and own.rates("n", None) is None


def test_the_library_is_not_loaded_with_the_module() -> None:
    import subprocess

    code = "import sys, tui_patterns.api.sessions; print('genai_prices' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
