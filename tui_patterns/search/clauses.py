"""A prompt as queries: what a person writes to a coding agent, taken apart.

A question to a search says one thing; a prompt says several, politely, with code, errors and
names in between. Each thing is asked for by itself: code and errors as such, prose by clause,
and all prose together. A name that is written as code writes it is met exactly, wherever it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tui_patterns.embedding.identifiers import words as split_words
from tui_patterns.search import query
from tui_patterns.search.query import Query
from tui_patterns.search.terms import FUNCTION_WORDS, content

MOST = 5  # queries of one prompt: each costs a search
LEAST_WORDS = 2  # distinct, telling something, of a clause that is asked for by itself
LONG = 12  # words of a sentence that is split where it goes on to another thing
MOST_TEXT = 20_000  # characters that are looked at
_MOST_SHOWN = 100  # characters of a clause, where a person is told of it

_FENCE = re.compile(r"^[ \t]*(```+|~~~+)[^\n]*\n(.*?)(?:^[ \t]*\1[ \t]*$|\Z)", re.MULTILINE | re.DOTALL)
_TRACEBACK = re.compile(
    r"^[ \t]*Traceback \(most recent call last\):\n(?:(?:[ \t]+.*|[ \t]*)\n)*(?:[ \t]*[\w.]+(?::.*)?$)?",
    re.MULTILINE,
)
_NAME = re.compile(
    r"`([^\W\d][\w.]*)(?:\(\))?`"  # in backticks
    r"|(?<![\w./-])((?:[^\W\d]\w*\.)*_*[^\W\d_]+\w*_\w+|(?:[^\W\d]\w*\.)*(?:[A-Z][a-z0-9]+[A-Z]|[A-Z]{2,}[a-z])\w+)\b(?!/)"
    r"|(?<![\w./-])([^\W\d][\w.]*)\(\)"  # called
    r"|(?<![\w./-])([A-Z]\w*\.[a-z_]\w*)\b"  # of a class
)
_SENTENCE = re.compile(
    r"(?<=[.!?])[ \t]+(?=[\"'`(]?[A-Z0-9`])|\n[ \t]*\n|\n[ \t]*(?:[-*+•]|\d+[.)])[ \t]+|;[ \t]"
)
_TURN = re.compile(
    r",? (?:and then|but|and also|so that|while) |, (?:and|then|also|keep|plus) ", re.IGNORECASE
)
_BULLET = re.compile(r"^[ \t]*(?:[-*+•>#]+|\d+[.)])[ \t]+")
_POLITE = re.compile(
    r"^(?:(?:hi|hey|hello|ok(?:ay)?|now|next|also|then|and|thanks|thank you|please|kindly|great|sure|well|so)"
    r"\b[,.!:]? *"
    r"|(?:can|could|would|will) you (?:please )?"
    r"|i(?:'d| would)? (?:like|want|need) (?:you )?to |(?:we|you) (?:need|have|want|should) to |let'?s )+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """One query of a prompt; ``said`` shows a person what it is, empty for all that a prompt says."""

    query: Query
    said: str = ""


def clauses(prompt: str) -> tuple[Clause, ...]:
    """The queries of a prompt, ``MOST`` at most: its prose as a whole, then code, errors and single clauses.

    Where the prompt is one clause it is asked for once.
    """
    prose, pieces = _apart(prompt[:MOST_TEXT])
    parts = [part for part in _parts(prose) if telling(part) >= LEAST_WORDS]
    whole = [Clause(_words(prose))] if telling(prose) else []
    single = [Clause(_words(part), _shown(part)) for part in parts] if len(parts) > 1 else []
    return tuple([*whole, *pieces, *_best(single, MOST - len(whole) - len(pieces))][:MOST])


def _apart(text: str) -> tuple[str, list[Clause]]:
    """Prose without code and errors, and these."""
    found: list[Clause] = []

    def take(match: re.Match[str]) -> str:
        found.extend(_pasted(match[2] if match.re is _FENCE else match[0]))
        return "\n\n"

    prose = _TRACEBACK.sub(take, _FENCE.sub(take, text))
    if not found and (whole := _pasted(prose)):
        return "", whole
    return prose.strip(), found[:2]


def _pasted(text: str) -> list[Clause]:
    """Code or an error as a query of its own, shown by its first line; nothing where ``text`` is neither."""
    asked = query.read(text)
    if asked.kind not in ("code", "error"):
        return []
    first = next((line for line in asked.text.splitlines() if line.strip()), "")
    return [Clause(asked, f"{asked.kind}: {_shown(first)}")]


def _parts(prose: str) -> Iterator[str]:
    """Sentences, items of lists, and clauses of long sentences; without politeness."""
    for sentence in _SENTENCE.split(prose):
        flat = " ".join(sentence.split())
        parts = _TURN.split(flat) if len(flat.split()) > LONG else [flat]
        yield from (_bare(part) for part in parts)


def _bare(part: str) -> str:
    return _POLITE.sub("", _BULLET.sub("", part)).strip(" ,.:;!")


def telling(text: str) -> int:
    """How many distinct words of ``text`` tell something."""
    return len(set(split_words(text)) - FUNCTION_WORDS)


def _words(text: str) -> Query:
    """Prose: no phrase must be there, and nothing is excluded; its names are met exactly."""
    flat = _bare(" ".join(text.split()))
    asked = Query(flat, "words", tuple(content(list(dict.fromkeys(split_words(flat))))))
    return replace(asked, symbols=frozenset(_names(text)))


def _names(text: str) -> Iterator[str]:
    """Names as code writes them; of dotted ones the last part too."""
    for match in _NAME.finditer(text):
        name = next(group for group in match.groups() if group).strip(".")
        yield name
        if "." in name:
            yield ".".join(name.split(".")[-2:])


def _best(found: Iterable[Clause], most: int) -> list[Clause]:
    """The clauses that say most, in their order."""
    listed = list({one.query.text: one for one in found}.values())
    kept = sorted(range(len(listed)), key=lambda at: (-min(len(listed[at].query.words), LONG), at))[
        : max(most, 0)
    ]
    return [listed[at] for at in sorted(kept)]


def _shown(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _MOST_SHOWN else f"{flat[: _MOST_SHOWN - 1]}…"
