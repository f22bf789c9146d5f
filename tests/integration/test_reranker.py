"""A cross-encoder is converted as it is, once; it reorders what was found, or costs one clear line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLE
from tests.integration.conftest import Said
from tests.integration.engines import Engine, until
from tui_patterns.api import Indexer, PatternLibrary, prepare_reranker, rerank
from tui_patterns.embedding import onnx
from tui_patterns.embedding.locate import DEFAULT_MODEL, resolve_model
from tui_patterns.embedding.model import ConversionFailed, ModelMissing
from tui_patterns.embedding.reranker import Reranker, find_reranker, load_reranker
from tui_patterns.search.parameters import RERANKED
from tui_patterns.settings import Settings
from tui_patterns.settings.model import EmbeddingSettings, SearchSettings

QUERY = "price of an order"
TEXTS = ["def total(order): ...", "", "retry " * 700, "Größe 文 🎉", "class Cart:\n    items: list[Item]"]
MAKE = """
import json, shutil, sys
from pathlib import Path
import torch
from sentence_transformers import CrossEncoder
from transformers import BertConfig, BertForSequenceClassification

words, out, query, texts = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], json.loads(sys.argv[4])
for labels in (1, 2):
    torch.manual_seed(7)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        num_labels=labels, initializer_range=0.5,
    )
    folder = out / f"labels{labels}"
    BertForSequenceClassification(config).save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        shutil.copy(words / name, folder / name)
model = CrossEncoder(str(out / "labels1"), device="cpu", local_files_only=True)
model.max_seq_length = 256
from tui_patterns.embedding import convert, export_reranker
from tui_patterns.embedding.fingerprint import fingerprint, models_dir
from tui_patterns.embedding.reranker import MAX_TOKENS

named = fingerprint(out / "labels1", "fp32", MAX_TOKENS, out, "reranker")
convert.convert(out / "labels1", models_dir(out) / named, "fp32", MAX_TOKENS, print, "reranker")
try:
    export_reranker.load_original(out / "labels2", 256)
except Exception as error:
    (out / "refused.txt").write_text(f"{type(error).__name__}: {error}")
scores = model.predict([[query, text] for text in texts], activation_fn=torch.nn.Identity())
(out / "scores.json").write_text(json.dumps([float(score) for score in scores]))
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cross-encoders with random weights, one converted, and what ``CrossEncoder.predict`` gives."""
    folder = tmp_path_factory.mktemp("made")
    command = [sys.executable, "-c", MAKE, str(resolve_model(DEFAULT_MODEL)), str(folder)]
    subprocess.run([*command, QUERY, json.dumps(TEXTS)], capture_output=True, check=True, timeout=240)
    return folder


@pytest.fixture(scope="module")
def name(made: Path) -> str:
    return str(made / "labels1")


@pytest.fixture(scope="module")
def cache(made: Path) -> Path:
    return made


@pytest.fixture(scope="module")
def reranker(name: str, cache: Path) -> Reranker:
    return load_reranker(name, "fp32", 0, cache)


@pytest.mark.slow
def test_scores_are_those_of_the_original(reranker: Reranker, made: Path) -> None:
    expected = json.loads((made / "scores.json").read_text())
    assert reranker.scores(QUERY, TEXTS) == pytest.approx(expected, abs=1e-3)
    assert reranker.meta["parity"]["fp32"]["difference"] < 0.01
    assert len({round(score, 3) for score in expected}) == len(TEXTS)
    assert reranker.scores(QUERY, []) == []


def test_it_is_converted_once_and_found_again(
    reranker: Reranker, name: str, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx, "_convert", lambda *_: pytest.fail("converted again"))
    assert load_reranker(name, "fp32", 0, cache).fingerprint == reranker.fingerprint
    folder = find_reranker(name, "fp32", cache)
    assert folder is not None and folder.name == reranker.fingerprint
    assert find_reranker(name, "int8", cache) is None


@pytest.mark.parametrize("missing", ["no-such-model", "/absent", "a/b/c"])
def test_a_missing_one_is_one_clear_line(missing: str, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"reranker .* set search\.reranker") as raised:
        load_reranker(missing, "fp32", 0, tmp_path)
    assert "\n" not in str(raised.value)


def test_a_model_of_another_kind_is_refused(made: Path, tmp_path: Path) -> None:
    folder = str(resolve_model(DEFAULT_MODEL))
    with pytest.raises(ConversionFailed, match=r"cannot convert the reranker .*no cross-encoder") as raised:
        load_reranker(folder, "fp32", 0, tmp_path)
    assert "\n" not in str(raised.value)
    refused = (made / "refused.txt").read_text()
    assert refused == "ConversionFailed: it gives 2 scores and not one: choose another model"


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stocked")
    Indexer(PatternLibrary(folder / "patterns.db", settings=Settings())).index([SAMPLE], embed=False)
    return folder


@pytest.fixture
def library(
    stocked: Path, name: str, reranker: Reranker, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PatternLibrary]:
    """Patterns that can be searched by words, and a reranker that is ready."""
    monkeypatch.setenv("PATTERNS_TUI_CACHE_DIR", str(cache))
    chosen = Settings(search=SearchSettings(reranker=name), embedding=EmbeddingSettings(precision="fp32"))
    library = PatternLibrary(stocked / "patterns.db", settings=chosen)
    yield library
    library.close()


def test_the_best_hits_are_ordered_with_its_scores(library: PatternLibrary) -> None:
    before = library.search(QUERY, RERANKED)
    after, note = rerank(library, before)
    assert note is None and len(after.hits) == len(before.hits) > 3
    ranks = [hit.why["reranker"]["rank"] for hit in after.hits]
    assert sorted(ranks) == list(range(1, len(ranks) + 1))
    assert [hit.score for hit in after.hits] == sorted((hit.score for hit in after.hits), reverse=True)
    assert [hit.pattern.id for hit in after.hits] != [hit.pattern.id for hit in before.hits]
    assert prepare_reranker(library, lambda _: None) is None


def test_a_name_is_left_as_it_was_found(library: PatternLibrary) -> None:
    before = library.search("order_total", RERANKED)
    assert rerank(library, before) == (before, None)


def test_what_cannot_be_had_changes_nothing_but_says_so(library: PatternLibrary, tmp_path: Path) -> None:
    before = library.search(QUERY, RERANKED)
    for setting, line in (
        ("/absent", "is no installed package"),
        (str(resolve_model(DEFAULT_MODEL)), "not converted"),
    ):
        other = replace(library.settings, search=SearchSettings(reranker=setting))
        after, note = rerank(PatternLibrary(library.path, settings=other), before)
        assert after is before
        assert note and line in note and "\n" not in note


def test_the_command_shows_its_part_and_goes_on_without_it(
    library: PatternLibrary, said: Said, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATTERNS_TUI_DATA_DIR", str(library.data_dir))
    monkeypatch.setenv("PATTERNS_TUI_EMBEDDING__PRECISION", "fp32")
    monkeypatch.setenv("PATTERNS_TUI_SEARCH__RERANKER", name)
    code, out, err = said("search", QUERY, "--limit", "3", "--json")
    found: list[dict[str, Any]] = json.loads(out)["results"]
    assert (code, err, len(found)) == (0, "", 3)
    assert all(hit["why"]["reranker"]["of"] > 3 for hit in found)
    assert "reranker: rank" in said("search", QUERY, "--explain")[1]
    monkeypatch.setenv("PATTERNS_TUI_SEARCH__RERANKER", "/absent")
    code, out, err = said("search", QUERY, "--limit", "3", "--json")
    assert code == 0 and len(json.loads(out)["results"]) == 3
    assert err.count("\n") == 1 and "set search.reranker" in err
    assert "/absent" in said("doctor")[1]


def test_the_engine_answers_once_it_is_ready_and_says_what_is_wrong(
    library: PatternLibrary, name: str, tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[search]\nreranker = "{name}"\n[embedding]\nprecision = "fp32"\nmodel = "/absent"\n')
    ids = [hit.pattern.id for hit in library.search(QUERY, RERANKED).hits]
    with Engine(library.data_dir, config=config) as engine:
        scores = until(lambda: engine.ask(engine.client.rerank(QUERY, ids)), "the reranker's scores")
        assert set(scores) == set(ids)
        assert engine.ask(engine.client.rerank("order_total", ids)) == {}
    config.write_text('[search]\nreranker = "/nowhere"\n[embedding]\nmodel = "/absent"\n')
    with Engine(library.data_dir, config=config) as engine:
        engine.until(lambda: "set search.reranker" in (engine.status.error or ""))
        assert engine.ask(engine.client.rerank(QUERY, ids)) is None
