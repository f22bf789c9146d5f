"""The shapes of ``--json`` for patterns and findings: a contract; keys are added, never renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui_patterns.api import FileHit, PatternGuard
    from tui_patterns.models import (
        Combination,
        Conflict,
        Finding,
        Graph,
        Hit,
        Interval,
        Label,
        Metrics,
        Pattern,
        Related,
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


def graph(found: Graph) -> dict[str, Any]:
    """``graph --format json``: ``{"nodes": […], "edges": […]}``, edges by pattern id."""
    return {
        "nodes": [asdict(node) for node in found.nodes],
        "edges": [asdict(edge) for edge in found.edges],
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


def company(together: Sequence[Combination], against: Sequence[tuple[Conflict, Pattern]]) -> dict[str, Any]:
    """Of ``show --json``: what often comes together with the pattern, and what does not go with it."""
    return {
        "often_together_with": [asdict(each) for each in together],
        "conflicts": [
            {"id": other.id, "name": other.name, "kind": each.kind, "message": each.words}
            for each, other in against
        ],
    }
