"""What an index run has done, counted on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tui_patterns.models import Change, IndexReport


@dataclass(slots=True)
class Tally:
    """What an index run has done so far."""

    parsed: int = 0
    unchanged: int = 0
    new: int = 0
    updated: int = 0
    removed: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    tests: Counter[str] = field(default_factory=Counter)
    failed: list[dict[str, str]] = field(default_factory=list)

    def add(self, change: Change) -> None:
        """Count one stored batch."""
        self.new += len(change.new)
        self.updated += len(change.updated)
        self.removed += len(change.removed)
        self.failed += [{"path": path, "reason": reason} for path, reason in change.failed]

    def merge(self, other: Tally) -> None:
        """Count another project's run with this one."""
        for name in ("parsed", "unchanged", "new", "updated", "removed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.skipped.update(other.skipped)
        self.left_out.update(other.left_out)
        self.tests.update(other.tests)
        self.failed += other.failed

    def report(
        self,
        *,
        patterns: int,
        embedded: int,
        seconds: float,
        semantic: str | None,
        unsupported: tuple[str, ...] = (),
        examined: int = 0,
    ) -> IndexReport:
        """The tally as ``index --json`` prints it."""
        return IndexReport(
            files=self.parsed + self.unchanged,
            parsed=self.parsed,
            unchanged=self.unchanged,
            skipped=dict(sorted(self.skipped.items())),
            failed=tuple(self.failed),
            patterns=patterns,
            new=self.new,
            updated=self.updated,
            removed=self.removed,
            embedded=embedded,
            seconds=round(seconds, 3),
            left_out=dict(sorted(self.left_out.items())),
            tests=dict(sorted(self.tests.items())),
            semantic=semantic,
            unsupported=unsupported,
            examined=examined,
        )
