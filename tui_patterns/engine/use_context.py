"""What is kept with the outcome of a use: the code that used it, libraries with their versions, errors."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from tui_patterns.learning.error_text import errors_in
from tui_patterns.prompts.requirements import changed, requirements
from tui_patterns.store import failures, use_contexts
from tui_patterns.store.sql import now
from tui_patterns.store.used_code import UsedCode


class Contexts:
    """Contexts of uses in one project, as of one look at it."""

    def __init__(self, conn: sqlite3.Connection, project_id: int, root: Path) -> None:
        self._conn = conn
        self._project_id = project_id
        self._root = str(root)

    def of(self, used: UsedCode, at: float | None) -> dict[str, Any]:
        """The context of used code, by what it is now.

        Versions are those of a run at the time ``at``: known if nothing that says them changed since.
        """
        unit = use_contexts.unit_at(self._conn, self._project_id, used.path, used.qualname)
        own = use_contexts.dependencies(self._conn, used.version)
        found: dict[str, Any] = {}
        if unit is not None:
            found = {"async": unit.is_async, "framework": unit.framework, "uses": sorted(unit.dependencies)}
        versions = self._versions({*own, *(unit.dependencies if unit else ())}, at)
        return {**found, "versions": versions} if versions else found

    def errors(self, failing: Sequence[str]) -> list[str]:
        """Classes of the errors that these tests ended with, as far as they were read."""
        return sorted({self._classes[test] for test in failing if test in self._classes})

    def _versions(self, packages: Iterable[str], at: float | None) -> dict[str, str]:
        if at is None or self._changed > at:
            return {}
        asked = requirements(self._root)
        return {one: version for one in sorted(packages) if (version := asked.exact(one)) is not None}

    @cached_property
    def _changed(self) -> float:
        return changed(self._root)

    @cached_property
    def _classes(self) -> dict[str, str]:
        seen = {one.test: errors_in(one.text) for one in failures.errors(self._conn, self._project_id)}
        return {test: found[-1].error_class for test, found in seen.items() if found}


def context_of_use(conn: sqlite3.Connection, injection: str, pattern: str) -> dict[str, Any]:
    """The context of an injected pattern where it is known to be used, as it is now; else nothing."""
    found = use_contexts.used_in(conn, injection, pattern)
    if found is None:
        return {}
    project_id, root, used = found
    return Contexts(conn, project_id, Path(root)).of(used, now())
