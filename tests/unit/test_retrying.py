"""Retries and backoff: seen in what a loop does after a failure, whatever it is called."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tui_patterns.extraction.python import extract_source


def labels(source: str, qualname: str) -> dict[str, float]:
    units = extract_source(dedent(source).encode(), "pkg/code.py").units
    return {
        label.label: label.confidence for unit in units if unit.qualname == qualname for label in unit.labels
    }


BOUNDED = """
import time

def x(url, open_it):
    for n in range(3):
        try:
            return open_it(url)
        except OSError:
            if n == 2:
                raise
            time.sleep(2 ** n)
"""
COUNTED = """
async def x(self, work):
    failures = 0
    while True:
        try:
            return await work()
        except self.errors as error:
            failures += 1
            if failures > self.limit:
                raise
"""
FLAG = """
def x(link):
    up = False
    while not up:
        try:
            link.connect()
            up = True
        except OSError:
            sleep(1)
"""
AGAIN = """
def x(url, left=3):
    try:
        return fetch(url)
    except OSError:
        return x(url, left - 1)
"""
WITH_BLOCK = """
def x(load):
    for attempt in Retrying(stop=3):
        with attempt:
            return load()
"""


@pytest.mark.parametrize("source", [BOUNDED, COUNTED, FLAG, AGAIN, WITH_BLOCK])
def test_a_loop_that_tries_the_same_again_is_a_retry(source: str) -> None:
    assert labels(source, "x")["retry"] >= 0.6


CANDIDATES = """
def x(readers, data):
    for reader in readers:
        try:
            return reader(data)
        except ValueError:
            continue
"""
SERVER = """
def x(queue):
    while True:
        try:
            handle(queue.get())
        except Exception:
            log.exception("failed")
        time.sleep(1)
"""
SKIPS = """
def x(rows):
    for row in rows:
        try:
            store(row)
        except ValueError:
            skipped += 1
"""
ERROR = """
class x(Exception):
    def __init__(self, attempts, last_error):
        self.attempts = attempts
        self.last_error = last_error
"""


@pytest.mark.parametrize("source", [CANDIDATES, SERVER, SKIPS, ERROR])
def test_what_only_looks_like_one_is_none(source: str) -> None:
    assert "retry" not in labels(source, "x")


def test_a_retry_by_a_library_counts_through_its_import() -> None:
    source = "import tenacity as t\n\n@t.retry(stop=3)\ndef x(url):\n    return fetch(url)\n"
    assert labels(source, "x")["retry"] > 0.9
    assert "retry" not in labels("@other.retry\ndef x(url):\n    return fetch(url)\n", "x")


def test_a_class_that_runs_what_it_is_given_again_is_one_and_a_client_with_one_such_method_is_none() -> None:
    runner = "class R:\n" + "".join(f"    {line}\n" for line in COUNTED.splitlines())
    assert "retry" in labels(runner, "R")
    client = """
    class Client:
        def connect(self):
            for n in range(3):
                try:
                    return self.socket.open()
                except OSError:
                    time.sleep(1)

        def send(self, data):
            self.check(data)
            self.socket.write(data)
            self.sent += len(data)
            self.log(data)
            self.notify(data)
            return self.sent
    """
    assert "retry" not in labels(client, "Client")
    assert "retry" in labels(client, "Client.connect")


def test_a_policy_is_made_from_how_often_how_long_and_on_what() -> None:
    policy = """
    class P:
        def __init__(self, retries, delay, errors):
            self.retries, self.delay, self.errors = retries, delay, errors
    """
    assert "retry" in labels(policy, "P")
    client = policy.replace("retries, delay, errors):", "host, port, user, password, proxy, retries, delay):")
    assert "retry" not in labels(client, "P")


GROWS = "class B:\n    def give(self, failures):\n        return min(self.cap, self.base * 2 ** failures)\n"
FIBONACCI = """
def x(top=None):
    a, b = 1, 1
    while True:
        if top is None or a < top:
            yield a
            a, b = b, a + b
        else:
            yield top
"""


def test_a_delay_that_grows_within_bounds_is_a_backoff() -> None:
    assert labels(GROWS, "B")["backoff"] >= 0.6
    assert "backoff" in labels(GROWS, "B.give")
    assert "backoff" in labels(FIBONACCI, "x")


def test_other_powers_and_constant_delays_are_none() -> None:
    assert not labels("def x(r):\n    return min(1, 3.14 * r ** 2)\n", "x")
    assert not labels("def x(width, depth):\n    return max(width, 2 ** depth)\n", "x")
    assert not labels(
        "class NoBackoff(Base):\n    def __init__(self):\n        super().__init__(0)\n", "NoBackoff"
    )
