"""Stored anti-patterns as every face shows them: with their words, and who does it better."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace

from tui_patterns.extraction.antipatterns.advice import RULES_VERSION, advice, told
from tui_patterns.learning import guard_findings
from tui_patterns.learning.better import Advisor
from tui_patterns.models import Finding, Severity
from tui_patterns.store import findings, findings_marks
from tui_patterns.store.findings import FindingRow


def in_file(
    conn: sqlite3.Connection, root: str, path: str, strength: float, *, dismissed: bool = False
) -> list[Finding] | None:
    """Findings of a file by line, guards of its patterns among them.

    ``None`` if the file was not examined as it is now.

    ``dismissed``: also those that a person called no problem.
    """
    known = findings.file_id(conn, root, path, RULES_VERSION)
    if known is None or not known[1]:
        return None
    found = _told(conn, findings.in_file(conn, known[0]), root, strength, dismissed)
    return sorted([*found, *guard_findings.in_file(conn, root, path)], key=lambda one: one.line)


def in_pattern(
    conn: sqlite3.Connection, row_id: int, root: str, strength: float, *, dismissed: bool = False
) -> list[Finding] | None:
    """Findings within a pattern at its main site; ``None`` if its file was not examined."""
    rows = findings.in_pattern(conn, row_id)
    return None if rows is None else _told(conn, rows, root, strength, dismissed)


def advised(
    conn: sqlite3.Connection, found: Iterable[Finding], root: str, strength: float, *, dismissed: bool = False
) -> list[Finding]:
    """Findings that were just made, without those dismissed, and with who does it better."""
    listed = list(found)
    quiet = findings_marks.among(conn, {one.id for one in listed})
    marked = [replace(one, dismissed=one.id in quiet) for one in listed]
    advisor = Advisor(conn, strength)
    return [_with_pattern(one, advisor, root) for one in marked if dismissed or not one.dismissed]


def _told(
    conn: sqlite3.Connection, rows: Iterable[FindingRow], root: str, strength: float, dismissed: bool
) -> list[Finding]:
    advisor = Advisor(conn, strength)
    return [_with_pattern(finding(row), advisor, root) for row in rows if dismissed or not row.dismissed]


def finding(row: FindingRow) -> Finding:
    """A stored finding with its words."""
    words = advice()[row.label]
    return Finding(
        path=row.path,
        line=row.line,
        end_line=row.end_line,
        qualname=row.qualname,
        label=row.label,
        rule=row.rule,
        severity=words.severity,
        message=told(row.label, f"the same as {row.twin}" if row.twin else row.measured),
        instead=words.instead,
        why=words.why,
        id=row.mark,
        dismissed=row.dismissed,
    )


def severity(label: str) -> Severity:
    """How bad what that label names is."""
    return advice()[label].severity


def _with_pattern(found: Finding, advisor: Advisor, root: str) -> Finding:
    pattern = advisor.best(found.label, root)
    return replace(found, pattern_id=pattern.id, pattern_name=pattern.name) if pattern else found
