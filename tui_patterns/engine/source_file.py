"""Reading one source file that anyone may have written, or may be changing right now."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

from tui_patterns.engine.ignore import HEAD_BYTES, IgnoreRules, SkipReason


def read_source(path: Path, max_bytes: int, *, root: Path | None = None) -> bytes | SkipReason:
    """The bytes of a source file, or why they must not be used: told apart by ``isinstance(…, bytes)``.

    Never blocks on a FIFO or a device, never follows a link at the end of
    the path, and never reads more than ``max_bytes`` + 1. With ``root`` (resolved)
    it also refuses a file that a swapped folder link put outside, before a byte is read.

    :raises OSError: the file is gone or may not be read.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        return "not_regular"
    handle = os.open(path, flags | getattr(os, "O_BINARY", 0))
    try:
        return _read_open(handle, path, max_bytes, root)
    finally:
        os.close(handle)


def _read_open(handle: int, path: Path, max_bytes: int, root: Path | None) -> bytes | SkipReason:
    st = os.fstat(handle)
    if not stat.S_ISREG(st.st_mode):
        return "not_regular"
    if st.st_size > max_bytes:
        return "too_large"
    if root is not None and not _true_path(handle, path).is_relative_to(root):
        return "outside_root"
    with os.fdopen(handle, "rb", closefd=False) as file:
        source = file.read(max_bytes + 1)
    if len(source) > max_bytes:
        return "too_large"
    if b"\0" in source[:HEAD_BYTES]:
        return "binary"
    return "generated" if IgnoreRules.generated(source) else source


def _true_path(handle: int, path: Path) -> Path:
    """Where an open file really lies; the kernel knows, the path may have changed meanwhile."""
    if sys.platform == "linux":
        return Path(os.readlink(f"/proc/self/fd/{handle}"))  # noqa: PTH115
    return path.resolve()
