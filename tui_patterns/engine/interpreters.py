"""Which Python runs a project's tests: its own, if that has pytest."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

PROBE_S = 60.0
_INTERPRETERS = ("bin/python", "Scripts/python.exe")
_ENVIRONMENTS = (".venv", "venv")
_PROBE = (
    "import importlib.util as u;"
    "print(*[n for n in ('pytest', 'coverage', 'pytest_cov', 'xdist') if u.find_spec(n)])"
)


class TestsNotRun(Exception):
    """Tests could not be run, or did not end; its text is one clear line."""

    __test__ = False


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that can run the tests, and which of pytest's companions it has."""

    python: Path
    modules: frozenset[str]


def find_interpreter(root: Path) -> Interpreter:
    """The project's own Python if it has one with pytest, else the one that runs this."""
    own = [root / folder / path for folder in _ENVIRONMENTS for path in _INTERPRETERS]
    for python in (*(path for path in own if path.is_file()), Path(sys.executable)):
        modules = _modules(python)
        if "pytest" in modules:
            return Interpreter(python, modules)
    raise TestsNotRun(
        "no pytest was found to run its tests: install it in the project's .venv, or beside patterns-tui"
    )


def _modules(python: Path) -> frozenset[str]:
    try:
        done = subprocess.run(
            [python, "-c", _PROBE], capture_output=True, timeout=PROBE_S, check=False, cwd=python.parent
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(done.stdout.decode("ascii", "replace").split()) if done.returncode == 0 else frozenset()
