"""What crosses the pipe between app and engine, as JSON and back."""

from __future__ import annotations

import base64
from dataclasses import asdict
from typing import Any

from tui_patterns.models import Change, EngineStatus, Example, Filters, Finding, SemanticRows


def status_out(status: EngineStatus) -> dict[str, Any]:
    """A status as JSON."""
    return asdict(status)


def status_in(data: dict[str, Any]) -> EngineStatus:
    """A status from JSON."""
    return EngineStatus(**{**data, "folders": tuple(data["folders"])})


def change_out(change: Change) -> dict[str, Any]:
    """A change as JSON."""
    return asdict(change)


def change_in(data: dict[str, Any]) -> Change:
    """A change from JSON."""
    failed = tuple((path, reason) for path, reason in data["failed"])
    lists = {name: tuple(data[name]) for name in ("files", "new", "updated", "removed")}
    return Change(project=data["project"], failed=failed, **lists)


def rows_out(rows: SemanticRows | None) -> dict[str, Any] | None:
    """Semantic rows as JSON; the query's vector in base64."""
    if rows is None:
        return None
    return {
        "rows": rows.rows,
        "index": rows.index,
        "fingerprint": rows.fingerprint,
        "vector": base64.b64encode(rows.vector).decode("ascii"),
    }


def rows_in(data: dict[str, Any] | None) -> SemanticRows | None:
    """Semantic rows from JSON."""
    if data is None:
        return None
    return SemanticRows(
        rows=tuple((uuid, cosine) for uuid, cosine in data["rows"]),
        index=data["index"],
        fingerprint=data["fingerprint"],
        vector=base64.b64decode(data["vector"]),
    )


def all_rows_in(data: list[dict[str, Any] | None] | None) -> tuple[SemanticRows, ...] | None:
    """Semantic rows of several queries from JSON; ``None`` unless all are there."""
    rows = [rows_in(one) for one in data or ()]
    found = tuple(one for one in rows if one is not None)
    return found if data is not None and len(found) == len(data) else None


def example_out(example: Example) -> dict[str, Any]:
    """An example as JSON."""
    return asdict(example)


def example_in(data: dict[str, Any]) -> Example:
    """An example from JSON."""
    return Example(**data)


def scores_in(data: dict[str, Any] | None) -> dict[str, float] | None:
    """Scores by pattern from JSON."""
    return None if data is None else {str(id): float(score) for id, score in data.items()}


def findings_out(findings: list[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON."""
    return [asdict(one) for one in findings]


def findings_in(data: list[dict[str, Any]] | None) -> list[Finding] | None:
    """Findings from JSON."""
    return None if data is None else [Finding(**one) for one in data]


def filters_out(filters: Filters) -> dict[str, Any]:
    """Filters as JSON."""
    return asdict(filters)


def filters_in(data: dict[str, Any] | None) -> Filters:
    """Filters from JSON."""
    return Filters(**(data or {}))
