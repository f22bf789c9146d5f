"""The lines on which code follows a pattern: of a unit, of its file, and of the pattern."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tui_patterns.learning.attribution import Match
from tui_patterns.models import Unit
from tui_patterns.store.credit import OnTrial

MOST_PLACES = 20


@dataclass(frozen=True, slots=True)
class Found:
    """A unit that follows an injected pattern; ``lines`` are those of its file."""

    trial: OnTrial
    unit: Unit
    match: Match

    @property
    def lines(self) -> tuple[int, ...]:
        return lines_in_file(self.unit, self.match)

    @property
    def places(self) -> list[dict[str, Any]]:
        """The lines as evidence of a use, the first ``MOST_PLACES`` runs of them."""
        return [
            {"path": self.unit.path, "qualname": self.unit.qualname, "line": first, "end_line": last}
            for first, last in runs(self.lines)[:MOST_PLACES]
        ]


def best(found: Sequence[Found]) -> list[Found]:
    """The best place of each pattern, and of patterns that share most of their lines the best one."""
    ordered = sorted(found, key=lambda one: (-one.match.mass, -one.match.taken, one.unit.path, one.unit.line))
    chosen: list[Found] = []
    taken: set[tuple[str, int]] = set()
    for one in ordered:
        lines = {(one.unit.path, line) for line in one.lines}
        if any(one.trial.row == other.trial.row for other in chosen) or 2 * len(lines & taken) > len(lines):
            continue
        chosen.append(one)
        taken |= lines
    return chosen


def lines_in_file(unit: Unit, match: Match) -> tuple[int, ...]:
    """The matched lines as lines of the unit's file, whose code starts with its decorators."""
    first = unit.end_line - unit.code.count("\n")
    return tuple(first - 1 + line for line in match.lines)


def text_of(unit: Unit, lines: Iterable[int]) -> tuple[str, ...]:
    """These lines of the unit's file, without their indents."""
    first = unit.end_line - unit.code.count("\n")
    text = unit.code.split("\n")
    return tuple(text[line - first].strip() for line in lines)


def runs(lines: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring lines as (first, last)."""
    found: list[tuple[int, int]] = []
    for line in lines:
        if found and line == found[-1][1] + 1:
            found[-1] = (found[-1][0], line)
        else:
            found.append((line, line))
    return found


def offsets(code: str, lines: Iterable[int]) -> set[int]:
    """Lines of a unit's code, from 1, as offsets from its ``def`` or ``class``."""
    text = code.split("\n")
    heads = ("def ", "class ", "async def ")
    head = next((at for at, line in enumerate(text) if line.startswith(heads)), 0)
    return {line - 1 - head for line in lines}
