"""What patterns are used for: rated and injected, by which sessions; apart from that, referred to in code.

Near-copies count for the pattern that shows them.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tui_patterns.models import Referenced, Used
from tui_patterns.store.sql import named_list

MOST = 20

# Ratings and injections over patterns, read once: every table of uses is made from these rows.
_EVENTS = """
    SELECT COALESCE(p.lead_id, p.id) AS id, e.session_id, e.rated, e.used,
           COALESCE(s.agent, s.source, 'unknown') AS who
    FROM (
        SELECT pattern_id, session_id, 1 AS rated, 0 AS used FROM ratings
        UNION ALL
        SELECT x.pattern_id, i.session_id, 0, CASE WHEN x.state = 'used' THEN 1 ELSE 0 END
        FROM injection_patterns x JOIN injections i ON i.id = x.injection_id
    ) AS e JOIN patterns p ON p.id = e.pattern_id LEFT JOIN sessions s ON s.id = e.session_id
"""


class Event(NamedTuple):
    """A session rated a pattern (by row id), or got it in a prompt, where it was used or not."""

    pattern: int
    session: str
    rated: int
    used: int
    who: str


class Tried(NamedTuple):
    """A pattern (by row id) with outcomes, from which its success rate is believed."""

    pattern: int
    successes: float
    failures: float


def events(conn: sqlite3.Connection) -> list[Event]:
    """All ratings and injections; ``who`` is the agent or source of the session."""
    return [Event(*row) for row in conn.execute(_EVENTS)]


def most_used(conn: sqlite3.Connection, seen: Sequence[Event], limit: int = MOST) -> list[Used]:
    """The patterns with the most uses, then injections, also those no longer in the code."""
    of: defaultdict[int, list[Event]] = defaultdict(list)
    for event in seen:
        of[event.pattern].append(event)
    uses = {id: len({one.session for one in mine if one.rated or one.used}) for id, mine in of.items()}
    best = sorted(of, key=lambda id: (-uses[id], -len(of[id]), id))[:limit]
    named = _named(conn, best)
    return [_used(named[id], uses[id], of[id]) for id in best if id in named]


def _named(conn: sqlite3.Connection, row_ids: Sequence[int]) -> dict[int, sqlite3.Row]:
    names, values = named_list("id", row_ids)
    rows = conn.execute(
        f"""
        SELECT p.id, p.uuid, v.name, r.name AS project FROM patterns p
        JOIN versions v ON v.id = p.version_id JOIN projects r ON r.id = p.project_id WHERE p.id IN ({names})
        """,
        values,
    )
    return {row["id"]: row for row in rows}


def _used(row: sqlite3.Row, uses: int, mine: Sequence[Event]) -> Used:
    rated = sum(one.rated for one in mine)
    return Used(
        id=row["uuid"],
        name=row["name"],
        project=row["project"],
        uses=uses,
        ratings=rated,
        injected=len(mine) - rated,
        used=sum(one.used for one in mine),
        by=by_source(mine),
    )


def by_source(seen: Iterable[Event]) -> dict[str, int]:
    """Sessions that rated something or got a pattern, by where they came from, most first."""
    counts = Counter(who for who, _ in {(one.who, one.session) for one in seen})
    return dict(sorted(counts.items(), key=lambda share: (-share[1], share[0])))


def states(conn: sqlite3.Connection) -> dict[str, int]:
    """Patterns put into prompts, by what became of them."""
    rows = conn.execute(
        "SELECT state, COUNT(*) AS n FROM injection_patterns GROUP BY state ORDER BY n DESC, state"
    )
    return {row["state"]: row["n"] for row in rows}


def most_referenced(conn: sqlite3.Connection, limit: int = MOST) -> list[Referenced]:
    """The patterns that most other definitions refer to."""
    rows = conn.execute(
        """
        SELECT p.uuid AS id, v.name, p.qualname, r.name AS project, p.path, p.line, m.fan_in, m.files
        FROM (SELECT m.pattern_id, m.fan_in, m.files FROM metrics m JOIN patterns p ON p.id = m.pattern_id
              WHERE m.fan_in > 0 AND p.gone IS NULL AND p.lead_id IS NULL
              ORDER BY m.fan_in DESC, m.files DESC, p.uuid LIMIT :limit) AS m
        JOIN patterns p ON p.id = m.pattern_id JOIN versions v ON v.id = p.version_id
        JOIN projects r ON r.id = p.project_id ORDER BY m.fan_in DESC, m.files DESC, p.uuid
        """,
        {"limit": limit},
    )
    return [Referenced(**dict(row)) for row in rows]


def tried(conn: sqlite3.Connection) -> list[Tried]:
    """Every pattern with an outcome; ratings of 4 and 5 are successes, of 1 and 2 failures."""
    rows = conn.execute(
        """
        SELECT COALESCE(p.lead_id, p.id) AS id, SUM(o.good) AS good, SUM(o.bad) AS bad FROM (
            SELECT pattern_id, CASE WHEN rating >= 4 THEN 1.0 ELSE 0.0 END AS good,
                   CASE WHEN rating <= 2 THEN 1.0 ELSE 0.0 END AS bad FROM ratings
            UNION ALL
            SELECT pattern_id, weight * success, weight * (1 - success)
            FROM outcomes WHERE success IS NOT NULL
        ) AS o JOIN patterns p ON p.id = o.pattern_id
        GROUP BY COALESCE(p.lead_id, p.id) HAVING SUM(o.good) + SUM(o.bad) > 0
        """
    )
    return [Tried(*row) for row in rows]
