"""``watch``: what the app's engine does, without the app."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import loop_shapes, output
from tui_patterns.cli.errors import INTERRUPTED, say
from tui_patterns.cli.indexing import print_report, run_once, status_line
from tui_patterns.cli.invocation import Invocation, existing, invocation
from tui_patterns.cli.parameters import Json, given_path

if TYPE_CHECKING:
    from tui_patterns.api import EngineEvent
    from tui_patterns.models import Change


def watch(
    ctx: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH", parser=given_path, help="Folders to follow; default: here."),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Bring the library up to date, credit what was used, and end.")
    ] = False,
    json: Json = False,
) -> None:
    """Follow folders without the app; one line for each batch of changes.

    Ctrl-C ends it with exit code 130, SIGTERM with 0; either way nothing is lost.

    \b
    Examples:
      patterns-tui watch ~/work/shop --json >> changes.jsonl
      patterns-tui watch --once
    """
    roots = [root.resolve() for root in existing(paths or [], folders_only=True)]
    chosen = invocation(ctx)
    if once:
        _once(chosen, roots, json=json)
        return
    chosen.settings()  # a wrong setting is said here, and not by an engine that starts over and over
    code = asyncio.run(_follow(chosen, roots, json=json))
    if code:
        raise typer.Exit(code)


def _once(chosen: Invocation, roots: list[Path], *, json: bool) -> None:
    from tui_patterns.api import learned_words

    library = chosen.library()
    before = library.last_event()
    done = run_once(library, roots)
    news = library.learned(before)
    if json:
        output.data(loop_shapes.report(done) | {"learned": [loop_shapes.learned(one) for one in news]})
        return
    print_report(done, json=False)
    for one in news:
        output.wrapped(learned_words(one))


async def _follow(chosen: Invocation, roots: Sequence[Path], *, json: bool) -> int:
    from tui_patterns.api import EngineClient

    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    with output.Progress() as progress:
        listener = Listener(progress, json, ended)
        client = EngineClient(chosen.folder(), roots, listener.take, config=chosen.config)
        listener.obey_signals()
        await client.start()
        try:
            return await ended
        finally:
            await client.stop()


@dataclass(slots=True)
class Listener:
    """Prints what the engine reports; ``ended`` gets the exit code, or what went wrong."""

    progress: output.Progress
    json: bool
    ended: asyncio.Future[int]
    _said: set[str] = field(default_factory=set)

    def obey_signals(self) -> None:
        """Ctrl-C and SIGTERM end the watch, and not the process in the middle of it."""
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._end, INTERRUPTED)
        loop.add_signal_handler(signal.SIGTERM, self._end, 0)

    def take(self, event: EngineEvent) -> None:
        """One event of the engine, on the loop's thread."""
        from tui_patterns.api import ChangedEvent, EngineDown, StatusEvent

        try:
            if isinstance(event, ChangedEvent):
                self.progress.clear()
                self._print(event.change)
            elif isinstance(event, EngineDown):
                say(f"the engine stopped ({event.reason}); it starts again in {event.retry_s:g} s")
            elif isinstance(event, StatusEvent):
                self.progress.show(status_line(event.status))
                self._note(event.status.watch_note)
                self._note(event.status.error)
        except OSError as error:
            self._fail(error)

    def _note(self, text: str | None) -> None:
        """What a person should know once: polling in place of events, or what went wrong."""
        if text and text not in self._said:
            self._said.add(text)
            say(text)

    def _print(self, change: Change) -> None:
        if self.json:
            output.data_line(loop_shapes.change(change))
            return
        for path, reason in change.failed:
            say(f"{path}: {reason}")
        counts = (("new", change.new), ("updated", change.updated), ("removed", change.removed))
        parts = [f"{len(ids)} {name}" for name, ids in counts if ids] or ["no pattern changed"]
        files = f"{len(change.files)} file{'s' if len(change.files) != 1 else ''}"
        now = datetime.now().astimezone().strftime("%H:%M:%S")
        output.line(f"{now}  {output.safe(change.project)}  {files}: {', '.join(parts)}")
        output.flush()

    def _end(self, code: int) -> None:
        if not self.ended.done():
            self.ended.set_result(code)

    def _fail(self, error: OSError) -> None:
        if not self.ended.done():
            self.ended.set_exception(error)
