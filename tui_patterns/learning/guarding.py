"""Guards worked out anew from what is stored; the same evidence gives the same guards."""

from __future__ import annotations

import sqlite3

from tui_patterns.learning.guards import LEAST_FAILURES, Context, code_context, mine, text_context
from tui_patterns.prompts.requirements import requirements
from tui_patterns.store import guards
from tui_patterns.store.guards import GuardRow, PassingRow, UseRow
from tui_patterns.store.sqlite import transaction


def review(conn: sqlite3.Connection) -> bool:
    """Bring the guards to what uses and tests say; ``False`` if nothing changed. Cheap if little failed."""
    failing = guards.failing(conn, LEAST_FAILURES)
    found = _mined(conn, failing) if failing else []
    with transaction(conn):
        return guards.replace_all(conn, found)


def _mined(conn: sqlite3.Connection, failing: list[str]) -> list[GuardRow]:
    every = guards.uses(conn)
    code = [passing_context(one) for one in guards.passing(conn)]
    found: list[GuardRow] = []
    for pattern in failing:
        own = [one for one in every if one.pattern == pattern]
        others = [use_context(one) for one in every if one.pattern != pattern and one.success and one.tested]
        failures = [use_context(one) for one in own if not one.success]
        successes = [use_context(one) for one in own if one.success]
        found += [
            GuardRow(pattern, one.condition, one.failures, one.successes, one.passing, one.population)
            for one in mine(failures, successes, [*code, *others, *successes])
        ]
    return found


def use_context(use: UseRow) -> Context:
    """What is known of where a pattern was used: its task, and the code that used it."""
    said = use.context
    code = code_context(
        is_async=bool(said.get("async")),
        framework=said.get("framework"),
        uses=said.get("uses") or (),
        versions=said.get("versions") or {},
        language=use.language,
        root=use.project,
    )
    return code | text_context(use.task or "")


def passing_context(one: PassingRow) -> Context:
    """The same of a piece of code that its tests pass."""
    asked = requirements(one.root)
    versions = {name: version for name in one.dependencies if (version := asked.exact(name)) is not None}
    return code_context(
        text=f"{one.name} {one.qualname}",
        is_async="async" in one.tags,
        framework=one.framework,
        uses=one.dependencies,
        versions=versions,
        language=one.language,
        root=one.root,
    )
