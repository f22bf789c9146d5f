"""Anti-patterns: ruff's findings under our labels, size and shape, with what to do instead."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tui_patterns.extraction.antipatterns import RuffFailed, find_file, find_files, ruff
from tui_patterns.extraction.antipatterns.advice import advice
from tui_patterns.extraction.antipatterns.rules import RULES

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
        assert finding.message.endswith(".")
        assert finding.why.endswith(".")
        assert finding.instead.endswith(".")


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
    assert found["long", "high_complexity"].message.endswith("41 cyclomatic complexity, 10 at most.")
    assert ("long", "long_method") in found
    assert not {label for qualname, label in found if qualname == "flat"} & {"deep_nesting", "too_many_args"}


def test_every_rule_exists_in_ruff_and_has_advice() -> None:
    assert len(RULES) >= 35
    assert set(RULES.values()) <= set(advice())
    known = subprocess.run(
        [sys.executable, "-m", "ruff", "rule", "--all", "--output-format", "json"],
        capture_output=True,
        check=True,
    )
    assert all(f'"{rule}"'.encode() in known.stdout for rule in RULES)
    for words in advice().values():
        assert words.severity in {"info", "warning", "error"}
        assert words.why.endswith(".")
        assert words.instead.endswith(".")
        assert words.instead.count(". ") == 0, words.instead


def test_a_missing_ruff_is_one_clear_line(bad: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "_command", lambda: ("/nonexistent/ruff",))
    with pytest.raises(RuffFailed, match="cannot be started"):
        find_file(bad, "bad.py")


def test_the_parser_of_the_interface_process_stays_unloaded() -> None:
    script = "import sys, tui_patterns.extraction.antipatterns; sys.exit('astroid' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def found(tmp_path: Path, source: str) -> set[tuple[str, int]]:
    path = tmp_path / "code.py"
    path.write_text(source)
    return {(finding.label, finding.line) for finding in find_file(path, "code.py")}


@pytest.mark.parametrize(
    ("method", "is_bad"),
    [
        ("def m(self): ...", False),
        ("def m(this): ...", True),
        ("def m(): ...", True),
        ("def m(*args): ...", True),
        ("@staticmethod\n    def m(): ...", False),
        ("@classmethod\n    def m(self): ...", True),
        ("def __init_subclass__(cls): ...", False),
        ("@x.validator\n    def m(self, attribute, value): ...", False),
        ("@validator('a')\n    def m(cls, value): ...", False),
    ],
)
def test_the_first_parameter_says_what_kind_of_method_it_is(
    tmp_path: Path, method: str, is_bad: bool
) -> None:
    labels = {label for label, _ in found(tmp_path, f"class C:\n    {method}\n")}
    assert ("bad_self_cls" in labels) is is_bad


def test_a_metaclass_has_classes_for_instances(tmp_path: Path) -> None:
    source = "class M(type):\n    def a(cls): ...\n    def b(self): ...\n    def __new__(mcs, n): ...\n"
    assert found(tmp_path, source) == {("bad_self_cls", 3)}


def test_calls_in_defaults_but_not_those_that_declare_or_cannot_change(tmp_path: Path) -> None:
    source = """import time
from fastapi import Depends

def a(at=time.time()): ...
def b(store=Depends(open)): ...
def c(kind=frozenset("ab"), top=float("inf"), late=lambda: time.time()): ...
def d(squares=[n for n in range(3)]): ...
"""
    assert {line for label, line in found(tmp_path, source) if label == "function_call_in_default"} == {4, 7}


def test_blocking_calls_count_only_in_async_functions(tmp_path: Path) -> None:
    source = """import httpx, subprocess
from os.path import exists

async def a(client: httpx.Client | None):
    client.get("/")
    exists("x")
    await other.get("/")

def b():
    subprocess.run(["ls"])

async def c(client: httpx.AsyncClient):
    await client.get("/")
    subprocess.run(["ls"])
"""
    lines = {line for label, line in found(tmp_path, source) if label == "blocking_call_in_async"}
    assert lines == {5, 6, 14}


def test_an_initializer_that_leaves_out_its_base(tmp_path: Path) -> None:
    source = """class Base:
    def __init__(self):
        self.ready = True

class A(Base):
    def __init__(self):
        self.a = 1

class B(Base):
    def __init__(self):
        super().__init__()

class C(Unknown):
    def __init__(self):
        self.c = 1
"""
    assert found(tmp_path, source) == {("missing_super_init", 6)}


def test_texts_that_grow_in_a_loop(tmp_path: Path) -> None:
    source = """def a(rows):
    text = ""
    total = 0
    for row in rows:
        line = ""
        line += row
        total += len(line)
        text += line
    return text, total
"""
    assert found(tmp_path, source) == {("string_concat_in_loop", 8)}


def test_literals_of_two_types_where_no_type_says_so(tmp_path: Path) -> None:
    source = """def a(x):
    if x:
        return None
    return "no"

def b(x) -> str | None:
    if x:
        return None
    return "no"

def c(x):
    if x:
        return None
    return x.name
"""
    assert found(tmp_path, source) == {("inconsistent_return_type", 1)}


def test_handlers_that_come_too_late_or_catch_too_much(tmp_path: Path) -> None:
    source = """try:
    work()
except OSError:
    raise
except FileNotFoundError:
    raise
except BaseException as error:
    raise ValueError from error
"""
    assert found(tmp_path, source) == {("bad_except_order", 5), ("broad_except", 7)}


def test_the_same_statements_twice_are_reported_at_both_places(tmp_path: Path) -> None:
    body = "".join(f"    a{n} = first(x, {n}) + second(x)\n" for n in range(6))
    (tmp_path / "a.py").write_text(f"def a(x):\n    '''One.'''\n{body}    return a1\n")
    (tmp_path / "b.py").write_text(
        f"def b(x):\n    # Another.\n{body}    return a1\n\ndef c(x):\n    return x\n"
    )
    doubles = [item for item in find_files(tmp_path, ["a.py", "b.py"]) if item.label == "duplicated_code"]
    assert [(item.path, item.qualname) for item in doubles] == [("a.py", "a"), ("b.py", "b")]
    assert "b.py:1" in doubles[0].message


@pytest.mark.parametrize(
    ("mark", "is_quiet"),
    [("# noqa", True), ("# noqa: B902", True), ("# NOQA:E501, B902", True), ("# noqa: E501", False)],
)
def test_noqa_counts_for_what_is_found_on_the_tree(tmp_path: Path, mark: str, is_quiet: bool) -> None:
    labels = {label for label, _ in found(tmp_path, f"class C:\n    def m(this): ...  {mark}\n")}
    assert ("bad_self_cls" not in labels) is is_quiet
