"""The shapes of ``--json``: a contract, whose keys are added to and never renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui_patterns.api import FileHit, PatternGuard
    from tui_patterns.models import (
        Change,
        Chosen,
        Combination,
        Conflict,
        Enhanced,
        Finding,
        Graph,
        Hit,
        IndexReport,
        InjectedPattern,
        Injection,
        Interval,
        Label,
        Learned,
        Metrics,
        Pattern,
        Related,
        Retired,
        SearchResult,
        Site,
        Usage,
    )


def confidence(interval: Interval) -> dict[str, float]:
    """``{"mean", "low", "high", "n"}``; ``n`` 0 means not yet tried."""
    return {"mean": interval.mean, "low": interval.low, "high": interval.high, "n": interval.n}


def labels(found: Sequence[Label]) -> list[dict[str, Any]]:
    """``[{"label", "confidence", "evidence": [line, …], "why"}]``."""
    return [
        {
            "label": each.label,
            "confidence": each.confidence,
            "evidence": list(each.evidence),
            "why": each.why,
        }
        for each in found
    ]


def hit(found: Hit) -> dict[str, Any]:
    """One result of ``search --json``; ``quality`` is the overall score, null where unknown."""
    pattern = found.pattern
    return {
        "id": pattern.id,
        "score": found.score,
        "relevance": found.relevance,
        "why": found.why,
        "name": pattern.name,
        "qualname": pattern.qualname,
        "path": pattern.path,
        "line": pattern.line,
        "end_line": pattern.end_line,
        "project": pattern.project,
        "labels": labels(pattern.labels),
        "quality": pattern.quality.overall,
        "confidence": confidence(pattern.confidence),
        "pattern_type": pattern.pattern_type,
        "form": pattern.form,
        "category": pattern.category,
        "subcategory": pattern.subcategory,
        "component_type": pattern.component_type,
        "tags": list(pattern.tags),
        "complexity": pattern.complexity,
        "complexity_range": pattern.complexity_range,
        "retired": pattern.retired,
    }


def search(result: SearchResult) -> dict[str, Any]:
    """``search --json``."""
    return {
        "query": result.query,
        "mode": result.mode,
        "index": result.index,
        "results": [hit(each) for each in result.hits],
    }


def file_hit(found: FileHit) -> dict[str, Any]:
    """One element of ``search --files --json``; ``score`` orders, and is no calibrated relevance."""
    return {
        "root": found.root,
        "path": found.path,
        "score": found.score,
        "patterns": [hit(each) for each in found.hits],
    }


def pattern(
    found: Pattern,
    sites: Sequence[Site],
    related: Sequence[Related],
    metrics: Metrics | None,
    facets: Mapping[str, Interval],
) -> dict[str, Any]:
    """``show --json``: everything that is known of a pattern; ``metrics`` is null where not known.

    *facets* is what is believed of each.
    """
    from tui_patterns.api import quality_tier

    shape = asdict(found)
    shape["labels"] = labels(found.labels)
    shape["complexity_range"] = found.complexity_range
    shape["confidence"] = confidence(found.confidence)
    shape["tests"] = {
        **asdict(found.tests),
        "failing": list(found.tests.failing),
        "broken": found.tests.broken,
    }
    shape["quality"]["tier"] = quality_tier(found.quality.overall)
    shape["facet_confidence"] = {name: confidence(each) for name, each in facets.items()}
    shape["sites"] = [asdict(site) for site in sites]
    shape["relations"] = [asdict(each) for each in related]
    shape["metrics"] = asdict(metrics) if metrics is not None else None
    return shape


def usage(found: Pattern, used: Usage) -> dict[str, Any]:
    """Further keys of ``show --json``: who used it, and in how many projects it worked."""
    shape = {**asdict(used), "trend": used.trend, "adoption": confidence(used.adoption)}
    return {"usage": shape, "general": found.general}


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


def graph(found: Graph) -> dict[str, Any]:
    """``graph --format json``: ``{"nodes": […], "edges": […]}``, edges by pattern id."""
    return {
        "nodes": [asdict(node) for node in found.nodes],
        "edges": [asdict(edge) for edge in found.edges],
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


def finding(found: Finding) -> dict[str, Any]:
    """One line of ``antipatterns --json``."""
    return {
        "path": found.path,
        "line": found.line,
        "end_line": found.end_line,
        "qualname": found.qualname,
        "label": found.label,
        "rule": found.rule,
        "severity": found.severity,
        "message": found.message,
        "instead": {"text": found.instead, "pattern_id": found.pattern_id},
        "why": found.why,
        "pattern_name": found.pattern_name,
        "id": found.id,
        "dismissed": found.dismissed,
    }


def pattern_findings(found: Sequence[Finding] | None) -> dict[str, Any]:
    """Of ``show --json``: anti-patterns within the pattern; null where its file was not examined."""
    return {"antipatterns": None if found is None else [finding(each) for each in found]}


def guard(found: PatternGuard) -> dict[str, Any]:
    """One element of ``guards --json``, and of ``guards`` in ``show --json``."""
    return {
        "id": found.id,
        "name": found.name,
        "condition": list(found.guard.condition),
        "failures": found.guard.failures,
        "successes": found.guard.successes,
        "passing": found.guard.passing,
        "population": found.guard.population,
    }


def learned(found: Learned) -> dict[str, Any]:
    """One element of ``learned`` in ``watch --once --json``: a use, or how one went."""
    return {**asdict(found), "confidence": confidence(found.confidence)}


def company(together: Sequence[Combination], against: Sequence[tuple[Conflict, Pattern]]) -> dict[str, Any]:
    """Of ``show --json``: what often comes together with the pattern, and what does not go with it."""
    return {
        "often_together_with": [asdict(each) for each in together],
        "conflicts": [
            {"id": other.id, "name": other.name, "kind": each.kind, "message": each.words}
            for each, other in against
        ],
    }


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
