"""The schema comes about once, whole or not at all, and never by an older program."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tui_patterns.store import migrate
from tui_patterns.store.errors import StoreError
from tui_patterns.store.sqlite import connect

FIRST = "CREATE TABLE patterns (id INTEGER PRIMARY KEY, uuid TEXT);"
SECOND = "CREATE TABLE more (id INTEGER PRIMARY KEY);\nINSERT INTO more VALUES (7);"
CONNECT = "import sys; from pathlib import Path; from tui_patterns.store.sqlite import connect; "
CONNECT += "print('ready', flush=True); sys.stdin.readline(); connect(Path(sys.argv[1]))"


def ship(patch: pytest.MonkeyPatch, *scripts: str) -> None:
    """Let these be the program's migrations."""
    patch.setattr(migrate, "migrations", lambda: tuple(enumerate(scripts, start=1)))


def version(path: Path) -> int:
    with sqlite3.connect(path) as conn:
        return int(conn.execute("PRAGMA user_version").fetchone()[0])


def tables(path: Path) -> set[str]:
    with sqlite3.connect(path) as conn:
        return {row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_a_new_database_gets_every_migration_that_is_shipped(tmp_path: Path) -> None:
    numbers = [number for number, _ in migrate.migrations()]
    assert numbers == sorted(set(numbers)) and numbers[0] == 1
    connect(tmp_path / "new" / "patterns.db").close()
    assert version(tmp_path / "new" / "patterns.db") == numbers[-1]


def test_what_has_run_runs_no_second_time(tmp_path: Path) -> None:
    path = tmp_path / "patterns.db"
    for _ in range(2):
        conn = connect(path)
        conn.execute("INSERT INTO projects (root, name, created) VALUES (hex(randomblob(4)), 'n', 0)")
        conn.close()
    assert version(path) == migrate.migrations()[-1][0]
    assert not list(tmp_path.glob("*.schema-*"))


def test_the_database_is_copied_aside_before_it_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "patterns.db"
    ship(monkeypatch, FIRST)
    conn = connect(path)
    conn.execute("INSERT INTO patterns (uuid) VALUES ('kept')")
    conn.close()
    ship(monkeypatch, FIRST, SECOND)
    connect(path).close()
    assert version(path) == 2 and "more" in tables(path)
    (copy,) = tmp_path.glob("*.schema-1*")
    assert version(copy) == 1 and "more" not in tables(copy)
    with sqlite3.connect(copy) as old:
        assert old.execute("SELECT uuid FROM patterns").fetchall() == [("kept",)]


def test_a_migration_that_fails_leaves_nothing_of_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "patterns.db"
    ship(monkeypatch, FIRST, SECOND, "CREATE TABLE third (id);\nINSERT INTO nowhere VALUES (1);")
    with pytest.raises(StoreError, match="nowhere"):
        connect(path)
    assert version(path) == 2 and "third" not in tables(path)


def test_a_newer_database_is_refused_in_one_line_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "patterns.db"
    connect(path).close()
    with sqlite3.connect(path) as conn:
        conn.execute("PRAGMA user_version = 99")
    with pytest.raises(StoreError) as refused:
        connect(path)
    line = str(refused.value)
    assert "\n" not in line and "schema 99" in line and "upgrade" in line and str(path) in line
    assert version(path) == 99


def test_two_processes_that_find_no_database_make_one(tmp_path: Path) -> None:
    path = tmp_path / "patterns.db"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", CONNECT, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in started:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in started:  # all at once
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=180)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], said
    assert version(path) == migrate.migrations()[-1][0]


def test_statements_end_where_sql_says_and_not_at_every_semicolon() -> None:
    script = "INSERT INTO a VALUES ('x;y');\nCREATE TRIGGER t AFTER INSERT ON a BEGIN\n  SELECT 1;\nEND;\n"
    assert len(list(migrate.statements(script))) == 2
