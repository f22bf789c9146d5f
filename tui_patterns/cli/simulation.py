"""``simulate``: what the choosing is worth in made worlds whose truth is known."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output
from tui_patterns.cli.parameters import Json

if TYPE_CHECKING:
    from tui_patterns.api import Simulated


def simulate(
    worlds: Annotated[int, typer.Option(metavar="N", min=1, max=100_000, help="How many worlds.")] = 200,
    injections: Annotated[
        int, typer.Option(metavar="N", min=1, max=100_000, help="Prompts that each world sees.")
    ] = 500,
    seed: Annotated[int, typer.Option(metavar="S", help="The same seed gives the same worlds.")] = 1,
    json: Json = False,
) -> None:
    """Let the product choose in made worlds, where it is known which patterns work.

    Nothing of your library is read or written. Regret is what a chooser that knows the
    truth gains beyond the product's; interval coverage should be near 90 %; false
    winners are experiments between two equal arms that named one nevertheless.

    \b
    Example:
      patterns-tui simulate --worlds 20
    """
    from tui_patterns.api import simulate as play

    with output.Progress() as progress:
        found = play(worlds, injections, seed, lambda done, count: progress.show(f"world {done} of {count}"))
    if json:
        output.data(asdict(found))
    else:
        output.facts(_facts(found))


def _facts(found: Simulated) -> list[tuple[str, object]]:
    top = f"{found.new_best_in_top3:.1%} of worlds"
    after = (
        "" if found.found_median is None else f", half of them after {found.found_median:g} prompts it fits"
    )
    drift = (
        "not played"
        if found.drift_regret_ratio is None or found.drift_regret_ratio_undecayed is None
        else f"{found.drift_regret_ratio:.2f} × random's, without decay "
        f"{found.drift_regret_ratio_undecayed:.2f} × ({found.drift_worlds} worlds)"
    )
    return [
        ("worlds", f"{found.worlds}, {found.injections} injections each, seed {found.seed}"),
        ("90 % intervals", f"hold the truth in {found.coverage90:.1%} of {found.intervals}"),
        (
            "regret",
            f"{found.regret_ratio:.2f} × random's ({found.regret:.0f} against {found.regret_random:.0f} "
            "successes a world; always-best has none)",
        ),
        ("after a drift", drift),
        ("a new best", f"in the top three within 40 prompts in {top}{after}"),
        ("false winners", f"{found.false_winners:.1%} of experiments between equals, looked at all the time"),
    ]
