"""Category, component type, form and tags: closed sets, decided by what the code shows."""

from __future__ import annotations

import textwrap

import pytest

from tui_patterns.extraction import category_packages, category_words
from tui_patterns.extraction.categories import CATEGORIES
from tui_patterns.extraction.components import COMPONENTS
from tui_patterns.extraction.forms import form_of
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Label, Unit


def units(source: str, path: str = "app/things.py") -> dict[str, Unit]:
    parsed = extract_source(textwrap.dedent(source).encode(), path)
    assert parsed.error is None
    return {unit.qualname: unit for unit in parsed.units}


TABLES = {
    name: table
    for module in (category_words, category_packages)
    for name, table in vars(module).items()
    if isinstance(table, dict) and not name.startswith("__")
}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_evidence_speaks_only_for_what_is_in_the_closed_set(name: str) -> None:
    for key, place in TABLES[name].items():
        category, _, part = place.partition("/")
        assert category in CATEGORIES, key
        assert not part or part in CATEGORIES[category], key


def test_every_component_type_has_a_category() -> None:
    assert set(category_words.COMPONENTS) == set(COMPONENTS)


@pytest.mark.parametrize(
    ("source", "name", "expected"),
    [
        ("import sqlalchemy\ndef f(s):\n    s.execute(sqlalchemy.text('x'))\n    s.commit()\n", "f",
         "database_operations"),
        ("import re\ndef tokenize(t):\n    return re.findall('a', t)\n", "tokenize", "parsing"),
        ("import httpx\ndef f(u):\n    return httpx.get(u)\n", "f", "networking"),
        ("import click\n@click.command()\ndef f():\n    return 1\n", "f", "cli"),
        ("import threading\nclass A(threading.Thread):\n    def run(self):\n        return 1\n",
         "A", "concurrency"),
        ("def f(a):\n    return a\n", "f", None),
    ],
)  # fmt: skip
def test_what_a_unit_does_decides_its_category(source: str, name: str, expected: str | None) -> None:
    assert units(source)[name].category == expected


def test_tests_are_testing() -> None:
    found = units("def test_f():\n    assert 1 == 1\n", "tests/test_a.py")["test_f"]
    assert (found.category, found.subcategory) == ("testing", "test_cases")


@pytest.mark.parametrize(
    ("source", "name", "component"),
    [
        ("from fastapi import FastAPI\napp = FastAPI()\n@app.get('/')\ndef f():\n    return 1\n",
         "f", "route"),
        ("from flask import Flask\napp = Flask('a')\n@app.route('/')\ndef f():\n    return 1\n",
         "f", "route"),
        ("from celery import shared_task\n@shared_task\ndef f():\n    return 1\n", "f", "task"),
        ("from airflow.decorators import task as job\n@job\ndef f():\n    return 1\n", "f", "task"),
        ("import pytest\n@pytest.fixture\ndef f():\n    return 1\n", "f", "fixture"),
        ("from airflow.models import BaseOperator as B\nclass A(B):\n    x = 1\n", "A", "operator"),
        ("from airflow.sensors.base import BaseSensorOperator\nclass A(BaseSensorOperator):\n    x = 1\n",
         "A",
         "sensor"),
        ("from airflow.hooks.base import BaseHook\nclass A(BaseHook):\n    x = 1\nclass C(A):\n    y = 1\n",
         "C",
         "hook"),
        ("from django.db import models\nclass A(models.Model):\n    x = 1\n", "A", "model"),
        ("from .nodes import NodeReducer\nclass A(NodeReducer):\n    x = 1\n", "A", "reducer"),
        ("from .base import AwsBaseOperator\nclass A(AwsBaseOperator):\n    x = 1\n", "A", "operator"),
        ("from torch import nn\nclass A(nn.Module):\n    x = 1\n", "A", "neural_network"),
        ("class Operator:\n    x = 1\nclass A(Operator):\n    y = 1\n", "A", None),
        ("def route(f):\n    return f\n@route\ndef f():\n    return 1\n", "f", None),
    ],
)  # fmt: skip
def test_components_are_known_by_decorators_and_bases_through_imports(
    source: str, name: str, component: str | None
) -> None:
    assert units(source)[name].component_type == component


def test_a_class_that_inherits_itself_ends() -> None:
    assert (
        units("class A(A):\n    x = 1\nclass B(C):\n    x = 1\nclass C(B):\n    x = 1\n")["B"].component_type
        is None
    )


def test_form_follows_the_family_of_the_surest_label() -> None:
    assert form_of("class", (Label("singleton", 0.9), Label("observer", 0.7))) == "structural"
    assert form_of("class", (Label("observer", 0.9),)) == "behavioural"
    assert (form_of("function", ()), form_of("class", ())) == ("behavioural", "structural")


@pytest.mark.parametrize(
    ("source", "tag"),
    [
        ("def f():\n    try:\n        g()\n    except ValueError:\n        h()\n", "error-handling-wrapper"),
        ("def f(s):\n    with s.begin():\n        s.add(1)\n", "transaction"),
        ("def f(s):\n    s.commit()\n    s.rollback()\n", "transaction"),
        ("def f(self):\n    with self._lock:\n        g()\n", "locking"),
        ("def f(file):\n    while data := file.read(9):\n        yield data\n", "streaming"),
        ("import logging\ndef f():\n    logging.warning('a')\n", "logging"),
    ],
)
def test_traits_are_tags(source: str, tag: str) -> None:
    assert tag in units(source)["f"].tags


def test_a_function_with_a_try_among_other_things_is_no_wrapper() -> None:
    source = "def f(x):\n    for a in x:\n        g(a)\n"
    source += "    try:\n        g()\n    except ValueError:\n        h()\n"
    assert "error-handling-wrapper" not in units(source)["f"].tags


def test_an_import_with_a_fallback_is_an_idiom_with_tags() -> None:
    found = units("try:\n    import ujson as json\nexcept ImportError:\n    import json\n")["<module>"]
    assert (found.category, found.subcategory, found.form) == ("error_handling", "fallback", "structural")
    assert {"import-fallback", "module-idiom"} <= set(found.tags)
    assert found.name == "JSON Import with Fallback"
