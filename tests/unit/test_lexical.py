"""Search by words: as it is typed, whatever is typed, and never for longer than it is wanted."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.models import Filters, Label
from tui_patterns.search import lexical
from tui_patterns.store import fts

NAMES = (
    "parseHTTPResponse",
    "read_config_file",
    "RetryPolicy.execute",
    "wrap_text",
    "load_orders",
    "naïve_sum",
)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    made = Stock(tmp_path_factory.mktemp("lexical") / "patterns.db")
    for number, name in enumerate(NAMES):
        made.put(
            f"pkg{number}/module_{number}.py",
            unit(
                name,
                f"pkg{number}/module_{number}.py",
                docstring="Wraps long lines to a width." if name == "wrap_text" else None,
                framework="fastapi" if name == "load_orders" else None,
                labels=[Label("retry_with_backoff", 0.9)] if "Retry" in name else [],
                tags=("async",) if "Retry" in name else (),
                quality=0.9 if name == "wrap_text" else 0.4,
            ),
        )
    yield made
    made.close()


def found(stock: Stock, query: str, filters: Filters = Filters()) -> list[str]:
    """Qualified names, best first."""
    hits = lexical.search(stock.conn, query, 10, filters)
    names = {row["id"]: row["qualname"] for row in stock.rows("SELECT id, qualname FROM patterns")}
    return [names[hit.row_id] for hit in hits]


@pytest.mark.parametrize(
    "typed", ["wrap", "wrap t", "wrap te", "wrap text", "wrap text ", "WRAP TEXT", "wrapText"]
)
def test_every_key_press_on_the_way_finds_it(stock: Stock, typed: str) -> None:
    assert found(stock, typed)[0] == "wrap_text"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("http response", "parseHTTPResponse"),
        ("parsehttp", "parseHTTPResponse"),
        ("parseHTTPResponse", "parseHTTPResponse"),
        ("parse_http_response", "parseHTTPResponse"),
        ("readConfig", "read_config_file"),
        ("read_config_file", "read_config_file"),
        ("policy execute", "RetryPolicy.execute"),
        ("RetryPolicy.execute", "RetryPolicy.execute"),
        ("backoff", "RetryPolicy.execute"),
        ("async", "RetryPolicy.execute"),
        ("pkg3 module", "wrap_text"),
        ("pkg4/module_4.py", "load_orders"),
        ("long lines", "wrap_text"),
        ("fastapi", "load_orders"),
        ("naive", "naïve_sum"),
        ("naïve", "naïve_sum"),
    ],
)
def test_names_paths_prose_tags_labels_and_frameworks_are_found(stock: Stock, typed: str, name: str) -> None:
    assert found(stock, typed)[0] == name


def test_words_of_code_are_found_after_those_of_names(stock: Stock) -> None:
    stock.put("z.py", unit("plain", "z.py", body="zebra = quagga"), unit("zebra", "z.py", line=20))
    assert found(stock, "zebra") == ["zebra", "plain"]
    assert found(stock, "quagga ") == ["plain"] and found(stock, "quagg") == []
    stock.drop("z.py")


def test_a_short_last_word_matches_names_alone(stock: Stock) -> None:
    assert found(stock, "lo") == ["load_orders"]  # not the docstring's "long"
    assert found(stock, "w") == ["wrap_text"]
    assert found(stock, "lon") == [] and found(stock, "long") == ["wrap_text"]


def test_all_words_come_before_some_words(stock: Stock) -> None:
    assert found(stock, "read orders config")[0] == "read_config_file"
    assert set(found(stock, "read orders")) >= {"read_config_file", "load_orders"}


@pytest.mark.parametrize(
    "typed", ["", " ", "\n\t", "()", "***", '"', "-", "\x00", "\x1b[31m", "^:{}", "。、"]
)
def test_a_query_without_words_finds_nothing(stock: Stock, typed: str) -> None:
    assert found(stock, typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        'wrap" OR "text',
        "wrap NEAR(text, 2)",
        "title:wrap",
        "{title} : wrap",
        "wrap*",
        "wrap AND",
        "NOT wrap",
        "-wrap",
        "^wrap",
        "wrap + text",
        "wrap\x00text",
        "wrap\x1b]52;c;text\x07",
        "'; DROP TABLE patterns; -- wrap",
        "wrap (text",
    ],
)
def test_what_fts5_would_read_as_syntax_is_only_text(stock: Stock, typed: str) -> None:
    assert "wrap_text" in found(stock, typed)
    assert stock.rows("SELECT COUNT(*) FROM patterns")[0][0] >= len(NAMES)


@settings(max_examples=80)
@given(typed=st.text(max_size=40) | st.text(alphabet='"*^:(){}+-ANDORNTwrapt \x00', max_size=40))
def test_no_query_is_an_error(stock: Stock, typed: str) -> None:
    assert len(lexical.search(stock.conn, typed, 5)) <= 5


@pytest.mark.parametrize(
    "typed", ["x" * 10_000, "wrap " * 2_000, " ".join(f"w{n}" for n in range(2_000)) + " wrap"]
)
def test_ten_thousand_characters_are_answered(stock: Stock, typed: str) -> None:
    assert len(typed) >= 10_000 and len(found(stock, typed)) <= 10


def test_a_pasted_page_is_searched_by_its_rarest_words(stock: Stock) -> None:
    page = " ".join(f"filler{n}" for n in range(3_000)) + " wrap"
    assert found(stock, page) == ["wrap_text"]


def test_filters_narrow(stock: Stock) -> None:
    assert found(stock, "load", Filters(framework="fastapi")) == ["load_orders"]
    assert found(stock, "load", Filters(framework="django")) == []
    assert found(stock, "retry", Filters(label="retry_with_backoff")) == ["RetryPolicy.execute"]
    assert found(stock, "wrap", Filters(min_quality=0.95)) == []
    assert found(stock, "wrap", Filters(min_quality=0.5, language="python", project="project")) == [
        "wrap_text"
    ]
    assert found(stock, "wrap", Filters(project="/project")) == ["wrap_text"]
    assert found(stock, "wrap", Filters(pattern_type="test_pattern")) == []


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    """Enough patterns that frequent words are told from rare ones."""
    made = Stock(tmp_path_factory.mktemp("crowd") / "patterns.db")
    names = [f"get_value_{number}" for number in range(300)] + ["get_zebra"]
    made.put("app.py", *(unit(name, line=10 * number) for number, name in enumerate(names)))
    yield made
    made.close()


def test_frequent_words_cost_no_hit(crowd: Stock) -> None:
    assert fts.frequencies(crowd.conn, ["get", "zebra", "never"]) == {"get": 301, "zebra": 1, "never": 0}
    assert found(crowd, "get zebra")[0] == "get_zebra"
    assert found(crowd, "zebra get")[0] == "get_zebra"
    assert len(found(crowd, "get")) == 10 and len(found(crowd, "get get ")) == 10


def test_a_gone_pattern_is_not_found(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "patterns.db")
    stock.put("app.py", unit("wrap_text"))
    assert found(stock, "wrap") == ["wrap_text"]
    stock.drop("app.py")
    assert found(stock, "wrap") == []
    stock.close()


def test_another_thread_stops_a_search(crowd: Stock) -> None:
    running = threading.Event()
    conn = sqlite3.connect(crowd.path, check_same_thread=False, isolation_level=None)
    conn.row_factory = sqlite3.Row

    def slow(_: object) -> int:
        running.set()
        conn.interrupt()  # as a new key press does
        return 1

    conn.create_function("slow", 1, slow)
    conn.execute("CREATE TEMP VIEW projects AS SELECT *, slow(id) FROM main.projects WHERE slow(id)")
    with pytest.raises(lexical.SearchInterrupted):
        lexical.search(conn, "get value", 10)
    assert running.is_set()
    conn.close()


def test_other_faults_of_the_database_are_not_taken_for_an_interrupt(tmp_path: Path) -> None:
    conn = sqlite3.connect(tmp_path / "empty.db")
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        lexical.search(conn, "word", 5)
    conn.close()


def test_a_very_common_word_alone_finds_first_what_is_named_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", *(unit(name, line=10 * n) for n, name in enumerate(("sum_value", "other", "third"))))
    monkeypatch.setattr(lexical, "POSTINGS", 2)
    try:
        for typed in ("value", "value "):
            assert found(made, typed)[0] == "sum_value"
            assert set(found(made, typed)) == {"sum_value", "other", "third"}
        assert len(lexical.search(made.conn, "value", 2)) == 2
        assert found(made, "value -sum")[:1] != ["sum_value"]
    finally:
        made.close()
