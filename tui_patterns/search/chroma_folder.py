"""The embedded Chroma folder as a thing that may break: its names, its faults, and how it is set aside.

Everything in it can be made again from SQLite. A damaged folder is renamed, never
repaired: Chroma may panic, or crash the whole process, on torn files.
"""

from __future__ import annotations

import contextlib
import os
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
        if isinstance(error, OSError) or any(mark in reason.lower() for mark in _ENVIRONMENT):
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
    """Counts the processes that died within a risky step, in a marker file beside the folder.

    A segmentation fault leaves no exception to catch: the marker that is written
    before and removed after tells the next process. A kill at that moment looks
    the same, so one death is forgiven, and two in a row are not.
    """

    def __init__(self, path: Path, step: str) -> None:
        """``path`` is the Chroma folder, ``step`` what is guarded: ``opening`` or ``writing``."""
        self._marker = path.with_name(f"{path.name}.{step}")

    @property
    def deaths(self) -> int:
        """How many processes in a row died within the step."""
        try:
            return max(1, int(self._marker.read_text("ascii")))
        except FileNotFoundError:
            return 0
        except (OSError, ValueError):
            return 1

    @property
    def tripped(self) -> bool:
        """Whether the folder has to be given up."""
        return self.deaths >= _CRASHES

    @contextmanager
    def step(self) -> Iterator[None]:
        """Mark the step; the mark stays only if the process dies in it."""
        if not self._marker.parent.is_dir():
            self._marker.parent.mkdir(parents=True, exist_ok=True)
        self._marker.write_text(str(self.deaths + 1), "ascii")
        try:
            yield
        finally:
            self.clear()

    def clear(self) -> None:
        """Forget former deaths."""
        with contextlib.suppress(OSError):
            os.unlink(self._marker)  # noqa: PTH108 - half the time of Path.unlink, once a batch
