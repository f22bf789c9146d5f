"""What tests of the command line over a stand-in share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from tests.integration.cli.stand_in import Api, Said
from tui_patterns.cli.main import run


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch, data_dir: Path) -> Api:
    fake = Api()
    fake.install(monkeypatch)
    return fake


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Said:
    """Runs a command line: (exit code, stdout, stderr)."""

    def ask(*argv: str) -> tuple[int, str, str]:
        code = run(argv)
        told = capsys.readouterr()
        return code, told.out, told.err

    return ask


@pytest.fixture
def stdin(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], None]:
    """Puts bytes on standard input."""
    return lambda raw: monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(raw), encoding="utf-8"))
