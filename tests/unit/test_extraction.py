"""Extraction: what is found in a file, how it is described, and that no file breaks it."""

from __future__ import annotations

import gc
import sys
import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_patterns.extraction.python import ExtractionOptions, extract_source
from tui_patterns.models import ParsedFile, Unit

SAMPLE = '''
"""About users."""
from __future__ import annotations
import asyncio
import logging as log
from contextlib import contextmanager
from typing import Any
from sqlalchemy import select
from fastapi import APIRouter
from .models import User

router = APIRouter()


@router.get(
    "/users",
)
async def fetch_user_with_retry(session: Any, user_id: int) -> User:
    """Fetch one user."""
    for attempt in range(3):
        try:
            return await session.scalar(select(User).where(User.id == user_id))
        except TimeoutError:
            log.warning("again")
            await asyncio.sleep(2 ** attempt)
    raise LookupError(user_id)


class Pool(list[int], metaclass=type):
    """Holds connections."""

    def __init__(self, size):
        self.size = size

    @property
    def free(self):
        return self._free

    class Guard:
        def __enter__(self):
            self.lock.acquire()
            return self

        def __exit__(self, *args):
            if args:
                self.lock.release()

    def walk(self):
        def inner(item):
            import json
            return json.dumps(item)
        for item in self:
            if item:
                yield inner(item)


@contextmanager
def opened(path):
    handle = open(path)
    try:
        yield handle
    finally:
        handle.close()
'''


def parse(source: str, path: str = "app/users.py") -> ParsedFile:
    return extract_source(textwrap.dedent(source).encode(), path, ExtractionOptions())


def units(source: str, path: str = "app/users.py") -> dict[str, Unit]:
    parsed = parse(source, path)
    assert parsed.error is None
    return {unit.qualname: unit for unit in parsed.units}


@pytest.fixture(scope="module")
def sample() -> dict[str, Unit]:
    return units(SAMPLE)


def test_every_definition_is_a_unit_in_source_order(sample: dict[str, Unit]) -> None:
    assert [(name, unit.kind) for name, unit in sample.items()] == [
        ("fetch_user_with_retry", "function"),
        ("Pool", "class"),
        ("Pool.__init__", "method"),
        ("Pool.free", "method"),
        ("Pool.Guard", "class"),
        ("Pool.Guard.__enter__", "method"),
        ("Pool.Guard.__exit__", "method"),
        ("Pool.walk", "method"),
        ("Pool.walk.inner", "function"),
        ("opened", "function"),
    ]


def test_a_function_is_described_from_its_tree(sample: dict[str, Unit]) -> None:
    unit = sample["fetch_user_with_retry"]
    assert unit.name == "Async User Fetching Endpoint with Retry"
    assert unit.signature == "async def fetch_user_with_retry(session: Any, user_id: int) -> User"
    assert unit.docstring == "Fetch one user."
    assert unit.module_docstring == "About users."
    assert unit.decorators == ("router.get",)
    assert unit.complexity == 3
    assert unit.is_async
    assert unit.dependencies == ("asyncio", "fastapi", "logging", "sqlalchemy")
    assert (unit.framework, unit.category, unit.subcategory) == ("fastapi", "api", "routing")
    assert unit.component_type == "route"
    assert {"async", "error-handling", "raises"} <= set(unit.tags)
    assert "asyncio.sleep" in unit.calls
    assert unit.reason is None


def test_line_is_that_of_the_def_and_code_starts_at_the_first_decorator(sample: dict[str, Unit]) -> None:
    unit = sample["fetch_user_with_retry"]
    lines = SAMPLE.split("\n")
    assert lines[unit.line - 1].startswith("async def fetch_user_with_retry")
    assert lines[unit.end_line - 1] == "    raise LookupError(user_id)"
    assert unit.code.startswith('@router.get(\n    "/users",\n)\nasync def')


def test_code_of_a_method_loses_its_indentation_and_parses(sample: dict[str, Unit]) -> None:
    assert sample["Pool.free"].code == "@property\ndef free(self):\n    return self._free"
    for unit in sample.values():
        compile(unit.code, "unit", "exec")


def test_a_class_has_its_bases_and_the_complexity_of_its_worst_method(sample: dict[str, Unit]) -> None:
    assert sample["Pool"].bases == ("list",)
    assert sample["Pool"].signature == "class Pool(list[int], metaclass=type)"
    assert sample["Pool"].complexity == sample["Pool.walk"].complexity == 3


def test_only_what_a_unit_uses_is_its_dependency(sample: dict[str, Unit]) -> None:
    assert sample["Pool.__init__"].dependencies == ()
    assert sample["Pool.walk.inner"].dependencies == ("json",)
    assert sample["Pool.walk"].dependencies == sample["Pool"].dependencies == ("json",)
    assert sample["opened"].dependencies == ("contextlib",)


def test_a_local_name_hides_an_import() -> None:
    found = units("import json\ndef a(json):\n    return json.x\ndef b():\n    return json.x\n")
    assert (found["a"].dependencies, found["b"].dependencies) == ((), ("json",))


def test_certain_labels_carry_their_evidence(sample: dict[str, Unit]) -> None:
    guard, opened = sample["Pool.Guard"], sample["opened"]
    assert [label.label for label in guard.labels] == ["context_manager"]
    lines = SAMPLE.split("\n")
    assert [
        "__enter__" in lines[at - 1] or "__exit__" in lines[at - 1] for at in guard.labels[0].evidence
    ] == [True] * 2
    assert opened.labels[0].label == "context_manager"
    assert opened.labels[0].confidence >= 0.6
    assert guard.pattern_type == "design_pattern"


@pytest.mark.parametrize(
    ("head", "framework"),
    [
        ("import flask\napp = flask.Flask('x')\n@app.route('/')\n", "flask"),
        ("from django.db import models\n@models.thing\n", "django"),
        ("from celery import shared_task\n@shared_task\n", "celery"),
        ("from textual import work\n@work\n", "textual"),
        ("import pytest\n@pytest.fixture\n", "pytest"),
        ("import click\n@click.command()\n", "click"),
        ("import os\n@os.x\n", None),
    ],
)
def test_the_framework_follows_from_what_is_used(head: str, framework: str | None) -> None:
    assert units(f"{head}def run():\n    return 1\n")["run"].framework == framework


def test_a_method_belongs_to_the_framework_of_its_class() -> None:
    found = units("from pydantic import BaseModel\nclass A(BaseModel):\n    def f(self):\n        return 1\n")
    assert found["A.f"].framework == "pydantic"


def test_a_configured_framework_is_preferred() -> None:
    source = "import pytest, httpx\ndef f():\n    return pytest.x, httpx.y\n"
    chosen = extract_source(source.encode(), "a.py", ExtractionOptions(frameworks=("pytest",)))
    assert units(source)["f"].framework == "httpx"
    assert chosen.units[0].framework == "pytest"


@pytest.mark.parametrize(
    ("source", "tag"),
    [
        ("async def f():\n    yield 1\n", "async-generator"),
        ("def f():\n    yield 1\n", "generator"),
        ("def f(n):\n    return f(n - 1)\n", "recursive"),
        ("def f(g):\n    def h(*a):\n        return g(*a)\n    return h\n", "decorator"),
        ("import dataclasses\n@dataclasses.dataclass\nclass f:\n    a: int\n", "dataclass"),
        ("from abc import ABC\nclass f(ABC):\n    pass\n", "abstract"),
        ("from functools import lru_cache as keep\n@keep(None)\ndef f():\n    return 1\n", "cached"),
        ("class f(ValueError):\n    pass\n", "exception"),
        ("class f(type):\n    pass\n", "metaclass"),
    ],
)
def test_tags_say_what_the_structure_shows(source: str, tag: str) -> None:
    assert tag in units(source)["f"].tags


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (b"def f(:\n", "does not parse"),
        (b"def f(x)\n    pass\n", "line 1"),
        (b"x = '\xff\xfe'\n", "not valid utf-8"),
        (b"# -*- coding: nonsense -*-\n", "encoding"),
        (b"# coding: hex\n61\n", "encoding"),
        (b"x = 1\x00\n", "null bytes"),
        (b"x = " + b"(" * 5000 + b")" * 5000, "nests too deeply"),
        (b"x = " + b"not " * 5000 + b"a", "nests too deeply"),
        (b"x = " + b" + ".join([b"a"] * 5000), "nests too deeply"),
        (b"x" + b".a" * 5000, "nests too deeply"),
        (b"\n".join(b" " * n + b"if a:" for n in range(5000)), "does not parse"),
        (b"def f[T](x: T) -> T: ...\n" if sys.version_info < (3, 12) else b"x = = 1", "does not parse"),
        (b"x = " + b"1" * 10_000, "does not parse"),
    ],
)
def test_what_cannot_be_read_gives_one_clear_line(source: bytes, words: str) -> None:
    parsed = extract_source(source, "bad.py", ExtractionOptions())
    assert parsed.units == ()
    assert parsed.error is not None
    assert words in parsed.error
    assert "\n" not in parsed.error


def test_long_expressions_that_people_write_are_read() -> None:
    source = "def f():\n    return " + " + ".join(["'a'"] * 900)
    assert [unit.qualname for unit in parse(source).units] == ["f"]


def test_encodings_are_those_of_pep_263() -> None:
    source = '# coding: latin-1\ndef f():\n    "Größe"\n    return "é"\n'.encode("latin-1")
    parsed = extract_source(source, "a.py", ExtractionOptions())
    assert parsed.units[0].docstring == "Größe"
    marked = extract_source(b"\xef\xbb\xbfdef f():\n    return 1\n", "a.py", ExtractionOptions())
    assert marked.error is None


def test_line_ends_do_not_matter() -> None:
    unix = extract_source(SAMPLE.encode(), "a.py", ExtractionOptions())
    dos = extract_source(SAMPLE.replace("\n", "\r\n").encode(), "a.py", ExtractionOptions())
    assert [(u.code_hash, u.line) for u in unix.units] == [(u.code_hash, u.line) for u in dos.units]
    assert unix.content_hash != dos.content_hash


def test_nothing_of_the_source_is_run_or_followed(
    tmp_path: object, capfd: pytest.CaptureFixture[str]
) -> None:
    source = (
        "from this import *\nimport antigravity\nprint('run')\nraise SystemExit\ndef f():\n    return '\\d'\n"
    )
    before = set(sys.modules)
    assert parse(source).error is None
    assert not {"this", "antigravity"} & (set(sys.modules) - before)
    assert capfd.readouterr() == ("", "")


def test_the_collector_and_the_recursion_limit_are_left_as_they_were() -> None:
    before = gc.isenabled(), sys.getrecursionlimit()
    parse(SAMPLE)
    parse("x = (")
    assert (gc.isenabled(), sys.getrecursionlimit()) == before


@settings(max_examples=150)
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_no_bytes_raise(source: bytes) -> None:
    parsed = extract_source(source, "x.py", ExtractionOptions())
    assert parsed.error is None or "report" not in parsed.error


FRAGMENTS = [
    "def f(a, *b, c=1, **d): return a",
    "class A(B, metaclass=C): x: int = 1",
    "async def g(): await h()",
    "lambda x: x",
    "match x:\n    case [1, *rest]: pass\n    case {'a': b, **c}: pass\n    case A(d=e) | None: pass",
    "try:\n    pass\nexcept* E as e:\n    pass",
    "with a as b, c: pass",
    "x[1:2, ...] = {**y, 1: 2}",
    "global z\nz = 1",
    "@d\n@e(1)\ndef k():\n    def inner():\n        nonlocal_ = 1\n    return inner",
    "from . import m",
    "del x, y",
    "assert a, f'{b!r:>{c}}'",
    "print(*a, **b)",
    "for i, (j, k) in x: pass\nelse: y",
    "0 if a else b",
]


@settings(max_examples=80)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=6), st.booleans())
def test_any_mix_of_syntax_is_read(parts: list[str], in_class: bool) -> None:
    body = "\n".join(parts) or "pass"
    head = "class Outer:\n    def method(self):\n" if in_class else "def outer():\n"
    source = head + textwrap.indent(body, " " * (8 if in_class else 4))
    parsed = parse(source)
    assert parsed.error is None
    assert all(unit.shingles == tuple(sorted(set(unit.shingles))) for unit in parsed.units)
    assert all(0 <= code < 2**32 for unit in parsed.units for code in unit.shingles)


def test_a_class_in_a_function_may_have_methods_of_a_docstring_alone() -> None:
    source = (
        b'def make():\n    class Made:\n        def run(self):\n            """Runs."""\n    return Made\n'
    )
    parsed = extract_source(source, "a.py")
    assert parsed.error is None
    assert {unit.qualname: unit.complexity for unit in parsed.units}["make.Made"] == 1
