"""Finding transcripts: what a file or folder is, whose session it tells, and where agents keep them.

Nothing is searched for by itself: a caller names files and folders, or asks
for the standard places.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tui_patterns.sessions.errors import SessionError
from tui_patterns.sessions.lines import Line, LineReader
from tui_patterns.sessions.values import table, words

Format = Literal["claude-code", "codex", "folder", "ledger"]
PROGRESS = "progress.json"
LOOKED_AT = 200  # lines from the beginning that tell what a file is
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_SAFE_ID = re.compile(r"[\w.-]{1,120}")
_CODEX = {"session_meta", "response_item", "event_msg", "turn_context", "compacted"}
_CLAUDE = {"user", "assistant", "system", "summary"}


class Source(NamedTuple):
    """A file (or session folder) with the session that it tells, and where that session worked."""

    path: Path
    format: Format
    session: str
    cwd: str | None


def standard_places(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """The folders where Claude Code and Codex keep transcripts, as far as they are there."""
    home = Path(environment.get("HOME") or Path.home())
    claude = environment.get("CLAUDE_CONFIG_DIR")
    roots = [Path(part.strip()) for part in claude.split(",") if part.strip()] if claude else [
        Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "claude",
        home / ".claude",
    ]  # fmt: skip
    codex = Path(environment.get("CODEX_HOME") or home / ".codex")
    places = [root if root.name == "projects" else root / "projects" for root in roots]
    places += [codex / "sessions", codex / "archived_sessions"]
    return [place for place in dict.fromkeys(places) if place.is_dir()]


def find(path: Path) -> Iterator[Source]:
    """Every transcript at or below ``path``, with those of its subagents.

    Raises SessionError for a path that is not there, or a file that is no transcript.
    """
    if not path.exists():
        raise SessionError(f"{path}: no such file or folder")
    if path.is_dir():
        yield from _below(path)
        return
    source = _folder(path.parent) if path.name == PROGRESS else identify(path)
    if source is None:
        raise SessionError(
            f"{path}: no transcript of Claude Code or Codex, and no {PROGRESS} of a session folder"
        )
    yield source
    yield from _subagents(source)


def _below(folder: Path) -> Iterator[Source]:
    if (folder / PROGRESS).is_file():
        yield _folder(folder)
        return
    for place, folders, names in os.walk(folder):
        folders.sort()
        if PROGRESS in names:
            folders.clear()
            yield _folder(Path(place))
            continue
        for name in sorted(names):
            if name.endswith(".jsonl") and (source := identify(Path(place) / name)):
                yield source


def _folder(folder: Path) -> Source:
    from tui_patterns.sessions.folder import session_of

    return Source(folder, "folder", safe_id(session_of(folder)), str(folder))


def _subagents(main: Source) -> Iterator[Source]:
    """Beside a named transcript: the files of its subagents, in the layouts of 2.0 and 2.1."""
    if main.format != "claude-code" or not main.path.is_file():
        return
    inside = sorted((main.path.parent / main.path.stem / "subagents").glob("*.jsonl"))
    beside = sorted(main.path.parent.glob("agent-*.jsonl"))
    for path in [*inside, *beside]:
        source = identify(path) if path != main.path else None
        if source is not None and source.session == main.session:
            yield source


def identify(path: Path) -> Source | None:
    """What a file is, by its first lines; ``None`` for one that is no transcript."""
    found: Format | None = None
    session = cwd = None
    first: Line | None = None
    try:
        for number, line in enumerate(LineReader(path)):
            first, found = first or line, found or _format(line.value)
            session, cwd = session or _session(line.value, found), cwd or _cwd(line.value)
            if number >= LOOKED_AT or (found and session and cwd):
                break
    except OSError as error:
        raise SessionError(f"{path}: cannot be read ({error.strerror})") from None
    if first is None or found is None:
        return None
    name = _codex_id if found == "codex" else _claude_id
    return Source(path, found, name(path, session, first), cwd)


def _format(value: dict[str, Any]) -> Format | None:
    """Which agent writes such lines."""
    kind = words(value.get("type"))
    if kind in _CODEX and isinstance(value.get("payload"), dict):
        return "codex"
    return "claude-code" if kind in _CLAUDE or isinstance(value.get("message"), dict) else None


def _session(value: dict[str, Any], found: Format | None) -> str | None:
    if found == "codex":
        return words(table(value.get("payload")).get("id")) if value.get("type") == "session_meta" else None
    return words(value.get("sessionId"), 1_000)


def _cwd(value: dict[str, Any]) -> str | None:
    return words(value.get("cwd"), 4096) or words(table(value.get("payload")).get("cwd"), 4096)


def _claude_id(path: Path, session: str | None, first: Line) -> str:
    """A file named by a session is that session's, whatever older lines were copied into it."""
    if path.parent.name == "subagents" and _UUID.fullmatch(path.parent.parent.name):
        return path.parent.parent.name
    if _UUID.fullmatch(path.stem):
        return path.stem
    return safe_id(session) if session else _made_up(path, first)


def _codex_id(path: Path, session: str | None, first: Line) -> str:
    named = _UUID.search(path.stem)
    return safe_id(session or (named[0] if named else "")) if session or named else _made_up(path, first)


def _made_up(path: Path, first: Line) -> str:
    """For a file that names no session: stable while its name and first line are."""
    digest = blake2b(first.raw.strip(), digest_size=4).hexdigest()
    return safe_id(f"{path.stem[:60]}-{digest}")


def safe_id(session: str) -> str:
    """An id that can be part of a file's name; any other is replaced by its hash."""
    if _SAFE_ID.fullmatch(session) and session.isascii() and session.strip("."):
        return session
    return "s-" + blake2b(session.encode("utf-8", "replace"), digest_size=12).hexdigest()
