"""What was measured of each program, in ``peers.json``: pages are written from it, runs go on from it.

Each figure is written down as soon as it is there, with when, at which commit and
under which load it was measured.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from benchmarks import machine
from benchmarks.peers_table import Rates, Row
from benchmarks.rivals.base import Built, Taken

INDEX, BULK, ANSWERS = PARTS = ("index", "bulk", "answers")


@dataclass(frozen=True, slots=True)
class Stamp:
    """When (seconds since the epoch), for how long, at which commit, and the load average at both ends."""

    begun: float
    seconds: float
    commit: str
    load: tuple[str, str]

    @property
    def ended(self) -> float:
        """Seconds since the epoch."""
        return self.begun + self.seconds


@dataclass(slots=True)
class Record:
    """``about`` are facts of the run by name, ``stamps`` lie under ``part/program`` or ``part/…/program``."""

    path: Path
    about: dict[str, Any] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    bulk: Rates = field(default_factory=dict)
    stamps: dict[str, Stamp] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Self:
        """What was written there; an empty one if nothing was. Raises ValueError for what is no record."""
        if not path.exists():
            return cls(path)
        try:
            found = json.loads(path.read_text("utf-8"))
            rows = {name: _row(name, one) for name, one in found["rows"].items()}
            bulk = {side: (rates[0], rates[1]) for side, rates in found["bulk"].items()}
            stamps = {key: _stamp(one) for key, one in found["stamps"].items()}
            return cls(path, found["about"], rows, bulk, stamps)
        except (LookupError, TypeError, AttributeError) as error:
            raise ValueError(f"{path.name} is no record of peers: delete it, and measure all anew") from error

    def row(self, name: str, note: str) -> Row:
        """What is known of a program, by name."""
        return self.rows.setdefault(name, Row(name, note=note))

    def fresh(self, key: str) -> bool:
        """Whether this was measured at the commit that is there now."""
        return key in self.stamps and self.stamps[key].commit == machine.commit()

    @contextmanager
    def measuring(self, key: str) -> Iterator[None]:
        """Stamp what is measured in the block, and write all down; if it fails, nothing is stamped."""
        self.stamps.pop(key, None)
        begun, load = time.time(), machine.load()
        yield
        self.stamps[key] = Stamp(begun, time.time() - begun, machine.commit(), (load, machine.load()))
        self.save()

    def save(self) -> None:
        """Write all down; a reader sees the file before or after, never half of it."""
        found = {key: value for key, value in asdict(self).items() if key != "path"}
        fresh = self.path.with_suffix(".new")
        fresh.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        fresh.replace(self.path)

    def told(self) -> list[str]:
        """A line for each part and commit: when it was measured, for how long, and under which load."""
        groups: dict[tuple[str, str], list[Stamp]] = {}
        for key, stamp in self.stamps.items():
            groups.setdefault((key.partition("/")[0], stamp.commit), []).append(stamp)
        ordered = sorted(groups.items(), key=lambda one: min(stamp.begun for stamp in one[1]))
        return [_told(part, commit, stamps) for (part, commit), stamps in ordered]

    def date(self) -> str:
        """The day of the last measurement, ``2026-01-31``; empty if there is none."""
        last = max((stamp.ended for stamp in self.stamps.values()), default=None)
        return "" if last is None else f"{datetime.fromtimestamp(last, UTC):%Y-%m-%d}"


def _told(part: str, commit: str, stamps: Sequence[Stamp]) -> str:
    first, last = min(stamps, key=lambda one: one.begun), max(stamps, key=lambda one: one.ended)
    begun, ended = (datetime.fromtimestamp(at, UTC) for at in (first.begun, last.ended))
    return (
        f"{part}: {begun:%Y-%m-%d %H:%M} to {ended:%H:%M} UTC, commit {commit}, load average "
        f"{first.load[0]} at its start and {last.load[1]} at its end (1, 5 and 15 minutes)"
    )


def _row(name: str, found: Mapping[str, Any]) -> Row:
    built = found["built"]
    return Row(
        **{
            **found,
            "name": name,
            "built": Built(_taken(built["words"]), _taken(built["meaning"]), built["unfinished"]),
            "question": _taken(found["question"]),
        }
    )


def _taken(found: Mapping[str, Any] | None) -> Taken | None:
    return None if found is None else Taken(found["seconds"], found["cpu"], found["memory"])


def _stamp(found: Mapping[str, Any]) -> Stamp:
    return Stamp(found["begun"], found["seconds"], found["commit"], (found["load"][0], found["load"][1]))
