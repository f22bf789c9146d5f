"""Texts as the store keeps them: compressed, several to one value, and never searched by SQL.

A packed value is one byte that names its form and what follows: form 0 is UTF-8 as it is, form 1
raw DEFLATE (RFC 1951) with the preset dictionary ``packing-1.txt``, which ``benchmarks/packing.py``
made. A single function is too short to repeat itself; the dictionary holds what Python repeats
everywhere. It is part of the format and never changes: another one is another form. In front of the
texts, which follow each other, stand their lengths in characters (``-``: None), and a line's end.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from tui_patterns.store import numbers
from tui_patterns.store.sql import dump

_RAW, _LEVEL, _MEMORY = -15, 6, 9  # no header and no checksum: SQLite's pages are not guarded either
_PLAIN, _DEFLATED = b"\0", b"\1"
_NONE = "-"
_VALUE = "v"  # how the text of a name that is a value's begins in an outline
_WORD = re.compile(r"[^\W_]+")
BEGINNINGS = 3
"""So many letters of a word can be looked up as its beginning; longer ones are a range of few words."""
BEGINS = "\ue000"
"""Begins the token for a beginning; of private use, which the tokenizer takes for a letter."""


@cache
def _dictionary() -> bytes:
    return files("tui_patterns.store").joinpath("packing-1.txt").read_bytes()


@cache
def _stems() -> bytes:
    return files("tui_patterns.store").joinpath("words-1.txt").read_bytes()


def pack(*texts: str | None) -> bytes:
    """Texts as one value; ``None`` stays what it is."""
    lengths = ",".join(_NONE if text is None else str(len(text)) for text in texts)
    body = f"{lengths}\n{''.join(text or '' for text in texts)}".encode("utf-8", "surrogatepass")
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _dictionary())
    small = packer.compress(body) + packer.flush()
    return _DEFLATED + small if len(small) < len(body) else _PLAIN + body


@lru_cache(maxsize=2)  # the functions below ask for one after the other
def unpack(value: bytes) -> tuple[str | None, ...]:
    """The texts of a value. Raises ``ValueError`` for what ``pack`` did not make."""
    try:
        body = _body(value).decode("utf-8", "surrogatepass")
        head, _, rest = body.partition("\n")
        return _split(head.split(","), rest)
    except zlib.error as error:
        raise ValueError(f"a packed text is damaged: {error}") from error


def _body(value: bytes) -> bytes:
    form, rest = value[:1], value[1:]
    if form == _DEFLATED:
        return zlib.decompressobj(_RAW, _dictionary()).decompress(rest)
    if form == _PLAIN:
        return rest
    raise ValueError(f"a packed text of an unknown form: {form!r}")


def _split(lengths: Sequence[str], text: str) -> tuple[str | None, ...]:
    found: list[str | None] = []
    start = 0
    for length in lengths:
        if length == _NONE:
            found.append(None)
        else:
            end = start + int(length)
            found.append(text[start:end])
            start = end
    return tuple(found)


def part(value: bytes | None, number: int) -> str | None:
    """One text of a value; ``None`` if there is no such value."""
    return None if value is None else unpack(value)[number]


def pack_words(*fields: str) -> bytes:
    """Fields of stems, in one line each, as one value: raw DEFLATE with ``words-1.txt``, quick to read.

    That dictionary holds the stems that most projects have in common, and never changes either.
    """
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _RAW, _MEMORY, zlib.Z_DEFAULT_STRATEGY, _stems())
    return packer.compress("\n".join(fields).encode("utf-8", "surrogatepass")) + packer.flush()


def unpack_words(value: bytes) -> list[str]:
    """What ``pack_words`` was given. Raises ``ValueError`` for what it did not make."""
    try:
        reader = zlib.decompressobj(_RAW, _stems())
        lines = reader.decompress(value).decode("utf-8", "surrogatepass").split("\n")
    except zlib.error as error:
        raise ValueError(f"packed words are damaged: {error}") from error
    if not reader.eof:
        raise ValueError("packed words are damaged: they have no end")
    return lines


@lru_cache(maxsize=1)
def _words(value: bytes) -> list[str]:
    return unpack_words(value)


def beginnings(*texts: str) -> str:
    """The beginnings of all words of these texts, of up to ``BEGINNINGS`` letters, as tokens."""
    words = {word.lower() for text in texts for word in _WORD.findall(text)}
    found = {word[:size] for word in words for size in range(1, BEGINNINGS + 1)}
    return " ".join(BEGINS + one for one in sorted(found))


def checksum(text: str) -> int:
    """CRC-32 of a text, signed: what it is looked up by where an index of texts would take much room."""
    return numbers.signed(zlib.crc32(text.encode("utf-8", "surrogatepass")))


def spoken(names: Mapping[str, str]) -> str:
    """The names that a file's outline gives to values of the module (``extraction/outline.py``)."""
    return " ".join(name for name, text in names.items() if text.startswith(_VALUE) and "." not in name)


# What SQL calls, by name: the parts of a version's body (``store.changes``), of a pattern's words
# (``store.words``), and of references (``store.references``).
FUNCTIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "code_of": (1, lambda value: part(value, 0)),
    "docstring_of": (1, lambda value: part(value, 1)),
    "signature_of": (1, lambda value: part(value, 2)),
    "facets_of": (1, lambda value: part(value, 3)),
    "part": (2, part),
    "pack_words": (-1, pack_words),
    "words_of": (2, lambda value, number: _words(value)[number]),
    "beginnings": (-1, beginnings),
    "merge": (2, numbers.merge),
    "without": (2, numbers.without),
    "paths_of": (1, lambda blob: dump([path for path, _ in numbers.unpack_refs(blob)])),
    "keys_of": (1, lambda blob: dump(numbers.unpack_keys(blob))),
}
