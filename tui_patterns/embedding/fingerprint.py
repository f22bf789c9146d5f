"""Names a converted model by what it was made of, at the cost of a few ``stat`` calls.

Hashing 90 MB of weights takes 0.1 to 0.3 s, too long for a cold search: the hash
is kept in ``weights.json`` beside the converted models, and holds while names,
sizes and modification times of the model's files stay the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from pathlib import Path

from tui_patterns.embedding.locate import Kind, resolve_model

EXPORTER = 1
"""Counted up when a converted model would come out different: a new fingerprint, so new vectors."""
MODEL_FILE, TOKENIZER_FILE, META_FILE = "model.onnx", "tokenizer.json", "meta.json"
_READ = {".json", ".txt", ".safetensors", ".bin", ".model"}
_OTHER_RUNTIMES = {"onnx", "openvino", "coreml", ".git", ".cache"}


def fingerprint(
    source: Path, precision: str, max_tokens: int, cache_dir: Path, kind: Kind = "embedding"
) -> str:
    """32 hex digits over the model's files (weights, tokenizer, pooling), precision, length and exporter."""
    recipe = f"{weights_digest(source, cache_dir)} {precision} {max_tokens} {EXPORTER}"
    recipe += "" if kind == "embedding" else f" {kind}"
    return hashlib.sha256(recipe.encode()).hexdigest()[:32]


def models_dir(cache_dir: Path) -> Path:
    """The folder of converted models, one folder each, named by fingerprint."""
    return cache_dir / "models"


def find_converted(
    name: str, precision: str, max_tokens: int, cache_dir: Path, kind: Kind = "embedding"
) -> Path | None:
    """The folder of the converted model, or ``None`` while it is not converted. Converts nothing.

    Raises ``ModelMissing`` if there is no such model on this machine.
    """
    wanted = fingerprint(resolve_model(name, kind), precision, max_tokens, cache_dir, kind)
    return converted_in(models_dir(cache_dir) / wanted)


def converted_in(folder: Path) -> Path | None:
    """``folder`` if a whole converted model is in it: it is renamed into place when complete."""
    return folder if (folder / META_FILE).is_file() else None


def weights_digest(source: Path, cache_dir: Path) -> str:
    """SHA-256 over the model's files, from ``weights.json`` while none of them changed."""
    files = _model_files(source)
    facts = [[str(file.relative_to(source)), *_stamp(file)] for file in files]
    known = _known(cache_dir)
    entry = known.get(str(source))
    if isinstance(entry, dict) and entry.get("files") == facts and isinstance(entry.get("sha256"), str):
        return str(entry["sha256"])
    digest = _hash(source, files)
    _remember(cache_dir, {**known, str(source): {"files": facts, "sha256": digest}})
    return digest


def _model_files(source: Path) -> list[Path]:
    """What sentence-transformers reads: no other runtime's copies, no .bin beside .safetensors."""
    found: list[Path] = []
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(set(folders) - _OTHER_RUNTIMES)
        modern = any(name.endswith(".safetensors") for name in names)
        kept = (name for name in names if Path(name).suffix in (_READ - {".bin"} if modern else _READ))
        found += [Path(folder, name) for name in kept]
    return sorted(found)


def _stamp(file: Path) -> tuple[int, int]:
    facts = file.stat()
    return facts.st_size, facts.st_mtime_ns


def _hash(source: Path, files: list[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            one = hashlib.file_digest(stream, "sha256").hexdigest()
        total.update(f"{file.relative_to(source).as_posix()}\0{one}\n".encode())
    return total.hexdigest()


def _known(cache_dir: Path) -> dict[str, object]:
    try:
        loaded = json.loads((models_dir(cache_dir) / "weights.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _remember(cache_dir: Path, known: dict[str, object]) -> None:
    """Replace ``weights.json`` whole; without a writable cache the hash is simply made again."""
    with contextlib.suppress(OSError):
        models_dir(cache_dir).mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=models_dir(cache_dir), prefix=".weights-")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(known, stream)
        Path(temporary).replace(models_dir(cache_dir) / "weights.json")
