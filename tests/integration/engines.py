"""A real engine for tests: its client in a thread of its own, and ways to wait for what it does."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tui_patterns.api import ChangedEvent, EngineClient, EngineDown, EngineEvent, PatternLibrary
from tui_patterns.models import Change, EngineStatus, SemanticRows
from tui_patterns.settings import Settings

T = TypeVar("T")
PATIENCE_S = 120.0
LOOK_S = 0.02
LACKING = (
    "SELECT 1 FROM patterns p JOIN versions v ON v.id = p.version_id "
    "LEFT JOIN synced s ON s.pattern_id = p.id AND s.doc_hash = v.doc_hash "
    "WHERE p.gone IS NULL AND s.pattern_id IS NULL LIMIT 1"
)


def until(condition: Callable[[], T | None], what: str = "", timeout_s: float = PATIENCE_S) -> T:
    """What ``condition`` gives once it is true; for things that send no event."""
    end = time.monotonic() + timeout_s
    while not (found := condition()):
        assert time.monotonic() < end, f"waited {timeout_s:g} s for: {what or condition}"
        time.sleep(LOOK_S)
    return found


class Engine:
    """An EngineClient that a synchronous test can drive; use it as a context."""

    def __init__(self, data_dir: Path, *roots: Path, config: Path | None = None) -> None:
        self.data_dir = data_dir
        self.library = PatternLibrary(data_dir / "patterns.db", settings=Settings())
        self.events: list[tuple[float, EngineEvent]] = []
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.client = EngineClient(data_dir, roots, self._heard, config)

    def __enter__(self) -> Engine:
        self._thread.start()
        self.ask(self.client.start())
        return self

    def __exit__(self, *_: object) -> None:
        self.ask(self.client.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=PATIENCE_S)
        self._loop.close()
        self.library.close()

    def ask(self, question: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine of the client to its end."""
        return asyncio.run_coroutine_threadsafe(question, self._loop).result(timeout=PATIENCE_S)

    def semantic(self, query: str, limit: int = 5) -> SemanticRows | None:
        """What is near in meaning."""
        return self.ask(self.client.semantic(query, limit))

    def nearest(self, query: str) -> str:
        """The qualified name of what is nearest in meaning."""
        rows = self.semantic(query, 1)
        return self.library.pattern(rows.rows[0][0]).qualname if rows and rows.rows else ""

    @property
    def pid(self) -> int:
        """The child's process id; waits for it."""
        return until(lambda: self.client.pid, "the engine's process")

    @property
    def status(self) -> EngineStatus:
        """The last one heard."""
        return self.client.status

    @property
    def changes(self) -> list[Change]:
        """All changes announced so far."""
        return [event.change for _, event in self.events if isinstance(event, ChangedEvent)]

    @property
    def downs(self) -> list[EngineDown]:
        """All deaths of the child heard of so far."""
        return [event for _, event in self.events if isinstance(event, EngineDown)]

    def until(self, condition: Callable[[], T | None], timeout_s: float = PATIENCE_S) -> T:
        """What ``condition`` gives once it is true, looked at after every event."""
        end = time.monotonic() + timeout_s
        with self._news:
            while not (found := condition()):
                left = end - time.monotonic()
                assert left > 0, f"waited {timeout_s:g} s; the status is {self.status}"
                self._news.wait(min(left, 0.2))
        return found

    def ready(self) -> Engine:
        """Wait until all is indexed, embedded and in Chroma."""
        self.until(self._is_ready)
        return self

    def _is_ready(self) -> bool:
        status = self.status
        done = status.state == "idle" and status.queue == 0 and status.semantic == 1.0
        return done and (status.role == "guest" or (status.index == "chroma" and self._is_in_step()))

    def _is_in_step(self) -> bool:
        """Whether the store says the same: each thread tells the status only of its own work."""
        with contextlib.closing(sqlite3.connect(self.library.path)) as conn:
            return not conn.execute(LACKING).fetchone()

    def _heard(self, event: EngineEvent) -> None:
        with self._news:
            self.events.append((time.monotonic(), event))
            self._news.notify_all()


def sites(database: Path) -> set[tuple[str, str, int, int, str]]:
    """Every place of every pattern: path, name, lines and content."""
    with contextlib.closing(sqlite3.connect(database)) as conn:
        return set(
            conn.execute(
                "SELECT f.path, s.qualname, s.line, s.end_line, v.code_hash FROM sites s "
                "JOIN files f ON f.id = s.file_id JOIN versions v ON v.id = s.version_id "
                "JOIN patterns p ON p.id = s.pattern_id WHERE p.gone IS NULL"
            )
        )


def descendants(pid: int) -> set[int]:
    """The process and all below it, by /proc."""
    found, waiting = set(), [pid]
    while waiting:
        one = waiting.pop()
        found.add(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with contextlib.suppress(OSError):
                waiting += [int(child) for child in task.read_text().split()]
    return found


def living(pids: Sequence[int] | set[int]) -> set[int]:
    """Those that still run; a zombie does not."""
    return {pid for pid in pids if _runs(pid)}


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def write(path: Path, text: str) -> None:
    """Save as another process would: a new file put in the place of the old."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    partial.write_text(text)
    partial.replace(path)
