"""What each kind of transcript says is read as what it means."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.unit import transcripts as make
from tui_patterns.sessions.cost import Pricer
from tui_patterns.sessions.importer import take
from tui_patterns.sessions.sources import find
from tui_patterns.store import session_reads, sessions, transcripts
from tui_patterns.store.sqlite import connect

PATCH = (
    "*** Begin Patch\n*** Update File: a.py\n@@\n x = 0\n-y = 1\n+y = 2\n"
    "*** Add File: b.py\n+z = 3\n*** End Patch"
)


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    opened = connect(tmp_path / "data" / "patterns.db")
    yield opened
    opened.close()


def load(conn: sqlite3.Connection, path: Path) -> str:
    """Import everything at ``path``; the id of the last session."""
    found = [take(conn, source, Pricer([])) for source in find(path)]
    return found[-1].session


def claude(conn: sqlite3.Connection, tmp_path: Path, *lines: Any) -> str:
    return load(conn, make.written(tmp_path, lines))


def totals(conn: sqlite3.Connection, session: str) -> tuple[int, ...]:
    row = session_reads.totals(conn, session)
    return tuple(row[key] for key in ("messages", "input", "output", "cache_creation", "cache_read"))


def test_repeated_usage_counts_once_with_the_largest_total(conn: sqlite3.Connection, tmp_path: Path) -> None:
    lines = [make.answered(n, tokens=(10, output, 5, 7)) for n, output in enumerate((1, 30, 20))]
    assert totals(conn, claude(conn, tmp_path, *lines)) == (1, 10, 30, 5, 7)


def test_other_requests_and_messages_count_for_themselves(conn: sqlite3.Connection, tmp_path: Path) -> None:
    lines = [make.answered(n, f"m{n % 2}", f"r{n // 2}") for n in range(4)]
    assert totals(conn, claude(conn, tmp_path, *lines))[0] == 4


def test_a_side_chain_that_replays_a_message_counts_once(conn: sqlite3.Connection, tmp_path: Path) -> None:
    lines = [
        make.answered(1, "m", "r1", tokens=(10, 5, 0, 0)),
        make.answered(2, "m", "r2", tokens=(99, 99, 0, 0), isSidechain=True),
        make.answered(3, "m", "r1", tokens=(99, 99, 0, 0), isSidechain=True, uuid="x"),
        make.answered(4, "side", "r3", tokens=(1, 1, 0, 0), isSidechain=True),
        make.answered(5, "side", "r4", tokens=(2, 2, 0, 0), isSidechain=True),
    ]
    for order in (lines, lines[::-1]):
        folder = tmp_path / str(order is lines)
        own = connect(folder / "data" / "patterns.db")
        assert totals(own, claude(own, folder, *order)) == (2, 12, 7, 0, 0)
        own.close()


def test_messages_without_ids_count_by_line(conn: sqlite3.Connection, tmp_path: Path) -> None:
    one = make.answered(1)
    del one["message"]["id"], one["uuid"]
    other = json.loads(json.dumps(one)) | {"timestamp": make.at(2)}
    assert totals(conn, claude(conn, tmp_path, one, one, other))[0] == 2


@pytest.mark.parametrize("bad", [-1, 1.5, "10", True, [], {}, 10**30])
def test_usage_that_cannot_be_is_refused_and_counted(
    conn: sqlite3.Connection, tmp_path: Path, bad: Any
) -> None:
    good, refused = make.answered(1, "good", "r"), make.answered(2, "bad", "r", tokens=(10, bad, 0, 0))
    assert totals(conn, claude(conn, tmp_path, good, refused)) == (1, 10, 5, 0, 0)
    assert transcripts.of_session(conn, make.SESSION)[0].refused == 1


def test_both_classes_of_cache_writes_are_told_apart(conn: sqlite3.Connection, tmp_path: Path) -> None:
    split = {"cache_creation": {"ephemeral_5m_input_tokens": 60, "ephemeral_1h_input_tokens": 40}}
    session = claude(conn, tmp_path, make.answered(1, tokens=(1, 1, 100, 0), usage=split))
    row = session_reads.messages(conn, session)[0]
    assert (row["cache_5m"], row["cache_1h"], row["total"]) == (60, 40, 102)


def test_prompts_make_turns_and_what_nobody_asked_makes_none(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    session = claude(
        conn,
        tmp_path,
        make.asked("<command-name>/init</command-name>", 0),
        make.asked("the text that the command stands for", 1),
        make.answered(2),
        make.asked("meta", 3, isMeta=True),
        make.asked("<local-command-stdout>ok</local-command-stdout>", 4),
        make.asked("[Request interrupted by user]", 5),
        make.asked("This session is being continued …", 6, isCompactSummary=True),
        make.asked("from a parent", 7, isSidechain=True),
        make.asked("second", 8),
        make.answered(9, "m2", "r2"),
    )
    assert [row["turn"] for row in session_reads.prompts(conn, session)] == [1, 1, 2]
    assert [row["turn"] for row in session_reads.messages(conn, session)] == [1, 2]
    assert [row["kind"] for row in session_reads.marks(conn, session)] == ["stop", "summary"]


def test_tools_have_category_result_and_duration(conn: sqlite3.Connection, tmp_path: Path) -> None:
    session = claude(
        conn,
        tmp_path,
        make.asked("go", 0),
        *make.ran(1, "ok", "pytest -q", "3 passed in 1s"),
        *make.ran(5, "bad", "pytest -q", "Exit code 1\nE assert 1\n1 failed in 1s", error=True),
        *make.ran(9, "piped", "pytest -q | tail", "1 failed in 1s"),
        *make.ran(13, "hidden", "pytest -q > log || true", ""),
        make.called(17, "r", "Read", {"file_path": "/work/shop/log.txt"}),
        make.returned(18, "r", "1 failed in 1s"),
        make.called(19, "no", "Edit", {"file_path": "a.py", "old_string": "a", "new_string": "b"}),
        make.returned(20, "no", "The user doesn't want to proceed with this tool use.", error=True),
        make.called(21, "open", "Bash", {"command": "sleep 1"}),
    )
    found = {row["call_id"]: row for row in session_reads.tool_events(conn, session)}
    told = {key: (row["category"], row["success"], row["exit_code"]) for key, row in found.items()}
    assert told == {
        "ok": ("test", 1, 0),
        "bad": ("test", 0, 1),
        "piped": ("test", 0, 0),
        "hidden": ("test", None, 0),
        "r": ("read", 1, None),
        "no": ("edit", None, None),
        "open": ("other", None, None),
    }
    assert found["ok"]["duration_ms"] == 2000 and found["ok"]["output"] is None
    assert "assert 1" in found["bad"]["output"]


def test_an_answer_before_its_call_and_a_clock_that_jumps_back(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    call, answer = make.ran(100, "t", "pytest", "1 passed in 1s")
    session = claude(conn, tmp_path, answer | {"timestamp": make.at(10)}, call)
    row = session_reads.tool_events(conn, session)[0]
    assert row["success"] == 1 and row["duration_ms"] is None


@pytest.mark.parametrize("time", ["9999-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "yesterday", 5, None, {}])
def test_a_time_that_cannot_be_is_unknown(conn: sqlite3.Connection, tmp_path: Path, time: Any) -> None:
    session = claude(conn, tmp_path, make.answered(0), make.answered(1, "m2", "r2") | {"timestamp": time})
    assert [row["at"] is None for row in session_reads.messages(conn, session)].count(True) == 1
    row = sessions.one(conn, session)
    assert row is not None and row["started"] == row["ended"]


def test_edits_are_kept_with_what_they_replace(conn: sqlite3.Connection, tmp_path: Path) -> None:
    many = {"file_path": "b.py", "edits": [{"old_string": "1", "new_string": "2"}, {"new_string": 3}, "x"]}
    session = claude(
        conn,
        tmp_path,
        make.called(1, "w", "Write", {"file_path": "a.py", "content": "x = 1\n"}),
        make.called(2, "e", "Edit", {"file_path": "a.py", "old_string": "1", "new_string": "2"}),
        make.called(3, "m", "MultiEdit", many),
    )
    found = [(row["path"], row["old"], row["text"]) for row in session_reads.edits(conn, session)]
    assert found == [("a.py", None, "x = 1\n"), ("a.py", "1", "2"), ("b.py", "1", "2")]


def test_task_lists_keep_the_last_state(conn: sqlite3.Connection, tmp_path: Path) -> None:
    def todos(*states: str) -> dict[str, Any]:
        return {"todos": [{"content": f"part {n}", "status": state} for n, state in enumerate(states)]}

    session = claude(
        conn,
        tmp_path,
        make.called(1, "a", "TodoWrite", todos("in_progress", "pending")),
        make.called(2, "b", "TodoWrite", todos("completed", "in_progress")),
        make.called(3, "c", "TaskCreate", {"subject": "by number"}),
        make.returned(4, "c", "Task #7 created"),
        make.called(5, "d", "TaskUpdate", {"taskId": "7", "status": "completed"}),
        make.called(6, "s", "TodoWrite", {"todos": [{"content": "aside"}]}, isSidechain=True),
    )
    found = sorted((row["title"], row["status"]) for row in session_reads.tasks(conn, session))
    assert found == [("by number", "completed"), ("part 0", "completed"), ("part 1", "open")]


def test_compactions_in_both_spellings(conn: sqlite3.Connection, tmp_path: Path) -> None:
    head = {"type": "system", "subtype": "compact_boundary", "sessionId": make.SESSION}
    session = claude(
        conn,
        tmp_path,
        head | {"uuid": "1", "compactMetadata": {"trigger": "auto", "preTokens": 1000}},
        head | {"uuid": "2", "compact_metadata": {"trigger": "manual", "pre_tokens": 2000}},
    )
    found = [json.loads(row["detail"]) for row in session_reads.marks(conn, session)]
    assert found == [{"trigger": "auto", "tokens": 1000}, {"trigger": "manual", "tokens": 2000}]


def test_subagents_in_both_layouts_belong_to_their_session(conn: sqlite3.Connection, tmp_path: Path) -> None:
    main = make.written(tmp_path, [make.asked("go", 0), make.answered(1)])
    side = [make.answered(2, "s1", "r", isSidechain=True, agentId="x")]
    make.written(tmp_path / make.SESSION / "subagents", side, "agent-x.jsonl")
    make.written(tmp_path, [make.answered(3, "s2", "r", isSidechain=True)], "agent-y.jsonl")
    other = make.answered(3, "s3", "r", isSidechain=True) | {"sessionId": "another"}
    make.written(tmp_path, [other], "agent-z.jsonl")
    assert totals(conn, load(conn, main))[0] == 3
    assert len(list(find(tmp_path))) == 4


def test_a_rollout_adds_up_and_repeated_counts_are_one(conn: sqlite3.Connection, tmp_path: Path) -> None:
    lines = [
        make.event(0, "session_meta", {"id": "codex-1", "cwd": "/work/shop", "git": {"branch": "main"}}),
        make.event(1, "turn_context", {"model": "gpt-5.2-codex"}),
        make.event(2, "event_msg", {"type": "user_message", "message": "go"}),
        make.event(2.1, "response_item", {"type": "message", "role": "user", "content": [{"text": "go"}]}),
        make.event(3, "event_msg", {"type": "token_count", "info": None}),
        make.counted(4, (100, 40, 10, 5, 110), (100, 40, 10, 5, 110)),
        make.counted(5, (100, 40, 10, 5, 110), (100, 40, 10, 5, 110)),
        make.counted(6, (300, 90, 30, 5, 330), None),
        make.event(7, "response_item", {"type": "function_call", "call_id": "c", "name": "shell",
                                        "arguments": '{"command": ["bash", "-lc", "pytest -q"]}'}),
        make.event(8, "response_item", {"type": "function_call_output", "call_id": "c",
                                        "output": '{"output": "1 failed in 1s", "metadata": {"exit_code": 1, '
                                                  '"duration_seconds": 1.5}}'}),
        make.event(9, "response_item", {"type": "custom_tool_call", "call_id": "p", "name": "apply_patch",
                                        "input": PATCH}),
        make.event(10, "a_type_to_come", {"x": 1}),
        make.event(11, "compacted", {"message": ""}),
    ]  # fmt: skip
    session = load(conn, make.written(tmp_path, lines, "rollout-x.jsonl"))
    assert session == "codex-1" and totals(conn, session) == (2, 210, 30, 0, 90)
    assert [row["turn"] for row in session_reads.prompts(conn, session)] == [1]
    told = {row["call_id"]: dict(row) for row in session_reads.tool_events(conn, session)}
    assert (told["c"]["category"], told["c"]["success"], told["c"]["exit_code"]) == ("test", 0, 1)
    assert told["c"]["command"] == "pytest -q" and told["c"]["duration_ms"] == 1500
    edits = [(row["path"], row["old"], row["text"]) for row in session_reads.edits(conn, session)]
    assert edits == [("a.py", "x = 0\ny = 1\n", "x = 0\ny = 2\n"), ("b.py", None, "z = 3\n")]


def test_what_a_subagent_of_codex_replays_is_left_to_its_parent(
    conn: sqlite3.Connection, tmp_path: Path
) -> None:
    spawned = {"id": "child", "source": {"subagent": {"thread_spawn": {"parent_thread_id": "p"}}}}
    lines = [
        make.event(60, "session_meta", spawned),
        make.event(60, "session_meta", {"id": "parent"}),
        make.counted(60.2, (100, 0, 10, 0, 110), (100, 0, 10, 0, 110)),
        make.event(60.3, "event_msg", {"type": "user_message", "message": "the parent's"}),
        make.counted(75, (150, 0, 15, 0, 165), None),
    ]
    session = load(conn, make.written(tmp_path, lines, "rollout-child.jsonl"))
    assert session == "child" and totals(conn, session) == (1, 50, 5, 0, 0)
    assert session_reads.prompts(conn, session) == []


def test_a_session_folder(conn: sqlite3.Connection, tmp_path: Path) -> None:
    folder = tmp_path / "night-shift"
    folder.mkdir()
    progress = {
        "completed": ["one", {"title": "two"}],
        "remaining": ["three", 4, None],
        "coverage": 87.5,
        "iterations": [
            {"context_pct": 40, "compactions": 1, "seconds": 60, "tokens": {"input": 10, "output": 2}},
            {"context_pct": 60, "compactions": "many", "tokens": {"input": -5}},
            "nonsense",
        ],
    }
    (folder / "progress.json").write_text(json.dumps(progress))
    session = load(conn, tmp_path)
    assert session == "night-shift" and totals(conn, session) == (1, 10, 2, 0, 0)
    assert sorted(row["status"] for row in session_reads.tasks(conn, session)) == ["completed"] * 2 + ["open"]
    progress["completed"], progress["remaining"] = ["one", "two", "three"], []
    (folder / "progress.json").write_text(json.dumps(progress))
    load(conn, folder / "progress.json")
    assert {row["status"] for row in session_reads.tasks(conn, session)} == {"completed"}


@pytest.mark.parametrize("hostile", ["../../etc", "a/b", "\x1b[2J", "\u202eevil", "x" * 500, "..", ""])
def test_an_id_is_always_part_of_a_file_name(conn: sqlite3.Connection, tmp_path: Path, hostile: str) -> None:
    path = make.written(tmp_path, [make.answered(1) | {"sessionId": hostile}], "chat.jsonl")
    session = load(conn, path)
    assert session and session == Path(session).name and session.isascii() and len(session) <= 120


def test_secrets_are_nowhere_in_the_database(conn: sqlite3.Connection, tmp_path: Path) -> None:
    canary = "ghp_C4n4ryC4n4ryC4n4ryC4n4ryC4n4ry12"
    session = claude(
        conn,
        tmp_path,
        {"type": "summary", "summary": f"About {canary}"},
        make.asked(f"Use {canary} please", 0, cwd=f"/work/{canary}", gitBranch=canary, version=canary),
        make.called(1, "a", "Bash", {"command": f"curl -H 'X: {canary}' https://x"}),
        make.returned(2, "a", f"Exit code 1\nbad {canary}", error=True),
        make.called(3, "b", "Write", {"file_path": f"/work/{canary}.py", "content": f"T = '{canary}'\n"}),
        make.called(4, "c", "Edit", {"file_path": "a.py", "old_string": canary, "new_string": f"x{canary}"}),
        make.called(5, "d", "TodoWrite", {"todos": [{"content": f"hide {canary}", "status": "pending"}]}),
        make.called(6, "e", "TaskCreate", {"subject": canary}),
        make.called(7, "f", f"mcp__{canary}", {"path": canary}),
        make.answered(8, "m", "r", model=canary),
    )
    assert totals(conn, session)[0] == 7
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").iterdir())
    assert canary.encode() not in stored
    assert b"[masked:github-token]" in stored
