"""``guards``: where a pattern fails again and again, so that it is left out there."""

from __future__ import annotations

import typer

from tui_patterns.cli import output, shapes
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json


def guards(ctx: typer.Context, json: Json = False) -> None:
    """Where patterns fail again and again: there they go into no prompt, which says what to avoid.

    A guard is accepted when at least three failures of a pattern match it, and at most 5 % of
    the code that is known to pass its tests. It goes when the evidence says otherwise.
    `antipatterns`, `show` and the app's anti-patterns say so too, where the pattern stands.
    """
    from tui_patterns.api import pattern_guards

    found = pattern_guards(invocation(ctx).library())
    if json:
        output.data([shapes.guard(one) for one in found])
        return
    for one in found:
        output.line(f"{output.styled(one.id[:8], 'cyan')}  {output.safe(one.name)}")
        output.wrapped(f"not where {one.guard.words}: it {one.guard.counts}", indent="    ")
    if not found:
        output.line("No pattern fails so often in one context that a guard is known.")
