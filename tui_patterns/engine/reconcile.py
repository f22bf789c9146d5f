"""Disk against store: what must be parsed, what is gone, what only looks new.

Events get lost and clocks jump, so a whole scan is the truth and events are
hints. A file of the same size and time is unchanged; one of another time is
read and hashed before anything is parsed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tui_patterns.engine.discovery import FoundFile, Skipped, read_source, walk
from tui_patterns.engine.ignore import IgnoreRules
from tui_patterns.extraction.source import content_hash
from tui_patterns.store.files import KnownFile


@dataclass(frozen=True, slots=True)
class Scope:
    """Which files of a project count."""

    root: Path
    rules: IgnoreRules
    suffixes: frozenset[str]
    unsupported: frozenset[str]
    max_bytes: int


@dataclass(slots=True)
class Plan:
    """What a comparison found; ``restamped`` holds files whose bytes are the same."""

    parse: list[FoundFile] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    restamped: list[tuple[KnownFile, FoundFile]] = field(default_factory=list)
    unchanged: int = 0
    skipped: Skipped = field(default_factory=Skipped)


def whole(scope: Scope, known: dict[str, KnownFile], *, under: str = "", anew: bool = False) -> Plan:
    """Compare everything below ``under``; ``anew`` parses also what has not changed.

    Raises OSError when the root itself cannot be listed: then nothing is known,
    and nothing may be called deleted.
    """
    plan = Plan()
    seen: set[str] = set()
    found = walk(
        scope.root,
        scope.rules,
        scope.suffixes,
        unsupported=scope.unsupported,
        skipped=plan.skipped,
        under=under,
    )
    for file in found:
        seen.add(file.rel)
        _compare(plan, scope, file, known.get(file.rel), anew)
    hidden = tuple(f"{folder}/" if folder else "" for folder in plan.skipped.unreadable)
    prefix = f"{under}/" if under else ""
    plan.deleted = [
        path
        for path in known
        if path.startswith(prefix)
        and path not in seen
        and not any(path.startswith(folder) for folder in hidden)
    ]
    return plan


def some(scope: Scope, known: dict[str, KnownFile], paths: Iterable[str]) -> Plan:
    """Compare just these paths, which events named."""
    plan = Plan()
    for path in sorted(set(paths)):
        file = _look(scope, path, plan)
        if file is not None:
            _compare(plan, scope, file, known.get(path), look=True)
        elif path in known:
            plan.deleted.append(path)
    return plan


def _look(scope: Scope, path: str, plan: Plan) -> FoundFile | None:
    """The file at ``path`` if it is there and counts."""
    if os.path.splitext(path)[1].lower() not in scope.suffixes:  # noqa: PTH122 - once per event, in storms
        return None
    file = scope.root / path
    try:
        status = file.lstat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    reason = scope.rules.skip_reason(file, path, status)
    if reason is not None:
        plan.skipped[reason] += 1
        return None
    return FoundFile(path, status.st_size, status.st_mtime_ns)


def _compare(
    plan: Plan,
    scope: Scope,
    file: FoundFile,
    known: KnownFile | None,
    anew: bool = False,
    look: bool = False,
) -> None:
    """``look`` reads even what has the same time: two saves within one tick of the clock do."""
    same_times = known is not None and (file.size, file.mtime_ns) == (known.size, known.mtime_ns)
    if known is None or anew or known.content_hash is None:
        plan.parse.append(file)
    elif same_times and not look:
        plan.unchanged += 1
    elif file.size == known.size and _same_bytes(scope, file, known):
        plan.unchanged += 1
        if not same_times:
            plan.restamped.append((known, file))
    else:
        plan.parse.append(file)


def _same_bytes(scope: Scope, file: FoundFile, known: KnownFile) -> bool:
    try:
        source = read_source(scope.root / file.rel, scope.max_bytes)
    except OSError:
        return False
    return isinstance(source, bytes) and content_hash(source) == known.content_hash
