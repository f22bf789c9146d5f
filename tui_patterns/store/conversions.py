"""What migrations convert by: SQL functions that nothing else calls, as they were when these were written."""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from tui_patterns.store import numbers
from tui_patterns.store.packing import checksum, pack, spoken
from tui_patterns.store.sql import dump, load

_RAW = -15


def _pack_lines(*lines: str) -> bytes:
    """Words as schemas 23 to 25 packed them: raw DEFLATE without a dictionary."""
    packer = zlib.compressobj(6, zlib.DEFLATED, _RAW, 9)
    return packer.compress("\n".join(lines).encode("utf-8", "surrogatepass")) + packer.flush()


@lru_cache(maxsize=1)
def _lines(value: bytes) -> list[str]:
    return zlib.decompress(value, _RAW).decode("utf-8", "surrogatepass").split("\n")


def _shorter(shingles: bytes) -> bytes:
    """Sorted 32-bit hashes as their first 24 bits, each once."""
    return numbers.pack_hashes(sorted({one >> 8 for one in array("I", shingles)}))


CONVERSIONS: dict[str, tuple[int, Callable[..., Any]]] = {
    "pack": (-1, pack),
    "pack_lines": (-1, _pack_lines),
    "line": (2, lambda value, number: _lines(value)[number]),
    "halve": (1, numbers.halve),
    "pack_refs": (1, lambda kinds: numbers.pack_refs({int(one): told for one, told in load(kinds).items()})),
    "shrink_half": (1, numbers.shrink_half),
    "shorter": (1, _shorter),
    "spoken": (1, lambda names: spoken(load(names))),
    "values_of": (1, lambda parts: dump([one for _, one in sorted(load(parts).items())])),
    "checksum": (1, lambda text: checksum(text) % 2**32),
    "bytes_of": (1, lambda listed: numbers.merge(bytes(load(listed)))),
    "pack_keys": (1, lambda listed: array("I", sorted(load(listed))).tobytes()),
    "pack_signed": (1, lambda listed: numbers.pack_keys(load(listed))),
    "signed": (1, numbers.signed),
}
