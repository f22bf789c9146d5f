"""What crosses the pipe is the same on the other side."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tui_patterns.engine import wire
from tui_patterns.models import Change, EngineStatus, Example, Filters, Finding, SemanticRows

NAMES = st.lists(st.text(max_size=8), max_size=3).map(tuple)
SHARE = st.none() | st.floats(0, 1)


def crossed(data: Any) -> Any:
    """As JSON and back."""
    return json.loads(json.dumps(data))


STATUSES = st.builds(
    EngineStatus,
    state=st.sampled_from(["starting", "converting", "indexing", "embedding", "idle", "stopped"]),
    role=st.sampled_from(["owner", "guest"]),
    folders=NAMES,
    watch_note=st.none() | st.text(max_size=8),
    semantic=SHARE,
    index=st.sampled_from([None, "chroma", "exact"]),
    error=st.none() | st.text(max_size=8),
)
CHANGES = st.builds(
    Change,
    project=st.text(max_size=8),
    files=NAMES,
    new=NAMES,
    updated=NAMES,
    removed=NAMES,
    failed=st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=2).map(tuple),
)
ROWS = st.builds(
    SemanticRows,
    rows=st.lists(st.tuples(st.text(max_size=8), st.floats(-1, 1)), max_size=3).map(tuple),
    index=st.sampled_from(["chroma", "exact"]),
    fingerprint=st.text(max_size=8),
    vector=st.binary(max_size=16),
)
FILTERS = st.builds(Filters, language=st.none() | st.text(max_size=5), min_quality=SHARE)


@settings(max_examples=40)
@given(status=STATUSES, change=CHANGES, rows=ROWS, filters=FILTERS)
def test_everything_comes_through_whole(
    status: EngineStatus, change: Change, rows: SemanticRows, filters: Filters
) -> None:
    assert wire.status_in(crossed(wire.status_out(status))) == status
    assert wire.change_in(crossed(wire.change_out(change))) == change
    assert wire.rows_in(crossed(wire.rows_out(rows))) == rows
    assert wire.filters_in(crossed(wire.filters_out(filters))) == filters


def test_nothing_stays_nothing() -> None:
    assert wire.rows_in(crossed(wire.rows_out(None))) is None
    assert wire.findings_in(None) is None
    assert wire.filters_in(None) == Filters()


def test_findings_keep_every_field() -> None:
    finding = Finding("a.py", 1, 2, "f", "god_function", "PT1", "warning", "too long", "split it", "id")
    assert wire.findings_in(crossed(wire.findings_out([finding]))) == [finding]


@given(st.text(), st.sampled_from(["code", "error", "words", "pattern"]), st.none() | st.text(max_size=8))
def test_an_example_comes_through_whole(text: str, kind: Any, pattern: str | None) -> None:
    example = Example(text, kind, pattern)
    assert wire.example_in(crossed(wire.example_out(example))) == example


def test_scores_come_through_whole() -> None:
    assert wire.scores_in(crossed({"a": 1.5, "b": -2})) == {"a": 1.5, "b": -2.0}
    assert wire.scores_in(None) is None
