"""``metrics``: whether the library learns, in figures, and what stands behind each."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output
from tui_patterns.cli.errors import usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, Limit

if TYPE_CHECKING:
    from tui_patterns.api import Figure, FigureKey, Measured, MetricEntry, Metrics

_BARS = 30
_SIGNS = {True: "+", False: "-", None: " "}


def metrics(
    ctx: typer.Context,
    days: Annotated[
        int | None, typer.Option("--days", metavar="N", min=1, max=36_500, help="Only the last N days.")
    ] = None,
    events: Annotated[
        str | None,
        typer.Option("--events", metavar="FIGURE", help="What was counted for one figure, newest first."),
    ] = None,
    limit: Limit = None,
    json: Json = False,
) -> None:
    """Whether the library learns: figures with n, intervals and history, the same as in the app.

    Figures for --events: patterns, antipatterns, success, calls, decisions, size, time,
    reuse, open, lift. What is not known is called unknown, and is null in --json.

    \b
    Examples:
      patterns-tui metrics --days 30
      patterns-tui metrics --events success
    """
    from tui_patterns.api import FIGURES, Metrics

    found = Metrics(invocation(ctx).library())
    if events is not None:
        if events not in FIGURES:
            raise usage(f'"{events}" is no figure; these are: {", ".join(FIGURES)}')
        _events(found, events, days, limit or 100, json=json)
        return
    measured = found.measure(days)
    if json:
        from tui_patterns.api import measured_json

        output.data(measured_json(measured))
        return
    _print(measured)


def _print(measured: Measured) -> None:
    from tui_patterns.api import figure_value

    output.line(output.styled(f"{output.when(measured.start)} to {output.when(measured.end)}", "dim"))
    titles = max(len(one.title) for one in measured.figures)
    values = max(len(figure_value(one)) for one in measured.figures)
    for one in measured.figures:
        _print_figure(one, titles, values)


def _print_figure(one: Figure, titles: int, values: int) -> None:
    from tui_patterns.api import figure_basis, figure_value, sparkline

    bars = output.styled(sparkline(one.series, _BARS), "cyan")
    name = output.styled(output.pad(one.title, titles), "bold")
    output.line(f"{name}  {output.pad(figure_value(one), values)}  {bars}".rstrip())
    words = " · ".join(part for part in (figure_basis(one), one.note) if part)
    output.hanging("  ", words, indent=2)


def _events(found: Metrics, key: FigureKey, days: int | None, limit: int, *, json: bool) -> None:
    entries = found.behind(key, days, limit)
    if json:
        output.data([asdict(one) for one in entries])
        return
    if entries:
        output.columns([_row(one) for one in entries])
    else:
        output.line("Nothing stands behind this figure yet.")


def _row(one: MetricEntry) -> tuple[str, ...]:
    return ("" if one.at is None else output.when(one.at), _SIGNS[one.good], one.words)
