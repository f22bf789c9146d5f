"""Which pattern is offered instead of an anti-pattern."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.unit.stock import Stock, unit
from tui_patterns.extraction.antipatterns.advice import RULES_VERSION
from tui_patterns.extraction.antipatterns.rights import with_rights
from tui_patterns.extraction.fingerprint import text_hash
from tui_patterns.learning.better import Advisor
from tui_patterns.models import Label, Quality, Unit
from tui_patterns.store import findings, ratings, sessions
from tui_patterns.store.sqlite import transaction

RIGHT = "try:\n        work(value)\n    except OSError as error:\n        raise StoreError from error"
WRONG = "try:\n        work(value)\n    except Exception:\n        raise StoreError"
LABELS = (Label("exception_translation", 0.9),)


def translating(name: str, path: str, body: str = RIGHT, quality: float = 0.8, **changes: object) -> Unit:
    made = unit(name, path, body=body, labels=LABELS, quality=quality)
    made = replace(made, structure_hash=text_hash(f"{name}-{path}"), **changes)  # type: ignore[arg-type]
    return with_rights(made)


def examined(stock: Stock, *with_fault: str) -> None:
    """Every file is examined; those named hold a broad handler in their first unit."""
    fault = {"label": "broad_except", "rule": "BLE001", "line": 3, "end_line": 3, "measured": "", "mark": "m"}
    with transaction(stock.conn):
        for row in stock.rows("SELECT id, path, content_hash FROM files"):
            found = [fault | {"qualname": None}] if row["path"] in with_fault else []
            findings.replace(stock.conn, row["id"], row["content_hash"], RULES_VERSION, found, [])


def best(stock: Stock, label: str = "broad_except", root: str = "/project") -> str | None:
    found = Advisor(stock.conn).best(label, root)
    return found.qualname if found else None


def test_the_best_by_quality_that_does_it_right(stock: Stock) -> None:
    stock.put("a.py", translating("low", "a.py", quality=0.5))
    stock.put("b.py", translating("high", "b.py", quality=0.9))
    stock.put("c.py", translating("wrong", "c.py", WRONG, quality=1.0))
    stock.put("d.py", unit("plain", "d.py", body=RIGHT + "\n    # other", quality=1.0))
    examined(stock)
    assert best(stock) == "high"


def test_a_record_counts_as_much_as_quality(stock: Stock) -> None:
    stock.put("a.py", translating("proven", "a.py", quality=0.8))
    stock.put("b.py", translating("polished", "b.py", quality=0.9))
    examined(stock)
    for number in range(8):
        sessions.start(stock.conn, f"s{number}", "test")
        ratings.save(stock.conn, stock.row("proven"), f"s{number}", 5)
    assert best(stock) == "proven"


def test_never_one_that_has_the_fault_or_was_not_examined(stock: Stock) -> None:
    stock.put("a.py", translating("faulty", "a.py", quality=1.0))
    assert best(stock) is None
    examined(stock, "a.py")
    assert best(stock) is None
    stock.put("b.py", translating("sound", "b.py", quality=0.4))
    assert best(stock) is None
    examined(stock, "a.py")
    assert best(stock) == "sound"


def test_the_same_project_first(stock: Stock, tmp_path: Path) -> None:
    other = Stock(stock.path, Path("/other"))
    stock.put("a.py", translating("here", "a.py", quality=0.4))
    other.put("b.py", translating("there", "b.py", quality=1.0))
    examined(stock)
    assert best(stock) == "here"
    assert best(stock, root="/other") == "there"
    assert best(stock, root="/third") == "there"
    other.close()


def test_tests_are_not_code_to_reuse(stock: Stock) -> None:
    stock.put("a.py", translating("checked", "a.py", pattern_type="test_pattern"))
    examined(stock)
    assert best(stock) is None


def test_where_the_sentence_says_it_all_none_is_offered(stock: Stock) -> None:
    stock.put("a.py", translating("any", "a.py"))
    examined(stock)
    assert best(stock, "compare_none") is None


def test_an_unknown_quality_is_in_the_middle(stock: Stock) -> None:
    stock.put("a.py", translating("unknown", "a.py"))
    stock.conn.execute("UPDATE versions SET quality = NULL")
    stock.put("b.py", replace(translating("poor", "b.py"), quality=Quality(overall=0.2)))
    examined(stock)
    assert best(stock) == "unknown"
