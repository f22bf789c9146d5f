"""``show`` and ``history``: one pattern, now and before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING

import typer

from tui_patterns.cli import output, shapes
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, PatternId
from tui_patterns.models import RELATION_WORDS

if TYPE_CHECKING:
    from tui_patterns.models import Metrics, Pattern, Quality, RatingSummary, Related, Site, TestRecord

MOST_RELATED = 8


def show(ctx: typer.Context, pattern_id: PatternId, json: Json = False) -> None:
    """One pattern: what is known of it, where it stands, and its code.

    \b
    Example:
      patterns-tui show 3f9a2c1d
    """
    library = invocation(ctx).library()
    pattern = library.pattern(pattern_id)
    sites = library.sites(pattern.id)
    related, metrics = library.relations(pattern.id), library.metrics(pattern.id)
    if json:
        output.data(shapes.pattern(pattern, sites, related, metrics))
        return
    output.line(output.styled(output.safe(pattern.name), "bold"))
    output.facts([*_facts(pattern, sites), ("coupling", _coupling(metrics))])
    _print_related(related)
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

    kind = f"{'async ' if pattern.facets.get('async') else ''}{pattern.kind} {pattern.qualname}"
    return [
        ("id", f"{pattern.id}{_state(pattern)}"),
        ("what", f"{kind}, {pattern.pattern_type.replace('_', ' ')}"),
        *(("where", f"{site.project}: {site.path}:{site.line}-{site.end_line}") for site in sites),
        ("labels", ", ".join(f"{each.label} {each.confidence:.0%}" for each in pattern.labels)),
        ("tags", ", ".join(pattern.tags)),
        ("uses", ", ".join(pattern.dependencies)),
        ("framework", pattern.framework),
        ("complexity", pattern.complexity),
        ("quality", _quality(pattern.quality)),
        ("tests", _tests(pattern.tests)),
        ("success rate", describe(pattern.confidence)),
        ("ratings", _ratings(pattern.ratings)),
        ("changed", when(pattern.updated)),
    ]


def _coupling(metrics: Metrics | None) -> str:
    if metrics is None:
        return "unknown"
    cohesion = "" if metrics.lcom4 is None else f", LCOM4 {metrics.lcom4}"
    files = "1 file refers" if metrics.files == 1 else f"{metrics.files} files refer"
    return f"fan-in {metrics.fan_in}, fan-out {metrics.fan_out}, {files} to it{cohesion}"


def _print_related(related: Sequence[Related]) -> None:
    """Relations by kind and direction, a few of each; ``--json`` and ``graph`` have all."""
    groups: dict[str, list[Related]] = {}
    for each in related:
        groups.setdefault(RELATION_WORDS[each.kind, each.outgoing], []).append(each)
    for words, members in groups.items():
        output.line(output.styled(f"{words} ({len(members)})", "dim"))
        output.columns([_row(each) for each in members[:MOST_RELATED]], indent="  ")
        if len(members) > MOST_RELATED:
            output.line(f"  and {len(members) - MOST_RELATED} more: --json lists all")


def _row(each: Related) -> tuple[str, ...]:
    sure = f"{each.confidence:.0%}" + ("" if each.resolved else " likely")
    return (each.id[:8], each.qualname, f"{each.path}:{each.line}", sure, each.name)


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
