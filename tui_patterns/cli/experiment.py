"""``experiment`` and ``decisions``: two patterns against each other, lift, and who was right."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tui_patterns.cli import output
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json

if TYPE_CHECKING:
    from tui_patterns.api import Experiments, Standing
    from tui_patterns.learning.lift import Lift
    from tui_patterns.learning.voters import Accuracy

_ARM = "A pattern's id, or ID@N for version N of `history ID`."


def experiment() -> None:
    """Two patterns, or two versions of one, against each other in automatic injections.

    Each session gets one of them, in blocks of two, and keeps it. You may look at any
    time: the chance of ever naming a winner between equals stays below 5 %.
    """


def start(
    ctx: typer.Context,
    a: Annotated[str, typer.Argument(metavar="A", help=_ARM)],
    b: Annotated[str, typer.Argument(metavar="B", help=_ARM)],
    effect: Annotated[
        float, typer.Option(metavar="X", min=0.01, max=0.9, help="Difference of success rates to plan for.")
    ] = 0.2,
    alpha: Annotated[
        float, typer.Option(metavar="X", min=0.001, max=0.5, help="Most chance of a false winner.")
    ] = 0.05,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only say how many sessions it may take; begin nothing.")
    ] = False,
    json: Json = False,
) -> None:
    """Begin an experiment; says first how many sessions it may take.

    \b
    Examples:
      patterns-tui experiment start 3f9a2c1d 8b1e77aa --plan
      patterns-tui experiment start 3f9a2c1d 8b1e77aa
      patterns-tui experiment start 3f9a2c1d@1 3f9a2c1d@2
    """
    found = _experiments(ctx)
    expected = found.plan(a, b, effect=effect, alpha=alpha)
    if not json:
        output.line(_expectation(expected))
    elif plan:
        output.data({"expected": expected})
    if plan:
        return
    begun = found.start(a, b, effect=effect, alpha=alpha)
    output.data(shape(begun)) if json else output.line(f"Experiment {begun.id} runs.")


def list_(ctx: typer.Context, json: Json = False) -> None:
    """Every experiment and how it stands, and the lift of injecting over held-out sessions."""
    found = _experiments(ctx)
    every, lifted = found.all(), found.lifted()
    if json:
        output.data({"experiments": [shape(one) for one in every], "lift": asdict(lifted)})
        return
    for one in every:
        _print(one)
    if not every:
        output.line("No experiment yet: `patterns-tui experiment start A B` begins one.")
    output.line(f"Lift of injecting: {_lift(lifted)}")


def stop(
    ctx: typer.Context,
    number: Annotated[int, typer.Argument(metavar="N", help="The experiment.")],
    json: Json = False,
) -> None:
    """End an experiment; what is known of it stays."""
    ended = _experiments(ctx).stop(number)
    if json:
        output.data(shape(ended))
    else:
        _print(ended)


def decisions(ctx: typer.Context, json: Json = False) -> None:
    """How decisions by voters did against always taking the first, and how right each voter was."""
    found = _experiments(ctx).deciding()
    if json:
        kinds = {
            name: {**asdict(one), "weight": one.weight, "retired": one.retired}
            for name, one in found.kinds.items()
        }
        voters = {name: {**asdict(one), "weight": weight} for name, (one, weight) in found.voters.items()}
        output.data({"kinds": kinds, "voters": voters})
        return
    output.columns(
        [
            (
                name,
                f"{one.made} made",
                f"{one.abstained} abstained",
                f"departed {_rate(one.departed)}",
                f"kept to the first {_rate(one.kept)}",
                f"weight {one.weight:.2f}{' retired' if one.retired else ''}",
            )
            for name, one in found.kinds.items()
        ]
    )
    output.line()
    output.columns(
        [(name, _accuracy(one), f"weight {weight:.2f}") for name, (one, weight) in found.voters.items()]
    )


def shape(one: Standing) -> dict[str, Any]:
    """An experiment as JSON; ``enough`` is false while no winner can be named."""
    return {**asdict(one), "enough": one.enough}


def _experiments(ctx: typer.Context) -> Experiments:
    from tui_patterns.api import Experiments

    return Experiments(invocation(ctx).library())


def _print(one: Standing) -> None:
    ended = "runs" if one.stopped is None else f"stopped {output.when(one.stopped)}"
    output.line(f"{output.styled(str(one.id), 'bold')}  since {output.when(one.started)}, {ended}")
    counts = one.verdict.counts
    for arm, id, version, (seen, good) in (
        ("a", one.a, one.a_version, counts["a"]),
        ("b", one.b, one.b_version, counts["b"]),
    ):
        of = "" if version is None else f" version {version}"
        output.line(f"  {arm}  {id[:8]}{of}: {_rate((seen, good))}")
    if one.enough:
        output.line(f"  {one.verdict.winner} is better (e-value {one.verdict.peak:.0f}).")
    else:
        output.line(
            f"  Not enough data: e-value {one.verdict.e:.2g} of {one.verdict.threshold:.0f}, "
            f"{one.enlisted} sessions enlisted."
        )
        output.line(f"  {_expectation(one.expected)}")


def _expectation(expected: tuple[int, int] | None) -> str:
    if expected is None:
        return "So small a difference takes more than 2,000 sessions with a known result."
    half, most = expected
    return f"Sessions with a known result that it takes: {half} half of the time, {most} four times in five."


def _lift(found: Lift) -> str:
    counts = f"{_rate(found.treated)} with, {_rate(found.control)} held out"
    if found.difference is None or found.low is None or found.high is None:
        return f"not enough data ({counts})"
    span = f"{100 * found.low:+.0f} to {100 * found.high:+.0f}"
    return f"{100 * found.difference:+.0f} points ({span}; {counts})"


def _rate(counts: tuple[int, int]) -> str:
    seen, good = counts
    return f"{good} of {seen}" if seen else "no result yet"


def _accuracy(one: Accuracy) -> str:
    if not one.voted or one.brier is None:
        return "no outcome yet"
    return f"right in {one.agreed} of {one.voted}, Brier {one.brier:.2f}"
