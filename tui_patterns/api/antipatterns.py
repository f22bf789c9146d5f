"""Anti-patterns for every face: what is kept of them, what was dismissed, and who does it better."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.api.connections import LibraryError
from tui_patterns.learning import findings as learned
from tui_patterns.models import Finding, LibraryStats
from tui_patterns.store import findings, findings_marks
from tui_patterns.store.findings_marks import Dismissal
from tui_patterns.store.sqlite import transaction

if TYPE_CHECKING:
    from tui_patterns.api.library.reading import Reading

LEAST_PREFIX = 4


def findings_in_file(library: Reading, root: str, path: str) -> list[Finding] | None:
    """What is kept of a file, by line; ``None`` if it was not examined as the library knows it."""
    with library.connections.lend() as conn:
        return learned.in_file(conn, root, path, library.settings.learning.prior_strength)


def findings_in_pattern(library: Reading, id: str) -> list[Finding] | None:
    """Anti-patterns within a pattern; ``None`` if its file was not examined. Raises LibraryError."""
    from tui_patterns.store import patterns

    pattern = library.pattern(id)
    with library.connections.lend() as conn:
        row_id = patterns.row_ids(conn, [pattern.id])[pattern.id]
        return learned.in_pattern(conn, row_id, pattern.root, library.settings.learning.prior_strength)


def advise(
    library: Reading, found: Iterable[Finding], root: Path, *, dismissed: bool = False
) -> list[Finding]:
    """Findings just made below ``root``: without those dismissed, with a pattern that does it better.

    ``dismissed`` keeps those too, marked. Without a database they come back as they are.
    """
    listed = list(found)
    if not library.path.exists():
        return listed
    strength = library.settings.learning.prior_strength
    with library.connections.lend() as conn:
        return learned.advised(conn, listed, _project(conn, root), strength, dismissed=dismissed)


def _project(conn: sqlite3.Connection, root: Path) -> str:
    """The indexed project that ``root`` is, or lies in; else ``root`` itself."""
    from tui_patterns.store import projects

    known = {folder for _, folder in projects.everything(conn)}
    above = [str(folder) for folder in (root, *root.parents)]
    return next((folder for folder in above if folder in known), str(root))


def counted(conn: sqlite3.Connection, stats: LibraryStats) -> LibraryStats:
    """``stats`` with the anti-patterns kept and not dismissed: by label, by severity, by project."""
    labels: Counter[str] = Counter()
    severities: Counter[str] = Counter()
    projects: dict[str, dict[str, int]] = {}
    for project, label, count in findings.counts(conn):
        labels[label] += count
        severities[learned.severity(label)] += count
        projects.setdefault(project, {})[label] = count
    return replace(
        stats,
        examined=findings.count_examined(conn),
        antipatterns=dict(labels.most_common()),
        antipatterns_by_severity=dict(severities.most_common()),
        antipatterns_by_project=projects,
    )


def dismiss(library: Reading, id: str, seen: Sequence[tuple[Path, Finding]] = ()) -> Finding:
    """Remember that a finding is no problem here; ``seen`` are (file, finding) that may not be kept.

    ``id`` is a finding's, or its beginning. Raises LibraryError for one that nobody found.
    """
    prefix = _prefix(id)
    with library.connections.lend() as conn:
        known = [
            (Path(root) / row.path, learned.finding(row)) for root, row in findings.by_mark(conn, prefix)
        ]
        file, found = _only(id, [*known, *(pair for pair in seen if pair[1].id.startswith(prefix))])
        with transaction(conn):
            findings_marks.save(conn, _dismissal(file, found))
    return replace(found, dismissed=True)


def undismiss(library: Reading, id: str) -> Dismissal:
    """Let a finding count again. Raises LibraryError for one that was not dismissed."""
    with library.connections.lend() as conn:
        known = findings_marks.by_prefix(conn, _prefix(id))
        if len(known) != 1:
            raise LibraryError(
                f"{len(known) or 'no'} dismissed findings have an id that begins with {id!r}: "
                "`patterns-tui antipatterns --dismissed` lists them"
            )
        findings_marks.remove(conn, known[0].mark)
    return known[0]


def _prefix(id: str) -> str:
    prefix = id.strip().lower()
    if len(prefix) < LEAST_PREFIX:
        raise LibraryError(f"{id!r} is too short for a finding's id: give {LEAST_PREFIX} characters or more")
    return prefix


def _only(id: str, pairs: Sequence[tuple[Path, Finding]]) -> tuple[Path, Finding]:
    """The finding meant; those of one id are the same thing on several lines."""
    marks = {finding.id for _, finding in pairs}
    if not pairs:
        raise LibraryError(f"no finding has the id {id!r}: `patterns-tui antipatterns` lists ids")
    if len(marks) > 1:
        raise LibraryError(f"several findings have an id that begins with {id!r}: give more of it")
    return pairs[0]


def _dismissal(file: Path, found: Finding) -> Dismissal:
    try:
        lines = file.read_text("utf-8", "replace").split("\n")
        line = " ".join(lines[found.line - 1].split())
    except (OSError, IndexError):
        line = ""
    return Dismissal(found.id, str(file), found.qualname, found.label, line)
