"""What the look for anti-patterns costs of an index run, by CPU time: ruff's part, and our own checks'.

    python benchmarks/examining.py [PACKAGE]

The installed PACKAGE's source (default: chromadb) is indexed once by ``patterns-tui index --no-embed``,
whose CPU seconds, children included, are the whole; without embedding, which would only make it larger.
Then the same files are examined once more here, ruff's seconds being those of its processes.
"""

from __future__ import annotations

import argparse
import gc
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks.library import source_of  # noqa: E402

PACKAGE = "chromadb"


@dataclass(frozen=True, slots=True)
class Parts:
    """CPU seconds of a whole index run, and in it of ruff and of our own checks."""

    lines: int
    whole: float
    ruff: float
    own: float

    def told(self) -> str:
        """One line for people."""
        return (
            f"{self.lines:,} lines, index run {self.whole:.1f} s CPU: "
            f"ruff {self.ruff / self.whole:.1%}, own checks {self.own / self.whole:.1%}"
        )


def parts(package: str = PACKAGE) -> Parts:
    """Index and examine *package*'s source, in a folder of its own."""
    from tui_patterns.extraction.antipatterns import examine_files

    with tempfile.TemporaryDirectory() as folder:
        source = source_of(package, Path(folder))
        files = sorted(path.relative_to(source).as_posix() for path in source.rglob("*.py"))
        whole = _index(source, Path(folder) / "data")
        gc.disable()  # as the child that examines does
        before, started = _children(), time.process_time()
        examine_files(source, files)
        own, ruff = time.process_time() - started, _children() - before
        gc.enable()
        lines = sum((source / file).read_bytes().count(b"\n") for file in files)
    return Parts(lines, whole, ruff, own)


def _index(source: Path, data: Path) -> float:
    """CPU seconds of indexing *source* into a new library."""
    before = _children()
    command = [sys.executable, "-m", "tui_patterns", "--data-dir", str(data), "index", str(source)]
    subprocess.run(
        [*command, "--no-embed", "--json"],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("package", nargs="?", default=PACKAGE)
    print(parts(parser.parse_args().package).told())


if __name__ == "__main__":
    main()
