"""The shapes of ``--json`` for what is indexed, injected and learned: keys are added, never renamed."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from tui_patterns.cli.shapes import confidence

if TYPE_CHECKING:
    from tui_patterns.models import (
        Change,
        Chosen,
        Enhanced,
        IndexReport,
        InjectedPattern,
        Injection,
        Learned,
        Pattern,
        Retired,
    )


def retired(found: Retired) -> dict[str, Any]:
    """One element of ``retired --json``; ``source`` is ``rule`` or ``person``."""
    return {
        "id": found.pattern.id,
        "name": found.pattern.name,
        "at": found.at,
        "source": found.source,
        "reason": found.reason,
        "confidence": confidence(found.pattern.confidence),
    }


def rated(found: Pattern, session: str, rating: int) -> dict[str, Any]:
    """``rate --json``."""
    return {
        "id": found.id,
        "version": found.version,
        "session": session,
        "rating": rating,
        "ratings": asdict(found.ratings),
        "confidence": confidence(found.confidence),
    }


def learned(found: Learned) -> dict[str, Any]:
    """One element of ``learned`` in ``watch --once --json``: a use, or how one went."""
    return {**asdict(found), "confidence": confidence(found.confidence)}


def report(done: IndexReport) -> dict[str, Any]:
    """``index --json``."""
    return {**asdict(done), "failed": list(done.failed), "unsupported": list(done.unsupported)}


def enhanced(done: Enhanced, session: str) -> dict[str, Any]:
    """``enhance --json``; ``injection_id`` is null where the prompt came back unchanged."""
    return {
        "injection_id": done.injection_id,
        "session": session,
        "prompt": done.prompt,
        "tokens": done.tokens,
        "budget": done.budget,
        "patterns": [_chosen(each) for each in done.chosen],
        "reason": done.reason,
        "warnings": list(done.warnings),
        "left_out": [asdict(each) for each in getattr(done, "left_out", ())],
        "avoid": list(getattr(done, "avoid", ())),
    }


def _chosen(each: Chosen) -> dict[str, Any]:
    return {
        "id": each.hit.pattern.id,
        "version": each.hit.pattern.version,
        "rank": each.rank,
        "score": each.hit.score,
        "propensity": each.propensity,
        "tokens": each.tokens,
        "why": each.hit.why,
    }


def injection(found: Injection) -> dict[str, Any]:
    """One element of ``injections --json``, and ``outcome --json``."""
    return {
        "id": found.id,
        "session": found.session,
        "created": found.created,
        "task": found.task,
        "arm": found.arm,
        "tokens": found.tokens,
        "patterns": [_injected(each) for each in found.patterns],
    }


def _injected(each: InjectedPattern) -> dict[str, Any]:
    return {
        "id": each.id,
        "version": each.version,
        "name": each.name,
        "rank": each.rank,
        "state": each.state,
        "outcome": each.outcome,
        "similarity": each.similarity,
        "evidence": list(each.evidence),
        "confidence": confidence(each.confidence),
    }


def change(seen: Change) -> dict[str, Any]:
    """One line of ``watch --json``: pattern ids by what became of them."""
    return {
        "project": seen.project,
        "files": list(seen.files),
        "new": list(seen.new),
        "updated": list(seen.updated),
        "removed": list(seen.removed),
        "failed": [{"path": path, "reason": reason} for path, reason in seen.failed],
    }
