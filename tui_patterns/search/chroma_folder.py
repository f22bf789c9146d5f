"""The embedded Chroma folder as a thing that may break: its names, its faults, and how it is set aside.

Everything in it can be made again from SQLite. A damaged folder is renamed, never
repaired: Chroma may panic, or crash the whole process, on torn files.
"""

from __future__ import annotations

import contextlib
import faulthandler
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_KEPT_DAMAGED = 2
_CRASHES = 2
# Not the folder's fault: a fresh one would fail as well.
_ENVIRONMENT = ("disk is full", "no space left", "unable to open database", "readonly", "read-only",
                "permission denied", "database is locked", "too many open files")  # fmt: skip
_NO_FOLDER = (FileExistsError, NotADirectoryError)  # something else stands in its place: set that aside


class ChromaUnavailable(RuntimeError):
    """Chroma cannot answer here and now, for no fault of its data: scan exactly meanwhile."""


class ChromaDamaged(RuntimeError):
    """The embedded folder is broken: set it aside, start afresh, and sync all from SQLite."""


def collection_name(fingerprint: str) -> str:
    """The collection of one model's vectors."""
    return f"patterns-{fingerprint}"


@contextmanager
def faults(action: str) -> Iterator[None]:
    """Turn whatever Chroma raises while ``action`` into ``ChromaDamaged`` or ``ChromaUnavailable``.

    A panic in its native part derives from ``BaseException``.
    """
    try:
        yield
    except (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, ChromaUnavailable, ChromaDamaged):
        raise
    except BaseException as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        system = isinstance(error, OSError) and not isinstance(error, _NO_FOLDER)
        if system or any(mark in reason.lower() for mark in _ENVIRONMENT):
            raise ChromaUnavailable(f"Chroma cannot {action}: {reason}") from error
        raise ChromaDamaged(f"Chroma cannot {action}: {reason}") from error


def set_aside(path: Path) -> Path | None:
    """Rename the folder to ``<name>.damaged-<time>`` and keep the newest two; ``None`` if it is absent."""
    if not path.exists():
        return None
    target = path.with_name(f"{path.name}.damaged-{time.time_ns()}")
    path.rename(target)
    older = sorted(path.parent.glob(f"{path.name}.damaged-*"), key=lambda folder: folder.name)[
        :-_KEPT_DAMAGED
    ]
    for folder in older:
        shutil.rmtree(folder, ignore_errors=True)
    return target


class CrashGuard:
    """Counts the processes that died inside Chroma, in marker files beside the folder.

    A segmentation fault leaves no exception to catch, and some torn files make
    Chroma loop for ever: a marker is written before each call and removed after,
    so what it finds tells the next process. A kill at that very moment looks the
    same, so one death is forgiven, and two without a success between are not.
    """

    STEPS = ("opening", "writing", "asking")

    def __init__(self, path: Path | None, deadline_s: float | None = None) -> None:
        """Guard the folder ``path``; ``None`` guards nothing (a server).

        With ``deadline_s``, a call that lasts longer ends the whole process, with
        a traceback on standard error: for a supervised process only.
        """
        self._path = path
        self._deadline_s = deadline_s

    @property
    def deaths(self) -> int:
        """How many processes died inside since a call of the same kind came back."""
        return sum(_count(self._marker(self._path, step)) for step in self.STEPS) if self._path else 0

    @property
    def tripped(self) -> bool:
        """Whether the folder has to be given up."""
        return self.deaths >= _CRASHES

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Mark one call; the mark stays only if the process dies in it."""
        if self._path is None:
            yield
            return
        marker = self._marker(self._path, name)
        marker.parent.mkdir(parents=True, exist_ok=True)
        marker.write_text(str(_count(marker) + 1), "ascii")
        if self._deadline_s:
            faulthandler.dump_traceback_later(self._deadline_s, exit=True)
        try:
            yield
        finally:
            if self._deadline_s:
                faulthandler.cancel_dump_traceback_later()
            _remove(marker)

    def clear(self) -> None:
        """Forget former deaths: the folder is a fresh one."""
        if self._path is None:
            return
        for step in self.STEPS:
            _remove(self._marker(self._path, step))

    @staticmethod
    def _marker(path: Path, step: str) -> Path:
        return path.with_name(f"{path.name}.{step}")


def _count(marker: Path) -> int:
    try:
        return max(1, int(marker.read_text("ascii")))
    except FileNotFoundError:
        return 0
    except (OSError, ValueError):
        return 1


def _remove(marker: Path) -> None:
    with contextlib.suppress(OSError):
        marker.unlink()
