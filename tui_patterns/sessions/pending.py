"""Rows of one session that wait for their transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tui_patterns.sessions.masking import mask
from tui_patterns.store import session_events
from tui_patterns.store.session_rows import (
    EditRow,
    FactsRow,
    MarkRow,
    MessageRow,
    PromptRow,
    Row,
    TaskRow,
    ToolEnd,
    ToolStart,
)

_PLACES = {PromptRow: 1, ToolStart: 2, ToolEnd: 3, EditRow: 4, TaskRow: 5, MarkRow: 6}  # in a Batch


@dataclass(slots=True)
class Pending:
    """What was read of a session; of one message only the copy that counts."""

    batch: session_events.Batch = field(default_factory=session_events.empty)
    messages: dict[str, MessageRow] = field(default_factory=dict)
    facts: FactsRow = field(default_factory=FactsRow)

    def add(self, row: Row) -> None:
        """The next row, in the order in which a reader gives them."""
        if isinstance(row, MessageRow):
            old = self.messages.get(row.key)
            if old is None or _rank(row) > _rank(old):
                self.messages[row.key] = row
        elif isinstance(row, FactsRow):
            self.facts = _joined(self.facts, row)
        else:
            self.batch[_PLACES[type(row)]].append(row)  # type: ignore[arg-type]

    def masked_facts(self, agent: str) -> FactsRow:
        """What is known of the session as a whole, of this agent, without secrets."""
        facts = self.facts
        more = {
            name: mask(told) if isinstance(told, str) else told for name, told in (facts.more or {}).items()
        }
        cwd, branch = (told and mask(told) for told in (facts.cwd, facts.branch))
        return facts._replace(agent=agent, cwd=cwd, branch=branch, more=more)


def _rank(row: MessageRow) -> tuple[bool, int, int]:
    """The same order as the store's: main chain first, then the largest total."""
    return (not row.sidechain, row.total, row.output)


def _joined(old: FactsRow, new: FactsRow) -> FactsRow:
    """The first folder, the last of all else."""
    said: dict[str, Any] = {name: told for name, told in new._asdict().items() if told is not None}
    if old.cwd:
        said.pop("cwd", None)
    return old._replace(**said)
