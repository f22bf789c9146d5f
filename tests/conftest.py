"""Fixtures for all tests. No test sees the user's home, settings or data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no fault of the code
hypothesis.settings.load_profile("untimed")

REPO = Path(__file__).resolve().parent.parent
SAMPLE = REPO / "tests" / "data" / "sample_project"
XDG = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_CACHE_HOME": ".cache",
    "XDG_STATE_HOME": ".local/state",
}


def isolate(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Make ``home`` the home folder of this process and its children, without any setting in it."""
    for name in [name for name in os.environ if name.startswith("PATTERNS_TUI_")]:
        patch.delenv(name)
    patch.setenv("HOME", str(home))
    for name, folder in XDG.items():
        patch.setenv(name, str(home / folder))


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the converted model is kept: beside the virtual environment, so that it is converted once."""
    shared = REPO / ".venv"
    return shared / "patterns-tui-cache" if shared.is_dir() else tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session", autouse=True)
def _isolated_session(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Iterator[None]:
    """For fixtures that live longer than a test."""
    with pytest.MonkeyPatch.context() as patch:
        isolate(patch, tmp_path_factory.mktemp("home"))
        patch.setenv("PATTERNS_TUI_CACHE_DIR", str(model_cache))
        yield


@pytest.fixture(autouse=True)
def home(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> Path:
    """A fresh, empty home folder for each test."""
    folder = tmp_path_factory.mktemp("home")
    isolate(monkeypatch, folder)
    monkeypatch.setenv("PATTERNS_TUI_CACHE_DIR", str(model_cache))
    return folder


@pytest.fixture
def data_dir(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty data folder, named by ``PATTERNS_TUI_DATA_DIR`` for this test and its children."""
    folder = tmp_path_factory.mktemp("data")
    monkeypatch.setenv("PATTERNS_TUI_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def sample_project(tmp_path: Path) -> Path:
    """A small web shop in ``tmp_path/sample``: seven files to read, one ignored folder.

    ``shop/pricing.py`` (functions), ``retry.py`` (async retry), ``repository.py``
    (class with transactions), ``api.py`` (FastAPI routes), ``legacy.py``
    (anti-patterns), ``tests/test_pricing.py``, and ``generated/``, which
    ``.gitignore`` leaves out.
    """
    root = tmp_path / "sample"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__"))
    (root / ".gitignore").write_text("generated/\n*.log\n")
    (root / "generated").mkdir()
    (root / "generated" / "client.py").write_text((root / "shop" / "retry.py").read_text())
    return root
