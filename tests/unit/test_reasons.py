"""Each label says why it was given, in words that hold wherever the code stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tui_patterns.cli.main import run
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Label

SOURCE = """
class Only:
    _it = None

    def __new__(cls):
        if cls._it is None:
            cls._it = super().__new__(cls)
        return cls._it


def fetch(ask):
    for attempt in range(3):
        try:
            return ask()
        except OSError:
            if attempt == 2:
                raise


try:
    import fast as quick
except ImportError:
    import slow as quick
"""


def found(source: str) -> dict[tuple[str, str], Label]:
    units = extract_source(source.encode(), "a.py").units
    return {(unit.qualname, label.label): label for unit in units for label in unit.labels}


def test_every_label_has_a_reason_without_line_numbers() -> None:
    labels = found(SOURCE)
    assert {name for _, name in labels} >= {"singleton", "retry", "dual_import"}
    for label in labels.values():
        assert label.why.endswith(".") and not re.search(r"\bline\b|\d", label.why)


def test_a_reason_names_what_stands_on_the_lines_of_evidence() -> None:
    why = found(SOURCE)["Only", "singleton"].why
    assert "__new__ is defined" in why and "cls._it is set" in why


def test_code_that_only_moves_keeps_its_reasons() -> None:
    moved = found("\n" * 7 + SOURCE)
    assert {key: label.why for key, label in moved.items()} == {
        key: label.why for key, label in found(SOURCE).items()
    }


def test_explain_prints_why_and_the_code_that_shows_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text(SOURCE)
    assert run(["extract", "a.py", "--explain"]) == 0
    text = capsys.readouterr().out
    assert re.search(r"singleton \d\d%", text) and "cls._it is set" in text
    assert re.search(r"line 7 +cls\._it = super\(\)\.__new__\(cls\)", text)
