"""A plain session folder, as a script or another tool may write it.

``progress.json`` holds ``completed`` and ``remaining`` (texts, or objects with
``title``/``name``/``task``), perhaps ``session_id``, ``model``, ``project``,
``coverage`` (0 to 1, or percent), and ``iterations``: objects with
``context_pct`` (percent of the context used), ``compactions``, ``started`` and
``ended`` (ISO 8601), ``seconds``, ``tokens`` ({"input","output","cache_creation",
"cache_read"}), ``cost_usd`` and ``success``. ``iterations.json`` or
``iterations/*.json``, and ``tasks.json`` (a list of {"title","status"}) may
stand beside it instead. Every key is optional; code is in ``code/``.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

from tui_patterns.sessions.claude_tools import MAX_TITLE, TITLE_KEPT, status, title_key
from tui_patterns.sessions.lines import parse_object
from tui_patterns.sessions.masking import masked
from tui_patterns.sessions.reading import Span
from tui_patterns.sessions.values import count, items, moment, number, table, words
from tui_patterns.store.session_rows import FactsRow, MessageRow, Row, TaskRow

MAX_BYTES = 16 * 1024 * 1024
MAX_ITERATIONS = 10_000
_FILES = ("progress.json", "iterations.json", "tasks.json")
_TITLES = ("title", "name", "task", "description", "content", "id")


def session_of(folder: Path) -> str:
    """The id that the folder gives its session, else its name."""
    progress = _read(folder / "progress.json")
    return words(progress.get("session_id") or progress.get("id"), 120) or folder.resolve().name


def fingerprint(folder: Path) -> str:
    """Changes when what is read changes."""
    digest = blake2b(digest_size=16)
    for path in _paths(folder):
        digest.update(path.name.encode() + b"\0" + _bytes(path) + b"\0")
    return digest.hexdigest()


def rows(folder: Path, span: Span) -> Iterator[Row]:
    """What the folder says, as of the time of its files."""
    progress = _read(folder / "progress.json")
    changed = max((path.stat().st_mtime for path in _paths(folder)), default=0.0)
    iterations = [_iteration(one) for one in islice(_iterations(folder, progress), MAX_ITERATIONS)]
    for begun in iterations:
        span.add(begun["started"])
        span.add(begun["ended"])
    if span.first is None:
        span.add(moment(progress.get("started")) or changed)
        span.add(moment(progress.get("ended") or progress.get("updated")) or changed)
    yield from _tasks(folder, progress, changed)
    model = words(progress.get("model"), 100)
    for place, given in enumerate(iterations):
        if (message := _message(place, given, model)) is not None:
            yield message
    kept = [{key: value for key, value in one.items() if key != "tokens"} for one in iterations]
    yield FactsRow(
        model=model,
        cwd=words(progress.get("project") or progress.get("cwd"), 4096) or str(folder.resolve()),
        more={
            "iterations": kept,
            "coverage": _share(progress.get("coverage")),
            "folder": str(folder.resolve()),
        },
    )


def _tasks(folder: Path, progress: dict[str, Any], at: float) -> Iterator[TaskRow]:
    listed = _list(folder / "tasks.json", "tasks") or items(progress.get("tasks"))
    for one in listed:
        if title := _title(one):
            yield TaskRow(
                title_key(title), masked(title, TITLE_KEPT), status(table(one).get("status")) or "open", at
            )
    for state, key in (("open", "remaining"), ("completed", "completed")):
        for one in items(progress.get(key)):
            if title := _title(one):
                yield TaskRow(title_key(title), masked(title, TITLE_KEPT), state, at)


def _title(one: Any) -> str | None:
    if isinstance(one, str):
        return words(one, MAX_TITLE)
    found = (table(one).get(key) for key in _TITLES)
    return next((text[:MAX_TITLE] for text in found if isinstance(text, str) and text), None)


def _iterations(folder: Path, progress: dict[str, Any]) -> Iterator[dict[str, Any]]:
    inside = items(progress.get("iterations")) or _list(folder / "iterations.json", "iterations")
    yield from map(table, inside)
    if not inside and (folder / "iterations").is_dir():
        for path in sorted((folder / "iterations").glob("*.json")):
            yield _read(path)


def _iteration(given: dict[str, Any]) -> dict[str, Any]:
    started, ended = moment(given.get("started")), moment(given.get("ended"))
    seconds = number(given.get("seconds", given.get("duration_s")), 1e7)
    if seconds is None and started is not None and ended is not None and ended >= started:
        seconds = ended - started
    success = given.get("success")
    return {
        "context_pct": number(given.get("context_pct"), 1000.0),
        "compactions": count(given.get("compactions")),
        "started": started,
        "ended": ended,
        "seconds": seconds,
        "success": success if isinstance(success, bool) else None,
        "tokens": table(given.get("tokens")),
        "cost_usd": number(given.get("cost_usd", given.get("cost")), 1e6),
        "model": words(given.get("model"), 100),
    }


def _message(place: int, given: dict[str, Any], model: str | None) -> MessageRow | None:
    tokens = given["tokens"]
    classes = [count(tokens.get(key)) or 0 for key in ("input", "output", "cache_creation", "cache_read")]
    if not any(classes):
        return None
    return MessageRow(
        key=f"iteration-{place + 1}",
        message_id=f"iteration-{place + 1}",
        turn=place + 1,
        at=given["started"],
        model=given["model"] or model,
        sidechain=False,
        input=classes[0],
        output=classes[1],
        cache_5m=classes[2],
        cache_1h=0,
        cache_read=classes[3],
        total=sum(classes),
        recorded_usd=given["cost_usd"],
    )


def _share(value: Any) -> float | None:
    found = number(value, 100.0)
    return found / 100 if found is not None and found > 1 else found


def _paths(folder: Path) -> list[Path]:
    paths = [folder / name for name in _FILES]
    paths += sorted((folder / "iterations").glob("*.json"))[:MAX_ITERATIONS]
    return [path for path in paths if path.is_file()]


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError:
        return b""


def _read(path: Path) -> dict[str, Any]:
    return parse_object(_bytes(path)) or {}


def _list(path: Path, key: str) -> list[Any]:
    """A list that is a file's whole content, or under ``key`` in it."""
    raw = _bytes(path)
    wrapped = parse_object(b'{"inside":' + raw + b"}") if raw.strip() else None
    inside = (wrapped or {}).get("inside")
    return items(inside) or items(table(inside).get(key))
