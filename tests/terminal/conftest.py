"""The app in a tmux of its own for each test; without tmux these tests are skipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

import pytest

from tests.conftest import SAMPLE
from tests.terminal import processes
from tests.terminal.harness import PROGRAM, App
from tui_patterns.api import PatternLibrary

PREPARE_S = 120


class Launch(Protocol):
    """Starts the app in one more terminal."""

    def __call__(
        self,
        size: tuple[int, int] = (120, 40),
        *,
        fresh: bool = False,
        args: Sequence[str] = (),
        prefix: str = "",
        **env: str,
    ) -> App:
        """``fresh``: on a project that is not indexed yet, and may be edited; else on one that is.

        ``args`` stand in place of the project; ``prefix`` before the command; ``env`` is added.
        """


@pytest.fixture(scope="session", autouse=True)
def _tmux_is_there() -> None:
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed")


@pytest.fixture(scope="session", autouse=True)
def _model(converted: None) -> None:
    """No test's patience has to last for the model's conversion."""


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory, _isolated_session: None) -> tuple[Path, Path]:
    """The sample project, and a data folder that holds its index; neither is to be changed."""
    project, data = tmp_path_factory.mktemp("shelf") / "sample", tmp_path_factory.mktemp("stock")
    shutil.copytree(SAMPLE, project, ignore=shutil.ignore_patterns("__pycache__"))
    command = [os.fspath(PROGRAM), "--data-dir", os.fspath(data), "index", os.fspath(project)]
    subprocess.run(command, check=True, capture_output=True, timeout=PREPARE_S)
    return project, data


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A short path: that of a socket may have about a hundred characters."""
    with tempfile.TemporaryDirectory(prefix="ptt-") as folder:
        yield Path(folder)


@pytest.fixture
def library(data_dir: Path) -> Iterator[PatternLibrary]:
    """What the database says, read beside the app."""
    library = PatternLibrary(data_dir / "patterns.db")
    yield library
    library.close()


@pytest.fixture
def launch(
    request: pytest.FixtureRequest, sockets: Path, home: Path, data_dir: Path, sample_project: Path
) -> Iterator[Launch]:
    """Starts the app; at the end of the test every terminal is closed, and whatever ran in it is killed."""
    started: list[App] = []

    def start(
        size: tuple[int, int] = (120, 40),
        *,
        fresh: bool = False,
        args: Sequence[str] = (),
        prefix: str = "",
        **env: str,
    ) -> App:
        project = sample_project if fresh else _stocked(request, data_dir)
        app = App(sockets / str(len(started)), data_dir, project)
        started.append(app)
        names = [name for name in os.environ if name.startswith(("HOME", "XDG_", "PATTERNS_TUI_"))]
        return app.start(size, {**{name: os.environ[name] for name in names}, **env}, args, prefix)

    yield start
    for app in started:
        app.close()
    processes.kill_all(data_dir)


def _stocked(request: pytest.FixtureRequest, data_dir: Path) -> Path:
    """Fill the data folder with the index of the shelf, once, and name the shelf's project."""
    project, data = request.getfixturevalue("shelf")
    if not (data_dir / "patterns.db").exists():
        shutil.copytree(data, data_dir, dirs_exist_ok=True)
    return Path(project)
