"""Injections: which prompts got which patterns, what became of each, and a person's word on it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, day, plural
from tui_patterns.tui.panes.session import rank_words
from tui_patterns.tui.screens.following import FollowingScreen
from tui_patterns.tui.widgets.group_list import GroupList

if TYPE_CHECKING:
    from tui_patterns.api import Effect, Taught
    from tui_patterns.models import InjectedPattern
    from tui_patterns.tui.ports import Services

MOST = 50

STATES = {
    "open": ("○ open", "$text-warning"),
    "used": ("● used", "bold"),
    "unused": ("– not used", MUTED),
    "censored": ("– cut short", MUTED),
    "unknown": ("? unknown", MUTED),
}
OUTCOMES = {"success": ("✓ worked", "bold $text-success"), "failure": ("✗ failed", "bold $text-error")}
KEYS = "+ worked · - failed · = neither · u undo · Enter pattern · f open · Esc"
EMPTY = "Nothing was put into a prompt yet. Space picks a pattern, Y copies the prompt."
NONE_OPEN = "No injection is open: f shows all of them."


class InjectionList(GroupList):
    """One entry for each pattern in a prompt."""

    BINDINGS = [
        Binding(
            "enter", "screen.visit", "Pattern", id="visit_injected", tooltip="Go to the pattern", show=False
        ),
    ]


class InjectionsScreen(FollowingScreen):
    """Follows the ledger by itself. Gives the id of a pattern to go to."""

    BINDINGS = [
        Binding("plus", "say(True)", "Worked", id="rate_up", tooltip="This use worked", show=False),
        Binding("minus", "say(False)", "Failed", id="rate_down", tooltip="This use failed", show=False),
        Binding(
            "equals_sign",
            "say(None)",
            "Neither",
            id="say_neither",
            tooltip="Used, and neither worked nor failed",
            show=False,
        ),
        Binding(
            "u", "unsay", "Undo", id="undo", tooltip="Take back what you said last of this use", show=False
        ),
        Binding("f", "narrow", "Open only", id="filter", tooltip="Only open ones, or all", show=False),
        Binding("escape,q,i", "cancel", "Close", id="close_injections", tooltip="Back", show=False),
    ]

    class Ready(Message):
        """Injections, newest first."""

        def __init__(self, found: Sequence[Taught]) -> None:
            super().__init__()
            self.found = found

    class Said(Message):
        """A word is on disk, or taken back."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    def __init__(self, services: Services, *, open_only: bool = False) -> None:
        super().__init__(services)
        self.open_only = open_only
        self.rows: list[tuple[Taught, InjectedPattern]] = []
        self._in_turn = asyncio.Lock()  # two quick words reach the disk in the order of the keys

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="injections") as dialog:
            dialog.border_subtitle = KEYS
            yield InjectionList(hang=5, id="injections-text")

    @property
    def listing(self) -> InjectionList:
        """The list inside."""
        return self.query_one(InjectionList)

    def on_mount(self) -> None:
        self._title(None)
        self.listing.show_text(Content.styled("Looking…", MUTED))

    def found(self) -> Ready:
        """Injections with what each has taught."""
        return self.Ready(self.services.metrics.taught(open_only=self.open_only, limit=MOST))

    def on_injections_screen_ready(self, message: Ready) -> None:
        current = self._current
        at = None if current is None else (current[0].injection.id, current[1].id)
        self.rows = [(one, pattern) for one in message.found for pattern in one.patterns]
        keys = [(one.injection.id, pattern.id) for one, pattern in self.rows]
        cursor = keys.index(at) if at in keys else self.listing.cursor
        self._title(sum(pattern.state == "open" for _, pattern in self.rows), len(message.found))
        if not self.rows:
            self.listing.show_text(Content.styled(NONE_OPEN if self.open_only else EMPTY, MUTED))
            return
        groups = [list(told(pattern, one.effects.get(pattern.id))) for one, pattern in self.rows]
        self.listing.show_groups((), groups, cursor, self._leads())

    def _leads(self) -> dict[int, list[Content]]:
        """Above the first pattern of each prompt: when, for what."""
        leads: dict[int, list[Content]] = {}
        for at, (one, _) in enumerate(self.rows):
            if at == 0 or self.rows[at - 1][0].injection.id != one.injection.id:
                leads[at] = [*([Content("")] if at else []), heading(one)]
        return leads

    def _title(self, waiting: int | None, injections: int = 0) -> None:
        shown = "Open injections" if self.open_only else "Injections"
        count = "" if waiting is None else f" · {plural(waiting, 'pattern')} open"
        newest = f" · the newest {MOST}" if injections == MOST else ""
        self.query_one("#injections").border_title = shown + count + newest

    @property
    def _current(self) -> tuple[Taught, InjectedPattern] | None:
        return self.rows[self.listing.cursor] if self.rows else None

    def action_say(self, success: bool | None) -> None:
        """A person's word on the pattern under the cursor."""
        if self._current is not None:
            one, pattern = self._current
            self._say(one.injection.id, pattern, success)

    @work(group="say", exit_on_error=False)
    async def _say(self, injection: str, pattern: InjectedPattern, success: bool | None) -> None:
        async with self._in_turn:
            await asyncio.to_thread(self.services.metrics.say, injection, pattern.id, success)
        said = {True: "Worked", False: "Failed", None: "Neither worked nor failed"}[success]
        self.post_message(self.Said(f"{said}: {clean_line(pattern.name, 80)}"))

    def action_unsay(self) -> None:
        """Take back what a person said last of the pattern under the cursor."""
        if self._current is not None:
            one, pattern = self._current
            self._unsay(one.injection.id, pattern)

    @work(group="say", exit_on_error=False)
    async def _unsay(self, injection: str, pattern: InjectedPattern) -> None:
        async with self._in_turn:
            done = await asyncio.to_thread(self.services.metrics.unsay, injection, pattern.id)
        said = "Taken back" if done else "You have said nothing of this use"
        self.post_message(self.Said(f"{said}: {clean_line(pattern.name, 80)}"))

    def on_injections_screen_said(self, message: Said) -> None:
        self.notify(message.words, markup=False, timeout=3)
        self.read()

    def action_narrow(self) -> None:
        """Only open ones, or all."""
        self.open_only = not self.open_only
        self.read()

    def action_visit(self) -> None:
        """To the pattern under the cursor."""
        if self._current is not None:
            self.dismiss(self._current[1].id)


def heading(one: Taught) -> Content:
    """When a prompt was made, what for, and how."""
    made = one.injection
    task = clean_line(made.task or "no task given", 200)
    return Content.assemble(
        (day(made.created), "bold $text-primary"),
        f"  {task}  ",
        (clean_line(f"{made.arm}, {made.tokens:,} tokens", 60), MUTED),
    )


def told(pattern: InjectedPattern, effect: Effect | None) -> Iterator[Content]:
    """What became of it, what is believed since, and the lines that show it."""
    state, outcome = STATES[pattern.state], OUTCOMES.get(pattern.outcome or "")
    yield Content.assemble(
        f"{pattern.rank}. ",
        outcome or state,
        f"  {clean_line(pattern.name, 200)}",
        (f"  {state[0][2:]}" if outcome else "", MUTED),
    )
    yield Content.assemble("   ", *_belief(pattern, effect))
    if pattern.evidence:
        places = ", ".join(
            clean_line(f"{one.get('path')}:{one.get('line')}–{one.get('end_line')}", 200)
            for one in pattern.evidence[:4]
        )
        alike = "" if pattern.similarity is None else f", {pattern.similarity:.0%} alike"
        yield Content.assemble("   ", ("» ", "$text-success"), f"{places}{alike}")


def _belief(pattern: InjectedPattern, effect: Effect | None) -> Iterator[tuple[str, str] | str]:
    from tui_patterns.api import describe

    if effect is None or not effect.changed:
        yield (f"{describe(pattern.confidence)}", MUTED)
        yield (f" · rank {effect.rank_now}" if effect is not None else "", MUTED)
        return
    yield (f"{describe(effect.before)} → ", MUTED)
    yield (describe(effect.now), "bold")
    yield f" · {rank_words(effect)}"
