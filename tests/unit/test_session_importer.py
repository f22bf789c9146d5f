"""Reading twice, in pieces, out of order or from a copy comes to the same as reading once."""

from __future__ import annotations

import json
import random
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit import transcripts as make
from tui_patterns.sessions import importer
from tui_patterns.sessions.cost import Pricer
from tui_patterns.sessions.errors import SessionError
from tui_patterns.sessions.importer import take
from tui_patterns.sessions.sources import find, identify, standard_places
from tui_patterns.store import session_reads, transcripts
from tui_patterns.store.sqlite import connect

TABLES = (
    "sessions", "session_messages", "session_prompts", "tool_events", "session_edits", "session_tasks",
    "session_marks",
)  # fmt: skip


def stored(conn: sqlite3.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """All that transcripts have put into the database."""
    return {table: sorted(map(tuple, conn.execute(f"SELECT * FROM {table}")), key=repr) for table in TABLES}


def load(conn: sqlite3.Connection, path: Path) -> int:
    """Import and return how many lines were taken."""
    return sum(take(conn, source, Pricer([])).lines for source in find(path))


def of(folder: Path, lines: list[Any]) -> dict[str, list[tuple[Any, ...]]]:
    """What a single import of these lines stores."""
    conn = connect(folder / "single" / "patterns.db")
    load(conn, make.written(folder / "single", lines))
    found = stored(conn)
    conn.close()
    return found


def test_importing_again_changes_nothing_and_reads_nothing(tmp_path: Path) -> None:
    conn, path = connect(tmp_path / "p.db"), make.written(tmp_path, make.day_of_work())
    assert load(conn, path) == len(make.day_of_work())
    before = stored(conn)
    assert load(conn, path) == 0 and stored(conn) == before


def test_a_copy_under_another_path_adds_nothing(tmp_path: Path) -> None:
    conn = connect(tmp_path / "p.db")
    load(conn, make.written(tmp_path / "a", make.day_of_work()))
    before = stored(conn)
    load(conn, make.written(tmp_path / "b", make.day_of_work()))
    assert stored(conn) == before


@settings(max_examples=30)
@given(st.lists(st.integers(0, 4000), max_size=4))
def test_growing_by_any_pieces_equals_one_import(cuts: list[int]) -> None:
    whole = make.raw(make.day_of_work())
    with TemporaryDirectory() as work:
        folder = Path(work)
        path = folder / f"{make.SESSION}.jsonl"
        conn = connect(folder / "p.db")
        for end in [*sorted(min(cut, len(whole)) for cut in cuts), len(whole)]:
            path.write_bytes(whole[:end])
            if identify(path):
                load(conn, path)
        found = stored(conn)
        conn.close()
        assert found == of(folder, make.day_of_work())


@settings(max_examples=30)
@given(st.randoms(use_true_random=False))
def test_totals_do_not_depend_on_order_or_repetition(chance: random.Random) -> None:
    lines: list[Any] = [
        *make.day_of_work(),
        make.answered(70, "msg_2", "req_9", tokens=(6, 90, 0, 150), isSidechain=True),
    ]
    shuffled = [*lines, *chance.choices(lines, k=8), b"half a li", b'{"type": "unknown"}', b"[]"]
    chance.shuffle(shuffled)
    with TemporaryDirectory() as work:
        assert _told(Path(work) / "a", shuffled) == _told(Path(work) / "b", lines)


def _told(folder: Path, lines: list[Any]) -> tuple[Any, ...]:
    conn = connect(folder / "p.db")
    load(conn, make.written(folder, lines))
    totals = tuple(session_reads.totals(conn, make.SESSION))
    tools = [(row["call_id"], row["success"]) for row in session_reads.tool_events(conn, make.SESSION)]
    edits = sorted((row["call_id"], row["text"]) for row in session_reads.edits(conn, make.SESSION))
    conn.close()
    return totals, tools, edits


def test_a_file_that_was_rewritten_is_read_anew(tmp_path: Path) -> None:
    conn = connect(tmp_path / "p.db")
    load(conn, make.written(tmp_path, make.day_of_work()))
    longer = [make.asked("another beginning", 0, uuid="other"), *make.day_of_work()]
    assert load(conn, make.written(tmp_path, longer)) == len(longer)
    assert session_reads.totals(conn, make.SESSION)["messages"] == 6
    assert load(conn, make.written(tmp_path, longer[:3])) == 3  # cut off: what is known stays
    assert session_reads.totals(conn, make.SESSION)["messages"] == 6


def test_a_stop_between_batches_loses_and_repeats_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    conn, path = connect(tmp_path / "p.db"), make.written(tmp_path, make.day_of_work())
    monkeypatch.setattr(importer, "BATCH_BYTES", 1000)
    real, calls = transcripts.save, 0

    def fails_third(*given: Any) -> int:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise sqlite3.OperationalError("disk I/O error")
        return real(*given)

    monkeypatch.setattr(transcripts, "save", fails_third)
    with pytest.raises(sqlite3.OperationalError):
        load(conn, path)
    partly = transcripts.of_path(conn, str(path))
    assert partly is not None and 0 < partly.position < path.stat().st_size
    load(conn, path)
    assert stored(conn) == of(tmp_path, make.day_of_work())


LEAF = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**25), 10**25), st.floats(), st.text(max_size=20),
    st.sampled_from(["user", "assistant", "tool_use", "tool_result", "token_count", "Bash", "Write", "../x"]),
)  # fmt: skip
KEYS = st.sampled_from(
    ["type", "message", "usage", "content", "id", "requestId", "uuid", "timestamp", "sessionId", "role",
     "model", "name", "input", "command", "file_path", "todos", "edits", "payload", "info", "call_id",
     "arguments",
     "output", "total_token_usage", "input_tokens", "cache_creation", "toolUseResult", "isSidechain",
     "subtype"]
)  # fmt: skip
ANY = st.recursive(LEAF, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6))


@settings(max_examples=60)
@given(st.lists(st.dictionaries(KEYS, ANY, max_size=8), max_size=6), st.booleans())
def test_no_line_of_any_shape_fails_or_changes_what_is_known(
    lines: list[dict[str, Any]], codex: bool
) -> None:
    kept: list[Any] = make.day_of_work()
    if codex:
        kept = [make.event(0, "session_meta", {"id": "c"}), make.counted(1, (9, 0, 1, 0, 10), None)]
        lines = [{"type": "event_msg", "payload": {}} | line for line in lines]
    hostile = [json.dumps(line).encode("utf-8", "replace") for line in lines]
    with TemporaryDirectory() as work:
        conn, path = connect(Path(work) / "p.db"), make.written(Path(work), [*kept, *hostile])
        load(conn, path)
        session = "c" if codex else make.SESSION
        known = conn.execute(
            "SELECT SUM(total) FROM session_messages WHERE session_id = :id AND key NOT LIKE 'line-%'",
            {"id": session},
        ).fetchone()[0]
        row = conn.execute("SELECT MIN(total), MIN(input), MIN(output) FROM session_messages").fetchone()
        conn.close()
    assert known >= (10 if codex else 245) and min(row) >= 0


def test_other_files_are_named_not_imported(tmp_path: Path) -> None:
    other = tmp_path / "log.jsonl"
    other.write_text('{"level": "info"}\n')
    with pytest.raises(SessionError, match="no transcript"):
        list(find(other))
    with pytest.raises(SessionError, match="no such"):
        list(find(tmp_path / "absent"))
    assert list(find(tmp_path)) == []


def test_standard_places_are_those_of_the_environment(tmp_path: Path) -> None:
    for place in (".claude/projects", ".codex/sessions", "elsewhere/projects"):
        (tmp_path / place).mkdir(parents=True)
    home = {"HOME": str(tmp_path)}
    assert standard_places(home) == [tmp_path / ".claude" / "projects", tmp_path / ".codex" / "sessions"]
    moved = home | {"CLAUDE_CONFIG_DIR": str(tmp_path / "elsewhere"), "CODEX_HOME": str(tmp_path)}
    assert standard_places(moved) == [tmp_path / "elsewhere" / "projects"]
