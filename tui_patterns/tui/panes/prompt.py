"""Pane 6: the next prompt: its words, the patterns picked for it, and the very text that will be copied."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static, TextArea

from tui_patterns.text import clean
from tui_patterns.tui.formats import MUTED, plural, title
from tui_patterns.tui.messages import Copied, Injected, PicksChanged
from tui_patterns.tui.panes.pane import Pane
from tui_patterns.tui.panes.prompt_words import INVITATION, Built, Request, summary
from tui_patterns.tui.widgets.lines import Lines
from tui_patterns.tui.widgets.words import Words

if TYPE_CHECKING:
    from tui_patterns.models import Pattern
    from tui_patterns.tui.ports import Services

AFTER_S = 0.15
OPTIONAL = "optional, in your own words"
NONE_PICKED = "none: the best are chosen"


class Preview(Lines):
    """The text as it will be copied."""

    BINDINGS = [
        Binding("enter", "screen.write_task", "Task", id="write_task", tooltip="Write the task of the prompt",
                show=False),
    ]  # fmt: skip


class PromptPane(Pane):
    """The preview is the text: what Y copies is what stands here, byte for byte."""

    number, heading = 6, "Prompt"

    @dataclass
    class Ready(Message):
        """A text is built."""

        built: Built

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(services, id)
        self.picks: dict[str, Pattern] = {}
        self.built: Built | None = None

    def compose(self) -> ComposeResult:
        with Horizontal(id="task-row"):
            yield Static("Task", classes="label")
            yield Input(placeholder="for example: add retries to the client", id="task")
        with Horizontal(id="words-row"):
            yield Static("Prompt", classes="label")
            yield TextArea(
                id="words", placeholder=OPTIONAL, show_line_numbers=False, highlight_cursor_line=False
            )
        with Horizontal(id="picks-row"):
            yield Static("Picked", classes="label")
            yield Static("", id="picks")
        yield Preview(wrap=True, id="preview")
        yield Words(id="tokens")

    def on_mount(self) -> None:
        super().on_mount()
        self._say(INVITATION)
        self._show_picks()

    def enter(self) -> None:
        """To the preview, from where Y copies; to the task while there is nothing to see."""
        self._focus("#task" if self.blank else "#preview")

    def write_task(self) -> None:
        """To the task."""
        self._focus("#task")

    def _focus(self, selector: str) -> None:
        self.screen.set_focus(self.query_one(selector), scroll_visible=False)

    @property
    def writing(self) -> bool:
        """Whether the focus is in one of the fields."""
        return self.has_focus_within and not self.query_one("#preview").has_focus

    @on(Input.Submitted, "#task")
    def _written(self, event: Input.Submitted) -> None:
        event.stop()
        self._focus("#preview")

    @property
    def task_text(self) -> str:
        """The task, as typed."""
        return self.query_one("#task", Input).value.strip()

    @property
    def words(self) -> str:
        """The prompt, as typed."""
        return self.query_one("#words", TextArea).text

    def toggle(self, pattern: Pattern) -> None:
        """Pick ``pattern`` for the prompt, or drop it."""
        if self.picks.pop(pattern.id, None) is None:
            self.picks[pattern.id] = pattern
        self._show_picks()
        self.post_message(PicksChanged(tuple(self.picks)))
        self.preview()

    def _show_picks(self) -> None:
        """The newest first: what was just picked is seen also where not all have room."""
        names = " · ".join(title(pattern) for pattern in reversed(self.picks.values()))
        many = f"{len(self.picks)}: " if len(self.picks) > 1 else ""
        self.query_one("#picks", Static).update(Content(f"● {many}{names}" if names else NONE_PICKED))

    @on(Input.Changed, "#task")
    @on(TextArea.Changed, "#words")
    def _typed(self) -> None:
        self.preview()

    @property
    def blank(self) -> bool:
        """Nothing to build a prompt from."""
        return not (self.task_text or self.words.strip() or self.picks)

    def preview(self) -> None:
        """Build the text again; the last call wins."""
        if self.blank:
            self.workers.cancel_group(self, "preview")
            self.built = None
            self._say(INVITATION)
        else:
            self._preview()

    @work(exclusive=True, group="preview", exit_on_error=False)
    async def _preview(self) -> None:
        await asyncio.sleep(AFTER_S)
        self.post_message(self.Ready(await self._build(self._request)))

    @property
    def _request(self) -> Request:
        return Request(self.words, self.task_text, tuple(self.picks))

    async def _build(self, request: Request) -> Built:
        rows = await self.services.near_prompt(request.task or request.words)
        injector = await asyncio.to_thread(self.services.injector)
        preview = partial(injector.preview, picked=request.picked, semantic=rows)
        return Built(request, await asyncio.to_thread(preview, request.prompt, request.task))

    def copy_prompt(self) -> None:
        """Record the injection and copy the text that is on screen, or that is due there."""
        if not self.blank:
            self._copy()

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def _copy(self) -> None:
        built, request = self.built, self._request
        if built is None or built.request != request:
            built = await self._build(request)
            self.post_message(self.Ready(built))
        if built.enhanced.injection_id:
            await asyncio.to_thread(self._record, built)
            self.post_message(Injected(len(built.enhanced.chosen), built.enhanced.tokens))
        route = await asyncio.to_thread(self.services.copy, built.enhanced.prompt)
        count = len(built.enhanced.chosen)
        self.post_message(
            Copied(f"prompt with {plural(count, 'pattern')}" if count else "prompt", route.message)
        )

    def _record(self, built: Built) -> None:
        injector, request = self.services.injector(), built.request
        session = self.services.session()
        injector.record(built.enhanced, prompt=request.prompt, task=request.task, session=session)

    def on_prompt_pane_ready(self, message: Ready) -> None:
        message.stop()
        if message.built.request != self._request:
            return
        self.built, enhanced = message.built, message.built.enhanced
        lines = [Content(line) for line in clean(enhanced.prompt).split("\n")]
        self.query_one("#preview", Lines).show(lines, keep_scroll=True)
        self.query_one("#tokens", Words).tell(Content(summary(enhanced)))

    def _say(self, text: str) -> None:
        lines = [Content.styled(line, MUTED) for line in text.split("\n")]
        self.query_one("#preview", Lines).show(lines)
        self.query_one("#tokens", Words).tell(Content(""))
