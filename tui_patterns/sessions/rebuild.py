"""Files put together again from the edits of a session, as far as the edits tell them."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import dedent


def rebuild(edits: Iterable[tuple[str, str | None, str]]) -> dict[str, list[str]]:
    """Texts by path, from (path, old, text) in the order of time; ``old`` is ``None`` for a whole file.

    A file that was written whole, with what was replaced in it since, is one
    text. Where its beginning is not known, or a replaced piece is not found in
    it, there are the pieces, each without its common indentation, last first.
    """
    whole: dict[str, str] = {}
    pieces: dict[str, list[str]] = {}
    for path, old, text in edits:
        if old is None:
            whole[path] = text
            pieces.pop(path, None)
        elif old and path in whole and old in whole[path]:
            whole[path] = whole[path].replace(old, text, 1)
        else:
            pieces.setdefault(path, []).insert(0, dedent(text))
    found = {path: [text] for path, text in whole.items()}
    for path, parts in pieces.items():
        found[path] = [*found.get(path, []), *parts]
    return found
