"""Keys in turn: a key is handed on only when the one before it has done its work.

Textual forwards keys to whatever has the focus as they arrive, while the action of an
earlier key may still be on its way up to the app, and what that action tells others (that
Enter was pressed in a field, that a row was opened) is on its way after it. Of ``/pa`` typed
fast, the ``p`` would then not reach the search line, but open the prompt; of Enter and ``w``,
the ``w`` would become a letter of the query.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from textual import on
from textual.app import App
from textual.events import Event, Key
from textual.message import Message
from textual.widget import Widget

LOOK_S = 0.5
LONGEST_S = 3.0  # on a busy machine a key may well take a second
OPENING_S = 0.02
ROUNDS = 3
"""How often the way is gone: for the key, for what its action tells a pane, and that the screen."""


class KeyDone(Message):
    """Follows a key on its way through widgets up to the app, and arrives when that is done."""

    def __init__(self, target: Widget, screen: Widget, since: float, rounds: int = ROUNDS) -> None:
        super().__init__()
        self.target, self.screen, self.since, self.rounds = target, screen, since, rounds


class KeysInTurn(App[None], inherit_bindings=False):
    """An app whose keys reach what the keys before them have opened, however fast they come."""

    def __init__(self) -> None:
        super().__init__()
        self._keys: deque[Key] = deque()
        self._turn: KeyDone | None = None
        self._waiting: asyncio.TimerHandle | None = None

    @property
    def waits_for_key(self) -> bool:
        """Whether a key is at its work, or one still queues."""
        return self._waiting is not None

    @property
    def opening(self) -> bool:
        """Whether a key has asked for a screen that is still being read for."""
        return False

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
        if self._keys:
            await super().on_event(self._keys.popleft())
            self._follow(self._done_here(asyncio.get_running_loop().time(), ROUNDS))

    def _done_here(self, since: float, rounds: int) -> KeyDone:
        return KeyDone(self.focused or self.screen, self.screen, since, rounds)

    def _follow(self, done: KeyDone) -> None:
        self._turn = done
        done.target.post_message(done)
        self._look_later(LOOK_S, self._overdue)

    def _look_later(self, seconds: float, look: Callable[[], None]) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_later(seconds, look)

    def _in_time(self, done: KeyDone) -> bool:
        return asyncio.get_running_loop().time() - done.since < LONGEST_S

    def _overdue(self) -> None:
        """A widget that is removed meanwhile swallows the message: a later key must not wait for ever."""
        if self._turn is None:
            return
        if _lives(self._turn.target) and self._in_time(self._turn):
            self._look_later(LOOK_S, self._overdue)
        else:
            self.post_message(self._turn)

    @on(KeyDone)
    async def _key_done(self, done: KeyDone) -> None:
        if done is not self._turn:  # it was given up before
            return
        if not self._in_time(done):
            await self._go_on()
        elif done.rounds > 1 and _lives(done.target):
            self._follow(KeyDone(done.target, done.screen, done.since, done.rounds - 1))
        elif self.opening:
            self._turn = self._done_here(done.since, ROUNDS)
            self._look_later(OPENING_S, self._look_again)
        elif done.screen is not self.screen:  # a new one has still to be composed
            self._follow(self._done_here(done.since, 1))
        else:
            await self._go_on()

    def _look_again(self) -> None:
        if self._turn is not None:
            self.post_message(self._turn)

    async def _go_on(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
        self._turn = self._waiting = None
        await self._hand_on()


def _lives(target: Widget) -> bool:
    return target.is_running and target.is_attached
