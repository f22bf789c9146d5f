"""The converted model is the model: same vectors, made once, found again, and never half there."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tui_patterns.embedding import fingerprint as prints
from tui_patterns.embedding.locate import DEFAULT_MODEL
from tui_patterns.embedding.model import (
    ConversionFailed,
    EmbeddingModel,
    ModelMissing,
    find_converted,
    load_model,
    resolve_model,
)

TOKENS = 128
TEXTS = [
    "wrap text to a given width",
    "retry a database transaction",
    "def parse(x): return x",
    "",
    "é 文 🎉",
]


@pytest.fixture(scope="module")
def model(model_cache: Path) -> EmbeddingModel:
    return load_model(DEFAULT_MODEL, "int8", TOKENS, 0, model_cache)


def test_parity_was_measured_and_holds(model: EmbeddingModel) -> None:
    parity = model.meta["parity"]
    assert parity["fp32"]["min"] >= 0.999
    assert parity["int8"]["mean"] >= 0.98
    assert (model.meta["pooling"], model.dimension, model.meta["max_tokens"]) == (["mean"], 384, TOKENS)


def test_vectors_have_length_one_and_keep_the_order(model: EmbeddingModel) -> None:
    vectors = model.embed(TEXTS * 20, batch_size=7)
    assert vectors.shape == (100, 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    alone = np.concatenate([model.embed([text]) for text in TEXTS])
    # int8 scales depend a little on the batch.
    assert np.all(np.sum(vectors[:5] * alone, axis=1) > 0.95)


def test_meaning_is_near(model: EmbeddingModel) -> None:
    query, near, far = model.embed(["wrap text to a width", "break lines at a column", "open a database"])
    assert query @ near > query @ far


def test_no_texts_give_no_vectors(model: EmbeddingModel) -> None:
    assert model.embed([]).shape == (0, 384)


def test_truncation_is_told(model: EmbeddingModel) -> None:
    before = model.truncated
    _, flags = model.embed_flagged(["word " * 500, "short"])
    assert flags == [True, False]
    assert model.truncated == before + 1


def test_a_lone_surrogate_is_no_error(model: EmbeddingModel) -> None:
    assert np.isfinite(model.embed(["broken \ud800 name"])).all()


def test_the_converted_model_is_found_again(model: EmbeddingModel, model_cache: Path) -> None:
    folder = find_converted(DEFAULT_MODEL, "int8", TOKENS, model_cache)
    assert folder is not None
    assert folder.name == model.fingerprint
    assert find_converted(DEFAULT_MODEL, "int8", TOKENS + 1, model_cache) is None


def test_every_day_needs_no_torch(model: EmbeddingModel, model_cache: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from tui_patterns.embedding.model import load_model\n"
        f"load_model('{DEFAULT_MODEL}', 'int8', {TOKENS}, 1, Path(sys.argv[1])).embed(['x'])\n"
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'onnx', 'filelock', 'subprocess'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    command = [sys.executable, "-c", code, str(model_cache)]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "[]\n"


def test_the_package_is_found_without_importing_it() -> None:
    folder = resolve_model(DEFAULT_MODEL)
    assert (folder / "modules.json").is_file()
    assert DEFAULT_MODEL.replace("-", "_") not in sys.modules


def test_a_folder_and_a_cached_name_are_found(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)
    repository = home / ".cache/huggingface/hub/models--sentence-transformers--tiny"
    snapshot = repository / "snapshots" / "abc123"
    snapshot.mkdir(parents=True)
    (snapshot / "modules.json").write_text("[]")
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc123")
    assert resolve_model("tiny") == resolve_model("sentence-transformers/tiny") == snapshot
    assert resolve_model(str(snapshot)) == snapshot


@pytest.mark.parametrize(
    "name", ["no-such-model", "json", "../..", "a/b/c", "/absent", "", "a b", "x" * 5000]
)
def test_a_missing_model_is_one_clear_line(name: str) -> None:
    with pytest.raises(ModelMissing, match="embedding model") as raised:
        resolve_model(name)
    assert "\n" not in str(raised.value)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder that looks like a model, with nothing in it that could be loaded."""
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "modules.json").write_text("[]")
    (folder / "model.safetensors").write_bytes(b"w" * 1000)
    return folder


def test_the_fingerprint_follows_what_it_is_made_of(source: Path, tmp_path: Path) -> None:
    first = prints.fingerprint(source, "int8", 128, tmp_path)
    assert prints.fingerprint(source, "int8", 128, tmp_path) == first
    assert prints.fingerprint(source, "fp32", 128, tmp_path) != first
    assert prints.fingerprint(source, "int8", 256, tmp_path) != first
    (source / "README.md").write_text("not read by the model")
    assert prints.fingerprint(source, "int8", 128, tmp_path) == first
    (source / "model.safetensors").write_bytes(b"v" * 1000)
    assert prints.fingerprint(source, "int8", 128, tmp_path) != first


def test_unchanged_weights_are_hashed_once(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = prints.weights_digest(source, tmp_path)
    monkeypatch.setattr(prints, "_hash", lambda *_: pytest.fail("hashed again"))
    assert prints.weights_digest(source, tmp_path) == first


def test_a_torn_hash_file_is_made_again(source: Path, tmp_path: Path) -> None:
    first = prints.weights_digest(source, tmp_path)
    for torn in ("", "{", "[]", f'{{"{source}": 3}}'):
        (tmp_path / "models" / "weights.json").write_text(torn)
        assert prints.weights_digest(source, tmp_path) == first


@pytest.mark.slow
def test_a_model_that_cannot_be_loaded_is_refused_and_leaves_nothing(source: Path, tmp_path: Path) -> None:
    with pytest.raises(ConversionFailed, match="cannot convert the embedding model model") as raised:
        load_model(str(source), "int8", TOKENS, 1, tmp_path)
    assert "\n" not in str(raised.value)
    assert {entry.name for entry in (tmp_path / "models").iterdir()} <= {
        ".convert.lock",
        "convert.log",
        "weights.json",
    }


@pytest.mark.slow
def test_a_model_without_a_tokenizer_is_refused_in_one_clear_line(tmp_path: Path) -> None:
    folder = tmp_path / "wordless"
    shutil.copytree(resolve_model(DEFAULT_MODEL), folder, ignore=shutil.ignore_patterns("token*", "vocab*"))
    with pytest.raises(ConversionFailed, match="it has no tokenizer") as raised:
        load_model(str(folder), "int8", TOKENS, 1, tmp_path)
    assert "\n" not in str(raised.value) and "wordless" in str(raised.value)


@pytest.mark.slow
def test_a_damaged_conversion_is_made_again(model: EmbeddingModel, model_cache: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models" / model.fingerprint
    shutil.copytree(model_cache / "models" / model.fingerprint, folder)
    (folder / "model.onnx").write_bytes(b"torn")
    told: list[str] = []
    again = load_model(DEFAULT_MODEL, "int8", TOKENS, 0, tmp_path, told.append)
    assert again.fingerprint == model.fingerprint
    assert len(told) >= 4
    assert float(again.embed(TEXTS[:1])[0] @ model.embed(TEXTS[:1])[0]) > 0.999
    assert not list((tmp_path / "models").glob(".tmp-*"))
    assert json.loads((folder / "meta.json").read_text())["fingerprint"] == model.fingerprint
