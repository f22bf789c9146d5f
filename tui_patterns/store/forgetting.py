"""Deleting for good: patterns, projects and sessions with all that was ever said of them.

Foreign keys take most rows along; here is the rest, with what names the same thing in the rows of
others. Events go too, although the ledger only ever grows otherwise, and what follows from them is
worked out anew. Call all of it inside a transaction, and ``sweep`` last.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Iterable

from tui_patterns.store import failures, ledger, sessions, symbols, words
from tui_patterns.store.sql import chunks, dump, load, named_list, now, rows_in

# What is worked on now, and what was asked for: of use to nobody once the index lock is held.
_PASSING = ("index_requests", "engine_status")


def structures_of(conn: sqlite3.Connection, row_ids: Iterable[int]) -> set[str]:
    """The structure hashes of all versions of these patterns."""
    rows = rows_in(conn, "SELECT DISTINCT structure_hash FROM versions WHERE pattern_id IN (:ids)", row_ids)
    return {row["structure_hash"] for row in rows}


def patterns_of(conn: sqlite3.Connection, structures: Iterable[str]) -> set[int]:
    """Patterns of which any version has one of these structures."""
    query = "SELECT DISTINCT pattern_id FROM versions WHERE structure_hash IN (:ids)"
    rows = rows_in(conn, query, structures)
    return {row["pattern_id"] for row in rows}


def shut_out(conn: sqlite3.Connection, structures: Iterable[str]) -> None:
    """Never take up code of these structures again."""
    rows = [{"digest": digest(one), "now": now()} for one in sorted(structures)]
    conn.executemany(
        "INSERT INTO forgotten_patterns (digest, at) VALUES (:digest, :now) ON CONFLICT (digest) DO NOTHING",
        rows,
    )


def shut_out_digests(conn: sqlite3.Connection) -> frozenset[str]:
    """Of which structures nothing is taken up."""
    return frozenset(row["digest"] for row in conn.execute("SELECT digest FROM forgotten_patterns"))


def digest(structure: str) -> str:
    """What is kept of the structure of a forgotten pattern."""
    return hashlib.sha256(structure.encode("utf-8", "replace")).hexdigest()


def remove_patterns(conn: sqlite3.Connection, row_ids: Collection[int]) -> None:
    """Delete patterns; the files where they stood are parsed again at the next scan."""
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        files = f"SELECT file_id FROM sites WHERE pattern_id IN ({names})"
        conn.execute(f"UPDATE files SET content_hash = NULL, mtime_ns = 0 WHERE id IN ({files})", values)
        # What they refer to is then that of what stands around them: as in a file never seen before.
        conn.execute(f"DELETE FROM outlines WHERE file_id IN ({files})", values)
        _remove_dismissals(conn, names, values)
        failures.forget_files(conn, _places(conn, names, values))
        # What an injection shows of itself is in its event; the pattern's part of it goes as well.
        injections = f"SELECT DISTINCT injection_id FROM injection_patterns WHERE pattern_id IN ({names})"
        held = [row["injection_id"] for row in conn.execute(injections, values)]
        uuids = f"SELECT uuid FROM patterns WHERE id IN ({names})"
        gone = {row["uuid"] for row in conn.execute(uuids, values)}
        conn.execute(f"DELETE FROM patterns WHERE id IN ({names})", values)
        _drop_from_injections(conn, held, gone)


def _places(conn: sqlite3.Connection, names: str, values: dict[str, int]) -> set[tuple[str, str]]:
    """The files, as (root, path), where these patterns stand or last stood."""
    rows = conn.execute(
        f"""
        SELECT r.root, p.path FROM patterns p JOIN projects r ON r.id = p.project_id WHERE p.id IN ({names})
        UNION SELECT r.root, f.path FROM sites s JOIN files f ON f.id = s.file_id
        JOIN projects r ON r.id = f.project_id WHERE s.pattern_id IN ({names})
        """,
        values,
    )
    return {(row["root"], row["path"]) for row in rows}


def _remove_dismissals(conn: sqlite3.Connection, names: str, values: dict[str, int]) -> None:
    """What a person called no problem within these patterns: it holds the words of a line."""
    sites = conn.execute(
        f"""
        SELECT r.root, f.path, s.qualname FROM sites s JOIN files f ON f.id = s.file_id
        JOIN projects r ON r.id = f.project_id WHERE s.pattern_id IN ({names})
        """,
        values,
    ).fetchall()
    conn.executemany(
        "DELETE FROM dismissals WHERE file = :file AND qualname = :qualname",
        [{"file": f"{one['root'].rstrip('/')}/{one['path']}", "qualname": one["qualname"]} for one in sites],
    )


def _drop_from_injections(conn: sqlite3.Connection, injections: Iterable[str], gone: set[str]) -> None:
    for part in chunks(injections):
        names, values = named_list("id", part)
        where = f"kind = 'injection' AND injection_id IN ({names})"
        for row in conn.execute(f"SELECT id, data FROM events WHERE {where}", values).fetchall():
            data = load(row["data"])
            data["patterns"] = [one for one in data["patterns"] if one["pattern"] not in gone]
            conn.execute(
                "UPDATE events SET data = :data WHERE id = :id", {"data": dump(data), "id": row["id"]}
            )


def remove_project(conn: sqlite3.Connection, root: str) -> list[str]:
    """Delete a project, and the sessions that worked in it; returns these."""
    found = sessions_in(conn, root)
    for session in found:
        remove_session(conn, session)
    held, gone = _injected_of(conn, root)
    conn.execute("DELETE FROM projects WHERE root = :root", {"root": root})
    _drop_from_injections(conn, held, gone)
    _remove_traces(conn, root)
    return found


def _injected_of(conn: sqlite3.Connection, root: str) -> tuple[list[str], set[str]]:
    """(injections, pattern ids) of the patterns of a project that were ever injected."""
    rows = conn.execute(
        """
        SELECT x.injection_id, p.uuid FROM injection_patterns x JOIN patterns p ON p.id = x.pattern_id
        JOIN projects r ON r.id = p.project_id WHERE r.root = :root
        """,
        {"root": root},
    ).fetchall()
    return sorted({row["injection_id"] for row in rows}), {row["uuid"] for row in rows}


def sessions_in(conn: sqlite3.Connection, root: str) -> list[str]:
    """Sessions that worked in this folder or below it."""
    rows = conn.execute("SELECT id, facts FROM sessions").fetchall()
    told = {row["id"]: load(row["facts"]) for row in rows}
    return [
        id for id, facts in told.items() if any(_inside(facts.get(key), root) for key in ("cwd", "folder"))
    ]


def _inside(place: object, root: str) -> bool:
    return isinstance(place, str) and (place == root or place.startswith(root.rstrip("/") + "/"))


def _remove_traces(conn: sqlite3.Connection, root: str) -> None:
    """What other sessions did to the project's files, and outcomes of other patterns in it."""
    below = {"below": _like(root.rstrip("/") + "/") + "%", "named": "%" + _like(root) + "%"}
    conn.execute("DELETE FROM session_edits WHERE path LIKE :below ESCAPE '!'", below)
    conn.execute(
        "DELETE FROM tool_events WHERE files LIKE :named ESCAPE '!' OR command LIKE :named ESCAPE '!' "
        "OR output LIKE :named ESCAPE '!'",
        below,
    )
    conn.execute(
        "DELETE FROM events WHERE kind <> 'injection' AND data LIKE :named ESCAPE '!'",
        {"named": "%" + _like(dump(root)) + "%"},
    )
    conn.execute("DELETE FROM dismissals WHERE file LIKE :below ESCAPE '!'", below)


def _like(text: str) -> str:
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def remove_session(conn: sqlite3.Connection, session: str) -> None:
    """Delete a session, what it said of any pattern, and the code that was taken from it."""
    for injection in conn.execute(
        "SELECT id FROM injections WHERE session_id = :id", {"id": session}
    ).fetchall():
        conn.execute("DELETE FROM facet_evidence WHERE source = :use", {"use": f"use:{injection['id']}"})
    conn.execute(
        "DELETE FROM events WHERE kind = 'outcome' AND data LIKE :named ESCAPE '!'",
        {"named": "%" + _like(dump(f"session:{session}")) + "%"},
    )
    sessions.forget(conn, session)


def sweep(conn: sqlite3.Connection) -> None:
    """Delete what belongs to nothing any more, and work out anew what follows from the events left."""
    conn.execute("DELETE FROM documents WHERE doc_hash NOT IN (SELECT doc_hash FROM versions)")
    conn.execute("DELETE FROM vectors WHERE doc_hash NOT IN (SELECT doc_hash FROM versions)")
    conn.execute("DELETE FROM synced")
    symbols.forget_lost_needs(conn)
    words.sweep(conn)
    conn.execute("DELETE FROM search_docs WHERE pattern_id NOT IN (SELECT id FROM patterns)")
    for table in _PASSING:
        conn.execute(f"DELETE FROM {table}")
    failures.sweep(conn)
    ledger.rebuild(conn)
