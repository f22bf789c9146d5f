"""Figures of the loop: did what was put into prompts get used, did it work, were the choices right."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

from tui_patterns.learning.decisions import record_from
from tui_patterns.learning.figures import Asked, Figure, change, history, mean, rate, trend
from tui_patterns.learning.lift import LEAST, lift
from tui_patterns.learning.voters import Record
from tui_patterns.sessions.statistics import rates
from tui_patterns.store import decisions, experiments, metrics

_UNSETTLED = {"open": "open", "unknown": "unknown", "censored": "cut short"}


def success(conn: sqlite3.Connection, asked: Asked) -> Figure:
    """The rate at which uses worked, and the later half of them against the earlier."""
    found = metrics.used(conn, asked.since)
    good = sum(one.weight for one in found if one.success)
    bad = sum(one.weight for one in found if not one.success)
    middle = len(found) // 2
    halves = [[one.success for one in part] for part in (found[:middle], found[middle:])]
    moved = rates(sum(halves[0]), len(halves[0]), sum(halves[1]), len(halves[1]))
    return Figure(
        "success", "success trend", "share", **rate(good, bad), n=len(found), of="uses with a known outcome",
        note=trend(moved) if found else "no use has a known outcome yet",
        **history(asked, ((one.at, float(one.success)) for one in found), mean),
        more={"weight": good + bad, "change": change(moved)},
    )  # fmt: skip


def decided(conn: sqlite3.Connection, asked: Asked) -> Figure:
    """How often what a decision chose worked, against always taking the first."""
    rows = [
        (at, record)
        for at, data, worked in decisions.latest(conn)
        if at >= asked.since and (record := record_from(data, worked)) is not None
    ]
    known = [(at, record) for at, record in rows if record.success is not None]
    good = sum(bool(record.success) for _, record in known)
    return Figure(
        "decisions", "decision accuracy", "share", **rate(good, len(known) - good), n=len(known),
        of="decisions with a known outcome", note=_against_first([record for _, record in rows]),
        **history(asked, ((at, float(bool(record.success))) for at, record in known), mean),
        more={"made": len(rows), "abstained": sum(record.abstained for _, record in rows)},
    )  # fmt: skip


def _against_first(found: Sequence[Record]) -> str:
    if not found:
        return "no decision yet: only automatic injections are decided"
    told = []
    for departed, words in ((True, "departed"), (False, "kept to the first")):
        of = [bool(one.success) for one in found if one.departed is departed and one.success is not None]
        told.append(f"{words} {sum(of)} of {len(of)}" if of else f"{words}: no result yet")
    return f"{len(found):,} made, {', '.join(told)}"


def reuse(conn: sqlite3.Connection, asked: Asked) -> Figure:
    """Of the patterns that were put into prompts, the rate that was used; what is not known is left out."""
    found = metrics.shown(conn, asked.since, asked.expiry)
    states = Counter(state for _, state in found)
    settled = [(at, float(state == "used")) for at, state in found if state in ("used", "unused")]
    left = [f"{states[state]:,} {words}" for state, words in _UNSETTLED.items() if states[state]]
    return Figure(
        "reuse", "reuse rate", "share", **rate(states["used"], states["unused"]), n=len(settled),
        of="patterns in prompts, used or surely not",
        note=", ".join(left) if left else "" if found else "nothing was put into a prompt yet",
        **history(asked, settled, mean), more={"states": dict(states)},
    )  # fmt: skip


def still_open(conn: sqlite3.Connection, asked: Asked) -> Figure:
    """Injections of which it is not yet known whether a pattern in them is used."""
    found = metrics.injections(conn, asked.since, asked.expiry)
    count = sum(waiting for _, waiting in found)
    return Figure(
        "open", "open injections", "count", count, len(found), "injections",
        note="" if found else "nothing was put into a prompt yet",
        **history(asked, ((at, float(waiting)) for at, waiting in found), sum),
    )  # fmt: skip


def lifted(conn: sqlite3.Connection, asked: Asked) -> Figure:
    """What injecting changes in sessions' last build or test, against sessions that are held out."""
    found = experiments.session_results(conn, asked.since)
    arms = {held: [worked for out, worked in found if out is held] for held in (False, True)}
    result = lift(*((len(arm), sum(arm)) for arm in (arms[False], arms[True])))
    counts = " · ".join(
        f"{sum(arm)} of {len(arm)} {words}"
        for arm, words in ((arms[False], "with patterns"), (arms[True], "held out"))
    )
    if not result.enough:
        counts = f"{LEAST} of each are needed: {counts}"
    return Figure(
        "lift", "lift of injecting", "points", result.difference, len(found), "sessions with a known result",
        result.low, result.high, note=counts, more={"treated": result.treated, "control": result.control},
    )  # fmt: skip
