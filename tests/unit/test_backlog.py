"""What is embedded first: just edited, then on screen, then the rest; each once, and none forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.stock import Stock, unit
from tui_patterns.engine import backlog as backlogs
from tui_patterns.engine.backlog import Backlog
from tui_patterns.store import vectors

PRINT = "fp"


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("app.py", *(unit(f"name_{number}", line=number * 9) for number in range(12)))
    yield made
    made.close()


def ids(stock: Stock) -> dict[str, str]:
    """Pattern id by document hash."""
    rows = stock.rows("SELECT p.uuid, v.doc_hash FROM patterns p JOIN versions v ON v.id = p.version_id")
    return {row["doc_hash"]: row["uuid"] for row in rows}


def store(stock: Stock, taken: list[tuple[str, str]]) -> None:
    vectors.save(stock.conn, PRINT, [(doc_hash, b"\0" * 8) for doc_hash, _ in taken])


def test_edited_comes_before_shown_and_shown_before_the_rest(stock: Stock) -> None:
    known = ids(stock)
    oldest = [known[one] for one in reversed(vectors.missing(stock.conn, PRINT, 99))]
    backlog = Backlog(PRINT)
    backlog.shown([oldest[2], oldest[0]])
    backlog.edited([oldest[1]])
    taken = backlog.take(stock.conn, 4)
    assert [known[one] for one, _ in taken] == [oldest[1], oldest[2], oldest[0], oldest[-1]]
    store(stock, taken)
    backlog.edited([oldest[1]])  # it has its vector: the rest goes on
    assert len(backlog.take(stock.conn, 99)) == 8


def test_what_is_edited_while_a_window_is_worked_off_comes_next(stock: Stock) -> None:
    backlog, known = Backlog(PRINT), ids(stock)
    store(stock, backlog.take(stock.conn, 3))
    stock.put("new.py", unit("fresh", "new.py"))
    fresh = next(one for one in ids(stock).items() if one[0] not in known)
    backlog.edited([fresh[1]])
    assert backlog.take(stock.conn, 3)[0][0] == fresh[0]


def test_urgent_alone_leaves_the_rest(stock: Stock) -> None:
    backlog, known = Backlog(PRINT), ids(stock)
    assert backlog.take(stock.conn, 5, urgent=True) == []
    doc_hash, uuid = next(iter(known.items()))
    backlog.edited([uuid, "no such pattern"])
    assert [one for one, _ in backlog.take(stock.conn, 5, urgent=True)] == [doc_hash]


@given(
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=6),
    window=st.integers(1, 9),
    urgent=st.lists(st.lists(st.integers(0, 8), max_size=3), max_size=12),
)
def test_every_document_gets_its_vector_once_whatever_is_urgent(
    sizes: list[int], window: int, urgent: list[list[int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    stock = Stock(tmp_path_factory.mktemp("backlog") / "patterns.db")
    stock.put("app.py", *(unit(f"name_{number}", line=number * 9) for number in range(9)))
    known = ids(stock)
    uuids = [known[one] for one in sorted(known)]
    backlog, seen, turn = Backlog(PRINT), list[str](), 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backlogs, "WINDOW", window)
        while taken := backlog.take(stock.conn, sizes[turn % len(sizes)]):
            assert len(taken) <= sizes[turn % len(sizes)]
            chosen = [uuids[one] for one in urgent[turn]] if turn < len(urgent) else []
            backlog.edited(chosen)
            backlog.shown(chosen[::-1])
            store(stock, taken)
            seen += [one for one, _ in taken]
            turn += 1
    stock.close()
    assert sorted(seen) == sorted(known)


def test_a_batch_that_was_lost_comes_again(stock: Stock) -> None:
    backlog = Backlog(PRINT)
    lost = backlog.take(stock.conn, 5)
    found: list[tuple[str, str]] = []
    while taken := backlog.take(stock.conn, 5):
        store(stock, taken)
        found += taken
    assert set(lost) <= set(found) and len(found) == 12
