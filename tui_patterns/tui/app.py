"""The terminal app: it wires services, themes and keys to the one screen, and ends cleanly."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from textual import on
from textual.events import Event, Key
from textual.notifications import Notify

from tui_patterns.heap import share_heaps
from tui_patterns.text import clean_line
from tui_patterns.tui import parts
from tui_patterns.tui.bindings import APP_KEYS
from tui_patterns.tui.garbage import LOOK_S, Garbage
from tui_patterns.tui.keymap import KeymappedApp
from tui_patterns.tui.messages import EngineNews, LibraryOpened
from tui_patterns.tui.ports import Services
from tui_patterns.tui.screens.actions import MainScreen
from tui_patterns.tui.screens.dialogs import OPENING

if TYPE_CHECKING:
    from textual.command import Provider

    from tui_patterns.settings import Settings
    from tui_patterns.tui.filters import Values
    from tui_patterns.tui.ports import EngineFactory, Examples, Injector, Library, Measures, Route

TWICE_WITHIN_S = 2.0
READERS = 3  # threads that read the library: each has its stack, its heap and its connection's cache


def _actions() -> type[Provider]:
    """The palette's commands; its machinery is loaded when it is first opened."""
    from tui_patterns.tui.commands import Actions

    return Actions


class PatternsApp(KeymappedApp, inherit_bindings=False):
    """patterns-tui: find, read, rate and reuse the patterns of the projects beside you."""

    TITLE = "patterns-tui"
    CSS_PATH = "app.tcss"
    BINDINGS = APP_KEYS
    COMMANDS = {_actions}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide"), (160, "-huge")]
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (20, "-short"), (30, "-tall")]

    def __init__(
        self,
        open_library: Callable[[], Library],
        roots: Sequence[Path],
        *,
        settings: Settings,
        config: Path | None = None,
        engine_factory: EngineFactory | None = None,
        injector_factory: Callable[[Library], Injector] | None = None,
        metrics_factory: Callable[[Library], Measures] | None = None,
        examples_factory: Callable[[Library], Examples] | None = None,
        copy: Callable[[str], Route] | None = None,
        clock: Callable[[], float] = time.time,
        filter_values: Callable[[Library], Values] | None = None,
        initial_query: str = "",
    ) -> None:
        super().__init__()
        self.roots, self.config = roots, config
        self.failure: str | None = None
        self._make_engine = engine_factory or parts.engine
        make_injector, make_metrics = injector_factory or parts.injector, metrics_factory or parts.metrics
        self.settings = settings
        self.services = Services(
            settings, open_library, make_injector, copy or self._copy, make_metrics,
            examples_factory or parts.examples, clock=clock,
            filter_values=filter_values or parts.filter_values,
        )  # fmt: skip
        self._query = initial_query
        self._interrupted = 0.0
        self._garbage = Garbage()
        self._use_theme()

    def get_default_screen(self) -> MainScreen:
        """The one screen."""
        return MainScreen(self.services, self._query)

    @property
    def main(self) -> MainScreen:
        """The screen of panes, at the bottom of the stack."""
        screen = self.screen_stack[0]
        assert isinstance(screen, MainScreen)
        return screen

    @property
    def opening(self) -> bool:
        """Whether a key has asked for a dialog or a pattern that is still being read."""
        return any(worker.group in OPENING and not worker.is_finished for worker in self.workers)

    def on_mount(self) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(READERS, "reader"))
        self._tell([*self._use_keymap(), *self.settings.warnings])
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """After the first paint: the library is opened, then the engine started."""
        self._garbage.begin()
        self.set_interval(LOOK_S, self._garbage.look)
        self.main.open_library()
        self._learn_themes()

    async def on_event(self, event: Event) -> None:
        """As any app; and garbage waits for a moment without keys."""
        if isinstance(event, Key):
            self._garbage.touched()
        await super().on_event(event)

    @on(LibraryOpened)
    async def _start_engine(self, message: LibraryOpened) -> None:
        if message.failure:
            self.fail(message.failure)
            return
        data_dir = self.services.library.data_dir
        engine = self._make_engine(data_dir, self.roots, self._engine_event, self.config)
        self.services.engine = engine
        await engine.start()

    def _engine_event(self, event: Any) -> None:
        self.main.post_message(EngineNews(event))

    async def on_unmount(self) -> None:
        if self.services.engine:
            self.services.engine.leave()

    def _copy(self, text: str) -> Route:
        from tui_patterns.api import copy_text

        driver = self._driver
        return copy_text(text, self.settings, driver.write if driver else None)

    @on(Notify)
    def _make_room(self, event: Notify) -> None:
        """Before a toast with news is shown, the one before it goes: on a small screen they hide the code."""
        if event.notification.severity == "information":
            for old in [one for one in self._notifications if one.severity == "information"]:
                self._unnotify(old, refresh=False)

    def action_interrupted(self) -> None:
        """Ctrl+C: once is a slip, twice is a wish."""
        now = time.monotonic()
        if now - self._interrupted < TWICE_WITHIN_S:
            self.exit()
        self._interrupted = now
        self.notify("Ctrl+C again quits.", timeout=TWICE_WITHIN_S)

    def fail(self, reason: str) -> None:
        """End with one clear line on stderr, and exit code 1."""
        self.failure = self.failure or reason
        self.exit(return_code=1)

    def _fatal_error(self) -> None:
        """Textual would print a traceback with the values of all locals: code, paths, prompts."""
        error = self._exception
        self.failure = f"unexpected error: {type(error).__name__}: {clean_line(str(error), 300)}"
        self._close_messages_no_wait()


def run_app(
    roots: Sequence[Path], settings: Settings, data_dir: Path, config: Path | None = None, query: str = ""
) -> NoReturn:
    """Run the terminal app on ``roots`` until it is left, and end the process: with code 1 when it failed."""
    for name in ("COLUMNS", "LINES"):  # exported by some shells, and wrong as soon as the window is resized
        os.environ.pop(name, None)
    share_heaps()
    app = PatternsApp(
        lambda: parts.library(data_dir, settings, roots),
        roots,
        settings=settings,
        config=config,
        initial_query=query,
    )
    with asyncio.Runner() as runner:  # its end waits for the last writes: what a key set going is done
        app.run(loop=runner.get_loop())
    if app.failure:
        sys.stderr.write(f"patterns-tui: {app.failure}\n")
    _end(1 if app.failure else app.return_code or 0)


def _end(code: int) -> NoReturn:
    """At once. An ordinary exit would kill the engine in the middle of what it writes, or wait for it."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
