"""Numbers as the store keeps them: vectors, sets of keys, and hashes, each in as few bytes as serve.

A vector is the little-endian float32 that its numbers are multiples of, and each number as one
signed byte: a quarter of single precision. The multiple keeps the vector's length as it was. Of
10,777 real vectors of 384 numbers none turned by more than a cosine of 0.0001 from itself, and no
cosine of two moved by more than 0.0025.
"""

from __future__ import annotations

import math
import struct
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

SINGLE = 4  # bytes of a number of single precision
_SCALE = struct.Struct("<f")
_LARGEST = 127
_DIGIT = 127
_LETTERS = "abcdipru"  # of what kinds a reference is; one to a bit, for good
_HALF_MOST = 65504.0


def size(dimension: int) -> int:
    """The bytes of a vector of so many numbers."""
    return _SCALE.size + dimension


def shrink(blob: bytes) -> bytes:
    """A vector, float32 little-endian, as a multiple and a byte for each number.

    What is not finite makes the whole vector so: nothing resembles it.
    """
    return _shrunk(struct.unpack(f"<{len(blob) // SINGLE}f", blob))


def shrink_half(blob: bytes) -> bytes:
    """As ``shrink``, of numbers of half precision (IEEE 754 binary16)."""
    return _shrunk(struct.unpack(f"<{len(blob) // 2}e", blob))


def halve(blob: bytes) -> bytes:
    """Numbers of single precision as of half precision; the largest there is for what is larger."""
    numbers = struct.unpack(f"<{len(blob) // SINGLE}f", blob)
    return struct.pack(f"<{len(numbers)}e", *(max(-_HALF_MOST, min(_HALF_MOST, one)) for one in numbers))


def _shrunk(numbers: Sequence[float]) -> bytes:
    most = max(map(abs, numbers), default=0.0)
    length = math.hypot(*numbers)
    if not math.isfinite(length):
        return _SCALE.pack(math.nan) + bytes(len(numbers))
    if not most:
        return _SCALE.pack(0.0) + bytes(len(numbers))
    steps = [round(one / most * _LARGEST) for one in numbers]
    return _SCALE.pack(length / math.hypot(*steps)) + array("b", steps).tobytes()


def widen(blob: bytes) -> bytes:
    """What ``shrink`` made, as float32 little-endian."""
    if "numpy" in sys.modules:  # quicker where somebody needs it anyway, not worth its loading
        return bytes(widened([blob]))
    (scale,) = _SCALE.unpack_from(blob)
    return struct.pack(
        f"<{len(blob) - _SCALE.size}f", *(scale * one for one in array("b", blob[_SCALE.size :]))
    )


def widened(blobs: Sequence[bytes]) -> memoryview:
    """As ``widen``, of very many vectors, joined: by numpy. Raises ``ValueError`` if their sizes differ."""
    import numpy as np

    if not blobs:
        return memoryview(b"")
    row = np.dtype([("scale", "<f4"), ("steps", "i1", (len(blobs[0]) - _SCALE.size,))])
    if len({*map(len, blobs)}) > 1:
        raise ValueError("vectors of several dimensions")
    rows = np.frombuffer(b"".join(blobs), row)
    numbers = rows["steps"].astype("<f4")
    numbers *= rows["scale"][:, None]
    return memoryview(numbers).cast("B")  # type: ignore[arg-type]  # it has the protocol


def pack_hashes(hashes: Sequence[int]) -> bytes:
    """24-bit hashes as three bytes each, in their order."""
    wide = array("I", hashes).tobytes()
    small = bytearray(3 * len(hashes))
    for at in range(3):
        small[at::3] = wide[at::4]
    return bytes(small)


def unpack_hashes(blob: bytes) -> tuple[int, ...]:
    """What ``pack_hashes`` wrote."""
    wide = bytearray(len(blob) // 3 * 4)
    for at in range(3):
        wide[at::4] = blob[at::3]
    return tuple(array("I", bytes(wide)))


def pack_refs(kinds: Mapping[int, str]) -> bytes:
    """The letters (``models.Reference``) by id of a path: how far each id is from the last, in base 128
    with the last digit below 128 (LEB128), and a byte in which each bit is a letter.
    """
    packed, last = bytearray(), 0
    for path in sorted(kinds):
        left, last = path - last, path
        while left > _DIGIT:
            packed.append(left & _DIGIT | (_DIGIT + 1))
            left >>= 7
        packed += bytes((left, sum(1 << _LETTERS.index(one) for one in set(kinds[path]))))
    return bytes(packed)


def unpack_refs(blob: bytes) -> list[tuple[int, str]]:
    """What ``pack_refs`` wrote, by id; letters in their order."""
    found: list[tuple[int, str]] = []
    path = left = shift = 0
    digits = iter(blob)
    for digit in digits:
        left |= (digit & _DIGIT) << shift
        shift += 7
        if digit <= _DIGIT:
            path += left
            found.append((path, _spelt(next(digits))))
            left = shift = 0
    return found


@cache
def _spelt(mask: int) -> str:
    return "".join(letter for at, letter in enumerate(_LETTERS) if mask >> at & 1)


def without(block: bytes, number: int) -> bytes:
    """A set of small numbers without one of them."""
    return block.replace(bytes((number,)), b"")


def merge(*blocks: bytes) -> bytes:
    """Sets of small numbers, a byte each, as one: in order, each once."""
    return bytes(sorted({number for block in blocks for number in block}))


def signed(key: int) -> int:
    """A 32-bit number as one with a sign, which SQLite keeps in four bytes; without, half take six."""
    return key - (key >> 31 << 32)


def pack_keys(keys: Iterable[int]) -> bytes:
    """Signed 32-bit numbers as bytes, in order."""
    return array("i", sorted(keys)).tobytes()


def unpack_keys(blob: bytes) -> list[int]:
    """What ``pack_keys`` wrote."""
    return array("i", blob).tolist()
