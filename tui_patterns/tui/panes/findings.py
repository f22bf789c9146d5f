"""Pane 4: what is wrong in the file of the selected pattern, why, and what to do instead."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from textual import work
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from tui_patterns.models import Finding, Pattern, Severity
from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, plural
from tui_patterns.tui.panes.pane import Pane
from tui_patterns.tui.ports import Services
from tui_patterns.tui.widgets.lines import Lines

AFTER_S = 0.15
LONG = 8
SIGNS: dict[Severity, tuple[str, str]] = {
    "error": ("✗", "$text-error"),
    "warning": ("!", "$text-warning"),
    "info": ("i", "$text-secondary"),
}
EVERYWHERE = "This file: nothing found."


class FindingsPane(Pane):
    """Asks the engine about a file once the cursor has rested on one of its patterns."""

    number, heading = 4, "Anti-patterns"

    @dataclass
    class Ready(Message):
        """The engine's answer for the file of ``pattern``; ``None``: it could not answer."""

        pattern: Pattern
        findings: Sequence[Finding] | None

    def __init__(self, services: Services, id: str) -> None:
        super().__init__(services, id)
        self.pattern: Pattern | None = None
        self.findings: Sequence[Finding] | None = None

    def compose(self) -> ComposeResult:
        yield Lines(wrap=True, id="findings-text")

    def show(self, pattern: Pattern | None, *, again: bool = False) -> None:
        """Follow to the file of ``pattern``; ``again``: the file, or the engine, has changed."""
        same = pattern is not None and self._file(pattern) == self._file(self.pattern)
        self.pattern = pattern
        if pattern is None:
            self._draw([Content.styled("No pattern selected.", MUTED)])
        elif again or not same or self.findings is None:
            if not same:
                self.findings = None
                self._draw([Content.styled("Looking at the file…", MUTED)])
            self._fetch(pattern)
        else:
            self.post_message(self.Ready(pattern, self.findings))

    @staticmethod
    def _file(pattern: Pattern | None) -> tuple[str, str] | None:
        return (pattern.root, pattern.path) if pattern else None

    @work(exclusive=True, group="findings", exit_on_error=False)
    async def _fetch(self, pattern: Pattern) -> None:
        await asyncio.sleep(AFTER_S)
        engine = self.services.engine
        findings = await engine.findings(pattern.root, pattern.path) if engine else None
        self.post_message(self.Ready(pattern, findings))

    def on_findings_pane_ready(self, message: Ready) -> None:
        if self._file(message.pattern) != self._file(self.pattern):
            message.stop()
            return
        self.findings = message.findings
        if message.findings is None:
            self._draw([Content.styled("The engine cannot answer yet; this fills itself in.", MUTED)])
        elif not message.findings:
            self._draw([Content.styled(f"✓ {EVERYWHERE}", "$text-success")])
        else:
            self._draw([line for finding in self._nearest() for line in told(finding)])

    def _nearest(self) -> list[Finding]:
        """Findings inside the selected pattern first, then by line."""
        pattern = self.pattern
        assert pattern is not None
        inside = range(pattern.line, pattern.end_line + 1)
        return sorted(self.findings or (), key=lambda f: (f.line not in inside, f.line))

    def _draw(self, lines: list[Content]) -> None:
        self.query_one(Lines).show(lines)
        self.border_subtitle = plural(len(self.findings), "finding") if self.findings and self.pattern else ""


def marked_lines(finding: Finding) -> range:
    """The lines to point out in the code: of a long stretch, its first alone."""
    last = finding.end_line if finding.end_line - finding.line < LONG else finding.line
    return range(finding.line, last + 1)


def told(finding: Finding) -> list[Content]:
    """What, where, why, and what to do instead."""
    sign, style = SIGNS[finding.severity]
    rule = finding.rule if finding.rule != finding.label else ""
    place = [f"line {finding.line}", clean_line(finding.qualname or "", 80), clean_line(rule, 40)]
    head = Content.assemble(
        (f"{sign} {clean_line(finding.label.replace('_', ' '), 80)}", f"bold {style}"),
        ("  " + "  ".join(part for part in place if part), MUTED),
    )
    why = Content(clean_line(finding.message, 500))
    instead = Content.assemble(("Instead: ", "bold"), clean_line(finding.instead, 500))
    return [head, why, instead] if finding.instead else [head, why]
