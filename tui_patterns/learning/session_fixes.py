"""Fixes in agents' sessions: a test or build command failed, code was written, the same command passed.

All of it is read from what importing stored, so that it can be worked out again at any time: each try
has the id of the call that ended it in its key. What a session wrote whole is compared as a whole; of
other files there are only the pieces that were replaced.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tui_patterns.learning.changes import ChangeMade, change_between, file_diff, from_lines
from tui_patterns.learning.error_text import errors_in
from tui_patterns.learning.failures import Try, record_attempt, record_fix
from tui_patterns.learning.ledger import STRENGTHS
from tui_patterns.store import session_reads, sessions
from tui_patterns.store.sqlite import transaction

MOST_ERRORS = 5  # of one output
MOST_FILES = 20
_CUT = re.compile(r"\s(?:\d?>|\|)|;|\|\|")
_SETTING = re.compile(r"^\w+=")

Texts = dict[str, str]


@dataclass(slots=True)
class _Red:
    """An error that a command gave: what files held when it first did, and when it last did."""

    error: dict[str, Any]
    files: tuple[str, ...]
    base: Texts
    last: Texts
    loose: list[tuple[str, str, str]] = field(default_factory=list)
    recent: list[tuple[str, str, str]] = field(default_factory=list)


def learn(conn: sqlite3.Connection, session: str) -> int:
    """Take up the tries at errors of an imported session; how many are new."""
    row = sessions.one(conn, session)
    if row is None:
        return 0
    cwd = sessions.facts(row).get("cwd")
    reader = _Reader(conn, session, cwd if isinstance(cwd, str) else None)
    with transaction(conn):
        for step in _timeline(conn, session):
            reader.step(step)
    return reader.told


def _timeline(conn: sqlite3.Connection, session: str) -> Iterator[dict[str, Any]]:
    """Edits that were made, and commands with a known result, as they happened."""
    steps = [dict(row) for row in session_reads.edits(conn, session) if row["success"] != 0]
    steps += [
        dict(row)
        for row in session_reads.tool_events(conn, session)
        if row["category"] in ("test", "build") and row["success"] is not None and row["command"]
    ]
    steps.sort(key=lambda one: (one["at"] or 0.0, "part" not in one, one["call_id"], one.get("part", 0)))
    yield from steps


class _Reader:
    def __init__(self, conn: sqlite3.Connection, session: str, cwd: str | None) -> None:
        self._conn = conn
        self._session = session
        self._cwd = cwd.rstrip("/") if cwd else None
        self._texts: Texts = {}
        self._red: dict[tuple[str, ...], dict[str, _Red]] = {}
        self.told = 0

    def step(self, one: dict[str, Any]) -> None:
        """The next edit or command."""
        if "part" in one:
            self._edit(self._relative(one["path"]), one["old"], one["text"])
        elif one["success"]:
            self._green(one)
        else:
            self._failed(one)

    def _edit(self, path: str, old: str | None, text: str) -> None:
        if old is None:
            self._texts[path] = text
        elif old and old in self._texts.get(path, ""):
            self._texts[path] = self._texts[path].replace(old, text, 1)
        else:
            for red in (red for found in self._red.values() for red in found.values()):
                red.loose.append((path, old, text))
                red.recent.append((path, old, text))

    def _failed(self, one: dict[str, Any]) -> None:
        command = family(one["command"])
        before = self._red.get(command, {})
        now_red: dict[str, _Red] = {}
        for seen in errors_in(one["output"] or "", self._cwd)[-MOST_ERRORS:]:
            red = before.get(seen.signature)
            if red is None:
                red = _Red(seen.data(), seen.files, dict(self._texts), dict(self._texts))
            else:
                change = self._change(red.last, red.recent, red.files)
                if change is not None:
                    self.told += record_attempt(self._conn, red.error, change, self._try(one, red))
                red.last, red.recent = dict(self._texts), []
            now_red[seen.signature] = red
        self._red[command] = now_red

    def _green(self, one: dict[str, Any]) -> None:
        command = family(one["command"])
        for known in [known for known in self._red if covers(command, known)]:
            for red in self._red.pop(known).values():
                change = self._change(red.base, red.loose, red.files)
                if change is not None:
                    self.told += record_fix(self._conn, red.error, change, self._try(one, red))

    def _try(self, one: dict[str, Any], red: _Red) -> Try:
        tail = f"session:{self._session}:{one['call_id']}:{red.error['signature'][:8]}"
        at = one["ended"] or one["at"] or 0.0
        return Try(at, tail, project=self._cwd, session=self._session, weight=STRENGTHS["build"])

    def _change(
        self, base: Texts, loose: list[tuple[str, str, str]], files: tuple[str, ...]
    ) -> ChangeMade | None:
        changed = {path for path in self._texts if self._texts[path] != base.get(path)}
        whole = change_between(
            {path: base.get(path) for path in changed}, {path: self._texts[path] for path in changed}, files
        )
        lines = whole.diff.splitlines() if whole else []
        paths = dict.fromkeys(whole.paths if whole else ())
        for path, old, text in loose:
            lines += file_diff(path, old, text)
            paths[path] = None
        return None if len(paths) > MOST_FILES else from_lines(lines, list(paths))

    def _relative(self, path: str) -> str:
        plain = path.replace("\\", "/")
        return plain[len(self._cwd) + 1 :] if self._cwd and plain.startswith(f"{self._cwd}/") else plain


def family(command: str) -> tuple[str, ...]:
    """What a command runs, without options and pipes: ``cd x && pytest -q a.py | tail`` is pytest a.py."""
    last = _CUT.split(command.strip().split("&&")[-1], maxsplit=1)[0]
    return tuple(word for word in last.split() if not word.startswith("-") and not _SETTING.match(word))


def covers(green: tuple[str, ...], red: tuple[str, ...]) -> bool:
    """Whether a command that passed ran all that the other had run: the same, or without its targets."""
    return bool(green) and red[: len(green)] == green
