"""``rate``, ``injections`` and ``outcome``: what people and results say of patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from tui_patterns.cli import loop_shapes, output
from tui_patterns.cli.errors import usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, Limit, PatternId
from tui_patterns.cli.session import terminal_session
from tui_patterns.models import Injection

if TYPE_CHECKING:
    from tui_patterns.api import PatternLibrary


def rate(
    ctx: typer.Context,
    pattern_id: PatternId,
    rating: Annotated[str, typer.Argument(metavar="1..5", help="1: misled me; 5: worked as it was.")],
    session: Annotated[
        str | None, typer.Option(metavar="S", help="The session that the rating belongs to.")
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Why, in your words.")] = None,
    json: Json = False,
) -> None:
    """Rate a pattern; 4 and 5 count as a success, 1 and 2 as a failure.

    There is one rating for a pattern in a session: rating again replaces it. Without
    --session, the session is this terminal on this day (as in cli-2026-01-31-pts-3),
    so that a second thought corrects the first one and does not add to it.

    \b
    Example:
      patterns-tui rate 3f9a2c1d 5 --note "worked at once"
    """
    stars = _stars(rating)
    here = session or terminal_session()
    pattern = invocation(ctx).library().rate(pattern_id, stars, here, note=note)
    if json:
        output.data(loop_shapes.rated(pattern, here, stars))
        return
    from tui_patterns.api import describe

    output.line(f"{pattern.id[:8]}  {stars} of 5  {output.safe(pattern.name)}")
    output.line(f"          success rate: {describe(pattern.confidence)}")


def _stars(rating: str) -> int:
    if rating not in {"1", "2", "3", "4", "5"}:
        raise usage(f'a rating is a whole number from 1 to 5, not "{rating}"')
    return int(rating)


def injections(
    ctx: typer.Context,
    open_only: Annotated[
        bool, typer.Option("--open", help="Only those of which it is not known yet whether they were used.")
    ] = False,
    limit: Limit = 100,
    json: Json = False,
) -> None:
    """Which prompts got which patterns, and what became of them, newest first.

    \b
    Example:
      patterns-tui injections --open
    """
    library = invocation(ctx).library()
    found = library.injections(open_only=open_only, limit=limit or 100)
    if json:
        output.data([_shape(each, library) for each in found])
        return
    for each in found:
        _print_injection(each, library)
    if not found:
        output.line("No injection is open." if open_only else "Nothing was put into a prompt yet.")


def outcome(
    ctx: typer.Context,
    injection: Annotated[str, typer.Argument(metavar="INJECTION", help="The injection's id.")],
    pattern_id: Annotated[str, typer.Argument(metavar="PATTERN", help="The pattern's id.")],
    result: Annotated[
        str,
        typer.Argument(metavar="success|failure|undo", help="Whether it worked; undo: your last word goes."),
    ],
    error: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Of a failure, the error: its signature is kept.")
    ] = None,
    json: Json = False,
) -> None:
    """Say whether a pattern worked that was put into a prompt, or take back what you said last.

    \b
    Example:
      patterns-tui outcome 8c1d7a52-5a0e-4bb1-9a51-2f7f0d6b9c11 3f9a2c1d success
    """
    if result not in {"success", "failure", "undo"}:
        raise usage(f'an outcome is "success" or "failure", or "undo", not "{result}"')
    library = invocation(ctx).library()
    if result == "undo":
        _undo(library, injection, pattern_id, json=json)
        return
    said = {"error": error} if error is not None else {}
    done = library.outcome(injection, pattern_id, result == "success", **said)
    if json:
        output.data(_shape(done, library))
    else:
        _print_injection(done, library)


def _undo(library: PatternLibrary, injection: str, pattern_id: str, *, json: bool) -> None:
    from tui_patterns.api import undo_outcome

    done = undo_outcome(library, injection, pattern_id)
    output.data(_shape(done, library)) if json else _print_injection(done, library)


def _shape(found: Injection, library: PatternLibrary) -> dict[str, Any]:
    from tui_patterns.api import outcomes_of

    said, shape = outcomes_of(library, found.id), loop_shapes.injection(found)
    for each in shape["patterns"]:
        each["outcomes"] = said.get(each["id"], [])
    return shape


def _print_injection(found: Injection, library: PatternLibrary) -> None:
    from tui_patterns.api import describe

    what = "held out: nothing was put in" if found.arm == "control" else f"{found.tokens} tokens"
    output.line(f"{output.styled(found.id, 'bold')}  {output.when(found.created)}  {what}")
    output.wrapped(f"session {found.session}", indent="  ")
    if found.task:
        output.wrapped(found.task, indent="  ")
    rows = [
        (f"{each.rank}.", each.id[:8], each.outcome or each.state, describe(each.confidence), each.name)
        for each in found.patterns
    ]
    output.columns(rows, indent="  ")
    _print_outcomes(found, library)


def _print_outcomes(found: Injection, library: PatternLibrary) -> None:
    from tui_patterns.api import outcome_words, outcomes_of

    said = outcomes_of(library, found.id)
    for each in found.patterns:
        for one in said.get(each.id, ()):
            output.wrapped(f"{each.rank}. {outcome_words(one)}", indent="     ")
