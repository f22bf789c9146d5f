"""Reports over several sessions in Markdown: two side by side, and a trend."""

from __future__ import annotations

from collections.abc import Sequence

from tui_patterns.sessions.analysed import Analysis
from tui_patterns.sessions.formats import UNKNOWN, escaped, shown, signed, when
from tui_patterns.sessions.measures import BY_KEY, MEASURES, Measure
from tui_patterns.sessions.statistics import MIN_MEAN, MIN_RATE, Difference

NOT_ENOUGH = "not enough data"


def compared(a: Analysis, b: Analysis, found: dict[str, Difference]) -> str:
    """Two sessions side by side, with deltas (B minus A) and 90 % intervals."""
    lines = [
        f"# {escaped(a.id)} against {escaped(b.id)}",
        "",
        f"| | A: {escaped(a.id[:8])} | B: {escaped(b.id[:8])} | B − A | 90 % interval | n |",
        "|---|---|---|---|---|---|",
        *(_row(measure, found[measure.key]) for measure in MEASURES),
        "",
        f"Intervals of rates are Newcombe's, from {MIN_RATE} cases on each side; of means by bootstrap over "
        f"tasks, from {MIN_MEAN}. An interval that holds 0 shows no difference.",
        "",
    ]
    return "\n".join(lines)


def _row(measure: Measure, one: Difference) -> str:
    cells = [measure.title, shown(measure, one.a), shown(measure, one.b), signed(measure, one.delta)]
    interval = NOT_ENOUGH if one.low is None else f"{signed(measure, one.low)} to {signed(measure, one.high)}"
    return f"| {' | '.join([*cells, interval, f'{one.n_a}, {one.n_b}'])} |"


def trended(found: Sequence[Analysis], differences: dict[str, Difference]) -> str:
    """The last sessions one by one, oldest first, and their later half against the earlier."""
    keys = ("completion", "first_attempt", "error_rate", "calls_per_completed_task", "tokens", "cost_usd")
    lines = [
        f"# The last {len(found)} sessions",
        "",
        "| session | ended | " + " | ".join(BY_KEY[key].title for key in keys) + " |",
        "|---" * (len(keys) + 2) + "|",
    ]
    for one in found:
        cells = [shown(BY_KEY[key], BY_KEY[key].of_session(one)) for key in keys]
        lines.append(f"| {escaped(one.id[:13])} | {when(one.ended)} | {' | '.join(cells)} |")
    lines += ["", "## Trend", "", "| | earlier half | later half | change | 90 % interval | n |",
              "|---|---|---|---|---|---|"]  # fmt: skip
    lines += [_trend_row(measure, differences[measure.key]) for measure in MEASURES]
    return "\n".join([*lines, ""])


def _trend_row(measure: Measure, one: Difference) -> str:
    row = _row(measure, one)
    return row.replace(f"| {UNKNOWN} | {NOT_ENOUGH} |", f"| {NOT_ENOUGH} | |") if one.delta is None else row
