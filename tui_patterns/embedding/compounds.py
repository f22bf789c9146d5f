"""Words that names glue together: ``__getitem__`` gets an item, ``todict`` makes a dict."""

from __future__ import annotations

from functools import lru_cache

# fmt: off
_FRONT = frozenset({"to", "is"})
_PARTS = frozenset({
    "add", "attr", "attribute", "base", "byte", "bytes", "call", "char", "class", "code", "data", "date",
    "default", "del", "delta", "dict", "dir", "dirs", "ends", "error", "event", "file", "files", "find",
    "frame", "get", "getter", "group", "handler", "has", "host", "index", "into", "item", "items",
    "iter", "key", "keys", "label", "line", "lines", "link", "list", "load", "log", "make", "map",
    "mode", "name", "named", "names", "new", "node", "object", "open", "path", "point", "port", "print",
    "read", "reader", "response", "run", "server", "set", "setter", "size", "space", "stack", "stamp",
    "start", "starts", "state", "string", "table", "tag", "text", "time", "token", "tree", "tuple",
    "type", "typed", "url", "user", "value", "values", "var", "vars", "view", "width", "with", "word",
    "write", "writer", "zone",
})
"""What Python's own names, and those of many libraries, are put together from without a mark between."""
# fmt: on


@lru_cache(maxsize=8_192)
def parts_of_compound(word: str) -> tuple[str, ...]:
    """The two words that ``word``, in lower case, was put together from; none if it is one word."""
    for end in range(2, len(word) - 2):
        front, back = word[:end], word[end:]
        if back in _PARTS and (front in _PARTS or front in _FRONT):
            return front, back
    return ()
