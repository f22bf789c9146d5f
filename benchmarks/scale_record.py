"""What a part of the benchmark at size has found: written down at once, so that nothing is lost."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from benchmarks import machine
from benchmarks.figures import Figure, percentile

MB = 1e6


@dataclass(frozen=True, slots=True)
class Size:
    """A library of ``vectors`` patterns, asked: each question by kind, and sizes in bytes.

    Of a question: the seconds that it took, and those that processors worked on it.
    """

    vectors: int
    asked: dict[str, list[tuple[float, float]]]
    opening: float
    memory: int
    database: int
    chroma: int

    def ms(self, kind: str, share: float = 0.95) -> float:
        """A percentile of the time of one kind of question, in milliseconds."""
        return percentile([taken for taken, _ in self.asked[kind]], share) * 1000

    def work_ms(self, kind: str, share: float = 0.95) -> float:
        """The same of processor time, which other programs do not lengthen so much."""
        return percentile([worked for _, worked in self.asked[kind]], share) * 1000


@dataclass(frozen=True, slots=True)
class Collection:
    """Chroma alone with ``vectors`` of them; seconds, bytes, and the share of the 50 nearest that it finds.

    ``adding`` and ``adding_cpu`` are of the last ``added``; ``memory`` is what the process grew by.
    """

    vectors: int
    added: int
    adding: float
    adding_cpu: float
    asking: list[tuple[float, float]]
    recall: float
    memory: int
    disk: int

    def ms(self, share: float = 0.5) -> float:
        """A percentile of the time of a question, in milliseconds."""
        return percentile([taken for taken, _ in self.asking], share) * 1000

    def work_ms(self, share: float = 0.5) -> float:
        """The same of processor time."""
        return percentile([worked for _, worked in self.asking], share) * 1000

    def per_thousand(self, *, work: bool = False) -> float:
        """Seconds to add a thousand vectors at this size."""
        return (self.adding_cpu if work else self.adding) / self.added * 1000


@dataclass
class Record:
    """One run of one part. ``load`` is the load average when it began, and when it was last written."""

    part: str
    amount: str
    commit: str
    path: Path
    begun: float = field(default_factory=time.time)
    seconds: float = 0.0
    load: tuple[str, str] = ("", "")
    done: bool = False
    figures: list[Figure] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    collections: list[Collection] = field(default_factory=list)

    @classmethod
    def begin(cls, path: Path, part: str, amount: str) -> Self:
        """A new, empty one, in place of what was there."""
        load = machine.load()
        record = cls(part, amount, machine.commit(), path, load=(load, load))
        record.save()
        return record

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """What was written there; ``None`` if nothing was, or if it cannot be read."""
        try:
            found: dict[str, Any] = json.loads(path.read_text("utf-8"))
            found["load"] = tuple(found["load"])
            for one in found["sizes"]:
                one["asked"] = {kind: list(map(tuple, pairs)) for kind, pairs in one["asked"].items()}
            for one in found["collections"]:
                one["asking"] = list(map(tuple, one["asking"]))
            for name, kind in (("figures", Figure), ("sizes", Size), ("collections", Collection)):
                found[name] = [kind(**one) for one in found[name]]
            return cls(**found, path=path)
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def add(
        self,
        figures: Iterable[Figure] = (),
        *,
        size: Size | None = None,
        collection: Collection | None = None,
    ) -> None:
        """Note what was just measured, and write all down."""
        self.figures += figures
        self.sizes += [size] if size else []
        self.collections += [collection] if collection else []
        self.save()

    def finish(self) -> None:
        """All of the part was measured."""
        self.done = True
        self.save()

    def save(self) -> None:
        """Write all down; a reader sees the file before or after, never half of it."""
        self.seconds = time.time() - self.begun
        self.load = (self.load[0], machine.load())
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps({k: v for k, v in asdict(self).items() if k != "path"}), "utf-8")
        fresh.replace(self.path)

    def fresh(self, amount: str) -> bool:
        """Whether it was measured whole, with this much, and at the commit that is there now."""
        return self.done and self.amount == amount and self.commit == machine.commit()

    def told(self) -> str:
        """When, at which commit, how long and under which load it was measured: one line."""
        when = datetime.fromtimestamp(self.begun, UTC)
        state = "" if self.done else ", not to its end"
        return (
            f"{self.part}: {when:%Y-%m-%d %H:%M} UTC, commit {self.commit}, {self.seconds:.0f} s{state}, "
            f"load average {self.load[0]} at its start, {self.load[1]} at its end"
        )
