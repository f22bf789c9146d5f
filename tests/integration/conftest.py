"""What tests of the command line share; a module whose commands need more has a ``said`` of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

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
