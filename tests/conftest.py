"""Fixtures for all tests. No test sees the user's home, settings or data."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from hypothesis import HealthCheck

# A busy machine is no fault of the code; and the same code gives the same result, however often it is
# tested. --hypothesis-profile=search looks for new examples.
UNTIMED = hypothesis.settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
hypothesis.settings.register_profile("steady", UNTIMED, derandomize=True)
hypothesis.settings.register_profile("search", UNTIMED)
hypothesis.settings.load_profile("steady")

REPO = Path(__file__).resolve().parent.parent
SAMPLE = REPO / "tests" / "data" / "sample_project"
XDG = {
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_CACHE_HOME": ".cache",
    "XDG_STATE_HOME": ".local/state",
}


# What a shell, a terminal or a git hook around the tests may say, and programs would heed.
FOREIGN = ("PATTERNS_TUI_", "GIT_", "TMUX", "SSH_")
COLOURS = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "PY_COLORS", "COLUMNS", "LINES")
TOOLS = ("EDITOR", "VISUAL", "PAGER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME")


def isolate(patch: pytest.MonkeyPatch, home: Path) -> None:
    """Make ``home`` the home folder of this process and its children, without any setting in it."""
    for name in [name for name in os.environ if name.startswith(FOREIGN) or name in (*COLOURS, *TOOLS)]:
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


@pytest.fixture(scope="session")
def converted(model_cache: Path, _isolated_session: None) -> None:
    """The model converted, before a test waits for what needs it: that may take a minute."""
    from tui_patterns.embedding.onnx import ensure_converted
    from tui_patterns.settings import Settings

    chosen = Settings().embedding
    ensure_converted(chosen.model, chosen.precision, chosen.max_tokens, model_cache)


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
