"""``fix``: what helped against an error before, and what to try next."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tui_patterns.cli import output, shapes
from tui_patterns.cli.errors import usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json
from tui_patterns.cli.session import terminal_session

if TYPE_CHECKING:
    from tui_patterns.api import Advice, FoundFix

MOST_INPUT = 8 << 20
_MATCHES = {
    "signature": "the same error at the same place",
    "message": "the same error elsewhere",
    "words": "alike by its words",
    "meaning": "alike by its meaning",
}


def fix(
    ctx: typer.Context,
    error: Annotated[
        list[str] | None,
        typer.Argument(metavar="ERROR", help="The message or the traceback; - for standard input."),
    ] = None,
    limit: Annotated[int, typer.Option(metavar="N", min=1, max=100, help="Most fixes of one error.")] = 3,
    worked: Annotated[str | None, typer.Option(metavar="ID", help="Say that this fix helped.")] = None,
    failed: Annotated[str | None, typer.Option(metavar="ID", help="Say that this fix did not help.")] = None,
    session: Annotated[
        str | None, typer.Option(metavar="S", help="The session it belongs to; default: as for `rate`.")
    ] = None,
    json: Json = False,
) -> None:
    """What helped against an error before, and what to try next, best first.

    Fixes are changes that turned failing tests green: in the folders that are watched, and in
    agents' sessions. They are found by the error's signature (its type, its message without
    values, its place in the project), else by words and meaning.

    \b
    Examples:
      pytest 2>&1 | patterns-tui fix -
      patterns-tui fix "KeyError: 'count'"
      patterns-tui fix --worked 3f9a2c1d
    """
    here = session or terminal_session()
    if worked is not None or failed is not None:
        _say(ctx, worked, failed, here, json=json)
        return
    from tui_patterns.api import Fixes

    found = Fixes(invocation(ctx).library()).find(_text(error or []), limit, session=here)
    if json:
        output.data({"errors": [shape(one) for one in found]})
        return
    for number, one in enumerate(found):
        if number:
            output.line()
        _print(one)


def _say(ctx: typer.Context, worked: str | None, failed: str | None, session: str, *, json: bool) -> None:
    if worked is not None and failed is not None:
        raise usage("--worked or --failed, not both")
    from tui_patterns.api import Fixes, describe

    row, believed = Fixes(invocation(ctx).library()).said(worked or failed or "", worked is not None, session)
    if json:
        output.data({"id": row.id, "confidence": shapes.confidence(believed)})
    else:
        output.line(f"{row.id[:8]}  {describe(believed)}")


def _text(words: list[str]) -> str:
    given = " ".join(words) if words and words != ["-"] else _piped()
    if not given.strip():
        raise usage("the error is empty; give its message or traceback: pytest 2>&1 | patterns-tui fix -")
    return given


def _piped() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise usage("the error comes as an argument or on standard input: pytest 2>&1 | patterns-tui fix -")
    return sys.stdin.buffer.read(MOST_INPUT).decode("utf-8", "replace")


def shape(one: Advice) -> dict[str, Any]:
    """One error of ``fix --json``; ``confidence.n`` 0 means not yet tried."""
    error = one.error
    return {
        "type": error.type,
        "message": error.message,
        "class": error.error_class,
        "frame": None if error.frame is None else str(error.frame),
        "exit_code": error.exit_code,
        "signature": error.signature,
        "fixes": [_fix_shape(each) for each in one.fixes],
        "strategies": [
            {"strategy": each.strategy, "here": each.here, "confidence": shapes.confidence(each.confidence)}
            for each in one.strategies
        ],
    }


def _fix_shape(found: FoundFix) -> dict[str, Any]:
    fix = found.fix
    return {
        "id": fix.id,
        "match": found.match,
        "similarity": found.similarity,
        "strategy": fix.strategy,
        "confidence": shapes.confidence(found.confidence),
        "error": {"type": fix.error_type, "message": fix.message, "frame": fix.frame},
        "paths": list(fix.paths),
        "diff": fix.diff,
        "project": fix.project,
        "session": fix.session,
        "found": fix.found,
        "why": found.why,
    }


def _print(one: Advice) -> None:
    from tui_patterns.api import describe, error_words, strategy_words

    output.wrapped(one.error.said)
    place = f", in {one.error.frame}" if one.error.frame is not None else ""
    output.wrapped(f"class: {error_words(one.error.error_class)}{place}", indent="  ")
    for number, found in enumerate(one.fixes, 1):
        _print_fix(number, found)
    if not one.fixes:
        output.line("  No fix of it is known yet.")
    if one.strategies:
        output.line("  To try, in this order:")
        rows = [
            (f"{number}.", strategy_words(each.strategy), describe(each.confidence))
            for number, each in enumerate(one.strategies, 1)
        ]
        output.columns(rows, indent="    ")


def _print_fix(number: int, found: FoundFix) -> None:
    from tui_patterns.api import describe, fence, strategy_words

    fix = found.fix
    output.line()
    head = f"  {number}. {strategy_words(fix.strategy)}: {describe(found.confidence)}"
    output.line(output.styled(head, "bold"))
    where = fix.project.rpartition("/")[2] if fix.project else f"session {fix.session or 'unknown'}"
    place = f"{where}, {output.when(fix.found)}"
    output.wrapped(f"{fix.id[:8]} · {_MATCHES[found.match]} · {place}", indent="     ")
    if found.match in ("words", "meaning"):
        output.wrapped(f"it was: {fix.error_type}: {fix.message}", indent="     ")
    output.line(fence(fix.diff, "diff"))
