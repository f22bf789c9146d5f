"""What was asked: which kind of query it is, and the words, names, phrases and exclusions in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tui_patterns.embedding.document import code_words
from tui_patterns.embedding.identifiers import words as split_words
from tui_patterns.search.terms import FUNCTION_WORDS, content, folded, stem

QueryKind = Literal["words", "symbol", "code", "error"]

_MOST_TEXT = 100_000
_MOST_WORDS = 4_000
_SYMBOL = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*(?:\(\))?")
_PHRASE = re.compile(r'(?<!\S)(-?)"([^"\n]+)"')
_MINUS = re.compile(r"(?<!\S)-([^\W\d_][\w]*)(?!\S)")
_ERROR = re.compile(
    r"^(?:[\w.]+\.)?([A-Z]\w*(?:Error|Exception|Warning|Exit|Interrupt))\b:? ?(.*)$", re.MULTILINE
)
_FRAME = re.compile(r'^\s*File "[^"\n]*", line \d+, in (\S+)', re.MULTILINE)
_VALUE = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|\b0x[0-9a-f]+\b|\b\d+\b")
_CODE_LINE = re.compile(
    r"^\s*(?:@[\w.]+|(?:async )?def \w+\(|class \w+[:(]|from [\w.]+ import|import [\w.]+"
    r"|(?:if|for|while|with|return|raise|try|except)\b.*[:(]|[\w.\[\]\"']+\s*=[^=]|[\w.]+\(.*\)\s*$)"
)


@dataclass(frozen=True, slots=True)
class Query:
    """A query, taken apart.

    ``words`` are distinct, in lower case as typed, without function words; with
    ``typing`` the last of them may be unfinished. ``phrases`` (in stems) must be
    there, ``excluded`` stems must not. ``symbols`` are names asked for as the code
    writes them.
    """

    text: str
    kind: QueryKind
    words: tuple[str, ...]
    typing: bool = False
    phrases: tuple[tuple[str, ...], ...] = ()
    excluded: frozenset[str] = frozenset()
    symbols: frozenset[str] = frozenset()

    @property
    def plain(self) -> bool:
        """Whether a person says in it what code may call otherwise."""
        return self.kind in ("words", "symbol")

    @property
    def meaning(self) -> str:
        """What of it is embedded."""
        return self.text


def read(text: str) -> Query:
    """Take ``text``, as a person typed or pasted it, apart; of a very long one the beginning."""
    text = text[:_MOST_TEXT]
    if _looks_like_error(text):
        return of_error(text)
    if _looks_like_code(text):
        return of_code(text)
    return _of_words(text)


def of_code(code: str, docstring: str | None = None) -> Query:
    """Code, to find more like it."""
    code = code[:_MOST_TEXT]
    return Query(code, "code", tuple(code_words(code, docstring)))


def of_error(text: str) -> Query:
    """A traceback or an error's message: its type, its words without values, the functions on its way."""
    text = text[:_MOST_TEXT]
    frames = _FRAME.findall(text)
    found = list(_ERROR.finditer(text))
    said = f"{found[-1][1]} {found[-1][2]}" if found else text
    plain = _VALUE.sub(" ", said)
    frames = [name for name in frames if not name.startswith("<")]
    words = _distinct(split_words(f"{plain} {' '.join(frames[-3:])}"))
    symbols = frozenset(frames[-3:]) | frozenset(match[1] for match in found[-1:])
    return Query(said.strip(), "error", tuple(content(words)), symbols=symbols)


def _of_words(text: str) -> Query:
    phrases, excluded = _asked_for(text)
    rest = _MINUS.sub(" ", _PHRASE.sub(lambda match: " " if match[1] else f" {match[2]} ", text))
    if not split_words(rest):  # what only excludes asks for nothing: then it is words as any
        rest, phrases, excluded = text, (), frozenset()
    typed = split_words(rest)[:_MOST_WORDS]
    typing = bool(typed) and (rest[-1:].isalnum() or rest[-1:] == "_")
    said = _typed(typed) if typing else content(_distinct(typed))
    is_symbol = _SYMBOL.fullmatch(text.strip()) is not None
    return Query(
        rest.strip(),
        "symbol" if is_symbol else "words",
        tuple(said),
        typing,
        phrases,
        excluded,
        _symbols(text.strip()) if is_symbol else frozenset(),
    )


def _typed(words: Sequence[str]) -> list[str]:
    """Distinct words without function words, the last typed at the end, whatever it is or may become."""
    *before, last = words
    return [word for word in _distinct(before) if word not in FUNCTION_WORDS and word != last] + [last]


def _asked_for(text: str) -> tuple[tuple[tuple[str, ...], ...], frozenset[str]]:
    """Phrases that must be there, and stems that must not."""
    quoted = _PHRASE.findall(text)
    phrases = [stems_of(phrase) for minus, phrase in quoted if not minus]
    unwanted = [word for minus, phrase in quoted if minus for word in stems_of(phrase)]
    unwanted += [word for match in _MINUS.finditer(_PHRASE.sub(" ", text)) for word in stems_of(match[1])]
    return tuple(phrase for phrase in phrases if phrase), frozenset(unwanted)


def _symbols(name: str) -> frozenset[str]:
    """A name to be met exactly; of a dotted path also its last part."""
    plain = name.removesuffix("()")
    return frozenset({plain, plain.rpartition(".")[2]})


def stems_of(text: str) -> tuple[str, ...]:
    """The stems of free text in order."""
    return tuple(stem(folded(word)) for word in split_words(text))


def _looks_like_error(text: str) -> bool:
    return "Traceback (most recent call last)" in text or _ERROR.match(text.strip()) is not None


def _looks_like_code(text: str) -> bool:
    """Several lines, and most of them as only code is."""
    lines = [line for line in text.splitlines() if line.strip()]
    return len(lines) > 1 and sum(bool(_CODE_LINE.match(line)) for line in lines) >= len(lines) / 2


def _distinct(found: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found))


def rarest(words: Sequence[str], counts: Mapping[str, int], most: int) -> list[str]:
    """At most ``most`` of ``words``, in their order: those that say most, before those that nobody says."""
    if len(words) <= most:
        return list(words)
    kept = set(sorted(words, key=lambda word: (not counts.get(word), counts.get(word, 0)))[:most])
    return [word for word in words if word in kept]
