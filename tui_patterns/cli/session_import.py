"""``sessions import`` and ``sessions list``: transcripts taken up, and what there is."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tui_patterns.cli import output, session_shapes
from tui_patterns.cli.errors import CliError, say, usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, Limit, given_path

if TYPE_CHECKING:
    from tui_patterns.api import Sessions, SessionSummary


def import_(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", parser=given_path, help="Transcripts, or folders of them."),
    ] = None,
    standard: Annotated[
        bool, typer.Option("--standard", help="Also where Claude Code and Codex keep theirs.")
    ] = False,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Also sessions that only this library's own ledger knows.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Also sessions that were forgotten.")] = False,
    json: Json = False,
) -> None:
    """Take up transcripts; a transcript that grew is read from where it ended.

    Without PATH, --standard is needed, or sessions.standard_places = true in your
    config file. Projects named in learning.opt_out are left out. Once a session's
    build or tests have passed, the patterns in its code are taken up too
    (sessions.extract).

    \b
    Examples:
      patterns-tui sessions import ~/.claude/projects/-home-me-shop
      patterns-tui sessions import --standard --json | jq '.[].cost_usd'
    """
    from tui_patterns.api import LeftOut, Sessions

    found = Sessions(invocation(ctx).library())
    only_ledger = ledger and not paths and not standard
    chosen = [] if only_ledger else _places(ctx, found, paths or [], standard=standard)
    imported, left_out = [], 0
    with output.Progress() as progress:
        taken = found.import_paths(chosen, again=again)
        for one in chain(taken, found.import_ledger()) if ledger else taken:
            progress.clear()
            if isinstance(one, LeftOut):
                left_out += 1
                say(f"{one.path}: left out: {one.reason}")
                continue
            imported.append(one)
            _say_unreadable(one)
            progress.show(f"{len(imported)} sessions  {one.source}")
    if json:
        output.data([session_shapes.summary(one) for one in imported])
        return
    _print_list(imported)
    for one in imported:
        _say_extracted(one)
    new = sum(bool(one.new) for one in imported)
    output.line(
        f"{len(imported)} sessions, {new} with something new" + (f", {left_out} left out" if left_out else "")
    )


def _places(ctx: typer.Context, found: Sessions, paths: list[Path], *, standard: bool) -> list[Path]:
    if paths and not standard:
        return paths
    asked = standard or invocation(ctx).settings().sessions.standard_places
    places = found.standard_places()
    if not asked:
        there = ", ".join(map(str, places)) or "none is there"
        raise usage(f"name transcripts or folders, or give --standard to read the usual places ({there})")
    if not places and not paths:
        raise CliError("neither Claude Code nor Codex has left transcripts in the usual places: name a path")
    return [*paths, *places]


def _say_unreadable(one: SessionSummary) -> None:
    if one.unreadable:
        say(f"{one.source}: {one.unreadable} lines are no JSON and were left out")
    if one.refused:
        say(f"{one.source}: {one.refused} lines tell numbers of tokens that cannot be, and were left out")


def _say_extracted(one: SessionSummary) -> None:
    if one.extracted and one.extracted["new"]:
        counted = f"{one.extracted['new']} new pattern{'s' if one.extracted['new'] > 1 else ''}"
        output.line(f"{output.safe(one.id[:13])}  its build passed: {counted} from its code")


def list_(ctx: typer.Context, limit: Limit = 50, json: Json = False) -> None:
    """Imported sessions, the last to end first."""
    from tui_patterns.api import Sessions

    found = Sessions(invocation(ctx).library()).imported(limit or 50)
    if json:
        output.data([session_shapes.summary(one) for one in found])
    elif found:
        _print_list(found)
    else:
        output.line("No session was imported yet: patterns-tui sessions import PATH")


def _print_list(found: list[SessionSummary]) -> None:
    from tui_patterns.api.sessions import formats

    rows: list[tuple[Any, ...]] = [
        (
            one.id[:13],
            formats.when(one.ended),
            one.agent or "",
            one.model or "",
            f"{one.messages} calls",
            f"{sum(one.tokens.values()):,} tokens" if one.messages else "tokens unknown",
            formats.dollars(one.cost_usd) if one.messages else "",
            one.title or one.project or "",
        )
        for one in found
    ]
    if rows:
        output.columns(rows)
