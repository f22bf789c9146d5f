"""What a receiver of a watcher's batches would know, and how tests change a disk."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tui_patterns.engine.discovery import walk
from tui_patterns.engine.ignore import IgnoreRules
from tui_patterns.engine.watch import ChangeBatch, Watcher

PATIENCE_S = 120.0


class Mirror:
    """What a receiver would know: it starts with a scan, then looks only where batches send it."""

    def __init__(self, root: Path, **options: object) -> None:
        self.root = root
        self.batches: list[ChangeBatch] = []
        self.known: dict[str, bytes] = {}
        self.fail_once = False
        self._changed = threading.Condition()
        self._rules = IgnoreRules(root)
        self.watcher = Watcher([root], lambda _: self._rules, self._receive, check_s=0.2, **options)  # type: ignore[arg-type]

    def start(self) -> None:
        self.watcher.start()
        self.known = self.scan()

    def scan(self, under: str = "") -> dict[str, bytes]:
        try:
            return {f.rel: self._read(f.rel) for f in walk(self.root, IgnoreRules(self.root), under=under)}
        except OSError:
            return {}

    def wait(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        with self._changed:
            while not done():
                assert time.monotonic() < deadline, (self.batches[-3:], self.watcher.status())
                self._changed.wait(0.1)

    def wait_until_equal(self) -> None:
        """The only way to converge is by batches: the disk itself no longer changes."""
        truth = self.scan()
        self.wait(lambda: self.known == truth)

    def seen(self) -> set[str]:
        return {path for batch in self.batches for path in batch.paths}

    def clear(self) -> None:
        with self._changed:
            self.batches.clear()

    def _receive(self, batch: ChangeBatch) -> None:
        if self.fail_once:
            self.fail_once = False
            raise RuntimeError("the receiver failed")
        with self._changed:
            self.batches.append(batch)
            if batch.rescan:
                below = f"{batch.prefix}/" if batch.prefix else ""
                kept = {rel: data for rel, data in self.known.items() if not rel.startswith(below)}
                self.known = kept | self.scan(batch.prefix or "")
            for rel in batch.paths:
                self._look(rel)
            self._changed.notify_all()

    def _look(self, rel: str) -> None:
        if (self.root / rel).is_file() and not self._rules.ignored(rel):
            self.known[rel] = self._read(rel)
        else:
            self.known.pop(rel, None)

    def _read(self, rel: str) -> bytes:
        try:
            return (self.root / rel).read_bytes()
        except OSError:
            return b""


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def git(root: Path, *args: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True, timeout=180)


def commit(root: Path, *branch: str) -> None:
    git(root, "checkout", "-q", *branch)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "state")
