"""``forget``: a pattern, a project, a session or everything, deleted for good."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output
from tui_patterns.cli.errors import FAILED, say, usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, PatternId

if TYPE_CHECKING:
    from tui_patterns.api import Forgetting, Forgotten


def forget() -> None:
    """Delete a pattern, a project, a session or everything for good.

    It is gone from every table, the log of the database, the indexes, the program's
    logs and its backups in the data folder; close the app first. Your own files are
    not touched: code, transcripts of agents, backups that you wrote elsewhere.
    """


def pattern(ctx: typer.Context, pattern_id: PatternId, json: Json = False) -> None:
    """Forget a pattern with its near-copies and all evidence.

    The same code is not taken up again; once changed, it is another pattern.
    """
    _tell(_forgetting(ctx).pattern(pattern_id), json=json)


def project(
    ctx: typer.Context,
    place: Annotated[str, typer.Argument(metavar="FOLDER", help="The project's folder, or its name.")],
    json: Json = False,
) -> None:
    """Forget a project: its patterns, and the sessions that worked in it.

    Watching or indexing the folder again learns it anew; to keep agents' sessions
    there from being learned from, name it in learning.opt_out.
    """
    _tell(_forgetting(ctx).project(place), json=json)


def session(
    ctx: typer.Context,
    session_id: Annotated[str, typer.Argument(metavar="ID", help="A session's id, or its first characters.")],
    json: Json = False,
) -> None:
    """Forget a session: its ratings, injections and outcomes, and the patterns from its code.

    Later imports leave it out, unless --again is given.
    """
    _tell(_forgetting(ctx).session(session_id), json=json)


def everything(
    ctx: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", help="Yes, really everything.")] = False,
    json: Json = False,
) -> None:
    """Forget the whole library, with its backups. Settings and your own price table stay."""
    if not yes:
        raise usage("this deletes the whole library and its backups: give --yes if you mean it")
    _tell(_forgetting(ctx).everything(), json=json)


def _forgetting(ctx: typer.Context) -> Forgetting:
    from tui_patterns.api import Forgetting

    return Forgetting(invocation(ctx).library())


def _tell(done: Forgotten, *, json: bool) -> None:
    if json:
        output.data({**asdict(done), "left": list(done.left)})
    else:
        counted = f"{_many(done.patterns, 'pattern')}, {_many(done.sessions, 'session')}"
        output.line(
            output.safe(
                f"Forgotten: {done.what} {done.name} ({counted}; {_many(done.backups, 'backup')} cleaned)"
            )
        )
    for left in done.left:
        say(f"still there: {left}")
    if done.left:
        raise typer.Exit(FAILED)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
