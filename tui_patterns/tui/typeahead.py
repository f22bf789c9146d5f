"""Keys in turn: a key is handed on only when the one before it has done its work.

Textual forwards keys to whatever has the focus as they arrive, while the action of an
earlier key may still be on its way up to the app. Of ``/pa`` typed fast, the ``p`` would
then not reach the search line, but open the prompt.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial

from textual import on
from textual.app import App
from textual.events import Event, Key
from textual.message import Message
from textual.widget import Widget

LOOK_S = 0.5
LONGEST_S = 3.0  # on a busy machine a key may well take a second


class KeyDone(Message):
    """Follows a key on its way through widgets up to the app, and arrives when that is done."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


class KeysInTurn(App[None], inherit_bindings=False):
    """An app whose keys reach what the keys before them have opened, however fast they come."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: deque[Key] = deque()
        self._key_number = 0
        self._waiting: asyncio.TimerHandle | None = None

    @property
    def waits_for_key(self) -> bool:
        """Whether a key is at its work, or one still queues."""
        return self._waiting is not None

    async def on_event(self, event: Event) -> None:
        """As Textual does, but a fresh key has to queue."""
        if isinstance(event, Key) and not event.is_forwarded:
            self._keys.append(event)
            if self._waiting is None:
                await self._hand_on()
        else:
            await super().on_event(event)

    async def _hand_on(self) -> None:
        """The next key, and behind it a message that tells when it is done."""
        if not self._keys:
            return
        self._key_number += 1
        done = KeyDone(self._key_number)
        await super().on_event(self._keys.popleft())
        target = self.focused or self.screen
        target.post_message(done)
        since = asyncio.get_running_loop().time()
        self._look_later(partial(self._overdue, done, target, since))

    def _look_later(self, look: Callable[[], None]) -> None:
        self._waiting = asyncio.get_running_loop().call_later(LOOK_S, look)

    def _overdue(self, done: KeyDone, target: Widget, since: float) -> None:
        """A widget that is removed meanwhile swallows the message: a later key must not wait for ever."""
        there = target.is_running and target.is_attached
        if there and asyncio.get_running_loop().time() - since < LONGEST_S:
            self._look_later(partial(self._overdue, done, target, since))
        else:
            self.post_message(done)

    @on(KeyDone)
    async def _key_done(self, message: KeyDone) -> None:
        if message.number == self._key_number and self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
            await self._hand_on()
