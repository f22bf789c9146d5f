"""SessionAnalyzer: the analysis of a session by the name and in the shape that older integrations know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tui_patterns.api.library import PatternLibrary
from tui_patterns.api.session_records import SessionSummary
from tui_patterns.api.sessions import Sessions
from tui_patterns.sessions.analysed import Analysis


class SessionAnalyzer:
    """Analyses sessions of a library, by default the one in the data folder."""

    def __init__(self, library: PatternLibrary | str | Path | None = None) -> None:
        self._library = library if isinstance(library, PatternLibrary) else PatternLibrary(library)

    def analyze(self, session_id: str) -> dict[str, Any]:
        """Completion, context, tests, time, tokens, cost and patterns of a session.

        Shares lie in 0..1, times are in seconds, cost in USD; what is not known is
        ``None``. ``session_id`` may also be a path: it is imported first.
        """
        sessions_ = Sessions(self._library)
        path = Path(session_id)
        if ("/" in session_id or path.suffix) and path.exists():
            taken = [one for one in sessions_.import_paths([path]) if isinstance(one, SessionSummary)]
            session_id = taken[0].id if taken else session_id
        return older_shape(sessions_.analyze(session_id))


def older_shape(found: Analysis) -> dict[str, Any]:
    """An analysis as a plain dictionary."""
    context, tests = found.context, found.tests
    use = context.average_pct if context.average_pct is not None else context.average
    most = context.max_pct if context.max_pct is not None else context.max
    return {
        "completion": found.completion.value,
        "context": {
            "average": use,
            "max": most,
            "compactions": context.compactions,
            "unit": "percent" if context.average_pct is not None else "tokens",
        },
        "tests": {
            "coverage": tests.coverage,
            "runs": tests.runs,
            "passed": tests.passed,
            "failed": tests.failed,
        },
        "time": {"avg_per_task": found.per_task(found.active_s), "total": found.active_s},
        "tokens": {"total": found.tokens.total, "per_task": found.per_task(found.tokens.total)},
        "cost": found.cost.usd,
        "patterns": {
            "top": [
                {"id": one.id, "name": one.name, "success": one.success, "n": one.n}
                for one in found.patterns[:10]
            ]
        },
    }
