"""Being an agent's hook: what comes in on standard input, and never a failure that disturbs the agent."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tui_patterns.cli.errors import PROGRAM, say, usage

if TYPE_CHECKING:
    from tui_patterns.api import HookEvent

MOST_BYTES = 16 * 1024 * 1024


@contextmanager
def quietly() -> Iterator[None]:
    """Whatever goes wrong becomes one line on stderr: exit code 2 would erase the person's prompt."""
    try:
        yield
    except Exception as error:
        say(f"{PROGRAM}: {error or type(error).__name__}")


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
