"""Rates, circuits, time limits, queues and orderly ends."""

from __future__ import annotations

from textwrap import dedent

import pytest

from tui_patterns.extraction.python import extract_source


def labels(source: str, qualname: str) -> dict[str, float]:
    units = extract_source(dedent(source).encode(), "pkg/code.py").units
    return {
        label.label: label.confidence for unit in units if unit.qualname == qualname for label in unit.labels
    }


BUCKET = """
import time

class B:
    def __init__(self, rate, room):
        self.rate, self.room = rate, room
        self.level = room
        self.at = time.monotonic()

    def take(self):
        now = time.monotonic()
        self.level = min(self.room, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True
"""
WINDOW = """
import time

class B:
    def take(self):
        now = time.time()
        while self.calls and self.calls[0] < now - self.period:
            self.calls.popleft()
        if len(self.calls) >= self.most:
            raise TooMany
        self.calls.append(now)
"""
INTERVAL = """
import time

def B(gap):
    last = 0.0

    def wait():
        nonlocal last
        past = time.monotonic() - last
        if past < gap:
            time.sleep(gap - past)
        last = time.monotonic()

    return wait
"""
POLLS = """
import time

def B(ready, limit):
    start = time.monotonic()
    while time.monotonic() - start < limit:
        if ready():
            return True
        time.sleep(0.1)
    return False
"""


@pytest.mark.parametrize("source", [BUCKET, WINDOW, INTERVAL])
def test_time_since_then_decides_in_a_rate_limiter(source: str) -> None:
    assert labels(source, "B")["rate_limiter"] >= 0.6


def test_polling_until_a_deadline_is_none() -> None:
    assert "rate_limiter" not in labels(POLLS, "B")


BREAKER = """
import time

class B:
    def __init__(self, limit, pause):
        self.limit, self.pause = limit, pause
        self.failures = 0
        self.opened = None

    def run(self, work):
        if self.opened is not None and time.monotonic() - self.opened < self.pause:
            raise Open
        try:
            result = work()
        except Exception:
            self.failures += 1
            if self.failures >= self.limit:
                self.opened = time.monotonic()
            raise
        self.failures = 0
        return result
"""
PROGRESS = """
import time

class B:
    def step(self):
        self.done += 1
        if self.done > self.total:
            raise ValueError
        self.at = time.monotonic()

    def restart(self):
        self.done = 0
"""


def test_counting_failures_and_refusing_is_a_circuit_breaker_and_nothing_less() -> None:
    found = labels(BREAKER, "B")
    assert "circuit_breaker" in found and "rate_limiter" not in found
    assert "circuit_breaker" not in labels(PROGRESS, "B")


def test_a_limit_of_time_is_seen_where_it_is_given_or_handled() -> None:
    source = "import asyncio\n\nasync def x(work, limit):\n    return await asyncio.wait_for(work(), limit)\n"
    assert labels(source, "x")["timeout"] >= 0.6
    assert "timeout" not in labels("import signal\n\ndef x():\n    signal.alarm(0)\n", "x")
    assert "timeout" not in labels("class TimeoutException(Error):\n    pass\n", "TimeoutException")
    setter = (
        "class C:\n"
        "    @timeout.setter\n"
        "    def timeout(self, timeout):\n"
        "        self._timeout = Timeout(timeout)\n"
    )
    assert not labels(setter, "C.timeout")


def test_a_value_that_keeps_several_limits_is_a_timeout() -> None:
    source = """
    class T:
        def __init__(self, timeout, connect=None, read=None):
            self.connect = timeout if connect is None else connect
            self.read = timeout if read is None else read
    """
    assert "timeout" in labels(source, "T")


STOPS = "import signal\n\ndef x(server):\n    signal.signal(signal.SIGTERM, server.stop)\n"


def test_answering_a_request_to_stop_is_a_graceful_shutdown() -> None:
    assert labels(STOPS, "x")["graceful_shutdown"] >= 0.6
    assert "graceful_shutdown" not in labels(STOPS.replace("server.stop", "signal.SIG_IGN"), "x")
    assert "graceful_shutdown" not in labels(STOPS.replace("SIGTERM", "SIGUSR1"), "x")


WORKER = """
import queue

class W:
    def __init__(self):
        self.jobs = queue.Queue()

    def submit(self, job):
        self.jobs.put(job)

    def run(self):
        while True:
            job = self.jobs.get()
            job()
"""
POOL = """
import queue

class W:
    def __init__(self):
        self.free = queue.LifoQueue()

    def acquire(self):
        return self.free.get()

    def release(self, item):
        self.free.put(item)
"""
BOTH = """
import asyncio

async def x(items):
    jobs = asyncio.Queue()

    async def fill():
        for item in items:
            await jobs.put(item)

    async def drain():
        while True:
            use(await jobs.get())

    await asyncio.gather(fill(), drain())
"""


def test_a_queue_between_a_filling_and_a_draining_side() -> None:
    assert labels(WORKER, "W")["producer_consumer"] >= 0.6
    assert labels(BOTH, "x")["producer_consumer"] >= 0.6
    assert "producer_consumer" not in labels(POOL, "W")
