"""Whether two patterns say the same thing, so that a prompt does not say it twice.

Same identity, one lying inside the other in a file (a class and its method), or
nearly the same structure: the Jaccard index of their token 4-grams, with local
names blanked out and the names that are called or looked up kept, is at least
the setting ``extraction.max_similarity``, or ``NAMESAKES`` when name and
signature are the same. (Of 4,000 random pairs of functions none reached 0.4.)
"""

from __future__ import annotations

import re
from functools import lru_cache

from tui_patterns.models import Pattern

ALIKE = 0.9
NAMESAKES = 0.4
_GRAM = 4
_COMMENT = re.compile(r'("""|\'\'\').*?\1|(?<!\S)#[^\n]*', re.DOTALL)
_WORD = r"[^\W\d]\w*"
_TOKEN = re.compile(rf"(?<=\.){_WORD}|{_WORD}(?=\s*\()|(?P<local>{_WORD})|\w+|[^\w\s]")
_RESERVED = """and as async await break case catch class const continue def del elif else except false finally
for from function if import in is lambda let match new none not null or pass raise return super switch this
throw true try typeof undefined var while with yield"""
_KEYWORDS = frozenset(_RESERVED.split())


def alike(one: Pattern, other: Pattern, least: float = ALIKE) -> bool:
    """Whether showing both would repeat one of them; ``least`` is the similarity of two that are one."""
    if one.id == other.id:
        return True
    namesakes = (one.name, one.signature) == (other.name, other.signature)
    needed = min(NAMESAKES, least) if namesakes else least
    return _nested(one, other) or similarity(one.code, other.code) >= needed


def similarity(one: str, other: str) -> float:
    """Jaccard index of the two codes' structures, 0..1; 0 when one is too short to tell."""
    a, b = _grams(one), _grams(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def _nested(one: Pattern, other: Pattern) -> bool:
    if (one.root, one.path) != (other.root, other.path):
        return False
    return (one.line <= other.line and other.end_line <= one.end_line) or (
        other.line <= one.line and one.end_line <= other.end_line
    )


@lru_cache(maxsize=256)
def _grams(code: str) -> frozenset[tuple[str, ...]]:
    tokens = [_blank(match) for match in _TOKEN.finditer(_COMMENT.sub(" ", code))]
    return frozenset(zip(*(tokens[i:] for i in range(_GRAM)), strict=False))


def _blank(match: re.Match[str]) -> str:
    word = match["local"]
    return "·" if word and word.lower() not in _KEYWORDS else match[0]
