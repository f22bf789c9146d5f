"""A real tmux with a real app in it: keys go in, the screen is read back, nothing sleeps for a fixed time."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tests.terminal import processes

PROGRAM = Path(sys.executable).with_name("patterns-tui")
POLL_S = 0.03
PATIENCE_S = 120.0
BEFORE = "text from before the app"
ENDED = "ENDED WITH CODE"
Condition = str | Callable[[str], object]


class Terminal:
    """One tmux server with one pane; ``close`` ends it and whatever runs in it."""

    def __init__(self, socket: Path) -> None:
        self.socket = socket

    def run(self, *argv: str, check: bool = True) -> bytes:
        """One tmux command, and what it prints."""
        env = {name: value for name, value in os.environ.items() if not name.startswith("TMUX")}
        command = ["tmux", "-S", os.fspath(self.socket), "-f", os.devnull, *argv]
        return subprocess.run(command, env=env, capture_output=True, check=check, timeout=180).stdout

    def open(self, size: tuple[int, int], command: str, cwd: Path, env: Mapping[str, str]) -> None:
        """Start the server with ``command`` (for sh) in a pane of ``size`` columns and rows."""
        pairs = [word for name, value in env.items() for word in ("-e", f"{name}={value}")]
        geometry = ["-x", str(size[0]), "-y", str(size[1]), "-c", os.fspath(cwd)]
        self.run("new-session", "-d", *geometry, *pairs, "sh", "-c", command)

    def keys(self, *names: str) -> None:
        """Press keys by tmux's names: ``/``, ``Enter``, ``C-c``."""
        self.run("send-keys", *names)

    def type(self, text: str) -> None:
        """Type ``text``, key by key."""
        self.run("send-keys", "-l", text)

    def screen(self, *, escapes: bool = False) -> str:
        """What stands on the screen, a line for each row, blanks at their ends left out."""
        return self.run("capture-pane", "-p", *(["-e"] if escapes else [])).decode()

    def fact(self, name: str) -> str:
        """A tmux variable of the pane: ``alternate_on``, ``cursor_flag``, ``pane_pid`` …"""
        return self.run("display-message", "-p", f"#{{{name}}}").decode().strip()

    def resize(self, columns: int, rows: int) -> None:
        """Another size, as when a person drags the window."""
        self.run("resize-window", "-x", str(columns), "-y", str(rows))

    def buffer(self) -> bytes:
        """What was copied last."""
        return self.run("show-buffer")

    def wait_for(self, condition: Condition, timeout: float = PATIENCE_S) -> str:
        """The first screen that holds the text, or for which the condition does."""
        test = condition if callable(condition) else lambda screen: condition in screen
        end = time.monotonic() + timeout
        while not test(screen := self.screen()):
            assert time.monotonic() < end, f"{_words(condition)} did not come in {timeout} s:\n{screen}"
            time.sleep(POLL_S)
        return screen

    def close(self) -> None:
        """End the server; the pane's processes get a hang-up."""
        self.run("kill-server", check=False)


class App(Terminal):
    """patterns-tui on a project, in a terminal of its own, with its own home and data folder."""

    def __init__(self, socket: Path, data_dir: Path, project: Path) -> None:
        super().__init__(socket)
        self.data_dir, self.project = data_dir, project

    def start(
        self, size: tuple[int, int], env: Mapping[str, str], args: Sequence[str] = (), prefix: str = ""
    ) -> App:
        """Open the app on the project; when it ends, its exit code is shown, and cat echoes."""
        words = [os.fspath(PROGRAM), *(args or [os.fspath(self.project)])]
        command = f"echo {BEFORE}; {prefix} {shlex.join(words)}; echo {ENDED} $?; exec cat"
        settings = {"COLORTERM": "truecolor", "PATTERNS_TUI_DATA_DIR": os.fspath(self.data_dir)}
        self.open(size, command, self.project.parent, {**settings, **env})
        return self

    def listed(self) -> App:
        """Wait for the list of patterns, and for the code of the first."""
        self.wait_for(lambda screen: "newest first" in screen and " │ " in screen)
        return self

    def ready(self) -> App:
        """Wait, besides, until the engine has indexed the project and embedded all of it."""
        self.listed()
        self.wait_for("semantic ready")
        return self

    def search(self, query: str, first: str) -> App:
        """Type a query, wait until ``first`` is the name on its first row, and leave the field."""
        self.keys("/")
        self.type(query)
        self.wait_for(lambda screen: f"/ {query}" in screen and f" {first} " in _cursor_row(screen))
        self.keys("Enter")
        self.wait_for("q Quit")  # the keys of the list are named again: it has the focus
        return self

    @property
    def processes(self) -> list[processes.Process]:
        """Everything that runs on this data folder: app, engine, parsers."""
        return processes.of_library(self.data_dir)

    @property
    def pid(self) -> int:
        """The app itself."""
        return next(one.pid for one in self.processes if f"/{PROGRAM.name} " in one.command)

    @property
    def engine(self) -> int:
        """The engine child."""
        return next(one.pid for one in self.processes if one.is_engine)


def _cursor_row(screen: str) -> str:
    return next((line for line in screen.splitlines() if "▌" in line), "")


def _words(condition: Condition) -> str:
    return repr(condition) if isinstance(condition, str) else getattr(condition, "__doc__", None) or "it"


def until(condition: Callable[[], object], what: str, timeout: float = PATIENCE_S) -> None:
    """Wait for something that is not on a screen."""
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, f"{what}: not in {timeout} s"
        time.sleep(POLL_S)
