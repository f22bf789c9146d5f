"""The main screen with its keys: what a key press sets going."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

from textual import on, work
from textual.app import SuspendNotSupported
from textual.events import DescendantFocus, Paste
from textual.widget import Widget
from textual.widgets import Input, TextArea

from tui_patterns.text import clean, clean_line
from tui_patterns.tui.bindings import HINTS, SCREEN_KEYS
from tui_patterns.tui.editor import editor_command
from tui_patterns.tui.formats import label_name, plural, title
from tui_patterns.tui.likeness import lines_of, of_lines, of_pattern
from tui_patterns.tui.messages import Compared, Copied, Problem
from tui_patterns.tui.panes.findings import FindingsPane
from tui_patterns.tui.screens.dialogs import DialogsScreen
from tui_patterns.tui.widgets.code_lines import CodeLines
from tui_patterns.tui.widgets.search_input import SearchInput


class MainScreen(DialogsScreen):
    """Actions only start something or move the focus; what comes of it arrives as a message."""

    BINDINGS = SCREEN_KEYS

    def action_search(self) -> None:
        """Into the search line."""
        self.panes.zoom(None)
        self.set_focus(self.search.query_one(SearchInput), scroll_visible=False)

    def action_pane(self, id: str) -> None:
        """Into a pane."""
        self.panes.go(id)

    def action_reveal(self, id: str) -> None:
        """Into a pane, or out of it."""
        self.panes.toggle(id)

    def action_zoom(self) -> None:
        """One pane alone, or all again."""
        self.panes.zoom(None if self.panes.zoomed else self.panes.current)

    def action_back(self) -> None:
        """One step back: zoom, opened pane, focus, search, filter."""
        if self.prompt.writing and not self.prompt.blank:
            self.prompt.enter()
        elif self.code.source.has_focus and self.code.source.unmark():
            return
        elif self.panes.zoomed:
            self.panes.zoom(None)
        elif self.code.has_focus_within and self.code.plain():
            return
        elif self.panes.opened:
            self.panes.close()
        elif not self.results.list.has_focus and (self.results.list.rows or not self.search.question.text):
            self.panes.go("results")
        elif not self.results.leave() and not self.clear_search():
            self.code.plain()

    def action_scroll_code(self, by: int) -> None:
        """Scroll the code, wherever the focus is."""
        self.code.scroll_code(by)

    def action_similar(self) -> None:
        """To what is like the marked lines; like the pattern under the cursor where none are."""
        read, lines = self.code.pattern, self.code.chosen
        if read and lines:
            self.post_message(Compared(of_lines(read, lines)))
        elif self.pattern:
            self.post_message(Compared(of_pattern(self.pattern)))
        else:
            self.notify("No pattern is selected, and no lines of code are marked.", markup=False)

    def on_paste(self, event: Paste) -> None:
        """Outside of any field: as if into the search line."""
        if not isinstance(self.focused, Input | TextArea):
            self.action_search()
            self.search.paste(event.text)

    @on(CodeLines.Marking)
    def _marking(self, message: CodeLines.Marking) -> None:
        area = "marked" if message.lines else _area(self.focused or self)
        marked = [("", plural(len(message.lines), "line") + " marked:")] if message.lines else []
        self.hints.show([*marked, *self.app.key_hints(area)])  # type: ignore[attr-defined]

    def action_facets(self) -> None:
        """The facets in the place of the code, or the code again."""
        self.code.toggle_facets()
        self.panes.go("code")

    def action_diff(self) -> None:
        """What the versions changed, or the code again."""
        self.code.toggle_diff()

    def action_why(self) -> None:
        """What puts the pattern under the cursor in its place, above its code, or no longer."""
        # Of a question whose answer is still to come, it is told as soon as that is there.
        if not self.code.toggle_why(expected=bool(self.search.question.text)):
            self.notify("No search has put this pattern anywhere: / searches.", markup=False)

    @work(exclusive=True, group="embedding", exit_on_error=False)
    async def action_toggle_embedding(self) -> None:
        """Embed nothing for now, or go on."""
        engine = self.services.engine
        pause = engine is not None and not engine.status.paused
        told = "Embedding is paused, also after a restart; the same command goes on."
        if engine is None or not await engine.pause(pause):
            told = "The engine is not there yet: try again in a moment."
        elif not pause:
            told = "Embedding goes on."
        self.notify(told, markup=False)

    def action_pick(self) -> None:
        """The pattern under the cursor: into the prompt, or out of it."""
        if self.pattern:
            self.prompt.toggle(self.pattern)

    def action_copy_code(self) -> None:
        """The marked lines, or all code of the pattern under the cursor."""
        read, lines = self.code.pattern, self.code.chosen
        if read and lines:
            self._copy(of_lines(read, lines).example.text, lines_of(read, lines))
        elif self.pattern:
            self._copy(self.pattern.code, f"code of {title(self.pattern)}")

    @work(exclusive=True, group="copy", exit_on_error=False)
    async def _copy(self, code: str, what: str) -> None:
        route = await asyncio.to_thread(self.services.copy, clean(code))
        self.post_message(Copied(what, route.message))

    def action_write_task(self) -> None:
        """Into the task of the prompt."""
        self.prompt.write_task()

    def action_copy_prompt(self) -> None:
        """The prompt, as previewed."""
        if self.prompt.blank:
            self.notify("No prompt yet: Space picks a pattern, p opens the prompt.", markup=False)
        self.prompt.copy_prompt()

    def action_nudge(self, by: int) -> None:
        """One star up or down."""
        self.ratings.nudge(by, self.prompt.task_text or None)

    def action_dismiss_finding(self) -> None:
        """Not a problem here."""
        if not self.findings.dismiss():
            self.notify("No finding is selected.", markup=False)

    @on(FindingsPane.Marked)
    def _finding_marked(self, message: FindingsPane.Marked) -> None:
        label = label_name(message.finding.label)
        words = f"Counts again: {label}" if message.back else f"Not a problem here: {label} · u undoes"
        self.session.note(words)
        self.notify(words, markup=False, timeout=4)

    def action_undo(self) -> None:
        """Take back the rating of this session; among anti-patterns, the last dismissal."""
        if self.panes.current == "findings" and self.findings.undo():
            return
        if not self.ratings.undo():
            self.notify("This pattern has no rating of this session.", markup=False)

    def action_period(self, by: int) -> None:
        """Figures over a longer or shorter time."""
        self.session.choose(by)

    def action_edit(self) -> None:
        """The file in the user's editor, at the line; the app waits behind it."""
        if self.pattern is None:
            return
        file = Path(self.pattern.root) / self.pattern.path
        if not file.is_file():
            self.post_message(Problem(f"{clean_line(str(file), 200)} is gone"))
            return
        try:
            command = editor_command(self.services.settings.ui.editor, file, self.pattern.line)
            with self.app.suspend():
                subprocess.run(command, check=False)
        except SuspendNotSupported:
            self.post_message(Problem("this terminal cannot make room for an editor"))
        except (OSError, ValueError) as error:
            self.post_message(Problem(f"editor: {clean_line(str(error), 200)}"))

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        self.hints.show(self.app.key_hints(_area(event.widget)))  # type: ignore[attr-defined]


def _area(widget: Widget) -> str:
    """Where the focus is, as the hints name it: a field, or a pane."""
    names = [node.id for node in widget.ancestors_with_self if node.id in HINTS]
    return names[0] or "pane" if names else "pane"
