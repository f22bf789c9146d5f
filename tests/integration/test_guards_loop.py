"""Failure teaches, in a real repository: a pattern that fails in one context again and again is avoided."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.integration.test_loop import WRITTEN, Loop
from tests.ui.conftest import wait_for
from tests.ui.fake_engine import FakeEngine
from tui_patterns.api import Metrics, PatternInjector, pattern_guards
from tui_patterns.cli.main import run
from tui_patterns.prompts.render import AVOID
from tui_patterns.tui.app import PatternsApp

CALLS = (
    *("sorted", "max", "min", "sum", "len", "set", "list", "tuple", "any", "all", "bool", "repr", "str"),
    *("reversed", "enumerate", "iter", "frozenset", "id", "hash", "type", "callable", "print", "dict", "zip"),
)
PLAIN = '''
def {call}_rows(rows, limit):
    """The rows above a limit, by {call}."""
    found = []
    for row in rows:
        if row > limit:
            found.append(row)
    return {call}(found) if found else None
'''
FETCH = WRITTEN.partition("def read_options")[0]
PLACES = ("queue", "mailbox", "archive")
TEST = """
import asyncio

from pkg.{place} import drain_{place}


def test_{place}_is_drained():
    async def operation():
        return "fine"

    assert asyncio.run(drain_{place}(operation)) == "fine"
"""


class Worker(Loop):
    """Plain code that passes its tests, and async code that follows a pattern where it does not fit."""

    def inject(self) -> str:
        return ""

    def plain(self) -> None:
        (self.root / "pkg" / "plain.py").write_text("\n".join(PLAIN.format(call=call) for call in CALLS))
        tests = [f"def test_{call}():\n    assert plain.{call}_rows([], 1) is None\n" for call in CALLS]
        (self.root / "tests" / "test_plain.py").write_text("from pkg import plain\n\n\n" + "\n\n".join(tests))

    def drain(self, place: str) -> None:
        """An agent is given the pattern, and follows it in async code."""
        made = PatternInjector(self.library).enhance(
            "Do it.", f"drain the {place} in the async worker", session=place, picked=[self.retrying]
        )
        assert made.injection_id is not None
        code = FETCH.replace("def fetch_report", f"async def drain_{place}")
        (self.root / "pkg" / f"{place}.py").write_text(code)
        (self.root / "tests" / f"test_{place}.py").write_text(TEST.format(place=place))
        self.look()

    @property
    def retrying(self) -> str:
        found = (one.id for one in self.library.recent(100) if one.qualname == "call_with_backoff")
        return next(found)


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setenv("PATTERNS_TUI_DATA_DIR", str(tmp_path / "data"))
    made = Worker(tmp_path)
    made.plain()
    yield made
    made.library.close()


def preview(worker: Worker, task: str) -> tuple[str, list[str]]:
    built = PatternInjector(worker.library).preview("Do it.", task, budget=5000, picked=[worker.retrying])
    return built.prompt, [one.hit.pattern.id for one in built.chosen]


async def test_three_failures_in_one_context_keep_a_pattern_out_of_it(
    worker: Worker, capfd: pytest.CaptureFixture[str]
) -> None:
    for place in PLACES[:2]:
        worker.drain(place)
    worker.test()
    worker.look()
    assert pattern_guards(worker.library) == [], "two failures are none"
    worker.drain(PLACES[2])
    worker.test()
    worker.look()

    id = worker.retrying
    (known,) = pattern_guards(worker.library)
    assert (known.id, known.guard.condition, known.guard.failures) == (id, ("async",), 3)
    assert known.guard.population >= len(CALLS) and known.guard.passing <= 0.05 * known.guard.population

    prompt, chosen = preview(worker, "retry with backoff in an async function")
    assert id not in chosen and AVOID in prompt and "where the code is async" in prompt
    prompt, chosen = preview(worker, "retry with backoff")
    assert id in chosen and AVOID not in prompt

    said(worker, capfd, id)
    behind = Metrics(worker.library).behind("antipatterns")
    assert [one.kind for one in behind[:4]] == ["guard", "outcome", "outcome", "outcome"]
    assert all(one.event is not None for one in behind[1:4]) and behind[0].pattern == id
    assert worker.library.rebuild_evidence() == {}
    await shown(worker)


def said(worker: Worker, capfd: pytest.CaptureFixture[str], id: str) -> None:
    """By every command where one would look."""

    def told(*argv: str) -> str:
        capfd.readouterr()
        assert run(list(argv)) == 0
        return capfd.readouterr().out

    assert "the code is async" in told("guards") and "the code is async" in told("show", id)
    assert json.loads(told("show", id, "--json"))["guards"] == json.loads(told("guards", "--json"))
    for place in (worker.root, worker.root / "pkg" / "basics.py"):
        found = [json.loads(line) for line in told("antipatterns", str(place), "--json").splitlines()]
        (guard,) = [one for one in found if one["label"] == "repeated_failure"]
        assert (guard["rule"], guard["qualname"]) == ("guard", "call_with_backoff")
        assert "failed 3 times" in guard["message"] and guard["instead"]
    other = told("antipatterns", str(worker.root / "pkg" / "plain.py"), "--json")
    assert "repeated_failure" not in other


async def shown(worker: Worker) -> None:
    """And in the app: pane 4 of the pattern's file."""
    app = PatternsApp(
        lambda: worker.library, [worker.root], settings=worker.library.settings,
        engine_factory=lambda _, __, on_event, ___: FakeEngine(on_event),
    )  # fmt: skip
    async with app.run_test(size=(120, 40)) as pilot:
        await wait_for(pilot, lambda: app.main.results.answer is not None)
        await search(pilot, "call_with_backoff")
        await wait_for(pilot, lambda: app.main.pattern and app.main.pattern.qualname == "call_with_backoff")
        await pilot.press("a")
        await wait_for(pilot, lambda: "repeated failure" in app.main.findings.listing.text)
        assert "it failed 3 times there" in app.main.findings.listing.text


async def search(pilot: Pilot[None], words: str) -> None:
    await pilot.press("slash", *("underscore" if one == "_" else one for one in words), "enter")
