"""Chroma loses nothing for good: what it holds is looked for, and what is lost or wasteful built anew."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.engine import chroma_audit
from tui_patterns.engine.chroma_sync import ChromaSync
from tui_patterns.search.chroma import ChromaIndex
from tui_patterns.search.chroma_client import SUCCESSOR
from tui_patterns.settings import Settings
from tui_patterns.store import synced, vectors

PRINT, DIMENSION, COUNT = "a" * 32, 16, 60
STOP = threading.Event()


def rows(count: int, seed: int = 1) -> np.ndarray:
    made = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype("<f4")
    scaled: np.ndarray = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype("<f4")
    return scaled


@pytest.fixture
def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stock]:
    monkeypatch.setattr(chroma_audit, "LEAST_CHURN", 5)
    monkeypatch.setattr(chroma_audit, "SLICE", 25)
    made = Stock(tmp_path / "patterns.db")
    put(made, range(COUNT))
    yield made
    made.close()


@pytest.fixture
def sync(stock: Stock) -> Iterator[ChromaSync]:
    made = ChromaSync(PRINT, DIMENSION, Settings(), stock.path.parent)
    made.sync(stock.conn, STOP)
    yield made
    made.release()


def put(stock: Stock, numbers: range, body: str = "") -> None:
    """Store patterns, each with a vector of its own."""
    made = [unit(f"name_{one}", line=one * 9 + 1, body=body and f"{body}_{one}") for one in numbers]
    stock.put("app.py", *made)
    hashes = vectors.missing(stock.conn, PRINT, 999)
    found = rows(len(hashes), seed=len(body) + 1)
    vectors.save(stock.conn, PRINT, [(one, row.tobytes()) for one, row in zip(hashes, found, strict=True)])


def holds(stock: Stock, sync: ChromaSync) -> bool:
    """Whether Chroma finds every live pattern by its own vector."""
    ids, blob = vectors.live(stock.conn, PRINT)
    asked = np.frombuffer(blob, "<f4").reshape(-1, DIMENSION)
    found = [sync.ask(row, 1, None) for row in asked]
    return [one[0][0] for one in found if one] == ids


def collections(sync: ChromaSync) -> list[str]:
    assert sync._chroma is not None
    return sorted(one.name for one in sync._chroma._client.list_collections())


def audit(stock: Stock, sync: ChromaSync, steps: int = 40) -> None:
    for _ in range(steps):
        sync.audit(stock.conn, STOP)


def key(sync: ChromaSync) -> str:
    assert sync._chroma is not None
    return sync._chroma.key


def test_what_was_replaced_is_counted_and_looked_for(stock: Stock, sync: ChromaSync) -> None:
    assert synced.audit(stock.conn, key(sync)) == (0, 0, None), "a first fill is no churn"
    put(stock, range(COUNT), body="changed")
    sync.sync(stock.conn, STOP)
    assert synced.audit(stock.conn, key(sync)) == (COUNT, COUNT, None)
    before = key(sync)
    sync.audit(stock.conn, STOP)
    assert synced.audit(stock.conn, before).reached is not None, "begun, and not all at once"
    audit(stock, sync)
    assert synced.audit(stock.conn, before) == (COUNT, 0, None) and key(sync) == before
    assert holds(stock, sync)


def test_little_churn_costs_no_look(stock: Stock, sync: ChromaSync, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(self: ChromaIndex, given: np.ndarray) -> list[int]:
        raise AssertionError("nothing is due")

    monkeypatch.setattr(ChromaIndex, "lost", asked)
    put(stock, range(COUNT - 3))
    sync.sync(stock.conn, STOP)
    assert synced.audit(stock.conn, key(sync)).churn == 3
    audit(stock, sync, 3)


@pytest.fixture
def losing(stock: Stock, sync: ChromaSync, monkeypatch: pytest.MonkeyPatch) -> str:
    """One vector is not found any more; the key of the collection that lost it."""
    put(stock, range(COUNT), body="changed")
    sync.sync(stock.conn, STOP)
    before = key(sync)
    doomed = synced.to_audit(stock.conn, before, PRINT, 0, COUNT)[40][1]
    monkeypatch.setattr(
        ChromaIndex,
        "lost",
        lambda self, given: [0] if self.key == before and given.tobytes() == doomed else [],
    )
    return before


def test_a_collection_that_lost_one_is_built_anew_while_it_answers(
    stock: Stock, sync: ChromaSync, losing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_audit, "BUILD_S", 0.0)
    while len(collections(sync)) == 1:
        sync.audit(stock.conn, STOP)
    sync.audit(stock.conn, STOP)
    assert key(sync) == losing and holds(stock, sync), "the old one goes on answering"
    put(stock, range(0, COUNT, 2), body="changed")
    sync.sync(stock.conn, STOP)
    monkeypatch.setattr(chroma_audit, "BUILD_S", 1.0)
    audit(stock, sync)
    assert key(sync) != losing and holds(stock, sync)
    assert collections(sync) == [f"patterns-{PRINT}"]
    assert synced.held(stock.conn, losing) == 0 and synced.is_synced(stock.conn, key(sync), PRINT)


def test_a_process_that_ends_amid_it_leaves_nothing_wrong(
    stock: Stock, sync: ChromaSync, losing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_audit, "BUILD_S", 0.0)
    while len(collections(sync)) == 1:
        sync.audit(stock.conn, STOP)
    sync.release()
    sync.sync(stock.conn, STOP)
    assert key(sync) == losing and holds(stock, sync)
    monkeypatch.setattr(chroma_audit, "BUILD_S", 1.0)
    audit(stock, sync)
    assert key(sync) != losing and holds(stock, sync) and len(collections(sync)) == 1


def test_one_that_ends_between_the_two_collections_is_found_again(stock: Stock, sync: ChromaSync) -> None:
    assert sync._chroma is not None
    following = sync._chroma.successor()
    while sync._fill(stock.conn, following):
        pass
    sync._chroma._client.delete_collection(sync._chroma.name)
    expected = following.key
    sync.release()
    sync.sync(stock.conn, STOP)
    assert key(sync) == expected and holds(stock, sync)
    assert collections(sync) == [f"patterns-{PRINT}"] and not collections(sync)[0].endswith(SUCCESSOR)


def test_what_was_replaced_takes_room_no_longer_than_that(
    stock: Stock, sync: ChromaSync, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chroma_audit, "LEAST_DEAD", COUNT)
    before = key(sync)
    put(stock, range(COUNT), body="changed")
    sync.sync(stock.conn, STOP)
    audit(stock, sync)
    assert key(sync) != before and holds(stock, sync)
    assert synced.audit(stock.conn, key(sync)) == (0, 0, None)
