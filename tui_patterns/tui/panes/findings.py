"""Pane 4: what is wrong in the file of the selected pattern, why, what to do instead, and who does it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, plural
from tui_patterns.tui.panes.pane import Pane
from tui_patterns.tui.widgets.finding_list import FindingList

if TYPE_CHECKING:
    from tui_patterns.models import Finding, Pattern, Severity
    from tui_patterns.tui.ports import Services

LONG = 8
SIGNS: dict[Severity, tuple[str, str]] = {
    "error": ("✗", "$text-error"),
    "warning": ("!", "$text-warning"),
    "info": ("i", "$text-secondary"),
}
EVERYWHERE = "This file: nothing found."


class FindingsPane(Pane):
    """Shows what is kept of the file, else asks the engine, once the cursor has rested on a pattern of it."""

    number, heading = 4, "Anti-patterns"

    @dataclass
    class Ready(Message):
        """The answer for the file of ``pattern``; ``None``: nobody could answer."""

        pattern: Pattern
        findings: Sequence[Finding] | None

    @dataclass
    class Marked(Message):
        """A finding was dismissed, or (``back``) counts again: it is on disk."""

        finding: Finding
        back: bool

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(services, id)
        self.pattern: Pattern | None = None
        self.findings: Sequence[Finding] | None = None
        self.dismissed: list[Finding] = []

    def compose(self) -> ComposeResult:
        yield FindingList(id="findings-text")

    @property
    def listing(self) -> FindingList:
        """The list inside."""
        return self.query_one(FindingList)

    @property
    def current(self) -> Finding | None:
        """The finding under the cursor."""
        listed = self._nearest()
        return listed[self.listing.cursor] if listed else None

    def show(self, pattern: Pattern | None, *, again: bool = False) -> None:
        """Follow to the file of ``pattern``; ``again``: the file, or the engine, has changed."""
        same = pattern is not None and self._file(pattern) == self._file(self.pattern)
        self.pattern = pattern
        if pattern is None:
            self._say(Content.styled("No pattern selected.", MUTED))
        elif again or not same or self.findings is None:
            self.findings = self.findings if same else None
            self._fetch(pattern)
        else:
            self.post_message(self.Ready(pattern, self.findings))

    @staticmethod
    def _file(pattern: Pattern | None) -> tuple[str, str] | None:
        return (pattern.root, pattern.path) if pattern else None

    @work(exclusive=True, group="findings", exit_on_error=False)
    async def _fetch(self, pattern: Pattern) -> None:
        await self.settle()
        kept = await asyncio.to_thread(self.services.library.findings, pattern.root, pattern.path)
        engine = self.services.engine
        if kept is None and engine:
            self._say(Content.styled("Looking at the file…", MUTED))
            kept = await engine.findings(pattern.root, pattern.path)
        self.post_message(self.Ready(pattern, kept))

    def on_findings_pane_ready(self, message: Ready) -> None:
        if self._file(message.pattern) != self._file(self.pattern):
            message.stop()
            return
        same = self.findings is message.findings
        self.findings = message.findings
        if message.findings is None:
            self._say(Content.styled("The engine cannot answer yet; this fills itself in.", MUTED))
        elif not message.findings:
            self._say(Content.styled(f"✓ {EVERYWHERE}", "$text-success"))
        else:
            self._draw(self.listing.cursor if same else 0)

    def dismiss(self) -> bool:
        """Call the finding under the cursor no problem; ``False`` when there is none to call so."""
        finding = self.current
        if finding is None or not finding.id:
            return False
        self._write(finding, back=False)
        return True

    def undo(self) -> bool:
        """Take the last dismissal of this run back; ``False`` when there is none."""
        if not self.dismissed:
            return False
        self._write(self.dismissed.pop(), back=True)
        return True

    @work(group="dismiss", exit_on_error=False)
    async def _write(self, finding: Finding, back: bool) -> None:
        library = self.services.library
        await asyncio.to_thread(library.undismiss if back else library.dismiss, finding.id)
        self.post_message(self.Marked(finding, back))

    def on_findings_pane_marked(self, message: Marked) -> None:
        if not message.back:
            self.dismissed.append(message.finding)
            self.findings = [one for one in self.findings or () if one.id != message.finding.id]
        if self.pattern:
            self.show(self.pattern, again=True)

    def _nearest(self) -> list[Finding]:
        """Findings inside the selected pattern first, then by line."""
        inside = self._inside()
        return sorted(self.findings or (), key=lambda f: (f.line not in inside, f.line))

    def _inside(self) -> range:
        return range(self.pattern.line, self.pattern.end_line + 1) if self.pattern else range(0)

    def _draw(self, cursor: int) -> None:
        listed, inside = self._nearest(), self._inside()
        here = sum(finding.line in inside for finding in listed)
        self.listing.show_groups((), [told(finding) for finding in listed], cursor)
        self.tell_place(f"{plural(len(listed), 'finding')}{f', {here} in this pattern' if here else ''}")

    def _say(self, line: Content) -> None:
        self.listing.show_text(line)
        self.tell_place("")


def marked_lines(finding: Finding) -> range:
    """The lines to point out in the code: of a long stretch, its first alone."""
    last = finding.end_line if finding.end_line - finding.line < LONG else finding.line
    return range(finding.line, last + 1)


def told(finding: Finding) -> list[Content]:
    """What, where, why, what to do instead, and who does it so."""
    sign, style = SIGNS[finding.severity]
    rule = finding.rule if finding.rule != finding.label else ""
    place = [f"line {finding.line}", clean_line(finding.qualname or "", 80), clean_line(rule, 40)]
    head = Content.assemble(
        (f"{sign} {clean_line(finding.label.replace('_', ' '), 80)}", f"bold {style}"),
        ("  " + "  ".join(part for part in place if part), MUTED),
    )
    words = [finding.message, finding.why]
    lines = [head, Content(clean_line(" ".join(part for part in words if part), 500))]
    if finding.instead:
        lines.append(Content.assemble(("Instead: ", "bold"), clean_line(finding.instead, 500)))
    if finding.pattern_id:
        name = clean_line(finding.pattern_name or finding.pattern_id, 200)
        lines.append(Content.assemble(("Enter → ", "bold"), name))
    return lines
