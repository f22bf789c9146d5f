"""Identifiers and free text as lower-case words: one notion of a word for embedding and lexical search."""

from __future__ import annotations

import re
import unicodedata

# Alternatives, in order: a plural acronym (IDs), an acronym up to the next capitalised word (HTTP in
# HTTPResponse), a word with or without its capital, bare digits. Digits stay with the word before them.
_WORD = re.compile(r"(?:[A-Z]{2,}s(?![a-z])|[A-Z]+(?![a-z])|[A-Z]?[a-z]+)[0-9]*|[0-9]+")
_CONTRACTION = re.compile(r"(?<=[a-z])(?:n['’]t|['’](?:s|t|re|ve|ll|d|m))\b", re.IGNORECASE)


def split_identifier(name: str) -> list[str]:
    """The words of one identifier, lower-cased: ``parseHTTPResponse_v2`` gives parse, http, response, v2.

    Splits at anything that is no letter or digit, and at camel-case borders.
    Letters of every script count; those without case form one word.
    """
    if name.isascii():
        return [word.lower() for word in _WORD.findall(name)]
    name = unicodedata.normalize("NFC", name)
    shape = "".join(map(_shape, name))
    return [name[match.start() : match.end()].lower() for match in _WORD.finditer(shape)]


def words(text: str) -> list[str]:
    """The words of free text in order, lower-cased, identifiers in it split; contractions lose their tail."""
    quoted = "'" in text or "’" in text
    return split_identifier(_CONTRACTION.sub("", text) if quoted else text)


def _shape(char: str) -> str:
    """The ASCII character of the same class (upper, lower, digit, other) as ``char``."""
    if char.isascii():
        return char
    if char.isalpha():
        return "A" if char.isupper() else "a"
    return "0" if char.isdigit() else " "
