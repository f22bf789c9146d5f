"""A library of 10,000 patterns of real code: the installed packages, copied, indexed and embedded once.

It is kept beside the virtual environment, named by what it depends on: the
database's schema, the model's fingerprint and the entry gate's settings.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from benchmarks.places import cache_folder, tell
from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.embedding.fingerprint import fingerprint
from tui_patterns.embedding.locate import resolve_model
from tui_patterns.engine.indexing import EXTRACTION_VERSION
from tui_patterns.models import EngineStatus
from tui_patterns.settings import Settings, cache_dir
from tui_patterns.store.migrate import migrations

PATTERNS = 10_000
# Written by people, of many kinds; in this order until there are enough. Without rich and textual: what is
# indexed while something is measured must be new, or nothing of it would have to be embedded.
PACKAGES = (
    "httpx", "aiohttp", "click", "jinja2", "astroid", "pydantic", "networkx", "hypothesis", "huggingface_hub",
    "chromadb", "requests", "urllib3", "uvicorn", "pygments", "fsspec", "sentence_transformers", "websockets",
    "sklearn", "sympy", "transformers",
)  # fmt: skip


def library_folder() -> Path:
    """The data folder of the 10,000 patterns; built now if it is not there (some minutes)."""
    target = cache_folder() / _name()
    if (target / "done").is_file():
        return target / "data"
    shutil.rmtree(target, ignore_errors=True)
    tell(f"building a library of {PATTERNS:,} patterns, once")
    _build(target)
    (target / "done").touch()
    return target / "data"


def copy_of(data: Path, into: Path) -> Path:
    """A copy to work on: a measurement must not change what the next one measures."""
    return Path(shutil.copytree(data, into))


def source_of(package: str, into: Path) -> Path:
    """The Python source of an installed package, copied to ``into / package``."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed")
    home = Path(next(iter(spec.submodule_search_locations)))
    return Path(shutil.copytree(home, into / package, ignore=_not_python))


def _not_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()} | {
        "__pycache__"
    }


def _name() -> str:
    chosen = Settings().embedding
    model = fingerprint(resolve_model(chosen.model), chosen.precision, chosen.max_tokens, cache_dir())
    sources = hashlib.sha256(" ".join(PACKAGES).encode()).hexdigest()
    schema = hashlib.sha256("".join(sql for _, sql in migrations()).encode()).hexdigest()
    return f"{PATTERNS}-{schema[:6]}-{EXTRACTION_VERSION}-{model[:12]}-{sources[:6]}"


def _build(target: Path) -> None:
    library = PatternLibrary(target / "data" / "patterns.db", settings=Settings())
    for package in _sources(target / "sources"):
        Indexer(library, on_progress=_progress).index([package], embed=False)
        tell(f"{library.count():,} patterns after {package.name}")
        if library.count() >= PATTERNS:
            break
    Indexer(library, on_progress=_progress).index([package], embed=True)
    library.close()


def _sources(folder: Path) -> Iterator[Path]:
    for package in PACKAGES:
        if find_spec(package) is not None:
            yield source_of(package, folder)


def _progress(status: EngineStatus) -> None:
    if not sys.stderr.isatty():
        return
    share = f"{status.semantic:.0%} embedded" if status.semantic is not None else ""
    sys.stderr.write(f"\r\x1b[K{status.state} {status.files_done}/{status.files_total} {share}")
