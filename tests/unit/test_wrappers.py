"""Decorators, and wrappers that log, check or translate: by what is taken, made and given back."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tui_patterns.extraction.python import extract_source


def labels(source: str, qualname: str) -> dict[str, float]:
    units = extract_source(dedent(source).encode(), "pkg/code.py").units
    return {
        label.label: label.confidence for unit in units if unit.qualname == qualname for label in unit.labels
    }


WRAPS = "def d(f):\n    def inner(*a):\n        return f(*a)\n    return inner\n"
FACTORY = (
    "def d(times):\n"
    "    def outer(f):\n"
    "        def inner(*a):\n"
    "            return f(*a)\n"
    "        return inner\n"
    "    return outer\n"
)
NOTES = (
    "def d(key):\n"
    "    def outer(handler):\n"
    "        HANDLERS[key] = note(handler)\n"
    "        return handler\n"
    "    return outer\n"
)
MAKES = """
def d(name: str):
    def outer(f: Callable[..., int]) -> Command:
        made: Command = Command(name, f)
        return made
    return outer
"""
COPIED = (
    "import functools\n"
    "\n"
    "def d(f):\n"
    "    def inner(*a):\n"
    "        return f(*a)\n"
    "    return functools.update_wrapper(inner, f)\n"
)


HANDED = """
import functools

def d(f):
    def inner(context, *a):
        return context.invoke(f, *a)
    return functools.update_wrapper(inner, f)
"""


@pytest.mark.parametrize("source", [WRAPS, FACTORY, NOTES, MAKES, COPIED, HANDED])
def test_what_takes_a_function_and_gives_one_back_is_a_decorator(source: str) -> None:
    assert labels(source, "d")["function_decorator"] >= 0.6


CLOSURE = "def d(name):\n    def get(thing):\n        return getattr(thing, name)\n    return get\n"
APPLIES = "def d(f, items):\n    return [f(item) for item in items]\n"
RETURNS = "def d(row):\n    clean(row)\n    return row\n"


@pytest.mark.parametrize("source", [CLOSURE, APPLIES, RETURNS])
def test_closures_and_higher_order_functions_are_none(source: str) -> None:
    assert not labels(source, "d")


def test_classes_can_be_changed_and_can_decorate() -> None:
    changed = "def d(cls):\n    for name in NAMES:\n        setattr(cls, name, 1)\n    return cls\n"
    assert "class_decorator" in labels(changed, "d")
    subclass = (
        "def d(base):\n"
        "    class Inner(base):\n"
        "        def run(self):\n"
        "            return 1\n"
        "    return Inner\n"
    )
    assert "class_decorator" in labels(subclass, "d")
    around = """
    class D:
        def __init__(self, func):
            self.func = func

        def __call__(self, *args, **kwargs):
            self.calls += 1
            return self.func(*args, **kwargs)
    """
    assert "decorator_class" in labels(around, "D")
    app = around.replace("*args, **kwargs", "environ, start")
    assert "decorator_class" not in labels(app, "D")


def test_a_check_before_the_call_makes_it_a_validation_decorator() -> None:
    source = """
    def d(f):
        def inner(user):
            if not user.known:
                raise PermissionError(user)
            return f(user)
        return inner
    """
    assert {"function_decorator", "validation_decorator"} <= labels(source, "d").keys()


LOGS = "def d(f):\n    def inner(*a):\n        log.info('before')\n        return f(*a)\n    return inner\n"
LOGGER = (
    "def d(logger, level):\n"
    "    def note(state):\n"
    "        text = str(state)\n"
    "        logger.log(level, text)\n"
    "    return note\n"
)
TIMER = """
from contextlib import contextmanager
from time import time

@contextmanager
def d(name):
    start = time()
    yield
    print(name, time() - start)
"""


@pytest.mark.parametrize("source", [LOGS, LOGGER, TIMER])
def test_wrappers_that_report_are_logging_wrappers(source: str) -> None:
    assert labels(source, "d")["logging_wrapper"] >= 0.6


def test_a_function_that_logs_on_its_way_is_none() -> None:
    assert not labels("def d(x):\n    log.info('x')\n    return x + 1\n", "d")


TRANSLATES = (
    "def d(text):\n"
    "    try:\n"
    "        return parse(text)\n"
    "    except KeyError as error:\n"
    "        raise BadInput(text) from error\n"
)
SAME = (
    "def d(text):\n"
    "    try:\n"
    "        return parse(text)\n"
    "    except KeyError as error:\n"
    "        error.text = text\n"
    "        raise error\n"
)
PART = "def d(text):\n" + "    step(text)\n" * 8 + TRANSLATES.partition("\n")[2]


def test_turning_one_exception_into_another_is_a_translation() -> None:
    assert "exception_translation" in labels(TRANSLATES, "d")
    assert "exception_translation" not in labels(SAME, "d")
    assert "exception_translation" not in labels(PART, "d")


CHECKS = (
    "def d(age, name):\n"
    "    if age < 0:\n"
    "        raise ValueError(age)\n"
    "    if not name:\n"
    "        raise ValueError(name)\n"
)
WORKS = CHECKS + "    person = Person(age, name)\n    person.save()\n    return person.id()\n"


def test_a_function_that_only_checks_is_a_validation() -> None:
    assert labels(CHECKS, "d")["validation"] >= 0.6
    assert "validation" not in labels(WORKS, "d")


def test_a_marked_validator_counts_where_it_raises() -> None:
    source = (
        "class M:\n"
        "    @field_validator('age')\n"
        "    def d(cls, age):\n"
        "        if age < 0:\n"
        "            raise ValueError\n"
        "        return age\n"
    )
    assert "validation" in labels(source, "M.d")
