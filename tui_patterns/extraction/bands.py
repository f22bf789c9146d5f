"""Keys that likely similar units share: locality-sensitive hashing of their sketches.

One-permutation hashing (Li, Owen, Zhang, NIPS 2012): the shingles fall into BINS
by their low bits, and each bin keeps its smallest; an empty bin takes that of the
next full one (Shrivastava and Li, ICML 2014). A sketch keeps the smallest hashes,
so a full one has the minima of the whole set. Two units agree in a bin with a
probability of their Jaccard index J, in one of the BINS / ROWS bands with
1 - (1 - J^ROWS)^(BINS / ROWS): .990 at J = .5, .9999 at .7.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from zlib import crc32

BINS = 32
ROWS = 2


def band_keys(shingles: Sequence[int], kind: str) -> set[int]:
    """The keys of a unit of this kind, from its sorted shingles; none without shingles."""
    if not shingles:
        return set()
    bins = _filled(shingles)
    seed = crc32(kind.encode())
    return {
        crc32(struct.pack(f"<B{ROWS}I", band, *bins[band * ROWS : (band + 1) * ROWS]), seed)
        for band in range(BINS // ROWS)
    }


def _filled(shingles: Sequence[int]) -> list[int]:
    smallest: dict[int, int] = {}
    for hash in shingles:
        smallest.setdefault(hash % BINS, hash)
        if len(smallest) == BINS:
            break
    return [_borrowed(smallest, bin) for bin in range(BINS)]


def _borrowed(smallest: dict[int, int], bin: int) -> int:
    distance = next(step for step in range(BINS) if (bin + step) % BINS in smallest)
    return (smallest[(bin + distance) % BINS] + distance * 0x9E3779B1) & 0xFFFFFFFF
