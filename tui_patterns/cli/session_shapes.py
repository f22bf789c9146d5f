"""The shapes of ``sessions … --json``: a contract, whose keys are added to and never renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui_patterns.api import SessionSummary
    from tui_patterns.sessions.analysed import Analysis
    from tui_patterns.sessions.statistics import Difference


def summary(found: SessionSummary) -> dict[str, Any]:
    """One element of ``sessions import --json`` and ``sessions list --json``."""
    return asdict(found)


def analysis(found: Analysis, written: Path | None) -> dict[str, Any]:
    """``sessions analyze ID --json``: shares in 0..1, seconds, USD; null is *not known*."""
    from tui_patterns.api.sessions import measures

    return {
        "id": found.id,
        "agent": found.agent,
        "model": found.model,
        "project": found.project,
        "title": found.title,
        "started": found.started,
        "ended": found.ended,
        "messages": found.calls,
        "tokens": {
            "input": found.tokens.input,
            "output": found.tokens.output,
            "cache_creation": found.tokens.cache_creation,
            "cache_read": found.tokens.cache_read,
            "total": found.tokens.total,
            "per_task": found.per_task(found.tokens.total),
        },
        "reported": found.tokens.reported,
        "cost_usd": found.cost.usd,
        "cost": {**asdict(found.cost), "per_task": found.per_task(found.cost.usd), "estimate": True},
        "completion": asdict(found.completion),
        "context": asdict(found.context),
        "compactions": found.context.compactions,
        "tests": asdict(found.tests),
        "time": {"active": found.active_s, "avg_per_task": found.per_task(found.active_s)},
        "tasks": found.tasks,
        "per": found.per,
        "attempts_per_task": found.attempts_per_task,
        "first_attempt": {"succeeded": found.first_attempt[0], "n": found.first_attempt[1]},
        "errors": {"failed": found.errors[0], "n": found.errors[1]},
        "patterns": {"top": [asdict(one) for one in found.patterns]},
        "figures": {one.key: one.of_session(found) for one in measures.MEASURES},
        "files": list(found.files),
        "report": None if written is None else str(written),
    }


def trend(found: Sequence[Analysis], differences: Mapping[str, Difference]) -> dict[str, Any]:
    """``sessions analyze --recent N --json``, oldest first."""
    return {
        "sessions": [analysis(one, None) for one in found],
        "trend": {key: _difference(one, "earlier", "later") for key, one in differences.items()},
    }


def comparison(a: Analysis, b: Analysis, differences: Mapping[str, Difference]) -> dict[str, Any]:
    """``sessions analyze --compare A B --json``; ``low`` and ``high`` are null without enough data."""
    return {
        "a": analysis(a, None),
        "b": analysis(b, None),
        "differences": {key: _difference(one, "a", "b") for key, one in differences.items()},
    }


def _difference(one: Difference, first: str, second: str) -> dict[str, Any]:
    return {
        first: one.a,
        second: one.b,
        "delta": one.delta,
        "low": one.low,
        "high": one.high,
        f"n_{first}": one.n_a,
        f"n_{second}": one.n_b,
    }
