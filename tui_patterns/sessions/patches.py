"""The patch format of Codex's ``apply_patch``: files to add, and hunks with context to replace.

A patch is text between ``*** Begin Patch`` and ``*** End Patch``. Lines of a
hunk begin with a space (kept), ``-`` (taken out) or ``+`` (put in).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tui_patterns.sessions.tools import Written

_FILE = re.compile(r"^\*\*\* (Add|Update|Delete) File: (.{1,4096})$")
_BEGIN, _END = "*** Begin Patch", "*** End Patch"


def written(patch: str) -> list[Written]:
    """The code that a patch writes; nothing for a text that is no patch."""
    start = patch.find(_BEGIN)
    if start < 0:
        return []
    found: list[Written] = []
    kind, path, lines = "", "", list[str]()
    for line in patch[start:].splitlines()[1:]:
        head = _FILE.match(line)
        if head or line.startswith(_END):
            found += _file(kind, path, lines)
            kind, path, lines = (head[1], head[2].strip(), []) if head else ("", "", [])
            if not head:
                break
        else:
            lines.append(line)
    return found


def _file(kind: str, path: str, lines: list[str]) -> Iterator[Written]:
    if kind == "Add":
        text = "".join(line[1:] + "\n" for line in lines if line.startswith("+"))
        if text:
            yield Written(path, None, text)
    elif kind == "Update":
        for hunk in _hunks(lines):
            old = "".join(line[1:] + "\n" for line in hunk if line[:1] in {" ", "-", ""})
            new = "".join(line[1:] + "\n" for line in hunk if line[:1] in {" ", "+", ""})
            if new != old:
                yield Written(path, old, new)


def _hunks(lines: list[str]) -> Iterator[list[str]]:
    hunk: list[str] = []
    for line in lines:
        if line.startswith(("@@", "*** ")):
            if hunk:
                yield hunk
            hunk = []
        else:
            hunk.append(line)
    if hunk:
        yield hunk
