"""The report of a session in Markdown.

Names, titles and paths come from transcripts: they are cleaned, and Markdown's
own characters in them are escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_patterns.sessions.analysed import LISTED, TURN, WORK, Analysis, PatternEffect, Tests
from tui_patterns.sessions.formats import UNKNOWN, amount, dollars, duration, escaped, percent, when
from tui_patterns.sessions.measures import BY_KEY

TOP = 10
_COUNTED = {
    LISTED: "what is done of the session's task list",
    WORK: "turns in which code was edited, built or tested",
    TURN: "all turns, since none is known to have been work",
}


def name_of(session: str) -> str:
    """The file's name of a session's report."""
    return f"{session}_analysis.md"


def report(one: Analysis, beliefs: Mapping[str, str] = {}) -> str:
    """The report of a session, with the sections Metrics, Performance and Pattern Usage.

    ``beliefs`` says, by pattern id, what is believed of its success rate by all that is known of it.
    """
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
            *_patterns(one.patterns, beliefs),
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
        f"- Test runs: {_runs(tests)}",
        f"- Cost: {_cost(one)}",
    ]


def _runs(tests: Tests) -> str:
    if not tests.runs:
        return "none seen"
    unknown = tests.runs - tests.passed - tests.failed
    known = f"{tests.passed} passed, {tests.failed} failed"
    return f"{tests.runs} ({known}{f', {unknown} without a known result' if unknown else ''})"


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
    if not one.calls and not one.cost.usd:
        return UNKNOWN
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
        f"- Tasks: {one.tasks} ({_COUNTED[one.per]})",
        f"- Time per task: {duration(one.per_task(one.active_s))} ({duration(one.active_s)} active in all)",
        f"- Total tokens: {UNKNOWN}"
        if not one.calls
        else f"- Total tokens: {tokens.total:,} (input {tokens.input:,}, output {tokens.output:,}, "
        f"cache written {tokens.cache_creation:,}, cache read {tokens.cache_read:,})",
        f"- Tokens per task: {amount(one.per_task(tokens.total) if one.calls else None)}",
        f"- Attempts per task: {amount(one.attempts_per_task)}",
        f"- First attempt succeeded: {percent(good / proved if proved else None)}"
        + (f" ({good} of {proved})" if proved else ""),
        f"- Cost per task: {dollars(one.per_task(one.cost.usd) if one.calls else None)}",
        f"- LLM calls: {one.calls:,}, per completed task {amount(calls)}"
        if one.calls
        else "- LLM calls: unknown",
        f"- Tool calls that failed: {percent(failed / known if known else None)}"
        + (f" ({failed} of {known})" if known else ""),
    ]


def _patterns(found: Sequence[PatternEffect], beliefs: Mapping[str, str]) -> list[str]:
    if not found:
        return ["No pattern was put into this session."]
    lines = ["Most effective in this session first; *now* is what is believed by all that is known.", ""]
    lines += ["| pattern | success | n | given | used | now |", "|---|---|---|---|---|---|"]
    for one in found[:TOP]:
        cells = [f"{escaped(one.name)} ({one.id[:8]})", percent(one.success), f"{one.n:g}"]
        cells += [f"{one.injected}", f"{one.used}", beliefs.get(one.id, UNKNOWN)]
        lines.append(f"| {' | '.join(cells)} |")
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
