"""The app's side of the engine: starts the child, asks it, restarts it when it dies.

Light to import: nothing of what the engine imports is imported here.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from tui_patterns.engine import rpc, wire
from tui_patterns.engine.client_events import EngineDown, EngineEvent, StatusEvent, event_in
from tui_patterns.models import EngineStatus, Example, Filters, Finding, SemanticRows
from tui_patterns.search.parameters import POOL

BACK_OFF_S = (0.2, 0.5, 1.0, 2.0, 4.0)
HEALTHY_S = 30.0  # a child that lived this long starts again without delay
ANSWER_S = 20.0
STOP_S = 3.0
LOG_BYTES = 2 * 1024 * 1024  # of the log that an engine starts with; the one before is kept too


class EngineClient:
    """One engine child for one app. ``on_event`` is called on the event loop's thread."""

    def __init__(
        self,
        data_dir: Path,
        roots: Sequence[Path],
        on_event: Callable[[EngineEvent], None],
        config: Path | None = None,
    ) -> None:
        self._command = _command(data_dir, roots, config)
        self._log = data_dir / "engine.log"
        self._on_event = on_event
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._last_id = 0
        self.bad_frames = 0
        self.status = EngineStatus()

    @property
    def pid(self) -> int | None:
        """The child's process id while it runs."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    async def start(self) -> None:
        """Start the child and keep it running until ``stop``; returns at once."""
        if self._keeper is None:
            self._keeper = asyncio.create_task(self._keep(), name="engine")

    async def stop(self) -> None:
        """End the child: closing its input asks, a signal makes sure."""
        if self._keeper is not None:
            self._keeper.cancel()
            with suppress(asyncio.CancelledError):
                await self._keeper
            self._keeper = None
        await self._end_child()

    def leave(self) -> None:
        """Ask the child to end, and do not wait for it: it sees to its own end within seconds.

        For an app whose process is about to end; ``stop`` is for one that goes on.
        """
        if self._keeper is not None:
            self._keeper.cancel()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()

    async def semantic(
        self, query: str, limit: int = POOL, filters: Filters = Filters()
    ) -> SemanticRows | None:
        """What is near in meaning, or ``None`` while the engine cannot say."""
        answer = await self._ask("semantic", query=query, limit=limit, filters=wire.filters_out(filters))
        return wire.rows_in(answer)

    async def prompt(self, text: str, limit: int = POOL) -> tuple[SemanticRows, ...] | None:
        """What is near each clause of a prompt, or ``None`` while the engine cannot say."""
        return wire.all_rows_in(await self._ask("prompt", text=text, limit=limit))

    async def example(
        self, example: Example, limit: int = POOL, filters: Filters = Filters()
    ) -> SemanticRows | None:
        """What is near an example, or ``None`` while the engine cannot say."""
        sent, narrowed = wire.example_out(example), wire.filters_out(filters)
        return wire.rows_in(await self._ask("example", example=sent, limit=limit, filters=narrowed))

    async def rerank(self, query: str, ids: Sequence[str]) -> dict[str, float] | None:
        """The reranker's scores by pattern, or ``None`` without one, or while it is made ready."""
        return wire.scores_in(await self._ask("rerank", query=query, ids=list(ids)))

    async def findings(self, root: str, path: str) -> list[Finding] | None:
        """Anti-patterns in a file, or ``None`` while the engine cannot say."""
        return wire.findings_in(await self._ask("findings", root=root, path=path))

    async def shown(self, ids: Sequence[str]) -> None:
        """These patterns are on the screen: what of them lacks a vector comes before the rest."""
        await self._ask("shown", ids=list(ids))

    async def pause(self, paused: bool) -> bool:
        """Embed nothing for now, or go on; whether the engine has taken note."""
        return bool(await self._ask("pause", paused=paused))

    async def rescan(self) -> None:
        """Compare disk and store anew."""
        await self._ask("rescan")

    async def _ask(self, method: str, **params: Any) -> Any:
        process = self._process
        if process is None or process.returncode is not None or process.stdin is None:
            return None
        self._last_id += 1
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number := self._last_id] = answer
        try:
            process.stdin.write(rpc.encode({"id": number, "method": method, "params": params}))
            await process.stdin.drain()
            return await asyncio.wait_for(answer, ANSWER_S)
        except (ConnectionError, TimeoutError, rpc.ProtocolError):
            return None
        finally:
            self._waiting.pop(number, None)

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            started = loop.time()
            reason = await self._run_child()
            failures = 0 if loop.time() - started > HEALTHY_S else failures + 1
            retry = BACK_OFF_S[min(max(failures - 1, 0), len(BACK_OFF_S) - 1)]
            self.status = replace(self.status, state="stopped", error=reason)
            self._on_event(EngineDown(reason, retry))
            await asyncio.sleep(retry)

    async def _run_child(self) -> str:
        """Start a child and follow it to its end; returns why it ended."""
        try:
            self._process = await self._spawn()
        except OSError as error:
            return f"the engine could not be started: {error}"
        assert self._process.stdout is not None
        with suppress(rpc.ProtocolError, ConnectionError):
            while (body := await rpc.read_async(self._process.stdout)) is not None:
                self._receive(rpc.decode(body))
        self._give_up_answers()
        await self._end_child()
        return f"the engine ended (exit {self._process.returncode}); {self._log} may say why"

    async def _spawn(self) -> asyncio.subprocess.Process:
        self._log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._log.exists() and self._log.stat().st_size > LOG_BYTES:
            self._log.replace(self._log.with_name(self._log.name + ".1"))
        with self._log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,  # Ctrl-C in the terminal is the app's to handle
            )

    def _receive(self, message: rpc.Message | None) -> None:
        if message is None:
            self.bad_frames += 1
        elif "method" in message:
            self._notice(message["method"], message.get("params", {}))
        elif (answer := self._waiting.get(message.get("id", -1))) is not None and not answer.done():
            answer.set_result(message.get("result"))

    def _notice(self, method: str, params: dict[str, Any]) -> None:
        event = event_in(method, params)
        if event is None:
            self.bad_frames += 1
            return
        if isinstance(event, StatusEvent):
            self.status = event.status
        self._on_event(event)

    def _give_up_answers(self) -> None:
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_result(None)

    async def _end_child(self) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), STOP_S)
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _command(data_dir: Path, roots: Sequence[Path], config: Path | None) -> list[str]:
    # -P: the current folder is often a watched project, whose modules are never imported.
    command = [sys.executable, "-P", "-m", "tui_patterns.engine", "--data-dir", os.fspath(data_dir)]
    if config is not None:
        command += ["--config", os.fspath(config)]
    return [*command, "--", *map(os.fspath, roots)]
