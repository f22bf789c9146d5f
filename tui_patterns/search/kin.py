"""What code calls by another word than people do: who asks to *remove* may mean ``pop``, ``del`` or ``rm``.

``kin.txt`` has a line for each word of a question: its stem, then stems that stand
in names of functions, each with how strongly it means that word. They were learned
from documented functions of many packages by IBM model 1 (Brown et al., *The
Mathematics of Statistical Machine Translation*, Computational Linguistics 1993;
Berger and Lafferty, *Information Retrieval as Statistical Translation*, SIGIR
1999); ``benchmarks/kin.py`` writes the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_name("kin.txt")
Kin = tuple[tuple[str, float], ...]


def kin(stem: str) -> Kin:
    """Stems in names that may mean a word of this ``stem``, strongest first; 1 is as good as itself."""
    return _table().get(stem, ())


@lru_cache(maxsize=1)
def _table() -> Mapping[str, Kin]:
    return dict(map(read, FILE.read_text("utf-8").splitlines()))


def read(line: str) -> tuple[str, Kin]:
    """A line of the file, taken apart."""
    word, *rest = line.split()
    return word, tuple(zip(rest[::2], map(float, rest[1::2]), strict=True))


def written(word: str, found: Kin) -> str:
    """The line of the file that ``read`` takes apart."""
    return " ".join([word, *(f"{other} {strength:g}" for other, strength in found)])
