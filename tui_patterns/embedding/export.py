"""From a sentence-transformers model to an ONNX graph; only the throw-away process imports this.

The graph holds the whole chain of modules (transformer, pooling whatever its
kind, dense layers, normalisation), so that nothing of it is written twice.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tui_patterns.embedding.errors import ConversionFailed

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_OUTPUT = "sentence_embedding"
_OPSET = 17
# Two texts of different length: the traced graph must not take either size for a constant.
_EXAMPLES = ["Return the names of all users, sorted.", "wrap text"]


def load_original(folder: Path, max_tokens: int) -> Any:
    """The reference model on the CPU, reading at most ``max_tokens``; never asks the network."""
    from sentence_transformers import SentenceTransformer

    # Plain attention traces to a graph that ONNX Runtime fuses: 720 documents a second in int8, sdpa 620.
    options = {"attn_implementation": "eager"}
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True, model_kwargs=options)
    model.max_seq_length = min(max_tokens, model.max_seq_length or max_tokens)
    check_words(model.tokenizer)
    return model.eval()


def check_words(tokenizer: Any) -> None:
    """Raise ConversionFailed for a slow tokenizer, or one without words, as is made up without its files."""
    if getattr(tokenizer, "backend_tokenizer", None) is None:
        raise ConversionFailed("its tokenizer has no fast form (tokenizer.json): choose another model")
    special = set(tokenizer.all_special_ids)
    if all(token in special for text in _EXAMPLES for token in tokenizer(text)["input_ids"]):
        raise ConversionFailed("it has no tokenizer (tokenizer.json or a vocabulary): choose another model")


def describe(model: Any, fingerprint: str, precision: str) -> dict[str, Any]:
    """What the runtime must know to treat a text as the original does."""
    given = model.preprocess(_EXAMPLES)
    return {
        "fingerprint": fingerprint,
        "precision": precision,
        "dimension": int(model.get_embedding_dimension()),
        "max_tokens": int(model.max_seq_length),
        "inputs": [name for name in INPUTS if name in given],
        "pad_id": int(model.tokenizer.pad_token_id or 0),
        "lower": bool(getattr(model[0], "do_lower_case", False)),
        "prompts": {role: model.prompts[role] for role in ("query", "document") if model.prompts.get(role)},
        "modules": [type(module).__name__ for module in model],
        "pooling": [module.pooling_mode for module in model if hasattr(module, "pooling_mode")],
    }


def to_onnx(model: Any, inputs: list[str], folder: Path) -> Path:
    """Export to ``folder/export.onnx``, with free batch and sequence axes."""
    return exported(model, model.preprocess(_EXAMPLES), inputs, _OUTPUT, folder)


def exported(model: Any, given: Mapping[str, Any], inputs: list[str], output: str, folder: Path) -> Path:
    """The chain of ``model``'s modules up to ``output``, as it treats the example ``given``.

    Tracing comes first: its graph runs 20 % faster than that of the newer
    exporter, which takes over where tracing fails or is gone.
    """
    import torch

    chain = _chain(model, inputs, output)
    example = tuple(given[name] for name in inputs)
    path = folder / "export.onnx"
    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            _trace(chain, example, inputs, output, path)
        except Exception as error:  # torch raises many types here; the other exporter may still do it
            print(f"tracing failed ({error}); trying torch.export", file=sys.stderr)  # noqa: T201
            _export(chain, example, inputs, output, path)
    return path


def optimise(source: Path, target: Path) -> None:
    """Write the graph as ONNX Runtime fuses it: a third of the time to load is saved at each start."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    # "Extended" is what holds on every machine; the level above depends on the CPU.
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(target)
    options.log_severity_level = 3
    ort.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])


def quantise(source: Path, target: Path, *, reduce_range: bool) -> None:
    """Weights to int8, one scale a channel (mean cosine .993 to fp32, against .953 with one a tensor)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantised = source.with_name("int8.onnx")
    quantize_dynamic(
        source, quantised, weight_type=QuantType.QInt8, per_channel=True, reduce_range=reduce_range
    )
    optimise(quantised, target)


def _chain(model: Any, inputs: list[str], output: str) -> Any:
    import torch

    class Chain(torch.nn.Module):  # type: ignore[misc]
        """All modules in a row, as a function of plain tensors."""

        def __init__(self) -> None:
            super().__init__()
            self.modules_in_order = torch.nn.ModuleList(list(model))

        def forward(self, *tensors: Any) -> Any:
            features: dict[str, Any] = dict(zip(inputs, tensors, strict=True), modality="text")
            for module in self.modules_in_order:
                features = module(features)
            return features[output]

    return Chain().eval()


def _trace(chain: Any, example: tuple[Any, ...], inputs: list[str], output: str, path: Path) -> None:
    import torch

    axes: dict[str, dict[int, str]] = {name: {0: "batch", 1: "sequence"} for name in inputs}
    axes[output] = {0: "batch"}
    torch.onnx.export(
        chain,
        example,
        str(path),
        input_names=inputs,
        output_names=[output],
        dynamic_axes=axes,
        opset_version=_OPSET,
        dynamo=False,
    )


def _export(chain: Any, example: tuple[Any, ...], inputs: list[str], output: str, path: Path) -> None:
    import torch

    free = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    torch.onnx.export(
        chain,
        example,
        str(path),
        input_names=inputs,
        output_names=[output],
        dynamic_shapes=(tuple(free for _ in inputs),),
        dynamo=True,
        external_data=False,
        verbose=False,
    )
