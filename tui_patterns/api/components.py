"""Code that came by call, taken up as a component: its units, what the caller knows of them, how it did."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tui_patterns.api.connections import LibraryError
from tui_patterns.engine.ingest import Arrival, Ingest
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Label, ParsedFile, Unit
from tui_patterns.store import beliefs, patterns, projects
from tui_patterns.store.sqlite import transaction

GIVEN = 0.7  # how sure a label is that a caller named without saying
_FIELDS = ("category", "subcategory", "framework")
_NAME = re.compile(r"[^\w.-]+")


def store(
    conn: sqlite3.Connection,
    root: Path,
    name: str,
    code: str,
    named: Iterable[str | Mapping[str, Any]],
    facts: Mapping[str, Any],
    *,
    success: bool,
) -> list[str]:
    """Keep a component in the project at ``root``, with one more outcome; the ids of its patterns.

    The same name again is an edit of it. Raises LibraryError for code without a function or class.
    """
    path = f"{_NAME.sub('_', name).strip('._') or 'component'}.py"
    units = _units(name, code, path, list(_labels(named)), facts)
    digest = hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
    parsed = ParsedFile(path, digest, units[0].language, code.count("\n") + 1, units)
    with transaction(conn):
        project = projects.ensure(conn, root)
    Ingest(conn, project, root.name).apply([Arrival(parsed, len(code), 0)])
    ids = list(dict.fromkeys(patterns.in_file(conn, project, path)))
    with transaction(conn):
        for row_id in patterns.row_ids(conn, ids).values():
            beliefs.add_outcome(conn, row_id, success=success, kind="component", source=name)
    return ids


def _labels(patterns: Iterable[str | Mapping[str, Any]]) -> Iterable[Label]:
    for one in patterns:
        given: Mapping[str, Any] = {"label": one} if isinstance(one, str) else one
        name = next((str(given[key]) for key in ("label", "pattern_type", "name") if given.get(key)), "")
        confidence = given.get("confidence", GIVEN)
        if name and isinstance(confidence, int | float):
            yield Label(name.strip().lower().replace(" ", "_"), min(max(float(confidence), 0.0), 1.0))


def _units(
    name: str, code: str, path: str, labels: Sequence[Label], facts: Mapping[str, Any]
) -> tuple[Unit, ...]:
    """What of the code is kept: what always is, or else the largest; each with what the caller knows."""
    parsed = extract_source(code.encode("utf-8", "replace"), path)
    if parsed.error or not parsed.units:
        why = parsed.error or "it holds no function or class"
        raise LibraryError(f"no pattern in the code of {name!r}: {why}")
    largest = max(parsed.units, key=lambda one: one.end_line - one.line)
    kept = [one for one in parsed.units if one.reason is None and one is not largest]
    given: dict[str, Any] = {key: str(facts[key]) for key in _FIELDS if facts.get(key)}
    kind = str(facts["component_type"]) if facts.get("component_type") else largest.component_type
    main = replace(largest, labels=_merged(largest.labels, labels), component_type=kind)
    tags = tuple(str(tag) for tag in facts.get("tags", ()))
    return tuple(
        replace(one, reason=None, tags=tuple(sorted({*one.tags, *tags})), **given) for one in (main, *kept)
    )


def _merged(found: Sequence[Label], given: Sequence[Label]) -> tuple[Label, ...]:
    """Labels that were recognised, and those that a caller named besides."""
    known = {label.label for label in found}
    return (*found, *(label for label in given if label.label not in known))
