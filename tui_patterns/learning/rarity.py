"""How much a token of code tells: a name the more the fewer pieces of code know it."""

from __future__ import annotations

import builtins
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log

from tui_patterns.learning.token_stream import Code

SYNTAX = 0.25
COMMON = 0.35  # what every programmer calls: builtins, and the methods of built-in types
RARE = 1.0
SURE = 50  # pieces of code that it takes to call a name common by their number
_WORD = re.compile(r"[A-Za-z_]\w*")
_TYPES: tuple[type, ...] = (str, bytes, list, dict, set, int, float, tuple, type(iter([])))
EVERYBODYS = frozenset(dir(builtins)) | {name for kind in _TYPES for name in dir(kind)} | {"self", "cls"}


class Rarity:
    """Weights from the number of pieces of code in which a name stands."""

    def __init__(self, pieces: int = 0, known: Mapping[str, int] = {}) -> None:
        self._pieces = pieces
        self._known = known

    @classmethod
    def of(cls, codes: Iterable[str]) -> Rarity:
        """From the text of some pieces of code."""
        known: Counter[str] = Counter()
        pieces = 0
        for code in codes:
            known.update(set(_WORD.findall(code)))
            pieces += 1
        return cls(pieces, known)

    def weight(self, word: str) -> float:
        """From COMMON, in all pieces of code, to RARE, in none."""
        if word in EVERYBODYS:
            return COMMON
        total = self._pieces + SURE
        share = log(total / (self._known.get(word, 0) + 1)) / log(total)
        return COMMON + (RARE - COMMON) * share

    def weights(self, code: Code) -> list[float]:
        """One weight a token."""
        named = {token: self.weight(word) for token, word in code.words.items()}
        return [named.get(token, SYNTAX) for token in code.tokens]
