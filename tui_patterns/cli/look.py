"""``show`` and ``history``: one pattern, now and before."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from tui_patterns.cli import output, shapes
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, PatternId

if TYPE_CHECKING:
    from tui_patterns.models import Interval, Pattern, Quality, RatingSummary, Site, TestRecord


def show(ctx: typer.Context, pattern_id: PatternId, json: Json = False) -> None:
    """One pattern: what is known of it, where it stands, its facets, and its code.

    \b
    Example:
      patterns-tui show 3f9a2c1d
    """
    library = invocation(ctx).library()
    pattern = library.pattern(pattern_id)
    sites = library.sites(pattern.id)
    if json:
        output.data(shapes.pattern(pattern, sites, library.facet_confidence(pattern.id)))
        return
    output.line(output.styled(output.safe(pattern.name), "bold"))
    output.facts(_facts(pattern, sites))
    if pattern.facets:
        output.line()
        output.facts(_facets(pattern, library.facet_confidence(pattern.id)))
    output.line()
    output.block(pattern.code, pattern.language)


def history(ctx: typer.Context, pattern_id: PatternId, json: Json = False) -> None:
    """The versions of a pattern, newest first; ``*`` marks the one in use.

    \b
    Example:
      patterns-tui history 3f9a2c1d --json | jq -r '.[1].code'
    """
    library = invocation(ctx).library()
    versions = library.history(library.pattern(pattern_id).id)
    if json:
        output.data([asdict(each) for each in versions])
        return
    rows = [
        (
            f"{'*' if each.current else ' '} v{len(versions) - newer}",
            when(each.created),
            f"{each.code.count(chr(10)) + 1} lines",
            "" if each.complexity is None else f"complexity {each.complexity}",
            each.name,
        )
        for newer, each in enumerate(versions)
    ]
    output.columns(rows)


def when(seconds: float) -> str:
    """A Unix time as local date and minute."""
    return datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M")


def _facts(pattern: Pattern, sites: list[Site]) -> list[tuple[str, object]]:
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
        ("changed", when(pattern.updated)),
    ]


def _facets(pattern: Pattern, beliefs: dict[str, Interval]) -> list[tuple[str, object]]:
    """What the pattern is made of, and how far each part can be relied on."""
    from tui_patterns.api import describe_facet, facet_words

    return [
        (words.title, f"{words.summary} ({describe_facet(beliefs[words.name])})")
        for words in facet_words(pattern.facets, pattern.line)
    ]


def _complexity(pattern: Pattern) -> str:
    named = (pattern.complexity_range or "").replace("_", " ")
    return "" if pattern.complexity is None else f"{pattern.complexity} ({named})"


def _state(pattern: Pattern) -> str:
    if pattern.withheld:
        return f"  (not shown: {pattern.withheld.replace('_', ' ')})"
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
