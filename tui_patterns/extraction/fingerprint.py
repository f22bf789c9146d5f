"""Fingerprints of code: exact, of its structure, and for likeness.

Likeness is the Jaccard index of sets of k-grams over the syntax tree's tokens
with local names blotted out, so that renamed variables, new comments or another
layout change nothing, and an edited line changes only the k-grams across it.
Sets larger than SKETCH are kept as a bottom-k sketch: their SKETCH smallest
hashes (Broder, "On the resemblance and containment of documents", 1997).
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Sequence
from zlib import crc32

K = 5
SKETCH = 256
SHINGLE = 24  # bits: of two units with 256 each, one pair of 256 has a hash in common by chance
_BITS, _WIDTH = 32, 4  # of a gram's hash, in bits and bytes


def token_code(token: str) -> int:
    """A token as 32 bits, the same in every process and version."""
    return crc32(token.encode("utf-8", "surrogatepass"))


def text_hash(text: str) -> str:
    """128 bits of BLAKE2b over the exact text, as 32 hex digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def structure_hash(tokens: Sequence[str]) -> str:
    """One hash for the token stream of a unit's tree, names and constants included."""
    return text_hash("\x1f".join(tokens))


def gram_hashes(codes: array[int]) -> list[int]:
    """The hash of the K tokens from each position on: ``len(codes) - K + 1`` of them, or one."""
    data = memoryview(codes.tobytes())
    size = K * _WIDTH
    if len(data) < size:
        return [crc32(data)]
    return [crc32(data[at : at + size]) for at in range(0, len(data) - size + _WIDTH, _WIDTH)]


def sketch(hashes: Sequence[int]) -> tuple[int, ...]:
    """The first SHINGLE bits of the distinct hashes in order, at most SKETCH of them, the smallest."""
    return tuple(sorted({one >> (_BITS - SHINGLE) for one in hashes})[:SKETCH])


def similarity(a: Sequence[int], b: Sequence[int]) -> float:
    """Jaccard index, 0..1, of the sets behind two sketches.

    Exact while neither is full. Otherwise the share of hashes common to both
    among the SKETCH smallest of their union, whose standard error is at most
    sqrt(J * (1 - J) / SKETCH), 0.031. Nothing resembles an empty sketch.
    """
    left, right = set(a), set(b)
    if not left or not right:
        return 0.0
    union = left | right
    if len(left) >= SKETCH or len(right) >= SKETCH:
        union = set(sorted(union)[:SKETCH])
    return len(union & left & right) / len(union)
