"""``show`` and ``history``: one pattern, now and before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output, pattern_facts, shapes
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, PatternId
from tui_patterns.models import RELATION_WORDS

if TYPE_CHECKING:
    from tui_patterns.api import PatternLibrary
    from tui_patterns.models import Related

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
    output.facts(
        [
            *pattern_facts.facts(pattern, sites),
            *pattern_facts.usage(pattern, used),
            ("coupling", pattern_facts.coupling(metrics)),
        ]
    )
    _print_related(related)
    _print_company(library, pattern.id)
    for known in pattern_guards(library, pattern.id):
        words = f"not where {known.guard.words}: it {known.guard.counts}"
        output.hanging(output.styled("stays out of prompts ", "yellow"), words, indent=21)
    if pattern.facets:
        output.line()
        output.facts(pattern_facts.facets(pattern, beliefs))
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
            output.when(each.created),
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
