"""``show`` and ``history``: one pattern, now and before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output, shapes
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, PatternId
from tui_patterns.models import RELATION_WORDS

if TYPE_CHECKING:
    from tui_patterns.api import PatternLibrary
    from tui_patterns.models import (
        Interval,
        Metrics,
        Pattern,
        Quality,
        RatingSummary,
        Related,
        Site,
        TestRecord,
        Usage,
    )

MOST_RELATED = 8


def show(ctx: typer.Context, pattern_id: PatternId, json: Json = False) -> None:
    """One pattern: what is known of it, where it stands, its facets, and its code.

    \b
    Example:
      patterns-tui show 3f9a2c1d
    """
    library = invocation(ctx).library()
    pattern = library.pattern(pattern_id)
    sites, findings = library.sites(pattern.id), library.findings_in(pattern.id)
    related, metrics = library.relations(pattern.id), library.metrics(pattern.id)
    beliefs, used = library.facet_confidence(pattern.id), library.usage(pattern.id)
    from tui_patterns.api import pattern_guards

    if json:
        shape = shapes.pattern(pattern, sites, related, metrics, beliefs) | shapes.pattern_findings(findings)
        shape |= shapes.usage(pattern, used)
        shape |= {"guards": [shapes.guard(each) for each in pattern_guards(library, pattern.id)]}
        output.data(shape | shapes.company(library.combinations(pattern.id), library.conflicts(pattern.id)))
        return
    output.line(output.styled(output.safe(pattern.name), "bold"))
    output.facts([*_facts(pattern, sites), *_usage(pattern, used), ("coupling", _coupling(metrics))])
    _print_related(related)
    _print_company(library, pattern.id)
    for known in pattern_guards(library, pattern.id):
        words = f"not where {known.guard.words}: it {known.guard.counts}"
        output.hanging(output.styled("stays out of prompts ", "yellow"), words, indent=21)
    if pattern.facets:
        output.line()
        output.facts(_facets(pattern, beliefs))
    output.line()
    output.block(pattern.code, pattern.language)
    if findings:
        from tui_patterns.cli.antipatterns import print_finding

        output.line()
        for each in findings:
            print_finding(each)


def _print_company(library: PatternLibrary, id: str) -> None:
    for each in library.combinations(id):
        what = f"{each.name} ({each.id[:8]})" if each.id else f"{each.name} (label)"
        places = {"file": "files", "class": "classes", "prompt": "prompts"}[each.where]
        company = f"{what}: in {each.support} {places}, {each.lift:.1f} times chance"
        output.hanging(output.styled("often together with  ", "dim"), company, indent=21)
    for conflict, other in library.conflicts(id):
        warning = f"{conflict.words} ({other.id[:8]})"
        output.hanging(output.styled("does not go with     ", "yellow"), warning, indent=21)


def history(
    ctx: typer.Context,
    pattern_id: PatternId,
    diff: Annotated[
        bool, typer.Option("--diff", help="What each version changed in the one before it.")
    ] = False,
    json: Json = False,
) -> None:
    """The versions of a pattern, newest first; ``*`` marks the one in use.

    \b
    Examples:
      patterns-tui history 3f9a2c1d --diff
      patterns-tui history 3f9a2c1d --json | jq -r '.[1].code'
    """
    library = invocation(ctx).library()
    versions = library.history(library.pattern(pattern_id).id)
    from tui_patterns.api import diffs

    changes = diffs(versions) if diff else []
    if json:
        shapes_ = [asdict(each) for each in versions]
        output.data([one | {"diff": changes[at]} for at, one in enumerate(shapes_)] if diff else shapes_)
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
    if not diff:
        output.columns(rows)
        return
    for row, change in zip(rows, changes, strict=True):
        output.columns([row])
        if change:
            output.block(change, "diff")


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


def _usage(pattern: Pattern, used: Usage) -> list[tuple[str, object]]:
    from tui_patterns.api import describe

    scope = f"worked in {', '.join(used.worked_in[:3])}" if used.worked_in else None
    if pattern.general:
        scope = f"general: it worked in {len(used.worked_in)} projects"
    facts = [
        ("used", uses_in_words(used)),
        ("last used", None if used.last is None else when(used.last)),
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
