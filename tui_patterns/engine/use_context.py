"""What is kept with the outcome of a use: the code that used it, libraries with their versions, errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tui_patterns.learning.error_text import errors_in
from tui_patterns.prompts.requirements import changed, requirements
from tui_patterns.store import failures, use_contexts
from tui_patterns.store.sql import now
from tui_patterns.store.used_code import UsedCode


def use_context(
    conn: sqlite3.Connection, project_id: int, root: Path, used: UsedCode, at: float | None
) -> dict[str, Any]:
    """The context of used code, by what it is now.

    Versions are those of a run at the time ``at``: known if nothing that says them changed since.
    """
    unit = use_contexts.unit_at(conn, project_id, used.path, used.qualname)
    own = use_contexts.dependencies(conn, used.version)
    found: dict[str, Any] = {}
    if unit is not None:
        found = {"async": unit.is_async, "framework": unit.framework, "uses": sorted(unit.dependencies)}
    versions = _versions(str(root), {*own, *(unit.dependencies if unit else ())}, at)
    return {**found, "versions": versions} if versions else found


def context_of_use(conn: sqlite3.Connection, injection: str, pattern: str) -> dict[str, Any]:
    """The context of an injected pattern where it is known to be used, as it is now; else nothing."""
    found = use_contexts.used_in(conn, injection, pattern)
    if found is None:
        return {}
    project_id, root, used = found
    return use_context(conn, project_id, Path(root), used, now())


def _versions(root: str, packages: Iterable[str], at: float | None) -> dict[str, str]:
    if at is None or changed(root) > at:
        return {}
    asked = requirements(root)
    return {one: version for one in sorted(packages) if (version := asked.exact(one)) is not None}


def test_errors(conn: sqlite3.Connection, project_id: int, failing: Sequence[str]) -> list[str]:
    """Classes of the errors that these tests ended with, as far as they were read."""
    known = {one.test: one.text for one in failures.errors(conn, project_id)}
    seen = (errors_in(known[test]) for test in failing if test in known)
    return sorted({found[-1].error_class for found in seen if found})
