"""What tests of the command line share; a module whose commands need more has a ``said`` of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.integration.mirror import Mirror
from tui_patterns.cli.main import run

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session", autouse=True)
def _model(converted: None) -> None:
    """No test's patience has to last for the model's conversion."""


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Said:
    """A command's exit code, stdout and stderr."""
    monkeypatch.setenv("PATTERNS_TUI_DATA_DIR", str(tmp_path))

    def ask(*argv: str) -> tuple[int, str, str]:
        code = run(list(argv))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return ask


@pytest.fixture
def events(tmp_path: Path) -> Iterator[Mirror]:
    """A small project whose changes are followed by events of the system."""
    root = tmp_path / "project"
    for folder in ("src/pkg", "lib", ".git"):
        (root / folder).mkdir(parents=True)
    (root / "src/a.py").write_text("x = 0\n")
    mirror = Mirror(root)
    mirror.start()
    yield mirror
    mirror.watcher.stop()
