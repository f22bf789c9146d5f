"""An app over fakes, with the clock frozen and no cursor that blinks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.ui.fake_engine import FakeEngine
from tests.ui.fake_prompts import FakeExamples, FakeInjector
from tests.ui.fakes import FakeLibrary
from tests.ui.figures import FakeMetrics
from tests.ui.samples import make_pattern
from tui_patterns.tui.app import PatternsApp
from tui_patterns.tui.typeahead import KeysInTurn

press = Pilot.press
HOPS = 4
NOON = 1_700_000_000.0
PATIENCE_S = 60.0


@dataclass
class Copy:
    """A clipboard that remembers."""

    texts: list[str] = field(default_factory=list)
    message: str = "Copied via tmux"

    def __call__(self, text: str) -> Copy:
        self.texts.append(text)
        return self


@dataclass
class Stage:
    """The app with everything that a test looks at."""

    app: PatternsApp
    library: FakeLibrary
    injector: FakeInjector
    copy: Copy
    metrics: FakeMetrics
    examples: FakeExamples
    messages: list[Message] = field(default_factory=list)
    engines: list[FakeEngine] = field(default_factory=list)

    @property
    def engine(self) -> FakeEngine:
        """The engine that the app has started."""
        return self.engines[0]

    def seen(self, kind: type[Message]) -> list[Any]:
        """Messages of one kind, oldest first."""
        return [message for message in self.messages if isinstance(message, kind)]


async def wait_for(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Until ``condition`` holds; the app goes on meanwhile."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "the condition never came true"
        await pilot.pause(0.01)
    await settle(pilot)


async def settle(pilot: Pilot[None]) -> None:
    """Until messages under way have arrived: each step takes them one widget further, to app and screen."""
    for _ in range(HOPS):
        await pilot._wait_for_screen()
    await pilot.pause()


async def press_to_the_end(pilot: Pilot[None], *keys: str) -> None:
    """Press keys, and wait until the app is done with the last: on a busy machine that takes a while."""
    await press(pilot, *keys)
    app, end = pilot.app, time.monotonic() + PATIENCE_S
    while isinstance(app, KeysInTurn) and app.waits_for_key and not app._exit:
        assert time.monotonic() < end, f"the app is never done with {keys}"
        await asyncio.sleep(0.01)
    if not app._exit:
        await settle(pilot)


async def ready(pilot: Pilot[None], stage: Stage) -> None:
    """Until the first list stands, and the engine is started."""
    results = stage.app.main.results
    await wait_for(pilot, lambda: results.answer is not None and stage.engines)
    await wait_for(pilot, lambda: not stage.library.patterns or stage.app.main.code.pattern)


def make_stage(library: FakeLibrary, query: str = "") -> Stage:
    """An app over ``library``."""
    engines: list[FakeEngine] = []

    def start(
        data_dir: Path, roots: object, on_event: Callable[[Any], None], config: Path | None
    ) -> FakeEngine:
        engines.append(FakeEngine(on_event))
        return engines[0]

    injector, copy, metrics = FakeInjector(library), Copy(), FakeMetrics(library)
    examples = FakeExamples(library)
    app = PatternsApp(
        lambda: library, [Path("/projects/sample")], settings=library.settings, engine_factory=start,
        injector_factory=lambda _: injector, metrics_factory=lambda _: metrics,
        examples_factory=lambda _: examples, copy=copy,
        clock=lambda: NOON, initial_query=query, filter_values=lambda _: library.filter_values(),
    )  # fmt: skip
    return Stage(app, library, injector, copy, metrics, examples, engines=engines)


@pytest.fixture(autouse=True)
def _steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """No blink, one time zone, no waiting for a rest; a key that was pressed has done its work."""
    monkeypatch.setattr(Pilot, "press", press_to_the_end)
    monkeypatch.setattr("tui_patterns.tui.panes.session.FIRST_S", 0.0)
    monkeypatch.setattr("tui_patterns.tui.panes.session.AGAIN_S", 0.01)
    monkeypatch.setattr(Input, "cursor_blink", False)
    monkeypatch.setattr(TextArea, "cursor_blink", False)
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.setenv("COLORTERM", "truecolor")


@pytest.fixture
def stage() -> Stage:
    """An app over twelve patterns."""
    return make_stage(FakeLibrary.of(*(make_pattern(number) for number in range(12))))


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first row of an answer counts as looked at from the beginning."""
    monkeypatch.setattr("tui_patterns.tui.panes.results.STOOD_S", 0.0)
