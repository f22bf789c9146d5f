"""What is known of one pattern, as names and values for a person."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from tui_patterns.cli import output

if TYPE_CHECKING:
    from tui_patterns.models import (
        Interval,
        Metrics,
        Pattern,
        Quality,
        RatingSummary,
        Site,
        TestRecord,
        Usage,
    )


def facts(pattern: Pattern, sites: list[Site]) -> list[tuple[str, object]]:
    """What is known of a pattern: names and values, empty where nothing is."""
    from tui_patterns.api import describe

    word = "async " if pattern.facets.get("structural", {}).get("async") else ""
    kind = f"{word}{pattern.kind} {pattern.qualname}"
    return [
        ("id", f"{pattern.id}{_state(pattern)}"),
        ("what", ", ".join(filter(None, (kind, pattern.pattern_type.replace("_", " "), pattern.form)))),
        ("category", " / ".join(filter(None, (pattern.category, pattern.subcategory)))),
        ("component", pattern.component_type),
        *(("where", f"{site.project}: {site.path}:{site.line}-{site.end_line}") for site in sites),
        ("labels", ", ".join(f"{each.label} {each.confidence:.0%}" for each in pattern.labels)),
        ("tags", ", ".join(pattern.tags)),
        ("uses", ", ".join(pattern.dependencies)),
        ("framework", pattern.framework),
        ("complexity", _complexity(pattern)),
        ("quality", _quality(pattern.quality)),
        ("tests", _tests(pattern.tests)),
        ("success rate", describe(pattern.confidence)),
        ("ratings", _ratings(pattern.ratings)),
        ("changed", output.when(pattern.updated)),
    ]


def usage(pattern: Pattern, used: Usage) -> list[tuple[str, object]]:
    """Who used it, when, and where it worked."""
    from tui_patterns.api import describe

    scope = f"worked in {', '.join(used.worked_in[:3])}" if used.worked_in else None
    if pattern.general:
        scope = f"general: it worked in {len(used.worked_in)} projects"
    facts = [
        ("used", uses_in_words(used)),
        ("last used", None if used.last is None else output.when(used.last)),
        ("adoption", describe(used.adoption) if used.adoption.n else None),
        ("scope", scope),
    ]
    return [(name, said) for name, said in facts if said]


def uses_in_words(used: Usage) -> str:
    """``3 times, by person 2, claude-code 1; rising (2 in 30 days, 1 in the 30 before)``."""
    if not used.uses:
        return "never yet"
    by = ", ".join(f"{output.safe(name)} {count}" for name, count in used.by.items())
    trend = f"; {used.trend} ({used.recent} in 30 days, {used.before} in the 30 before)" if used.trend else ""
    return f"{used.uses} time{'s' if used.uses != 1 else ''}, by {by}{trend}"


def facets(pattern: Pattern, beliefs: dict[str, Interval]) -> list[tuple[str, object]]:
    """What the pattern is made of, and how far each part can be relied on."""
    from tui_patterns.api import describe_facet, facet_words

    return [
        (words.title, f"{words.summary} ({describe_facet(beliefs[words.name])})")
        for words in facet_words(pattern.facets, pattern.line)
    ]


def _complexity(pattern: Pattern) -> str:
    named = (pattern.complexity_range or "").replace("_", " ")
    return "" if pattern.complexity is None else f"{pattern.complexity} ({named})"


def coupling(metrics: Metrics | None) -> str:
    """How it hangs together with the rest of its project."""
    if metrics is None:
        return "unknown"
    cohesion = "" if metrics.lcom4 is None else f", LCOM4 {metrics.lcom4}"
    files = "1 file refers" if metrics.files == 1 else f"{metrics.files} files refer"
    return f"fan-in {metrics.fan_in}, fan-out {metrics.fan_out}, {files} to it{cohesion}"


def _state(pattern: Pattern) -> str:
    if pattern.withheld:
        return f"  (not shown: {pattern.withheld.replace('_', ' ')})"
    if pattern.retired is not None:
        return "  (retired: goes into no prompt)"
    return "  (gone from disk)" if pattern.gone else ""


def _quality(quality: Quality) -> str:
    from tui_patterns.api import quality_tier

    parts = {name: value for name, value in asdict(quality).items() if name != "overall"}
    detail = ", ".join(
        f"{name} {'unknown' if value is None else f'{value:.2f}'}" for name, value in parts.items()
    )
    tier = quality_tier(quality.overall)
    figure = "unknown" if quality.overall is None else f"{quality.overall:.2f}, {tier}"
    return f"{figure} ({detail})"


def _tests(tests: TestRecord) -> str | None:
    if tests.passed is None:
        return None
    counts = f"{tests.passed} passed, {tests.failed} failed, {tests.unknown} unknown"
    broken = f"; broken, still failing: {', '.join(tests.failing[:3])}" if tests.broken else ""
    return f"{counts}, of those that cover it{broken}"


def _ratings(ratings: RatingSummary) -> str:
    if not ratings.usage_count or ratings.average is None:
        return "none yet"
    return (
        f"{ratings.average:.1f} on average, {ratings.usage_count} given, {ratings.success_count} of 4 or more"
    )
