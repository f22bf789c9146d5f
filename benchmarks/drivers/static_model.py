"""A static model for semble, whose own needs the network: the default model, distilled as model2vec does.

    python static_model.py distil MODEL FOLDER     # by a Python that has sentence-transformers
    python static_model.py write MODEL FOLDER      # by semble's

Each word of the vocabulary is embedded alone, the vectors are reduced to 256
principal components, and weighed by a / (a + p), p by Zipf's law over the rank
(smooth inverse frequency: Arora, Liang, Ma, "A simple but tough-to-beat baseline
for sentence embeddings", 2017).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import numpy as np

DIMENSIONS = 256
SMOOTHING = 1e-4
BATCH = 1024
VECTORS = "distilled.npy"


def main(arguments: Sequence[str]) -> None:
    """One half of the way."""
    what, source, target = arguments[0], Path(arguments[1]), Path(arguments[2])
    (distil if what == "distil" else write)(source, target)


def distil(source: Path, target: Path) -> None:
    """The words' vectors, reduced and weighed, to a file."""
    target.mkdir(parents=True, exist_ok=True)
    np.save(target / VECTORS, weighed(reduced(embedded(source))))


def write(source: Path, target: Path) -> None:
    """The folder that semble is pointed at."""
    tokenizer = import_module("tokenizers").Tokenizer.from_file(str(source / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    vectors = np.load(target / VECTORS)
    import_module("model2vec").StaticModel(vectors, tokenizer, normalize=True).save_pretrained(str(target))
    (target / VECTORS).unlink()


def embedded(source: Path) -> np.ndarray:
    """[n, 384] vectors of all words, each between the marks of begin and end."""
    torch = import_module("torch")
    model = import_module("sentence_transformers").SentenceTransformer(str(source), device="cpu")
    network, words = model[0].auto_model.eval(), model.tokenizer
    found = []
    with torch.no_grad():
        for ids in torch.arange(len(words)).split(BATCH):
            ends = [torch.full_like(ids, mark) for mark in (words.cls_token_id, words.sep_token_id)]
            given = torch.stack([ends[0], ids, ends[1]], dim=1)
            said = network(input_ids=given, attention_mask=torch.ones_like(given))
            found.append(said.last_hidden_state.mean(dim=1).numpy())
    return np.concatenate(found)


def reduced(vectors: np.ndarray) -> np.ndarray:
    """[n, 256] principal components."""
    centred = vectors - vectors.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    return np.asarray(centred @ axes[:, ::-1][:, :DIMENSIONS])


def weighed(vectors: np.ndarray) -> np.ndarray:
    """The same, float32, rare words longer: the vocabulary stands in order of frequency."""
    share = 1.0 / np.arange(2, len(vectors) + 2)
    share /= share.sum()
    return (vectors * (SMOOTHING / (SMOOTHING + share))[:, None]).astype(np.float32)


if __name__ == "__main__":
    main(sys.argv[1:])
