"""A contract as a question: what a JSON or YAML description of a component says in words.

YAML is read line by line, as far as keys and plain values go: enough for words, and
nothing in the text is ever evaluated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_MOST_TEXT = 100_000
_MOST_SAID = 1_000  # characters: what the model reads, and more words than a search counts
_LINE = re.compile(r"^\s*(?:- +)?(?:([\w$.-]+) *:(?: +(.*))?|- +(.*))$")
_FIRST = ("name", "title", "summary", "description", "purpose")
_DEEPEST = 12


def said(text: str) -> str | None:
    """What a contract says of itself, its name and description first; ``None`` if ``text`` is no contract."""
    text = text[:_MOST_TEXT].strip()
    pairs = list(_json(text) if text.startswith("{") else _yaml(text))
    first = [value for wanted in _FIRST for key, value in pairs if key.lower() == wanted and value]
    rest = [f"{key} {value}" for key, value in pairs if key.lower() not in _FIRST]
    found = " ".join(" ".join([*first, *rest]).split())[:_MOST_SAID]
    return found or None


def _json(text: str) -> Iterator[tuple[str, str]]:
    try:
        yield from _flat("", json.loads(text), 0)
    except (ValueError, RecursionError):
        return


def _flat(key: str, value: Any, depth: int) -> Iterator[tuple[str, str]]:
    """(key, text) of all that is inside, objects and lists opened."""
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        for inner, held in value.items():
            yield from _flat(str(inner), held, depth + 1)
    elif isinstance(value, list):
        for held in value:
            yield from _flat(key, held, depth + 1)
    else:
        yield key, value if isinstance(value, str) else ""


def _yaml(text: str) -> Iterator[tuple[str, str]]:
    """(key, text) of lines, if all but comments and continued texts are keys or items."""
    lines = [
        line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(("#", "---"))
    ]
    found = [_LINE.match(line) for line in lines]
    if len(lines) < 2 or found[0] is None or not found[0][1] or 2 * sum(map(bool, found)) < len(lines):
        return
    for line, match in zip(lines, found, strict=True):
        key, value, item = match.groups() if match else ("", line, None)
        yield key or "", (value or item or "").strip().strip("'\"|>")
