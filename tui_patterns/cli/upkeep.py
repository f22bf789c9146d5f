"""``doctor``, ``backup`` and ``restore``: the library itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output
from tui_patterns.cli.errors import FAILED, usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, given_path

if TYPE_CHECKING:
    from tui_patterns.api import Check

# State, sign and colour by what a check found; None: it works, with a drawback.
_STATES = {True: ("ok", "✓", "green"), None: ("warn", "!", "yellow"), False: ("fail", "✗", "red")}


def doctor(ctx: typer.Context, json: Json = False) -> None:
    """Check versions, model, index, lock, watches, clipboard and disk.

    The exit code is 1 if something is broken; a warning is not.
    """
    from tui_patterns.api import doctor as examine

    checks = examine(invocation(ctx).library())
    healthy = all(check.ok is not False for check in checks)
    if json:
        output.data({"ok": healthy, "checks": [_check(each) for each in checks]})
    else:
        for each in checks:
            _print_check(each, max(output.cells(check.name) for check in checks))
    if not healthy:
        raise typer.Exit(FAILED)


def _check(each: Check) -> dict[str, str]:
    return {"name": each.name, "state": _STATES[each.ok][0], "detail": each.detail}


def _print_check(each: Check, size: int) -> None:
    state, sign, colour = _STATES[each.ok]
    head = f"{output.styled(f'{sign} {state:4}', colour)}  {output.pad(output.safe(each.name), size)}  "
    output.hanging(head, each.detail, indent=size + 10)


def backup(
    ctx: typer.Context,
    target: Annotated[
        Path | None,
        typer.Argument(
            metavar="FILE", parser=given_path, help="Where to; default: among the library's backups."
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Copy the whole library into one file, while it may be in use."""
    written = invocation(ctx).library().backup(target)
    output.data({"path": str(written)}) if json else output.line(
        output.safe(f"The library is copied to {written}")
    )


def restore(
    ctx: typer.Context,
    source: Annotated[
        Path | None,
        typer.Argument(metavar="FILE", parser=given_path, help="A copy made by backup; default: the newest."),
    ] = None,
    json: Json = False,
) -> None:
    """Bring the library back from a copy; what it holds now is set aside beside it."""
    if source is not None and not source.is_file():
        raise usage(f"{source}: no such file; name a copy made by `patterns-tui backup`")
    used = invocation(ctx).library().restore(source)
    output.data({"path": str(used)}) if json else output.line(output.safe(f"The library is as in {used}"))
