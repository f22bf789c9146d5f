"""``retired``, ``retire``, ``restore-pattern`` and ``rebuild-evidence``: what the evidence leads to."""

from __future__ import annotations

from typing import Annotated

import typer

from tui_patterns.cli import loop_shapes, output, shapes
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, PatternId
from tui_patterns.models import Pattern


def retired(ctx: typer.Context, json: Json = False) -> None:
    """Patterns that are kept, but go into no prompt any more, the last retired first.

    A pattern retires by itself once five outcomes or more put even the upper end of its
    success rate's interval below injection.min_success_rate.

    \b
    Example:
      patterns-tui retired
    """
    found = invocation(ctx).library().retired()
    if json:
        output.data([loop_shapes.retired(each) for each in found])
        return
    output.columns(
        [
            (each.pattern.id[:8], output.when(each.at), each.source, each.reason or "", each.pattern.name)
            for each in found
        ]
    )
    if not found:
        output.line("No pattern is retired.")


def retire(
    ctx: typer.Context,
    pattern_id: PatternId,
    why: Annotated[str | None, typer.Option(metavar="TEXT", help="Why, in your words.")] = None,
    json: Json = False,
) -> None:
    """Keep a pattern, but put it into no prompt any more; it ranks last in a search.

    \b
    Example:
      patterns-tui retire 3f9a2c1d --why "the client is gone"
    """
    _print(invocation(ctx).library().retire(pattern_id, why), json)


def restore_pattern(ctx: typer.Context, pattern_id: PatternId, json: Json = False) -> None:
    """Take a retired pattern back; only new outcomes can retire it again.

    \b
    Example:
      patterns-tui restore-pattern 3f9a2c1d
    """
    _print(invocation(ctx).library().restore_pattern(pattern_id), json)


def _print(pattern: Pattern, json: bool) -> None:
    from tui_patterns.api import describe

    if json:
        shape = {"id": pattern.id, "retired": pattern.retired}
        output.data({**shape, "confidence": shapes.confidence(pattern.confidence)})
        return
    state = "in use" if pattern.retired is None else "retired"
    output.line(f"{pattern.id[:8]}  {state}  {output.safe(pattern.name)}")
    output.line(f"          success rate: {describe(pattern.confidence)}")


def rebuild_evidence(ctx: typer.Context, json: Json = False) -> None:
    """Work out ratings, outcomes and every count anew from the ledger's events, and say what changed.

    Nothing changes when all is well.
    """
    changed = invocation(ctx).library().rebuild_evidence()
    if json:
        output.data({"changed": changed})
        return
    for table, counts in changed.items():
        output.line(f"{table}: {', '.join(f'{count} {what}' for what, count in counts.items())}")
    if not changed:
        output.line("Nothing changed: all evidence is what its events say.")
