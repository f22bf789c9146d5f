"""Other programs that search code: how each is started, on the same files, offline."""

from __future__ import annotations

from benchmarks.rivals.base import Peer
from benchmarks.rivals.local import PlainVectors, Ripgrep, Semble
from benchmarks.rivals.servers import SeaGoat, VectorCode

RIVALS: tuple[type[Peer], ...] = (VectorCode, SeaGoat, Semble, PlainVectors, Ripgrep)
