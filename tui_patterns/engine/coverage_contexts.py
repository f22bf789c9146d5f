"""A pytest plugin that tells coverage which test runs; copied out and loaded by the project's own pytest.

It imports nothing of this program, and runs on any Python that pytest runs on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import coverage
import pytest


def _switch(item: Any, phase: str) -> None:
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.switch_context(f"{item.nodeid}|{phase}")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_setup(item: Any) -> Iterator[None]:
    """Lines of fixtures count for the test that asks for them."""
    _switch(item, "setup")
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_call(item: Any) -> Iterator[None]:
    """The test itself."""
    _switch(item, "run")
    yield


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item: Any) -> Iterator[None]:
    """What is put back after it; from then on nothing belongs to the test."""
    _switch(item, "teardown")
    yield
    measuring = coverage.Coverage.current()
    if measuring is not None:
        measuring.switch_context("")
