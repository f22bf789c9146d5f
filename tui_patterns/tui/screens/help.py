"""All keys, as they are in force."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen

from tui_patterns.tui.bindings import GROUPS, shown
from tui_patterns.tui.formats import MUTED
from tui_patterns.tui.widgets.lines import Lines

SIGNS = (
    ("84 %", "how likely the pattern answers the search; its rank stands above the code"),
    ("★4", "the last rating"),
    ("●", "picked for the prompt"),
    ("ƒ m ◇ ▤", "function, method, class, module"),
    ("▐", "a line with an anti-pattern"),
    ("»", "a line that shows why a label was given"),
    ("not yet tried", "no rating and no outcome: neither good nor bad"),
    ("73 % (51–89) n 12", "success rate; its 90 % interval; from how many outcomes (they fade with age)"),
    ("n", "how many cases a figure was counted from; the pane says which"),
    ("▁▄█", "a figure's history, oldest first; blank where nothing is known"),
    ("rank 3 → 1", "among the patterns of its prompt: without, and with what this use taught"),
    ("retired", "failed so often that it goes into no prompt any more"),
)


class HelpScreen(ModalScreen[None]):
    """A list of keys, what each is called, and what it does."""

    BINDINGS = [
        Binding("escape,q,question_mark,f1", "dismiss", "Close", id="close_help", tooltip="Close the help"),
    ]

    def __init__(self, bindings: Sequence[Binding]) -> None:
        super().__init__()
        self._keys = {binding.id: binding for binding in bindings}
        self._left = max((len(shown(binding.key)) for binding in bindings), default=0) + 2
        self._names = max((len(binding.description) for binding in bindings), default=0) + 2

    def compose(self) -> ComposeResult:
        with Vertical(classes="dialog", id="help") as dialog:
            dialog.border_title = "Keys"
            dialog.border_subtitle = "Esc closes · keymap in the config file changes them"
            yield Lines(wrap=True, hang=self._left + self._names, id="help-keys")

    def on_mount(self) -> None:
        keys = [line for name in GROUPS for line in self._group(name)]
        self.query_one(Lines).show([*keys, *self._signs()])

    def _group(self, name: str) -> list[Content]:
        rows = [self._row(self._keys[id]) for id in GROUPS[name] if id in self._keys]
        return [Content.styled(name, "bold $text-primary"), *rows, Content("")]

    def _signs(self) -> list[Content]:
        left = self._left + self._names - 2
        rows = [Content.assemble((f"{sign:>{left}}  ", "bold"), (words, MUTED)) for sign, words in SIGNS]
        return [Content.styled("Signs", "bold $text-primary"), *rows]

    def _row(self, binding: Binding) -> Content:
        return Content.assemble(
            (f"{shown(binding.key):>{self._left - 2}}  ", "bold $text-accent"),
            f"{binding.description:<{self._names}}",
            (binding.tooltip, MUTED),
        )

    async def action_dismiss(self, result: None = None) -> None:
        """Close."""
        self.dismiss(None)
