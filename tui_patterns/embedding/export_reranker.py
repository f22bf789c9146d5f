"""From a cross-encoder to an ONNX graph: two texts in, one score out; for the throw-away process only.

The score is what the model gives before its activation: of one trained for relevance,
the log-odds that the second text answers the first.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tui_patterns.embedding import export
from tui_patterns.embedding.errors import ConversionFailed

OUTPUT = "scores"
_EXAMPLES = [
    ["names of all users", "Return the names of all users, sorted."],
    ["wrap", "def wrap(text): ..."],
]


def load_original(folder: Path, max_tokens: int) -> Any:
    """The reference model on the CPU, reading at most ``max_tokens`` of a pair; never asks the network.

    Raises ConversionFailed for a model of another kind, which would be given a head of random numbers.
    """
    if not any(name.endswith("ForSequenceClassification") for name in _architectures(folder)):
        raise ConversionFailed("it is no cross-encoder (for sequence classification): choose another model")
    from sentence_transformers import CrossEncoder

    options = {"attn_implementation": "eager"}
    model = CrossEncoder(str(folder), device="cpu", local_files_only=True, model_kwargs=options)
    if model.num_labels != 1:
        raise ConversionFailed(f"it gives {model.num_labels} scores and not one: choose another model")
    model.max_seq_length = min(max_tokens, model.max_seq_length or max_tokens)
    export.check_words(model.tokenizer)
    return model.eval()


def _architectures(folder: Path) -> list[str]:
    """What ``config.json`` calls the model, before anything heavy is loaded."""
    try:
        config = json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError):
        return []
    named = config.get("architectures") if isinstance(config, dict) else None
    return [str(name) for name in named] if isinstance(named, list) else []


def describe(model: Any, fingerprint: str, precision: str) -> dict[str, Any]:
    """What the runtime must know to treat a pair as the original does."""
    given = model.preprocess(_EXAMPLES)
    return {
        "fingerprint": fingerprint,
        "kind": "reranker",
        "precision": precision,
        "max_tokens": int(model.max_seq_length),
        "inputs": [name for name in export.INPUTS if name in given],
        "pad_id": int(model.tokenizer.pad_token_id or 0),
        "lower": bool(getattr(model[0], "do_lower_case", False)),
        "modules": [type(module).__name__ for module in model],
    }


def to_onnx(model: Any, inputs: list[str], folder: Path) -> Path:
    """Export to ``folder/export.onnx``, with free batch and sequence axes."""
    return export.exported(model, model.preprocess(_EXAMPLES), inputs, OUTPUT, folder)
