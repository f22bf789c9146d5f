"""What runs inside a parser process: plain data in, plain data out, never an exception."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.extraction.source import OUT_OF_MEMORY
from tui_patterns.models import ParsedFile

if TYPE_CHECKING:
    from tui_patterns.extraction.project import ProjectClasses

_PR_SET_PDEATHSIG = 1
_PARENT_POLL_S = 1.0
_LANGUAGE = "python"
MOST_OBJECTS = 250_000  # new ones, about 30 MB: freeing trees after each chunk takes a fifth of all time


@dataclass(frozen=True, slots=True)
class ParseTask:
    """One file to parse: a project's root, and the POSIX path below it.

    ``project`` is a folder around the root, if base classes are to be looked for
    in all of it.
    """

    root: str
    rel: str
    project: str = ""


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """What every worker is told once. ``max_bytes`` is the largest file that is read.

    ``memory_mb`` is what the worker's data may take in MiB; ``parent`` a process id.
    """

    options: ExtractionOptions
    max_bytes: int
    memory_mb: float
    parent: int
    nice: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """The files of one chunk in order, and the worker's resident memory after it, in MiB.

    ``exhausted``: memory ran out, so a fresh worker might do better.
    """

    files: tuple[ParsedFile, ...]
    rss_mb: float
    exhausted: bool = False


_setup: list[WorkerSetup] = []


def start(setup: WorkerSetup) -> None:
    """Prepare this process: die with its parent, load the parser, keep the collector out of its way."""
    _setup[:] = [setup]
    die_with(setup.parent)
    if setup.nice and hasattr(os, "nice"):
        os.nice(setup.nice)
    parse_bytes(b"def warm() -> None: ...\n", "warm.py", setup.options)
    gc.disable()
    gc.collect()
    gc.freeze()
    limit_memory(setup.memory_mb)


def parse_chunk(tasks: Sequence[ParseTask]) -> Answer:
    """Parse the files of one chunk; trees of this and former chunks are freed once they are many."""
    setup = _setup[0]
    files = tuple(parse_task(task, setup.options, setup.max_bytes) for task in tasks)
    exhausted = any(file.error == OUT_OF_MEMORY for file in files)
    if exhausted or gc.get_count()[0] >= MOST_OBJECTS:
        gc.collect()
    return Answer(files, resident_mb(), exhausted)


def parse_task(task: ParseTask, options: ExtractionOptions, max_bytes: int) -> ParsedFile:
    """Read and parse one file. Whatever goes wrong is in the answer's ``error`` or ``skipped``."""
    from tui_patterns.engine.discovery import read_source

    try:
        root = Path(task.root)
        source = read_source(root / task.rel, max_bytes, root=root.resolve())
        if isinstance(source, bytes):
            return parse_bytes(source, task.rel, options, _classes_of(root, task.project, max_bytes))
        return ParsedFile(task.rel, "", _LANGUAGE, 0, skipped=str(source))
    except OSError as error:
        return failed(task, f"cannot be read: {error.strerror or type(error).__name__}")
    except MemoryError:
        return failed(task, OUT_OF_MEMORY)
    except Exception as error:
        return failed(task, f"cannot be analysed ({type(error).__name__}): please report this file")


def parse_bytes(
    source: bytes, rel: str, options: ExtractionOptions, project: ProjectClasses | None = None
) -> ParsedFile:
    """extract_source, with astroid loaded only once something is parsed."""
    from tui_patterns.extraction.python import extract_source

    return extract_source(source, rel, options, project)


@lru_cache(maxsize=4)
def _classes_of(root: Path, project: str, max_bytes: int) -> ProjectClasses:
    """What is known of a project's classes in this process."""
    from tui_patterns.engine.discovery import read_source
    from tui_patterns.extraction.project import ProjectClasses

    top = Path(project) if project else root
    resolved = top.resolve()

    def read(rel: str) -> bytes | None:
        try:
            source = read_source(top / rel, max_bytes, root=resolved)
        except OSError:
            return None
        return source if isinstance(source, bytes) else None

    return ProjectClasses(read, root.relative_to(top).as_posix() if project else "")


def failed(task: ParseTask, error: str) -> ParsedFile:
    """The answer for a file that gave none."""
    return ParsedFile(task.rel, "", _LANGUAGE, 0, error=error)


def die_with(parent: int) -> None:
    """Make sure that this process is gone within 2 s of its parent, even amid a C call."""
    if not _killed_by_kernel():
        threading.Thread(target=_watch_parent, args=(parent,), daemon=True).start()
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


def _killed_by_kernel() -> bool:
    """Linux: the kernel sends SIGKILL when the *thread* that started us ends; the pool keeps it alive."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes

    try:
        return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)
    except (OSError, AttributeError):
        return False


def limit_memory(megabytes: float) -> None:
    """Let a file that asks for more fail with MemoryError; does nothing where the system cannot."""
    try:
        import resource

        size = int(megabytes * 2**20)
        resource.setrlimit(resource.RLIMIT_DATA, (size, resource.getrlimit(resource.RLIMIT_DATA)[1]))
    except (ImportError, OSError, ValueError):
        return


def _watch_parent(parent: int) -> None:
    never = threading.Event()
    while os.getppid() == parent:
        never.wait(_PARENT_POLL_S)
    os._exit(1)


def resident_mb() -> float:
    """Resident memory of this process in MiB; 0.0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    except (OSError, ValueError, IndexError):
        return _peak_mb()


def _peak_mb() -> float:
    """The peak instead, where there is no /proc: it only makes recycling come earlier."""
    try:
        import resource
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return float(peak / 2**20 if sys.platform == "darwin" else peak / 2**10)
