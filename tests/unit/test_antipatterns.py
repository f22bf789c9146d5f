"""Anti-patterns: ruff's findings under our labels, size and shape, with what to do instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tui_patterns.extraction.antipatterns import RuffFailed, find_file, find_files, ruff
from tui_patterns.extraction.antipatterns.rules import ADVICE, RULES

BAD = """import os, time


class Store:
    def add(self, item, into=[]):
        into.append(item)
        try:
            return eval(item)
        except:
            pass


async def wait(a, b, c, d, e, f):
    time.sleep(1)
    for x in a:
        if b:
            while c:
                with d:
                    if e:
                        print(f)
    return x == None
"""


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "bad.py"
    path.write_text(BAD)
    return path


def test_findings_carry_label_unit_line_and_advice(bad: Path) -> None:
    found = {(finding.label, finding.qualname, finding.line) for finding in find_file(bad, "pkg/bad.py")}
    assert {
        ("mutable_default_arg", "Store.add", 5),
        ("eval_use", "Store.add", 8),
        ("bare_except", "Store.add", 9),
        ("except_pass", "Store.add", 9),
        ("sleep_in_async", "wait", 14),
        ("compare_none", "wait", 21),
        ("too_many_args", "wait", 13),
        ("deep_nesting", "wait", 13),
    } <= found
    for finding in find_file(bad, "pkg/bad.py"):
        assert finding.path == "pkg/bad.py"
        assert finding.end_line >= finding.line
        assert finding.message
        assert finding.instead


def test_many_files_at_once_are_told_apart(tmp_path: Path, bad: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "-odd name.py").write_text("def f(a={}):\n    return a\n")
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    found = find_files(tmp_path, ["sub/-odd name.py", "bad.py", "broken.py", "binary.py", "missing.py"])
    assert {finding.path for finding in found} == {"bad.py", "sub/-odd name.py"}
    assert [(f.path, f.line) for f in found] == sorted((f.path, f.line) for f in found)
    assert find_files(tmp_path, []) == []


def test_a_project_cannot_configure_what_is_run(tmp_path: Path, bad: Path) -> None:
    (tmp_path / "ruff.toml").write_text('exclude = ["*"]\nlint.ignore = ["ALL"]\n')
    assert any(finding.label == "eval_use" for finding in find_files(tmp_path, ["bad.py"]))


def test_clean_code_has_no_findings(tmp_path: Path) -> None:
    (tmp_path / "good.py").write_text('def add(a: int, b: int) -> int:\n    """Sum."""\n    return a + b\n')
    assert find_files(tmp_path, ["good.py"]) == []


def test_shape_is_measured_against_its_limits(tmp_path: Path) -> None:
    branches = "".join(f"    if a == {n}:\n        return {n}\n" for n in range(40))
    elifs = "    if a:\n        b\n" + "".join("    elif b:\n        c\n" for _ in range(6))
    (tmp_path / "long.py").write_text(
        f"def long(a):\n{branches}\n\ndef flat(a, b, c, *, d, e, f, g):\n{elifs}"
    )
    found = {(finding.qualname, finding.label): finding for finding in find_files(tmp_path, ["long.py"])}
    assert found["long", "high_complexity"].message.startswith("Cyclomatic complexity: 41, of 10 at most.")
    assert ("long", "long_method") in found
    assert not {label for qualname, label in found if qualname == "flat"} & {"deep_nesting", "too_many_args"}


def test_every_rule_exists_in_ruff_and_has_advice() -> None:
    assert len(RULES) >= 35
    assert set(RULES.values()) <= set(ADVICE)
    known = subprocess.run(
        [sys.executable, "-m", "ruff", "rule", "--all", "--output-format", "json"],
        capture_output=True,
        check=True,
    )
    assert all(f'"{rule}"'.encode() in known.stdout for rule in RULES)
    for advice in ADVICE.values():
        assert advice.severity in {"info", "warning", "error"}
        assert advice.message.endswith(".")
        assert advice.instead.endswith(".")


def test_a_missing_ruff_is_one_clear_line(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "_command", lambda: ("/nonexistent/ruff",))
    with pytest.raises(RuffFailed, match="cannot be started"):
        find_file(bad, "bad.py")


def test_the_parser_of_the_interface_process_stays_unloaded() -> None:
    script = "import sys, tui_patterns.extraction.antipatterns; sys.exit('astroid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
