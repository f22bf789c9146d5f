"""Which patterns are used most, and by whom; a use is what ``usage.py`` calls one."""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from tui_patterns.learning.usage import speaker
from tui_patterns.models import Used
from tui_patterns.store import usage
from tui_patterns.store.usage import MOST, Part


def most_used(conn: sqlite3.Connection, seen: Sequence[Part], limit: int = MOST) -> list[Used]:
    """The patterns with the most uses, then injections, also those no longer in the code."""
    of: defaultdict[int, list[Part]] = defaultdict(list)
    for part in seen:
        of[part.pattern].append(part)
    uses = {id: _uses(mine) for id, mine in of.items()}
    best = sorted(of, key=lambda id: (-len(uses[id]), -len(of[id]), id))[:limit]
    named = usage.named(conn, best)
    return [_used(named[id], uses[id], of[id]) for id in best if id in named]


def _uses(mine: Iterable[Part]) -> list[Part]:
    """Injections in which it was used, and the rated sessions that have none of them."""
    used = [one for one in mine if one.used]
    sessions = {one.session for one in used}
    return [*used, *(one for one in mine if one.rated and one.session not in sessions)]


def _used(named: tuple[str, str, str], uses: Sequence[Part], mine: Sequence[Part]) -> Used:
    id, name, project = named
    rated = sum(one.rated for one in mine)
    return Used(
        id=id,
        name=name,
        project=project,
        uses=len(uses),
        ratings=rated,
        injected=len(mine) - rated,
        used=sum(one.used for one in mine),
        by=_most(speaker(one.agent, one.source) for one in uses),
    )


def sessions_by(seen: Iterable[Part]) -> dict[str, int]:
    """Sessions that rated a pattern or got one in a prompt, by whose they are, most first."""
    sessions = {one.session: (one.agent, one.source) for one in seen}
    return _most(speaker(*who) for who in sessions.values())


def _most(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda share: (-share[1], share[0])))
