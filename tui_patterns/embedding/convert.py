"""The throw-away process: ``python -m tui_patterns.embedding.convert MODEL OUT --precision int8``.

Loads a model folder with sentence-transformers, exports it to ONNX, holds the
twin against the original, and writes ``OUT`` whole or not at all. Standard
output carries one JSON object a line, ``{"progress": …}`` or ``{"error": …}``;
whatever libraries print goes to standard error.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tui_patterns.embedding.errors import ConversionFailed
from tui_patterns.embedding.fingerprint import META_FILE, MODEL_FILE, TOKENIZER_FILE
from tui_patterns.embedding.locate import Kind

_TOOLS = ("sentence-transformers", "transformers", "torch", "onnx", "onnxruntime", "tokenizers")
_NAMES: dict[Kind, str] = {"embedding": "embedding model", "reranker": "reranker"}
Tell = Callable[[str], None]


def main(arguments: list[str] | None = None) -> int:
    """Convert, and return the exit code; the reason of a failure is on standard output."""
    options = _parser().parse_args(arguments)
    say = _own_stdout()
    _die_with(os.getppid())
    try:
        convert(
            options.model,
            options.out,
            options.precision,
            options.max_tokens,
            lambda line: say(progress=line),
            options.kind,
        )
    except Exception as error:  # one line to whoever waits; the traceback goes to the log
        import traceback

        traceback.print_exc()
        reason = str(error) if isinstance(error, ConversionFailed) else f"{type(error).__name__}: {error}"
        reason = " ".join(reason.split())[:400]
        say(error=f"cannot convert the {_NAMES[options.kind]} {options.model.name}: {reason}")
        return 1
    return 0


def convert(
    model: Path, out: Path, precision: str, max_tokens: int, tell: Tell, kind: Kind = "embedding"
) -> None:
    """Write ``model.onnx``, ``tokenizer.json`` and ``meta.json`` to ``out``, which appears complete.

    ``out`` is named by the fingerprint. Raises ``ConversionFailed`` if the
    converted model differs from the original by more than is allowed.
    """
    started = time.monotonic()
    out.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=out.parent, prefix=".tmp-"))
    try:
        meta = _build(model, work / out.name, precision, max_tokens, tell, kind)
        meta["fingerprint"] = out.name
        meta["seconds"] = round(time.monotonic() - started, 1)
        _seal(work / out.name, meta)
        (work / out.name).rename(out)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _build(
    model: Path, folder: Path, precision: str, max_tokens: int, tell: Tell, kind: Kind
) -> dict[str, Any]:
    """Make the files in ``folder`` and return what ``meta.json`` is to say about them."""
    name = _NAMES[kind]
    tell(f"loading the {name} (once)")
    form, parity = _form(kind)
    from tui_patterns.embedding import export

    original = form.load_original(model, max_tokens)
    folder.mkdir()
    meta: dict[str, Any] = form.describe(original, folder.name, precision)
    original.tokenizer.backend_tokenizer.save(str(folder / TOKENIZER_FILE))
    (folder / META_FILE).write_text(json.dumps(meta), "utf-8")
    tell(f"converting the {name} to ONNX (once)")
    exported = form.to_onnx(original, meta["inputs"], folder.parent)
    export.optimise(exported, folder / MODEL_FILE)
    tell("comparing the converted model with the original")
    meta["parity"] = {"fp32": parity.check_fp32(original, folder)}
    if precision == "int8":
        tell(f"quantising the {name} to int8")
        meta["reduced_range"], meta["parity"]["int8"] = parity.quantise_checked(original, exported, folder)
        if meta["reduced_range"] is None:
            meta["precision"] = "fp32"
    return meta


def _form(kind: Kind) -> tuple[Any, Any]:
    """How such a model is loaded and exported, and how it is held against the original."""
    if kind == "reranker":
        from tui_patterns.embedding import export_reranker, parity_reranker

        return export_reranker, parity_reranker
    from tui_patterns.embedding import export, parity

    return export, parity


def _seal(folder: Path, meta: dict[str, Any]) -> None:
    """Write ``meta.json`` and bring everything to the disk: a name must never stand for half a file."""
    meta["versions"] = {tool: version(tool) for tool in _TOOLS}
    meta["peak_mib"] = _peak_mib()
    (folder / META_FILE).write_text(json.dumps(meta, indent=1), "utf-8")
    for file in (*folder.iterdir(), folder):
        handle = os.open(file, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _peak_mib() -> int | None:
    """The most memory this process had, where the system tells."""
    try:
        import resource
    except ImportError:
        return None
    per_mib = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // per_mib


def _own_stdout() -> Callable[..., None]:
    """Keep standard output for messages, and send what exporters print to standard error."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def say(**message: str) -> None:
        channel.write(json.dumps(message) + "\n")

    return say


def _die_with(parent: int) -> None:
    """End soon after the process that waits for this one: nobody needs the result any more."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tui_patterns.embedding.convert", description=__doc__)
    parser.add_argument("model", type=Path, help="folder of a sentence-transformers model")
    parser.add_argument("out", type=Path, help="folder to write, named by the fingerprint; must not exist")
    parser.add_argument("--precision", choices=("int8", "fp32"), default="int8")
    parser.add_argument("--max-tokens", type=int, default=128)
    parser.add_argument("--kind", choices=tuple(_NAMES), default="embedding")
    return parser


if __name__ == "__main__":
    sys.exit(main())
