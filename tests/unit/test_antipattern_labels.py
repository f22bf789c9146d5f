"""Each label of the vocabulary is found where it is, and not where the same thing is done right."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tui_patterns.extraction.antipatterns import examine_files, find_file
from tui_patterns.extraction.antipatterns.advice import advice

MANY = "\n".join(f"    a{n} = {n}" for n in range(20))
BAD: dict[str, str] = {
    "mutable_default_arg": "shared = []\ndef f(a=shared):\n    return a\n",
    "function_call_in_default": "import time\ndef f(at=time.time()):\n    return at\n",
    "bare_except": "try:\n    work()\nexcept:\n    mend()\n",
    "broad_except": "try:\n    work()\nexcept (OSError, Exception):\n    mend()\n",
    "broad_raise": "def f():\n    raise Exception('no')\n",
    "except_pass": "try:\n    work()\nexcept Exception:\n    ...\n",
    "except_continue": "for x in y:\n    try:\n        work(x)\n    except Exception:\n        continue\n",
    "raise_without_from": "try:\n    work()\nexcept OSError:\n    raise ValueError('no')\n",
    "return_in_finally": "def f():\n    try:\n        work()\n    finally:\n        return 1\n",
    "return_in_init": "class A:\n    def __init__(self):\n        return 1\n",
    "late_binding_closure": "def f():\n    for i in range(3):\n        yield_later(lambda: i)\n    return [(lambda: j) for j in range(3)]\n",
    "unused_loop_variable": "def f(xs):\n    for x in xs:\n        work()\n",
    "mutating_loop_iterable": "def f(xs):\n    for x in xs:\n        if x:\n            xs.remove(x)\n",
    "compare_none": "def f(x):\n    return x == None\n",
    "compare_true": "def f(x):\n    if x == True:\n        return 1\n    return 2\n",
    "type_comparison": "def f(x):\n    return int is type(x)\n",
    "shadow_builtin": "def f(list):\n    return list\n",
    "wildcard_import": "from os import *\n",
    "global_state": "n = 0\ndef f():\n    global n\n    n = 1\n",
    "lambda_assignment": "f, g = lambda: 1, lambda: 2\n",
    "bad_self_cls": "class A:\n    def f(this):\n        return this\n",
    "missing_super_init": "class A:\n    def __init__(self):\n        self.a = 1\n\nclass C:\n    def __init__(self):\n        self.c = 1\n\nclass B(A, C):\n    def __init__(self):\n        A.__init__(self)\n",
    "abstract_without_abstractmethod": "import abc\nclass A(abc.ABC):\n    def f(self):\n        return 1\n",
    "empty_abstract_method": "import abc\nclass A(abc.ABC):\n    def f(self):\n        pass\n    @abc.abstractmethod\n    def g(self): ...\n",
    "cached_method_leak": "import functools\nclass A:\n    @functools.lru_cache(maxsize=None)\n    def f(self):\n        return 1\n",
    "setattr_constant": "def f(x):\n    setattr(x, 'name', 1)\n",
    "star_args_after_keyword": "f(a=1, *args)\n",
    "inconsistent_return_type": "def f(x):\n    if x:\n        return 1\n",
    "god_class": "class A:\n" + "".join(f"    def m{n}(self):\n        return {n}\n" for n in range(25)),
    "long_method": "def f():\n" + "".join(f"    work({n})\n" for n in range(70)),
    "deep_nesting": "def f(a):\n    if a:\n        for b in a:\n            while b:\n                with b:\n                    if a:\n                        work(b)\n",
    "high_complexity": "def f(a):\n" + "".join(f"    if a == {n}:\n        work({n})\n" for n in range(12)),
    "too_many_args": "def f(a, b, c, d, e, g): ...\n",
    "too_many_branches": "def f(a):\n" + "".join(f"    if a == {n}:\n        work({n})\n" for n in range(14)),
    "too_many_locals": f"def f():\n{MANY}\n    return a1\n",
    "too_many_returns": "def f(a):\n" + "".join(f"    if a == {n}:\n        return {n}\n" for n in range(8)) + "    return 9\n",
    "sleep_in_async": "import time\nasync def f():\n    time.sleep(1)\n",
    "sleep_loop_async": "import asyncio\nasync def f(x):\n    while not x.done:\n        await asyncio.sleep(1)\n",
    "blocking_call_in_async": "import requests\nasync def f():\n    return requests.get('http://x')\n",
    "unclosed_resource": "import subprocess\ndef f():\n    child = subprocess.Popen(['ls'])\n    child.wait()\n",
    "string_concat_in_loop": "def f(xs):\n    s = ''\n    for x in xs:\n        s += x\n    return s\n",
    "sql_string_formatting": "def f(db, name):\n    return db.execute(f\"SELECT * FROM users WHERE name = '{name}'\")\n",
    "hardcoded_password": "password = 'hunter2secret'\n",
    "eval_use": "def f(text):\n    return eval(text)\n",
    "exec_use": "def f(text):\n    exec(text)\n",
    "environ_assignment": "import os\nos.environ = {}\n",
    "print_debugging": "def f(x):\n    print(x)\n",
    "bad_except_order": "class Mine(ValueError): ...\ntry:\n    work()\nexcept ValueError:\n    mend()\nexcept Mine:\n    mend()\n",
    "feature_envy": "class A:\n    def total(self, order):\n        return order.price * order.count + order.tax - order.rebate + order.fee + order.tip\n",
}  # fmt: skip
GOOD: dict[str, str] = {
    "mutable_default_arg": "SHARED = {'a': 1}\ndef f(a=SHARED):\n    return a['a']\n",
    "broad_except": "try:\n    work()\nexcept BaseException:\n    mend()\n    raise\n",
    "except_pass": "try:\n    work()\nexcept OSError:\n    ...\n",
    "type_comparison": "def f(x):\n    return isinstance(x, int)\n",
    "lambda_assignment": "table = {'a': lambda: 1}\nf, g = make()\n",
    "missing_super_init": "class A:\n    def __init__(self):\n        self.a = 1\n\nclass C:\n    def __init__(self):\n        self.c = 1\n\nclass B(A, C):\n    def __init__(self):\n        A.__init__(self)\n        C.__init__(self)\n\nclass D(A):\n    def __init__(self):\n        super().__init__()\n",
    "bad_except_order": "class Mine(ValueError): ...\ntry:\n    work()\nexcept Mine:\n    mend()\nexcept ValueError:\n    mend()\n",
    "unclosed_resource": "import subprocess, threading\nlock = threading.Lock()\ndef f():\n    with subprocess.Popen(['ls']) as child:\n        child.wait()\ndef g():\n    return subprocess.Popen(['ls'])\ndef h(self):\n    self.child = subprocess.Popen(['ls'])\ndef i():\n    child = subprocess.Popen(['ls'])\n    try:\n        child.wait()\n    finally:\n        child.kill()\ndef j():\n    lock.acquire()\n    try:\n        work()\n    finally:\n        lock.release()\n",
    "feature_envy": "class A:\n    def total(self, order):\n        return self.rate * order.price + order.count\n",
    "global_state": "n = 0\ndef f():\n    return n + 1\n",
}  # fmt: skip


def labels(tmp_path: Path, source: str) -> set[str]:
    path = tmp_path / "code.py"
    path.write_text(source)
    return {finding.label for finding in find_file(path, "code.py")}


@pytest.mark.parametrize("label", BAD)
def test_a_label_is_found_where_it_is(tmp_path: Path, label: str) -> None:
    assert label in labels(tmp_path, BAD[label])


@pytest.mark.parametrize("label", GOOD)
def test_and_not_where_it_is_done_right(tmp_path: Path, label: str) -> None:
    assert label not in labels(tmp_path, GOOD[label])


def test_every_label_has_words_and_an_example() -> None:
    assert set(advice()) == {*BAD, "duplicated_code"}


@pytest.mark.parametrize(
    ("comment", "quiet"),
    [("# ruff: noqa", True), ("# flake8: noqa: PLR", True), ("# ruff: noqa: E501", False)],
)
def test_a_noqa_for_the_whole_file(tmp_path: Path, comment: str, quiet: bool) -> None:
    found = labels(tmp_path, f"{comment}\n{BAD['too_many_args']}")
    assert ("too_many_args" not in found) is quiet


def test_a_mark_survives_lines_that_move_and_not_words_that_change(tmp_path: Path) -> None:
    path = tmp_path / "code.py"

    def mark(source: str) -> str:
        path.write_text(dedent(source))
        return next(one.id for one in find_file(path, "code.py") if one.label == "compare_none")

    first = mark("def f(x):\n    return x == None\n")
    assert mark("import os\n\n\ndef f(x):\n    return  x == None\n") == first
    assert mark("def f(y):\n    return y == None\n") != first
    assert mark("def g(x):\n    return x == None\n") != first


def test_what_is_kept_of_a_file_needs_no_other_file(tmp_path: Path) -> None:
    body = "".join(f"    a{n} = first(x, {n}) + second(x)\n" for n in range(6))
    (tmp_path / "a.py").write_text(f"def a(x):\n{body}    return a1\n")
    (tmp_path / "b.py").write_text(f"def b(x):  # noqa: R0801\n{body}    return a1\n")
    a, b = sorted(examine_files(tmp_path, ["a.py", "b.py", "missing.py"]), key=lambda one: one.path)
    assert [one.label for one in a.found] == []
    assert a.bodies[0].key == b.bodies[0].key
    assert (a.bodies[0].quiet, b.bodies[0].quiet) == (False, True)
