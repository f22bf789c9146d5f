"""What was recorded before the ledger becomes events, to the last digit: a rebuild changes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns.learning.recording import record_outcome
from tui_patterns.store import ledger, migrate
from tui_patterns.store.sql import dump
from tui_patterns.store.sqlite import connect

BEFORE = 11


def old_library(path: Path, patch: pytest.MonkeyPatch) -> sqlite3.Connection:
    """A database of the last schema without a ledger, with evidence in it."""
    shipped = migrate.migrations()
    patch.setattr(migrate, "migrations", lambda: tuple(one for one in shipped if one[0] < BEFORE))
    stock = Stock(path)
    stock.close()
    conn = connect(path)
    conn.execute(
        "INSERT INTO patterns (uuid, project_id, path, qualname, line, end_line, created, updated) "
        "VALUES ('u1', 1, 'a.py', 'load', 1, 9, 0, 0), ('u2', 1, 'a.py', 'save', 11, 19, 0, 0)"
    )
    conn.execute(
        "INSERT INTO versions (pattern_id, code_hash, structure_hash, name, kind, pattern_type, language, "
        "code, signature, doc_hash, created) SELECT id, 'c', 's', 'n', 'function', 'function_pattern', "
        "'python', '', '', 'd', 0 FROM patterns"
    )
    conn.execute("UPDATE patterns SET version_id = id")
    conn.execute(
        "INSERT INTO ratings (pattern_id, version_id, session_id, task, rating, note, created, updated) "
        "VALUES (1, 1, 's', 'täsk \"x\"', 5, NULL, 1.1, 1.1), "
        "(1, NULL, 't', NULL, 2, 'why', 2.7, 1712345678.1234567)"
    )
    conn.execute("INSERT INTO injections VALUES ('i', 's', 1712345678.7654321, NULL, 'manual', 'h', 9, 99)")
    why = dump({"cosine": 0.1234, "words": None, "ünïcode": "é"})
    conn.executemany(
        "INSERT INTO injection_patterns VALUES ('i', ?, ?, ?, ?, ?, ?, 5, ?, ?, NULL, '[]')",
        [(1, 1, 1, 0.1 + 0.2, 1 / 3, 0.0049, why, "used"), (2, 2, 2, 1e-17, 1.0, 1.0, "{}", "open")],
    )
    conn.execute(
        "INSERT INTO outcomes (injection_id, pattern_id, kind, success, source, created) "
        "VALUES ('i', 1, 'explicit', 0, 'person', 1712345679.5), (NULL, 2, 'component', 1, 'call', 3.25)"
    )
    patch.setattr(migrate, "migrations", lambda: shipped)
    return conn


def test_old_evidence_becomes_events_and_a_rebuild_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "patterns.db"
    old_library(path, monkeypatch).close()
    conn = connect(path)
    assert ledger.rebuild(conn) == {}
    kinds = sorted(one.kind for one in ledger.events(conn) if one.kind != "pattern_identified")
    assert kinds == sorted(["rating"] * 3 + ["injection"] + ["outcome"] * 2)
    trials = conn.execute("SELECT pattern_id, success, weight FROM trials ORDER BY at").fetchall()
    assert sorted(map(tuple, trials)) == [(1, 0, 1.0), (1, 0, 1.0), (1, 1, 1.0), (2, 1, 1.0)]
    conn.close()


def test_an_old_word_is_replaced_by_a_new_one_of_the_same_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "patterns.db"
    old_library(path, monkeypatch).close()
    conn = connect(path)
    assert record_outcome(conn, "i", "u1", True)
    found = conn.execute("SELECT success FROM outcomes WHERE injection_id = 'i'").fetchall()
    assert [row["success"] for row in found] == [1]
    assert ledger.rebuild(conn) == {}
    conn.close()


def test_a_pattern_with_events_is_evidence_and_keeps_its_identity(tmp_path: Path) -> None:
    stock = Stock(tmp_path / "patterns.db")
    stock.put("a.py", unit("load", "a.py"))
    record_outcome(
        stock.conn, None, stock.id("load"), True, what="implementation", session="s", source="call"
    )
    id = stock.id("load")
    stock.drop("a.py")
    stock.put("c.py", unit("load", "c.py"))
    assert stock.id("load") == id and ledger.rebuild(stock.conn) == {}
    stock.close()
