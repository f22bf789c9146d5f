"""Being an agent's hook: what comes in on standard input, and never a failure that disturbs the agent."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tui_patterns.cli.errors import report, usage

if TYPE_CHECKING:
    from tui_patterns.api import HookEvent
    from tui_patterns.cli.invocation import Invocation

MOST_BYTES = 16 * 1024 * 1024
ENDS = "SessionEnd"  # an agent that ends gives its hooks 1.5 s, and kills those that run beside it


@contextmanager
def quietly() -> Iterator[None]:
    """Whatever goes wrong becomes one line on stderr: exit code 2 would erase the person's prompt."""
    try:
        yield
    except Exception as error:
        report(error)


def read_event() -> HookEvent | None:
    """The event on standard input. Raises CliError for what is no JSON object."""
    if sys.stdin is None or sys.stdin.isatty():
        raise usage("a hook's event comes as JSON on standard input; an agent sends it")
    from tui_patterns.api import hook_event
    from tui_patterns.api.sessions import parse_object

    given = parse_object(sys.stdin.buffer.read(MOST_BYTES))
    if given is None:
        raise usage("what came on standard input is no JSON object, as a hook's event is")
    return hook_event(given)


def called_as_hook(argv: Sequence[str]) -> bool:
    """Whether a command line is one that agents call: it must never end with exit code 2."""
    words = [word for word in argv if not word.startswith("-")]
    return "--hook" in argv or words[-2:] == ["sessions", "follow"]


def follow(chosen: Invocation, event: HookEvent) -> None:
    """Learn from an event; at the end of a session in a process that outlives its agent."""
    from tui_patterns.api import AgentHooks

    hooks = AgentHooks(chosen.library())
    transcript = hooks.note(event)
    if transcript is None:
        return
    if event.name == ENDS:
        _import_apart(chosen, transcript)
    else:
        hooks.take_up(transcript)


def _import_apart(chosen: Invocation, transcript: Path) -> None:
    """-P: the current folder is a project, whose modules are none of ours."""
    import subprocess

    config = ["--config", str(chosen.config)] if chosen.config else []
    command = [sys.executable, "-P", "-m", "tui_patterns", "--data-dir", str(chosen.folder()), *config]
    subprocess.Popen(
        [*command, "sessions", "import", str(transcript)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
