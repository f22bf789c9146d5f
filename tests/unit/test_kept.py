"""A theme that was chosen stays until another one is configured; a file that is broken is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_patterns.settings import keep_theme, kept_theme


def file(home: Path) -> Path:
    return home / ".local/state/patterns-tui/ui.json"


def test_without_a_choice_it_is_the_configured_one(home: Path) -> None:
    assert kept_theme("patterns-dark") == "patterns-dark"
    assert not file(home).exists()


def test_a_choice_stays_until_another_one_is_configured(home: Path) -> None:
    keep_theme("nord", "patterns-dark")
    assert kept_theme("patterns-dark") == "nord"
    assert kept_theme("dracula") == "dracula"
    keep_theme("gruvbox", "patterns-dark")
    assert kept_theme("patterns-dark") == "gruvbox"
    assert [entry.name for entry in file(home).parent.iterdir()] == ["ui.json"]


@pytest.mark.parametrize(
    "torn", [b"", b"{", b"[]", b'{"theme": 3, "instead_of": "a"}', b"\xff", b"[" * 9_999]
)
def test_a_broken_file_is_no_choice(home: Path, torn: bytes) -> None:
    file(home).parent.mkdir(parents=True)
    file(home).write_bytes(torn)
    assert kept_theme("a") == "a"


def test_where_nothing_can_be_written_that_is_said(home: Path) -> None:
    file(home).parent.parent.mkdir(parents=True)
    file(home).parent.write_text("in the way")
    with pytest.raises(OSError):
        keep_theme("nord", "a")
    assert kept_theme("a") == "a"
