"""Reports in Markdown: one session, a trend over several, two side by side.

Names, titles and paths come from transcripts: they are cleaned, and Markdown's
own characters in them are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from tui_patterns.sessions.analysis import Analysis, PatternEffect
from tui_patterns.sessions.measures import BY_KEY, MEASURES, Measure
from tui_patterns.sessions.statistics import MIN_MEAN, MIN_RATE, Difference
from tui_patterns.text import clean_line

UNKNOWN = "unknown"
NOT_ENOUGH = "not enough data"
TOP = 10
_MARKDOWN = re.compile(r"([\\`*{}\[\]<>#|~]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def name_of(session: str) -> str:
    """The file's name of a session's report."""
    return f"{session}_analysis.md"


def report(one: Analysis) -> str:
    """The report of a session, with the sections Metrics, Performance and Pattern Usage."""
    return "\n".join(
        [
            f"# Session {escaped(one.id)}",
            "",
            *_about(one),
            "",
            "## Metrics",
            "",
            *_metrics(one),
            "",
            "## Performance",
            "",
            *_performance(one),
            "",
            "## Pattern Usage",
            "",
            *_patterns(one.patterns),
            *_notes(one),
            "",
        ]
    )


def _about(one: Analysis) -> list[str]:
    lines = [f"{escaped(one.agent or 'an agent')}, {escaped(one.model or 'model unknown')}"]
    if one.title:
        lines.append(f"*{escaped(one.title)}*")
    if one.project:
        lines.append(f"in {escaped(one.project)}")
    lines.append(f"{when(one.started)} to {when(one.ended)} (UTC)")
    return [line + "  " for line in lines[:-1]] + lines[-1:]


def _metrics(one: Analysis) -> list[str]:
    context, tests = one.context, one.tests
    return [
        f"- Completion: {_completion(one)}",
        f"- Average context: {_context(context.average, context.average_pct)}",
        f"- Maximum context: {_context(context.max, context.max_pct)}",
        f"- Compactions: {context.compactions}",
        f"- Test coverage: {percent(tests.coverage)}",
        f"- Test runs: {tests.runs} ({tests.passed} passed, {tests.failed} failed, "
        f"{tests.runs - tests.passed - tests.failed} unknown)",
        f"- Cost: {_cost(one)}",
    ]


def _completion(one: Analysis) -> str:
    parts = []
    for name, (done, of) in (("outcomes", one.completion.outcomes), ("task list", one.completion.tasks)):
        if of:
            parts.append(f"{done} of {of} by {name}")
    return f"{percent(one.completion.value)} ({', '.join(parts)})" if parts else UNKNOWN


def _context(tokens: float | None, share: float | None) -> str:
    shown = [f"{tokens:,.0f} tokens"] if tokens is not None else []
    shown += [f"{share:.1f} % of the window"] if share is not None else []
    return ", ".join(shown) or UNKNOWN


def _cost(one: Analysis) -> str:
    if one.cost.usd is None:
        return (
            f"{UNKNOWN} (no price for {escaped(', '.join(one.cost.unpriced))})"
            if one.cost.unpriced
            else UNKNOWN
        )
    text = f"{dollars(one.cost.usd)} (estimate"
    text += f" by {escaped('; '.join(one.cost.tables))})" if one.cost.tables else ")"
    if one.cost.unpriced:
        text += f", without {escaped(', '.join(one.cost.unpriced))}, which no table prices"
    if one.cost.recorded_usd is not None:
        text += f"; the transcript itself says {dollars(one.cost.recorded_usd)}"
    return text


def _performance(one: Analysis) -> list[str]:
    tokens = one.tokens
    good, proved = one.first_attempt
    failed, known = one.errors
    calls = BY_KEY["calls_per_completed_task"].of_session(one)
    return [
        f"- Tasks: {one.tasks} (counted by {one.per})",
        f"- Time per task: {duration(one.per_task(one.active_s))} ({duration(one.active_s)} active in all)",
        f"- Total tokens: {tokens.total:,} (input {tokens.input:,}, output {tokens.output:,}, "
        f"cache written {tokens.cache_creation:,}, cache read {tokens.cache_read:,})",
        f"- Tokens per task: {_amount(one.per_task(tokens.total))}",
        f"- Attempts per task: {_amount(one.attempts_per_task)}",
        f"- First attempt succeeded: {percent(good / proved if proved else None)}"
        + (f" ({good} of {proved})" if proved else ""),
        f"- Cost per task: {dollars(one.per_task(one.cost.usd))}",
        f"- LLM calls: {one.calls:,}, per completed task {_amount(calls)}",
        f"- Tool calls that failed: {percent(failed / known if known else None)}"
        + (f" ({failed} of {known})" if known else ""),
    ]


def _patterns(found: Sequence[PatternEffect]) -> list[str]:
    if not found:
        return ["No pattern was put into this session."]
    lines = ["Most effective first:", "", "| pattern | success | n | given | used |", "|---|---|---|---|---|"]
    for one in found[:TOP]:
        name = f"{escaped(one.name)} ({one.id[:8]})"
        lines.append(f"| {name} | {percent(one.success)} | {one.n:g} | {one.injected} | {one.used} |")
    if len(found) > TOP:
        lines.append(f"\n…and {len(found) - TOP} more.")
    return lines


def _notes(one: Analysis) -> list[str]:
    bad, refused = (sum(file[key] for file in one.files) for key in ("unreadable", "refused"))
    notes = []
    if bad:
        notes.append(f"{bad} lines of the transcript could not be read and were left out.")
    if refused:
        notes.append(f"{refused} lines told numbers of tokens that cannot be, and were left out.")
    return ["", *notes] if notes else []


def compared(a: Analysis, b: Analysis, found: dict[str, Difference]) -> str:
    """Two sessions side by side, with deltas (B minus A) and 90 % intervals."""
    lines = [
        f"# {escaped(a.id)} against {escaped(b.id)}",
        "",
        "| | A | B | B − A | 90 % interval | n |",
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


def shown(measure: Measure, value: float | None) -> str:
    """A value in its unit."""
    if value is None:
        return UNKNOWN
    if measure.unit == "%":
        return percent(value)
    if measure.unit == "$":
        return dollars(value)
    return duration(value) if measure.unit == "s" else _amount(value)


def signed(measure: Measure, value: float | None) -> str:
    """A difference with its sign."""
    if value is None:
        return UNKNOWN
    return ("+" if value >= 0 else "−") + shown(measure, abs(value))


def percent(share: float | None) -> str:
    """A share as percent."""
    return UNKNOWN if share is None else f"{100 * share:.0f} %"


def dollars(usd: float | None) -> str:
    """USD to the cent, or to two digits that say something."""
    if usd is None:
        return UNKNOWN
    return f"${usd:,.2f}" if usd >= 0.995 or usd == 0 else f"${usd:.4f}"


def duration(seconds: float | None) -> str:
    """Seconds, minutes or hours."""
    if seconds is None:
        return UNKNOWN
    if seconds < 100:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.1f} min" if seconds < 6_000 else f"{seconds / 3600:.1f} h"


def when(moment: float | None) -> str:
    """A moment to the minute, UTC."""
    return UNKNOWN if moment is None else f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M}"


def _amount(value: float | None) -> str:
    if value is None:
        return UNKNOWN
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:,.2f}"


def escaped(text: str) -> str:
    """Foreign text as one line that Markdown shows as it is."""
    return _MARKDOWN.sub(r"\\\1", clean_line(text, 200))
