"""Findings, several lines each, with a cursor that goes from one to the next."""

from __future__ import annotations

from textual.binding import Binding

from tui_patterns.tui.widgets.group_list import GroupList


class FindingList(GroupList):
    """Findings of one file."""

    BINDINGS = [
        Binding(
            "enter",
            "screen.open_instead",
            "Do it so",
            id="open_instead",
            tooltip="Open the pattern that does it right",
            show=False,
        ),
        Binding(
            "x",
            "screen.dismiss_finding",
            "No problem",
            id="dismiss_finding",
            tooltip="Not a problem here: do not show it again; u takes that back",
            show=False,
        ),
    ]
