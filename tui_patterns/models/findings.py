"""What was found that is better done otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One anti-pattern found in a file: what, why it hurts, and what to do instead.

    ``pattern_id`` and ``pattern_name`` are those of a pattern that does it right, where one is known.
    ``id`` stays while file, definition and the words of the line stay; ``dismissed``: a person said
    that it is no problem here.
    """

    path: str
    line: int
    end_line: int
    qualname: str | None
    label: str
    rule: str
    severity: Severity
    message: str
    instead: str
    pattern_id: str | None = None
    why: str = ""
    id: str = ""
    pattern_name: str | None = None
    dismissed: bool = False
