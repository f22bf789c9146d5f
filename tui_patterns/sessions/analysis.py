"""What a session was like, worked out from its stored events."""

from __future__ import annotations

import sqlite3
from typing import Any

from tui_patterns.sessions import own_ledger
from tui_patterns.sessions.analysed import (
    LISTED,
    TURN,
    WORK,
    Analysis,
    Completion,
    Context,
    Cost,
    PatternEffect,
    Tests,
    Tokens,
)
from tui_patterns.sessions.errors import SessionError
from tui_patterns.sessions.turns import Turn, load_turns
from tui_patterns.store import session_reads, sessions, transcripts


def analyze(conn: sqlite3.Connection, session: str) -> Analysis:
    """Analyse one stored session. Raises SessionError for an unknown id."""
    row = sessions.one(conn, session)
    if row is None:
        raise SessionError(f"no session has the id {session!r}: `patterns-tui sessions list` lists them")
    facts, turns = sessions.facts(row), load_turns(conn, session)
    totals, events = session_reads.totals(conn, session), session_reads.tool_events(conn, session)
    completion = _completion(conn, session, turns)
    tasks, per = _denominator(completion, turns)
    iterations = facts.get("iterations") or []
    proved = [turn for turn in turns if turn.runs]
    known = [event["success"] for event in events if event["success"] is not None]
    return Analysis(
        id=session,
        agent=row["agent"],
        model=row["model"],
        project=facts.get("cwd"),
        title=facts.get("title"),
        started=row["started"],
        ended=row["ended"],
        completion=completion,
        context=_context(conn, session, iterations),
        tests=_tests(events, facts.get("coverage")),
        active_s=_active(turns, iterations),
        tokens=_tokens(totals, row["agent"]),
        cost=_cost(conn, session, totals),
        calls=totals["messages"],
        tasks=tasks,
        per=per,
        attempts_per_task=sum(len(turn.runs) for turn in proved) / len(proved) if proved else None,
        first_attempt=(sum(bool(turn.first_attempt) for turn in proved), len(proved)),
        errors=(known.count(0), len(known)),
        patterns=_patterns(conn, session),
        turns=tuple(turns),
        files=tuple(_files(conn, session)),
    )


def _completion(conn: sqlite3.Connection, session: str, turns: list[Turn]) -> Completion:
    outcomes = [turn.outcome for turn in turns if turn.outcome is not None]
    listed = [row["status"] for row in session_reads.tasks(conn, session) if row["status"] != "deleted"]
    by_outcome, by_list = (sum(outcomes), len(outcomes)), (listed.count("completed"), len(listed))
    for basis, (done, of) in (("outcomes", by_outcome), ("task list", by_list)):
        if of:
            return Completion(done / of, basis, by_outcome, by_list)
    return Completion(None, None, by_outcome, by_list)


def has_transcript(conn: sqlite3.Connection, session: str) -> bool:
    """Whether anybody but the library's own ledger tells of this session; it knows of no tokens."""
    return any(not own_ledger.is_own(one.path) for one in transcripts.of_session(conn, session))


def _denominator(completion: Completion, turns: list[Turn]) -> tuple[int, str]:
    if completion.tasks[0]:
        return completion.tasks[0], LISTED
    work = sum(turn.work for turn in turns)
    return (work, WORK) if work else (len(turns), TURN)


def _context(conn: sqlite3.Connection, session: str, iterations: list[dict[str, Any]]) -> Context:
    rows = [row for row in session_reads.messages(conn, session) if not row["sidechain"]]
    used = [row["input"] + row["cache_5m"] + row["cache_1h"] + row["cache_read"] for row in rows]
    shares = _shares(rows, used) or [
        one["context_pct"] for one in iterations if one.get("context_pct") is not None
    ]
    return Context(
        average=sum(used) / len(used) if used and not iterations else None,
        max=max(used) if used and not iterations else None,
        average_pct=sum(shares) / len(shares) if shares else None,
        max_pct=max(shares) if shares else None,
        compactions=compactions(conn, session, iterations),
    )


def compactions(conn: sqlite3.Connection, session: str, iterations: list[dict[str, Any]]) -> int:
    """How often the context was compacted: by boundaries, by summaries, or as a session folder says."""
    kinds = [row["kind"] for row in session_reads.marks(conn, session)]
    told = sum(one.get("compactions") or 0 for one in iterations)
    return max(kinds.count("compaction"), kinds.count("summary"), told)


def _shares(rows: list[sqlite3.Row], used: list[int]) -> list[float]:
    """Percent of the window at each request; none where a window is unknown or evidently another one."""
    windows = [row["context_window"] for row in rows]
    if not all(windows) or any(tokens > window for tokens, window in zip(used, windows, strict=True)):
        return []
    return [100 * tokens / window for tokens, window in zip(used, windows, strict=True)]


def _tests(events: list[sqlite3.Row], said: float | None) -> Tests:
    results = [event["success"] for event in events if event["category"] == "test"]
    printed = [event["coverage"] for event in events if event["coverage"] is not None]
    coverage = printed[-1] if printed else said
    return Tests(coverage, len(results), results.count(1), results.count(0))


def _active(turns: list[Turn], iterations: list[dict[str, Any]]) -> float | None:
    told = [one["seconds"] for one in iterations if one.get("seconds") is not None]
    if told:
        return float(sum(told))
    return sum(turn.seconds for turn in turns) or None  # one moment has no length


def _tokens(totals: sqlite3.Row, agent: str | None) -> Tokens:
    classes = [totals[key] for key in ("input", "output", "cache_creation", "cache_read")]
    if agent == "codex":
        reported = {
            "input_tokens": totals["input"] + totals["cache_read"],
            "cached_input_tokens": totals["cache_read"],
            "output_tokens": totals["output"],
            "reasoning_output_tokens": totals["reasoning"],
            "total_tokens": totals["reported_total"] or 0,
        }
    else:
        names = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        reported = dict(zip(names, classes, strict=True))
    return Tokens(classes[0], classes[1], classes[2], classes[3], reported)


def _cost(conn: sqlite3.Connection, session: str, totals: sqlite3.Row) -> Cost:
    told = has_transcript(conn, session)
    rows = session_reads.models(conn, session)
    by_model: dict[str, float | None] = {}
    for row in rows:
        name, before = row["model"] or "unknown", by_model.get(row["model"] or "unknown")
        by_model[name] = before if row["cost_usd"] is None else (before or 0.0) + row["cost_usd"]
    return Cost(
        usd=totals["cost_usd"] if totals["messages"] or not told else 0.0,
        tables=tuple(dict.fromkeys(row["price_table"] for row in rows if row["price_table"])),
        unpriced=tuple(
            dict.fromkeys(row["model"] or "unknown" for row in rows if row["price_table"] is None)
        ),
        recorded_usd=totals["recorded_usd"],
        by_model=by_model,
    )


def _patterns(conn: sqlite3.Connection, session: str) -> tuple[PatternEffect, ...]:
    found = []
    for row in session_reads.injected(conn, session):
        n = row["good"] + row["bad"]
        success = row["good"] / n if n else None
        found.append(PatternEffect(row["uuid"], row["name"], row["injected"], row["used"], success, n))
    return tuple(
        sorted(found, key=lambda one: (one.success is None, -(one.success or 0), -one.n, -one.injected))
    )


def _files(conn: sqlite3.Connection, session: str) -> list[dict[str, Any]]:
    by_file = session_reads.totals_by_file(conn, session)
    found = []
    for one in transcripts.of_session(conn, session):
        row = by_file.get(one.id)
        tokens = {key: row[key] if row else 0 for key in ("input", "output", "cache_creation", "cache_read")}
        found.append(
            {
                "path": one.path,
                "lines": one.lines,
                "unreadable": one.unreadable,
                "refused": one.refused,
                "messages": row["messages"] if row else 0,
                "tokens": tokens,
                "cost_usd": row["cost_usd"] if row else 0.0,
            }
        )
    return found
