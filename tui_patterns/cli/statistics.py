"""``stats``: what the library holds, how good it is, what is used and by whom."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from tui_patterns.cli import output
from tui_patterns.cli.errors import say
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json

if TYPE_CHECKING:
    from tui_patterns.api import StatTable
    from tui_patterns.models import LibraryStats

_TOP = 8
_BAR = 20
_NAME = 48  # cells, at most: the name of a framework, a label, a project


def stats(ctx: typer.Context, json: Json = False) -> None:
    """What the library holds, how good it is, and what is used most, by whom.

    Uses (ratings, and injections that were used) are counted apart from references in the code.

    \b
    Example:
      patterns-tui stats --json | jq .by_label
    """
    found = invocation(ctx).library().stats()
    if json:
        output.data({**asdict(found), "failed_files": [_failed(*each) for each in found.failed_files]})
        return
    from tui_patterns.api import stat_tables

    output.facts(_facts(found))
    for table in stat_tables(found):
        _print_table(table)
    _print_most(found)
    for path, reason in found.failed_files[:_TOP]:
        say(f"{path}: {reason}")


def _failed(path: str, reason: str) -> dict[str, str]:
    return {"path": path, "reason": reason}


def _facts(found: LibraryStats) -> list[tuple[str, object]]:
    from tui_patterns.api import averages

    return [
        ("patterns", f"{found.patterns}, and {found.gone} gone from disk" if found.gone else found.patterns),
        ("embedded", f"{found.embedded} ({found.embedded / found.patterns:.0%})" if found.patterns else None),
        ("projects", found.projects),
        ("files", f"{found.files}, {len(found.failed_files)} of them unreadable"),
        ("ratings", found.ratings),
        ("injections", found.injections),
        *averages(found),
        ("anti-patterns", _antipatterns(found)),
    ]


def _antipatterns(found: LibraryStats) -> str:
    if not found.examined:
        return "not looked for yet"
    severities = ", ".join(f"{count} {name}" for name, count in found.antipatterns_by_severity.items())
    total = sum(found.antipatterns.values())
    return f"{total} in {found.examined} files{f': {severities}' if severities else ''}"


def _print_table(table: StatTable) -> None:
    from tui_patterns.api import bar

    _print_title(table.title)
    names = [output.fit(row.name, _NAME) for row in table.rows]
    size = max(map(output.cells, names))
    digits = max(len(f"{row.count:,}") for row in table.rows)
    for name, row in zip(names, table.rows, strict=True):
        bars = output.styled(bar(row.share, _BAR), "cyan")
        output.line(f"  {output.pad(name, size)}  {row.count:>{digits},}  {bars}")
    if table.more:
        output.line(f"  and {table.more} more: --json lists all")


def _print_title(title: str) -> None:
    output.line()
    output.line(output.styled(output.safe(title), "bold"))


def _print_most(found: LibraryStats) -> None:
    from tui_patterns.api import by_whom

    if found.most_used:
        _print_title("most used: uses, in prompts, by whom")
        rows = [
            (each.id[:8], str(each.uses), str(each.injected), each.name, by_whom(each.by), each.project)
            for each in found.most_used
        ]
        output.columns(rows, indent="  ")
    if found.most_referenced:
        _print_title("most referred to in code: by definitions, from files")
        lines = [
            (each.id[:8], str(each.fan_in), str(each.files), each.name, f"{each.path}:{each.line}")
            for each in found.most_referenced
        ]
        output.columns(lines, indent="  ")
