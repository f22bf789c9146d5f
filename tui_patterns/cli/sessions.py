"""``sessions``: transcripts of coding agents, imported, analysed, compared, forgotten."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output, session_shapes
from tui_patterns.cli.errors import FAILED, CliError, say, usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, given_path
from tui_patterns.cli.session_import import import_, list_

if TYPE_CHECKING:
    from tui_patterns.api import Sessions

__all__ = ["analyze", "extract", "follow", "forget", "import_", "list_", "sessions"]

SessionId = Annotated[str, typer.Argument(metavar="ID", help="A session's id, or its first characters.")]
AnyId = Annotated[str | None, typer.Argument(metavar="ID", help="A session's id, or its first characters.")]


def sessions() -> None:
    """Sessions of coding agents: what they cost, what they finished, and which patterns helped.

    Reads transcripts of Claude Code and Codex, and plain session folders with a
    progress.json. Keys, tokens and passwords are masked before anything is stored.
    """


def follow(ctx: typer.Context) -> None:
    """For an agent's hooks: read an event as JSON from standard input, and learn from it.

    Set it up for PostToolUse and PostToolUseFailure (builds, tests, edits), Stop,
    StopFailure and SessionEnd. It prints nothing and always ends with exit code 0;
    what went wrong is said on stderr. At SessionEnd, where an agent waits 1.5 s at most,
    the transcript is read by a process of its own, which ends by itself.
    `enhance --automatic --hook` is its other half.
    """
    from tui_patterns.cli import hooks

    with hooks.quietly():
        event = hooks.read_event()
        if event is not None:
            hooks.follow(invocation(ctx), event)


def extract(
    ctx: typer.Context,
    session: AnyId = None,
    everything: Annotated[bool, typer.Option("--all", help="Every imported session.")] = False,
    json: Json = False,
) -> None:
    """Take up the patterns in the code that a session wrote.

    Files of indexed projects are left to the index; pieces whose file is not known
    are read as far as they parse.

    \b
    Example:
      patterns-tui sessions extract --all
    """
    if (session is None) != everything:
        raise usage("name one session, or give --all")
    found = _sessions(ctx)
    ids = [session] if session is not None else [one.id for one in found.imported(10_000)]
    done = [found.extract(one) for one in ids]
    if json:
        output.data(done)
        return
    for each in done:
        for bad in each["failed"]:
            say(f"{bad['path']}: {bad['reason']}")
        output.line(
            f"{output.safe(each['session'])}  {each['files']} files ({each['indexed']} in indexed projects), "
            f"{each['patterns']} patterns, {each['new']} new"
        )


def analyze(
    ctx: typer.Context,
    session: AnyId = None,
    recent: Annotated[
        int | None, typer.Option("--recent", metavar="N", min=1, max=10_000, help="A trend over the last N.")
    ] = None,
    compare: Annotated[
        tuple[str, str] | None, typer.Option("--compare", metavar="A B", help="Two sessions side by side.")
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option("--output", metavar="FOLDER", parser=given_path, help="Where ID_analysis.md goes."),
    ] = None,
    json: Json = False,
) -> None:
    """What a session was like; also written as ID_analysis.md, by default into the library's reports.

    Costs are estimates by a named price table. What is not known is said to be
    unknown. With --json the report is only written where --output says.

    \b
    Examples:
      patterns-tui sessions analyze 1af7fc5e
      patterns-tui sessions analyze --recent 20
      patterns-tui sessions analyze --compare 1af7 5c03
    """
    if sum(given is not None for given in (session, recent, compare)) != 1:
        raise usage("name one session, or give --recent N, or --compare A B")
    found = _sessions(ctx)
    if recent is not None:
        _trend(found, recent, json=json)
    elif compare is not None:
        _compare(found, compare, json=json)
    elif session is not None:
        _one(found, session, folder, json=json)


def _one(found: Sessions, session: str, folder: Path | None, *, json: bool) -> None:
    analysed = found.analyze(session)
    target = found.report(analysed, folder) if folder is not None or not json else None
    if json:
        output.data(session_shapes.analysis(analysed, target))
        return
    output.block(found.text(analysed), "markdown")
    output.hint(f"Written: {target}")


def _trend(found: Sessions, count: int, *, json: bool) -> None:
    from tui_patterns.api.sessions import comparisons

    analysed, differences = found.recent(count)
    if json:
        output.data(session_shapes.trend(analysed, differences))
    elif analysed:
        output.block(comparisons.trended(analysed, differences), "markdown")
    else:
        raise CliError("no session was imported yet: patterns-tui sessions import PATH", FAILED)


def _compare(found: Sessions, ids: tuple[str, str], *, json: bool) -> None:
    from tui_patterns.api.sessions import comparisons

    a, b, differences = found.compare(*ids)
    if json:
        output.data(session_shapes.comparison(a, b, differences))
    else:
        output.block(comparisons.compared(a, b, differences), "markdown")


def forget(ctx: typer.Context, session: SessionId, json: Json = False) -> None:
    """Delete a session for good, with its ratings, injections and outcomes.

    The same as `patterns-tui forget session`: the patterns from its code go too, and
    backups are cleaned. Later imports leave it out, unless --again is given.
    """
    counted = _sessions(ctx).forget(session)
    if json:
        output.data({"session": session, "deleted": counted})
    else:
        output.line(f"Forgotten: {sum(counted.values())} rows")


def _sessions(ctx: typer.Context) -> Sessions:
    from tui_patterns.api import Sessions

    return Sessions(invocation(ctx).library())
