"""``extract``: what files hold, printed as it is found; nothing is stored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output
from tui_patterns.cli.errors import FAILED, say
from tui_patterns.cli.invocation import existing, invocation
from tui_patterns.cli.parameters import Json, given_path

if TYPE_CHECKING:
    from tui_patterns.models import ParsedFile, Unit

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="PATH", parser=given_path, help="Files or folders; default: here."),
]

_SKIPPED = {"too_large": "larger than watch.max_file_kb", "binary": "binary, no source"}


def extract(
    ctx: typer.Context,
    paths: Paths = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also what is left out as a pattern, with the reason.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Why each label was given: what was found, on which lines.")
    ] = False,
    json: Json = False,
) -> None:
    """Print the patterns of files as they are found; nothing is stored.

    Paths are relative to the current folder. Base classes are followed into other files
    of the folder you name; of a single file, below the current folder. A file that cannot be read is named on
    stderr and the rest goes on; the exit code is 1 if you named that very file.

    \b
    Examples:
      patterns-tui extract src/
      patterns-tui extract app.py --explain
      patterns-tui extract app.py --all --json | jq -r '.qualname'
    """
    chosen = invocation(ctx)
    from tui_patterns.api import extract_path

    failed = False
    for path in existing(paths or []):
        settings = chosen.settings(project=path if path.is_dir() else None)
        for parsed in extract_path(path, settings):
            _print_file(path, parsed, everything=everything, explain=explain, json=json)
            failed = failed or (path.is_file() and (parsed.error or parsed.skipped) is not None)
    if failed:
        raise typer.Exit(FAILED)


def _print_file(base: Path, parsed: ParsedFile, *, everything: bool, explain: bool, json: bool) -> None:
    path = located(base, parsed.path)
    if parsed.error is not None:
        say(f"{path}: {parsed.error}")
    elif parsed.skipped is not None and base.is_file():
        say(f"{path}: left out: {_SKIPPED.get(parsed.skipped, parsed.skipped.replace('_', ' '))}")
    units = [unit for unit in parsed.units if everything or unit.reason is None]
    if json:
        _print_json(path, units)
    elif units:
        output.line(output.styled(output.safe(path), "bold"))
        if explain:
            _explain(units)
        else:
            output.columns([_row(unit) for unit in units], indent="  ")


def located(base: Path, path: str) -> str:
    """A file's path as the current folder sees it; ``base`` is the folder or file that was named."""
    return str(base) if base.is_file() else (base / path).as_posix()


def _print_json(path: str, units: list[Unit]) -> None:
    from tui_patterns.api import unit_json

    for unit in units:
        output.data_line({**unit_json(unit), "path": path})


def _explain(units: list[Unit]) -> None:
    """Each unit with its labels, why, and the code on the lines that show it."""
    for unit in units:
        output.columns([_row(unit)], indent="  ")
        code = unit.code.split("\n")
        first = unit.end_line - len(code) + 1  # of a decorated unit that of its first decorator
        for label in unit.labels:
            output.line(f"    {output.styled(output.safe(label.label), 'bold')} {label.confidence:.0%}")
            output.wrapped(label.why, indent="      ")
            shown = [at for at in label.evidence if 0 <= at - first < len(code)]
            output.columns([(f"line {at}", code[at - first].strip()) for at in shown], indent="      ")


def _row(unit: Unit) -> tuple[str, ...]:
    quality = "" if unit.quality.overall is None else f"{unit.quality.overall:.2f}"
    complexity = "" if unit.complexity is None else f"cc {unit.complexity}"
    about = unit.name if unit.reason is None else f"left out: {unit.reason}"
    return (f"{unit.line}-{unit.end_line}", unit.kind, complexity, quality, unit.qualname, about)
