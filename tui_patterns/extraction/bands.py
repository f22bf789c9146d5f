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

from tui_patterns.store.numbers import signed

BINS = 32
ROWS = 2
_STEP = 0x9E3779B1


def band_keys(shingles: Sequence[int], kind: str) -> set[int]:
    """The keys of a unit of this kind, signed 32-bit, from its sorted shingles; none without shingles."""
    if not shingles:
        return set()
    bins = _filled(shingles)
    seed = crc32(kind.encode())
    return {
        signed(crc32(struct.pack(f"<B{ROWS}I", band, *bins[band * ROWS : (band + 1) * ROWS]), seed))
        for band in range(BINS // ROWS)
    }


def _filled(shingles: Sequence[int]) -> list[int]:
    bins = [-1] * BINS
    left = BINS
    for hash in shingles:
        if bins[hash % BINS] < 0:
            bins[hash % BINS] = hash
            left -= 1
            if not left:
                return bins
    return _densified(bins)


def _densified(bins: list[int]) -> list[int]:
    """Each empty bin as the next full one, and how far that is."""
    found = list(bins)
    carried, distance = -1, 0
    for at in range(2 * BINS - 1, -1, -1):  # round twice, so that the last bin knows the first
        if bins[at % BINS] >= 0:
            carried, distance = bins[at % BINS], 0
        elif carried >= 0:
            distance += 1
            found[at % BINS] = (carried + distance * _STEP) & 0xFFFFFFFF
    return found
