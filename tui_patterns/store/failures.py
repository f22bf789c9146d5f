"""Tests that are red, and what their project's files held when they became so."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from tui_patterns.store.fading import DAY_S
from tui_patterns.store.sql import dump, load, now, rows_in


@dataclass(frozen=True, slots=True)
class TestError:
    """What a failing test printed, as of ``ran`` (ns); ``failed`` by its last known result."""

    __test__ = False

    test: str
    ran: int
    text: str


@dataclass(frozen=True, slots=True)
class RedTest:
    """A test that is red since ``base``, with this error; states are row ids."""

    test: str
    ran: int
    error: dict[str, Any]
    files: tuple[str, ...]
    base: int
    last: int
    at: float


@dataclass(frozen=True, slots=True)
class RedState:
    """Files (path to [mtime_ns, digest]) of a project when tests ran; ``whole``: all of its files."""

    id: int
    ran: int
    whole: bool
    files: dict[str, tuple[int, str]]


def save_errors(conn: sqlite3.Connection, project_id: int, errors: Iterable[TestError]) -> None:
    """Put these in the place of all that was known; inside a transaction."""
    conn.execute("DELETE FROM test_errors WHERE project_id = :project", {"project": project_id})
    conn.executemany(
        "INSERT INTO test_errors (project_id, test, ran, text) VALUES (:project, :test, :ran, :text) "
        "ON CONFLICT (project_id, test) DO UPDATE SET ran = excluded.ran, text = excluded.text "
        "WHERE excluded.ran >= test_errors.ran",
        [{"project": project_id, "test": one.test, "ran": one.ran, "text": one.text} for one in errors],
    )


def errors(conn: sqlite3.Connection, project_id: int) -> list[TestError]:
    """What failing tests printed, by test."""
    rows = conn.execute(
        "SELECT test, ran, text FROM test_errors WHERE project_id = :project ORDER BY test",
        {"project": project_id},
    )
    return [TestError(row["test"], row["ran"], row["text"]) for row in rows]


def results(conn: sqlite3.Connection, project_id: int) -> dict[str, tuple[str, int]]:
    """(outcome, time in ns) by test, named as pytest does."""
    rows = conn.execute(
        "SELECT path, qualname, variant, outcome, ran FROM test_results WHERE project_id = :project",
        {"project": project_id},
    )
    return {
        f"{row['path']}::{row['qualname'].replace('.', '::')}{row['variant']}": (row["outcome"], row["ran"])
        for row in rows
    }


def red(conn: sqlite3.Connection, project_id: int) -> dict[str, RedTest]:
    """Tests that are red, by name."""
    rows = conn.execute(
        "SELECT * FROM red_tests WHERE project_id = :project ORDER BY test", {"project": project_id}
    )
    return {
        row["test"]: RedTest(
            row["test"], row["ran"], load(row["error"]), tuple(load(row["files"])), row["base_state"],
            row["last_state"], row["at"],
        )
        for row in rows
    }  # fmt: skip


def save_red(conn: sqlite3.Connection, project_id: int, one: RedTest) -> None:
    """Note that a test is red."""
    conn.execute(
        """
        INSERT INTO red_tests (project_id, test, ran, error, files, base_state, last_state, at)
        VALUES (:project, :test, :ran, :error, :files, :base, :last, :at)
        ON CONFLICT (project_id, test) DO UPDATE SET ran = excluded.ran, error = excluded.error,
            files = excluded.files, base_state = excluded.base_state, last_state = excluded.last_state
        """,
        {
            "project": project_id,
            "test": one.test,
            "ran": one.ran,
            "error": dump(one.error),
            "files": dump(list(one.files)),
            "base": one.base,
            "last": one.last,
            "at": one.at,
        },
    )


def close(conn: sqlite3.Connection, project_id: int, tests: Iterable[str]) -> None:
    """These tests are red no more."""
    conn.executemany(
        "DELETE FROM red_tests WHERE project_id = :project AND test = :test",
        [{"project": project_id, "test": test} for test in tests],
    )


def forget_old(conn: sqlite3.Connection, project_id: int, days: float) -> None:
    """Drop what has been red for so long, and every state and text that nothing needs any more."""
    values = {"project": project_id, "before": now() - days * DAY_S}
    conn.execute("DELETE FROM red_tests WHERE project_id = :project AND at < :before", values)
    conn.execute(
        """
        DELETE FROM red_states WHERE project_id = :project AND id NOT IN (
            SELECT base_state FROM red_tests UNION SELECT last_state FROM red_tests)
        """,
        values,
    )
    if conn.execute("SELECT changes()").fetchone()[0]:
        sweep(conn)


def sweep(conn: sqlite3.Connection) -> None:
    """Drop texts that no state needs any more."""
    rows = conn.execute("SELECT files FROM red_states")
    needed = {digest for row in rows for _, digest in load(row["files"]).values()}
    known = {row["digest"] for row in conn.execute("SELECT digest FROM red_texts")}
    conn.executemany("DELETE FROM red_texts WHERE digest = ?", [(one,) for one in sorted(known - needed)])


def forget_files(conn: sqlite3.Connection, files: Collection[tuple[str, str]]) -> None:
    """Delete what failures in these files, (root, path), left: states, errors, and events of their fixes."""
    for root in sorted({root for root, _ in files}):
        for table in ("red_tests", "red_states", "test_errors"):
            conn.execute(
                f"DELETE FROM {table} WHERE project_id IN (SELECT id FROM projects WHERE root = :root)",
                {"root": root},
            )
    whole = {f"{root.rstrip('/')}/{path}" for root, path in files}
    rows = conn.execute("SELECT id, data FROM events WHERE kind = 'fix'").fetchall()
    held = {row["id"]: load(row["data"]) for row in rows}
    gone = [
        id
        for id, data in held.items()
        if whole & {f"{(data.get('project') or '').rstrip('/')}/{path}" for path in data.get("paths") or ()}
    ]
    conn.executemany("DELETE FROM events WHERE id = ?", [(id,) for id in gone])


def save_state(
    conn: sqlite3.Connection,
    project_id: int,
    ran: int,
    files: Mapping[str, tuple[int, str]],
    bodies: Mapping[str, str],
    *,
    whole: bool,
) -> RedState:
    """Keep what a project held when its tests ran at ``ran``; one that is kept stays."""
    conn.executemany(
        "INSERT INTO red_texts (digest, body) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING",
        [(digest, zlib.compress(text.encode("utf-8", "surrogatepass"))) for digest, text in bodies.items()],
    )
    conn.execute(
        "INSERT INTO red_states (project_id, ran, whole, files) VALUES (:project, :ran, :whole, :files) "
        "ON CONFLICT (project_id, ran) DO NOTHING",
        {"project": project_id, "ran": ran, "whole": int(whole), "files": dump(dict(files))},
    )
    found = state_at(conn, project_id, ran)
    assert found is not None
    return found


def state_at(conn: sqlite3.Connection, project_id: int, ran: int) -> RedState | None:
    """The state that was kept of that run."""
    row = conn.execute(
        "SELECT * FROM red_states WHERE project_id = :project AND ran = :ran",
        {"project": project_id, "ran": ran},
    ).fetchone()
    return None if row is None else _state(row)


def state(conn: sqlite3.Connection, id: int) -> RedState | None:
    """The state with this row id."""
    row = conn.execute("SELECT * FROM red_states WHERE id = :id", {"id": id}).fetchone()
    return None if row is None else _state(row)


def _state(row: sqlite3.Row) -> RedState:
    files = {path: (int(mtime), str(digest)) for path, (mtime, digest) in load(row["files"]).items()}
    return RedState(row["id"], row["ran"], bool(row["whole"]), files)


def texts(conn: sqlite3.Connection, digests: Iterable[str]) -> dict[str, str]:
    """Texts by digest."""
    rows = rows_in(conn, "SELECT digest, body FROM red_texts WHERE digest IN (:ids)", sorted(set(digests)))
    return {row["digest"]: zlib.decompress(row["body"]).decode("utf-8", "surrogatepass") for row in rows}
