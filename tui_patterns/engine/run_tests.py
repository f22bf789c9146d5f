"""``--run-tests``: a project's own pytest, in a process group of its own, with a time limit.

The only place that ever runs a project's code, and only when asked to. The results go
to the data folder and are evidence from then on; pytest is told to write nothing
into the project (no cache, no bytecode, no coverage data), what the tests
themselves write is theirs.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from tui_patterns.engine.interpreters import Interpreter, TestsNotRun, find_interpreter
from tui_patterns.extraction.evidence.sources import RUN_COVERAGE, RUN_RESULTS
from tui_patterns.text import clean_line

TIMEOUT_S = 600.0
GRACE_S = 5.0
RESULTS = "tests"
CONTEXTS = "patterns_tui_contexts"
_ENDED = {2: "was interrupted", 3: "failed itself", 4: "refused its options", 5: "found no tests"}


def run_folder(data_dir: Path, root: Path) -> Path:
    """Where the results of a project's last own test run are kept."""
    return data_dir / RESULTS / hashlib.sha256(str(root).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def run_tests(root: Path, data_dir: Path, timeout_s: float = TIMEOUT_S) -> None:
    """Run the tests of the project at ``root`` and keep the results as its evidence.

    Failing tests are results like others. Raises TestsNotRun; what was known stays known then.
    """
    interpreter = find_interpreter(root)
    with tempfile.TemporaryDirectory(prefix="patterns-tui-tests-") as folder:
        work = Path(folder).resolve()
        started_ns = _now_ns(work)
        code, output = _run(interpreter, root, work, timeout_s)
        if code not in {0, 1} or not (work / RUN_RESULTS).is_file():
            raise TestsNotRun(f"pytest {_ENDED.get(code, f'ended with {code}')}{_last_line(output)}")
        _keep(work, run_folder(data_dir, root), started_ns)


def _run(interpreter: Interpreter, root: Path, work: Path, timeout_s: float) -> tuple[int, str]:
    """The exit code and the last output; the whole group is ended whatever happens."""
    _write_plugin(work)
    with (work / "output").open("wb") as output:
        child = subprocess.Popen(
            command(interpreter, root, work),
            cwd=root,
            env=surroundings(os.environ, work),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            code = child.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            raise TestsNotRun(
                f"its tests did not end within {timeout_s:g} s and were stopped: give --test-timeout more"
            ) from None
        finally:
            _end_group(child)
    return code, _tail(work / "output")


def command(interpreter: Interpreter, root: Path, work: Path) -> list[str]:
    """pytest, under coverage where that is to be had; the project's own options hold otherwise."""
    options = ["-p", "no:cacheprovider", "-o", "junit_family=xunit1", f"--junitxml={work / RUN_RESULTS}"]
    options += ["--rootdir=.", f"--basetemp={work / 'tmp'}"]  # pytest would put variables into a path
    if "pytest_cov" in interpreter.modules:
        options.append("--no-cov")  # it would write its own data and reports
    if "xdist" in interpreter.modules:
        options += ["-n", "0"]  # workers would not be measured
    python = [str(interpreter.python)]
    if "coverage" not in interpreter.modules:
        return [*python, "-m", "pytest", *options]
    _write_rc(work, root)
    measured = ["-m", "coverage", "run", f"--rcfile={work / 'coveragerc'}", "-m", "pytest"]
    return [*python, *measured, "-p", CONTEXTS, *options]


def surroundings(ours: Mapping[str, str], work: Path) -> dict[str, str]:
    """Our environment, with everything that would be written turned to the work folder."""
    kept = {name: value for name, value in ours.items() if not name.startswith(("COVERAGE_", "PYTEST_"))}
    path = os.pathsep.join(filter(None, (str(work / "plugin"), kept.get("PYTHONPATH"))))
    return {
        **kept,
        "PYTHONPATH": path,
        "PYTHONDONTWRITEBYTECODE": "1",
        "COVERAGE_FILE": str(work / RUN_COVERAGE),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(work / "hypothesis"),
    }


def _write_rc(work: Path, root: Path) -> None:
    source = str(root).replace("$", "$$")  # coverage would put a variable's value there
    data = f"data_file = {work / RUN_COVERAGE}\nbranch = false\nparallel = false\n"
    data += "disable_warnings = no-data-collected\n"
    (work / "coveragerc").write_text(f"[run]\nsource = {source}\n{data}", "utf-8")


def _write_plugin(work: Path) -> None:
    """pytest loads it by name, in an interpreter that need not know this program."""
    folder = work / "plugin"
    folder.mkdir()
    source = files("tui_patterns.engine").joinpath("coverage_contexts.py").read_text("utf-8")
    (folder / f"{CONTEXTS}.py").write_text(source, "utf-8")


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """Ask, then kill: the tests' own children too, also those that outlived them."""
    for sent in (signal.SIGTERM, signal.SIGKILL) if hasattr(os, "killpg") else ():
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, sent)
        if sent == signal.SIGTERM:
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=GRACE_S)
    if child.poll() is None:
        child.kill()
        child.wait()


def _keep(work: Path, target: Path, started_ns: int) -> None:
    """Put the results in the place of the last; they are as old as the start of the run."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name in (RUN_COVERAGE, RUN_RESULTS):
        (target / name).unlink(missing_ok=True)
        if (work / name).is_file():
            os.utime(work / name, ns=(started_ns, started_ns))
            shutil.copy2(work / name, target / name)


def _now_ns(work: Path) -> int:
    """The file system's own clock, which files of the project are compared with."""
    (work / "started").touch()
    return (work / "started").stat().st_mtime_ns


def _tail(file: Path, most: int = 4096) -> str:
    with file.open("rb") as opened:
        opened.seek(max(0, file.stat().st_size - most))
        return opened.read().decode("utf-8", "replace")


def _last_line(output: str) -> str:
    """What it said last, an error rather than anything else."""
    lines = [line for line in output.splitlines() if line.strip()]
    lines = [line for line in lines if line.startswith("ERROR")] or lines
    return f": {clean_line(lines[-1], 160)}" if lines else ""
