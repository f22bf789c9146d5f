"""``antipatterns``: what would better be done otherwise, how, and who does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output, shapes
from tui_patterns.cli.code import Paths, located
from tui_patterns.cli.errors import say, usage
from tui_patterns.cli.invocation import Invocation, existing, invocation
from tui_patterns.cli.parameters import Json

if TYPE_CHECKING:
    from tui_patterns.models import Finding

COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}


def antipatterns(
    ctx: typer.Context,
    paths: Paths = None,
    dismiss: Annotated[
        str | None, typer.Option(metavar="FINDING", help="Not a problem here: do not show it again.")
    ] = None,
    undismiss: Annotated[
        str | None, typer.Option(metavar="FINDING", help="A problem after all: show it again.")
    ] = None,
    dismissed: Annotated[
        bool, typer.Option("--dismissed", help="Also what was dismissed, marked so.")
    ] = False,
    json: Json = False,
) -> None:
    """Print anti-patterns: what it is, why it hurts, and what to do instead.

    Where the library has a pattern that does it right, its id is given. `# noqa` counts.
    What was learned from failures is among them (see `patterns-tui guards`): where a
    pattern here fails again and again, so that it stays out of prompts there.
    A finding that was dismissed stays away as long as its definition keeps its name and
    its line keeps its words, wherever in the file it moves. A file that you name and
    that does not parse is told on stderr.

    \b
    Examples:
      patterns-tui antipatterns
      patterns-tui antipatterns src/ --json | jq -r '.label' | sort | uniq -c
      patterns-tui antipatterns --dismiss 4be01f27
    """
    chosen = invocation(ctx)
    if dismiss and undismiss:
        raise usage("--dismiss and --undismiss at once: give one of them")
    if dismiss or undismiss:
        _mark(chosen, existing(paths or []), dismiss, undismiss, json=json)
        return
    named, seen, places = existing(paths or []), Counter[str](), set[str]()
    for found in _found(chosen, named, dismissed=dismissed):
        seen[found.severity] += 1
        places.add(found.path)
        output.data_line(shapes.finding(found)) if json else print_finding(found)
    if not json:
        total = ", ".join(f"{count} {name}" for name, count in seen.most_common())
        output.line(f"{seen.total()} found{f': {total}' if total else ''}")
    _say_unread(chosen, [path for path in named if path.is_file() and str(path) not in places])


def _say_unread(chosen: Invocation, files: Sequence[Path]) -> None:
    """Name those of these files in which nothing was found because they cannot be read, or do not parse."""
    from tui_patterns.api import unread

    if not files:
        return
    settings = chosen.settings()
    for file in files:
        if (reason := unread(file, settings)) is not None:
            say(f"{file}: {reason}")


def _found(chosen: Invocation, paths: Sequence[Path], *, dismissed: bool) -> Iterator[Finding]:
    """Findings with their paths as the current folder sees them; without a library they are less rich."""
    from tui_patterns.api import StoreError, advise, find_antipatterns, guards_below

    library, reachable = chosen.library(), True
    for path in paths:
        settings = chosen.settings(project=path if path.is_dir() else None)
        raw = list(find_antipatterns([path], settings))
        root = path.resolve() if path.is_dir() else path.resolve().parent
        if reachable:
            try:
                raw = [*advise(library, raw, root, dismissed=dismissed), *guards_below(library, path)]
            except StoreError as error:
                reachable = False
                say(f"no patterns are named, and what was dismissed is shown: {error}")
        yield from (replace(one, path=located(path, one.path)) for one in raw)


def _mark(
    chosen: Invocation, paths: Sequence[Path], dismiss: str | None, undismiss: str | None, *, json: bool
) -> None:
    from tui_patterns.api import antipatterns as api

    library = chosen.library()
    if undismiss:
        back = api.undismiss(library, undismiss)
        shown = {"id": back.mark, "label": back.label, "file": back.file, "dismissed": False}
        words = f"{back.label} in {back.file} counts again"
    else:
        assert dismiss is not None
        found = _dismissed(chosen, paths, dismiss)
        shown = shapes.finding(found)
        words = f"{found.label} at {found.path}:{found.line} is dismissed: `--undismiss {found.id}` undoes it"
    output.data(shown) if json else output.line(output.safe(words))


def _dismissed(chosen: Invocation, paths: Sequence[Path], id: str) -> Finding:
    """Dismissed from what is kept; what is not kept is looked for in ``paths``."""
    from tui_patterns.api import LibraryError, find_antipatterns
    from tui_patterns.api import antipatterns as api

    library = chosen.library()
    try:
        return api.dismiss(library, id)
    except LibraryError as error:
        if "no finding" not in str(error):
            raise
    seen = []
    for path in paths:
        settings = chosen.settings(project=path if path.is_dir() else None)
        root = path if path.is_dir() else path.parent
        seen += [(root.resolve() / one.path, one) for one in find_antipatterns([path], settings)]
    return api.dismiss(library, id, seen)


def print_finding(found: Finding, indent: str = "") -> None:
    """What, where, why, what to do instead, and who does: a line each."""
    place = output.safe(f"{found.path}:{found.line}")
    severity = output.styled(found.severity, COLOURS.get(found.severity, "bold"))
    label = f"{output.safe(found.label)} ({output.safe(found.rule)})"
    id = output.styled(found.id + (" dismissed" if found.dismissed else ""), "dim")
    output.line((indent + "  ".join((output.styled(place, "bold"), severity, label, id))).rstrip())
    output.wrapped(f"{found.message} {found.why}", indent=f"{indent}    ")
    if found.instead:
        output.wrapped(f"instead: {found.instead}", indent=f"{indent}    ")
    if found.pattern_id:
        name = output.safe(found.pattern_name or "")
        output.line(
            f"{indent}    see: patterns-tui show {output.safe(found.pattern_id)[:8]}  {name}".rstrip()
        )
