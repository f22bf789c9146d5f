"""Libraries of more patterns than can be indexed while somebody waits: grown once, and kept."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from benchmarks.grown import grow
from benchmarks.library import library_folder
from benchmarks.measured import run
from benchmarks.places import tell
from tui_patterns.embedding.fingerprint import fingerprint
from tui_patterns.embedding.locate import resolve_model
from tui_patterns.settings import Settings, cache_dir


def model_name() -> str:
    """The fingerprint of the default model."""
    chosen = Settings().embedding
    return fingerprint(resolve_model(chosen.model), chosen.precision, chosen.max_tokens, cache_dir())


def large_folder(size: int) -> Path:
    """The data folder of ``size`` patterns, all of them in Chroma; made now if it is not there.

    The library that was really indexed has a few more than its 10,000, and stands for all sizes up to that.
    """
    original = library_folder()
    small = run_warm("count", original)["patterns"]
    if size <= small:
        return original
    target = original.parent.with_name(f"{original.parent.name}-grown-{size}")
    if not (target / "done").is_file():
        _make(original, target, size)
    return target / "data"


def run_warm(mode: str, data: Path) -> dict[str, Any]:
    """What ``drivers/warm.py`` says of a data folder, from a process of its own."""
    said = run([sys.executable, "-m", "benchmarks.drivers.warm", mode, str(data)]).out
    found: dict[str, Any] = json.loads(said.splitlines()[-1])
    return found


def _make(original: Path, target: Path, size: int) -> None:
    """Beside its place first, so that no half of it is ever taken for the whole."""
    tell(f"making a library of {size:,} patterns, once")
    making = target.with_name(f"{target.name}.{os.getpid()}")
    try:
        data = shutil.copytree(_nearest(original, size), making / "data")
        have = grow(data / "patterns.db", size, model_name())
        synced = run_warm("sync", data)
        (making / "done").write_text(json.dumps({"patterns": have, **synced}), "utf-8")
        shutil.rmtree(target, ignore_errors=True)
        making.replace(target)
    finally:
        shutil.rmtree(making, ignore_errors=True)
    tell(f"{have:,} patterns, {synced['cpu']:.0f} s of work to bring them into Chroma")


def _nearest(original: Path, size: int) -> Path:
    """The largest library there is that may be grown to ``size``."""
    name = f"{original.parent.name}-grown-"
    smaller = [
        (made, folder / "data")
        for folder in original.parent.parent.glob(f"{name}*")
        if (suffix := folder.name.removeprefix(name)).isdigit()
        and (made := int(suffix)) < size
        and (folder / "done").is_file()
    ]
    return max(smaller, default=(0, original))[1]
