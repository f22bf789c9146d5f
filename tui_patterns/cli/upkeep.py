"""``stats``, ``doctor``, ``backup`` and ``restore``: the library itself."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output
from tui_patterns.cli.errors import FAILED, say, usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json

if TYPE_CHECKING:
    from tui_patterns.api import Check
    from tui_patterns.models import LibraryStats

_TOP = 8
# State, sign and colour by what a check found; None: it works, with a drawback.
_STATES = {True: ("ok", "✓", "green"), None: ("warn", "!", "yellow"), False: ("fail", "✗", "red")}


def stats(ctx: typer.Context, json: Json = False) -> None:
    """What the library holds: projects, files, patterns, ratings and injections."""
    found = invocation(ctx).library().stats()
    if json:
        output.data({**asdict(found), "failed_files": [_failed(*each) for each in found.failed_files]})
        return
    output.facts(_facts(found))
    for path, reason in found.failed_files[:_TOP]:
        say(f"{path}: {reason}")


def _failed(path: str, reason: str) -> dict[str, str]:
    return {"path": path, "reason": reason}


def _facts(found: LibraryStats) -> list[tuple[str, object]]:
    quality = None if found.average_quality is None else f"{found.average_quality:.2f} on average"
    return [
        ("patterns", f"{found.patterns}, and {found.gone} gone from disk" if found.gone else found.patterns),
        ("embedded", f"{found.embedded} ({found.embedded / found.patterns:.0%})" if found.patterns else None),
        ("projects", found.projects),
        ("files", f"{found.files}, {len(found.failed_files)} of them unreadable"),
        ("ratings", found.ratings),
        ("injections", found.injections),
        ("quality", quality),
        ("by language", _top(found.by_language)),
        ("by kind", _top(found.by_kind)),
        ("by framework", _top(found.by_framework)),
        ("by project", _top(found.by_project)),
        ("anti-patterns", _antipatterns(found)),
        ("most often", _top(found.antipatterns)),
        *(
            (f"in {name}", _top(labels))
            for name, labels in list(found.antipatterns_by_project.items())[:_TOP]
        ),
    ]


def _antipatterns(found: LibraryStats) -> str:
    if not found.examined:
        return "not looked for yet"
    severities = ", ".join(f"{count} {name}" for name, count in found.antipatterns_by_severity.items())
    total = sum(found.antipatterns.values())
    return f"{total} in {found.examined} files{f': {severities}' if severities else ''}"


def _top(counts: dict[str, int]) -> str:
    rest = len(counts) - _TOP
    shown = ", ".join(f"{name} {count}" for name, count in list(counts.items())[:_TOP])
    return f"{shown} and {rest} more" if rest > 0 else shown


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
        Path | None, typer.Argument(metavar="FILE", help="Where to; default: the data folder's backups.")
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
        Path | None, typer.Argument(metavar="FILE", help="A copy made by backup; default: the newest one.")
    ] = None,
    json: Json = False,
) -> None:
    """Bring the library back from a copy; what it holds now is set aside beside it."""
    if source is not None and not source.is_file():
        raise usage(f"{source}: no such file; name a copy made by `patterns-tui backup`")
    used = invocation(ctx).library().restore(source)
    output.data({"path": str(used)}) if json else output.line(output.safe(f"The library is as in {used}"))
