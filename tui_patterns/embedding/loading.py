"""A converted model into memory: converted first where it never was, and again where it no longer loads."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tui_patterns.embedding.fingerprint import find_converted
from tui_patterns.embedding.locate import Kind

Loaded = TypeVar("Loaded")


def load_converted(
    make: Callable[[Path], Loaded],
    kind: Kind,
    name: str,
    precision: str,
    max_tokens: int,
    cache_dir: Path,
    on_progress: Callable[[str], None] | None,
) -> Loaded:
    """What ``make`` makes of the converted model's folder.

    Converting takes seconds, and 900 MB for that time. Raises ``ModelMissing`` or ``ConversionFailed``,
    and what ``make`` raises for a model that was converted just now.
    """
    folder = find_converted(name, precision, max_tokens, cache_dir, kind)
    broken = None
    if folder is not None:
        try:
            return make(folder)
        except (ImportError, MemoryError):
            raise
        except Exception:  # ORT and tokenizers raise types of their own; the cure is the same
            from tui_patterns.embedding.onnx import stamp

            broken = stamp(folder)
    from tui_patterns.embedding.onnx import ensure_converted

    return make(ensure_converted(name, precision, max_tokens, cache_dir, on_progress, broken, kind))
