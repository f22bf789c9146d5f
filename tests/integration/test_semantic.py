"""Search by meaning: Chroma answers once it is in step, and the same comes without it, whatever befell it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import SAMPLE
from tests.integration.engines import Engine, until
from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.engine.lock import IndexLock
from tui_patterns.models import Filters, SemanticRows
from tui_patterns.settings import Settings
from tui_patterns.store.numbers import widened

QUERY = "price of an order including tax"
PLANT = """
import sys
import chromadb, numpy as np
client = chromadb.PersistentClient(sys.argv[1])
(collection,) = client.list_collections()
collection.upsert(ids=[sys.argv[2]], embeddings=[np.frombuffer(bytes.fromhex(sys.argv[3]), "<f4").tolist()])
client.close()
"""


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project and, in ``data``, its library with Chroma in step."""
    folder = tmp_path_factory.mktemp("stocked")
    shutil.copytree(SAMPLE, folder / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    Indexer(PatternLibrary(folder / "data" / "patterns.db", settings=Settings())).index([folder / "shop"])
    return folder


@pytest.fixture
def project(stocked: Path, tmp_path: Path) -> Path:
    """The same project, where it was: its library knows it by its path."""
    return stocked / "shop"


@pytest.fixture
def library(stocked: Path, tmp_path: Path) -> PatternLibrary:
    shutil.copytree(stocked / "data", tmp_path / "data")
    return PatternLibrary(tmp_path / "data" / "patterns.db", settings=Settings())


def ask(library: PatternLibrary, query: str = QUERY, filters: Filters = Filters()) -> SemanticRows:
    rows = library.search_semantic(query, 5, filters)
    assert rows is not None
    return rows


def names(library: PatternLibrary, rows: SemanticRows) -> list[str]:
    return [library.pattern(id).qualname for id, _ in rows.rows]


def by_command(library: PatternLibrary, query: str = QUERY) -> dict[str, object]:
    """What ``search --json`` prints, from a process of its own: a damaged folder may crash it."""
    command = [sys.executable, "-m", "tui_patterns", "--data-dir", str(library.data_dir)]
    done = subprocess.run(
        [*command, "search", query, "--json"], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def ids(answer: dict[str, object]) -> list[str]:
    return [hit["id"] for hit in answer["results"]]  # type: ignore[attr-defined]


def test_chroma_answers_once_it_is_in_step(library: PatternLibrary) -> None:
    rows = ask(library)
    assert rows.index == "chroma" and names(library, rows)[0] == "order_total"
    cosines = [cosine for _, cosine in rows.rows]
    assert cosines == sorted(cosines, reverse=True) and -1 <= cosines[-1] <= cosines[0] <= 1
    answer = by_command(library)
    assert (answer["mode"], answer["index"]) == ("hybrid", "chroma")


def test_a_vector_in_chroma_alone_is_what_comes_back(library: PatternLibrary) -> None:
    honest = ask(library)
    planted = library.search("retry with backoff", 1).hits[0].pattern.id
    assert planted != honest.rows[0][0]
    folder = str(library.data_dir / "chroma")
    done = subprocess.run([sys.executable, "-c", PLANT, folder, planted, honest.vector.hex()],
                          capture_output=True, timeout=180, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    rows = ask(library)
    assert rows.index == "chroma" and rows.rows[0][0] == planted
    assert rows.rows[0][1] == pytest.approx(1.0, abs=1e-3)
    assert by_command(library)["index"] == "chroma"
    # The engine finds it there too: one strange vector is no damage.
    with Engine(library.data_dir) as engine:
        engine.ready()
        found = engine.semantic(QUERY)
        assert found is not None and (found.index, found.rows[0][0]) == ("chroma", planted)
    assert not list(library.data_dir.glob("chroma.damaged-*"))


def test_while_another_process_owns_chroma_the_scan_answers_the_same(library: PatternLibrary) -> None:
    from_chroma = ask(library)
    lock = IndexLock(library.data_dir, "engine")
    assert lock.try_acquire()
    from_scan = ask(library)
    lock.release()
    assert (from_chroma.index, from_scan.index) == ("chroma", "exact")
    assert [id for id, _ in from_scan.rows] == [id for id, _ in from_chroma.rows]
    assert [cosine for _, cosine in from_scan.rows] == pytest.approx(
        [c for _, c in from_chroma.rows], abs=1e-3
    )


def test_filters_reach_both(library: PatternLibrary) -> None:
    narrow = Filters(framework="fastapi")
    from_chroma = ask(library, filters=narrow)
    shutil.rmtree(library.data_dir / "chroma")
    from_scan = ask(library, filters=narrow)
    assert (from_chroma.index, from_scan.index) == ("chroma", "exact")
    assert from_chroma.rows and all(library.pattern(id).framework == "fastapi" for id, _ in from_chroma.rows)
    assert [id for id, _ in from_scan.rows] == [id for id, _ in from_chroma.rows]
    assert ask(library, filters=Filters(framework="django")).rows == ()


def test_what_chroma_lacks_is_not_asked_of_it(library: PatternLibrary, project: Path, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "moved")
    (tmp_path / "moved" / "shop" / "extra.py").write_text((project / "shop" / "retry.py").read_text().replace(
        "retry_with_backoff", "until_it_works"))  # fmt: skip
    Indexer(library).index([tmp_path / "moved"], embed=False)
    rows = ask(library)  # embeds on its way what is missing, and does not wait for Chroma
    assert rows.index == "exact" and rows.rows
    Indexer(library).index([tmp_path / "moved"])
    assert ask(library).index == "chroma"


def test_a_query_without_text_has_no_meaning(library: PatternLibrary) -> None:
    assert library.search_semantic("  \n", 5) is None
    for odd in ("x" * 10_000, "\x00\x1b[31m", "。", "a"):
        assert ask(library, odd).rows


OFF_TOPIC = Path(__file__).parents[2] / "benchmarks" / "off_topic.txt"


def test_questions_about_other_things_find_nothing_relevant(library: PatternLibrary) -> None:
    lines = OFF_TOPIC.read_text("utf-8").splitlines()
    questions = [line for line in lines if line and not line.startswith("#")]
    least = library.settings.search.min_relevance
    assert len(questions) >= 50
    for question in questions:
        for semantic in (None, ask(library, question)):
            hits = library.search(question, 3, semantic=semantic).hits
            assert all(hit.relevance < least for hit in hits), question


@pytest.mark.parametrize(
    "odd", ["", " ", "g", "x" * 10_000, "\x00\x1b[31m", '"', "NEAR(a, 2) AND *", "col : a*"]
)
def test_any_query_is_answered_with_a_relevance_by_patterns_and_by_files(
    library: PatternLibrary, odd: str
) -> None:
    semantic = library.search_semantic(odd)
    found = library.search(odd, 5, semantic=semantic)
    assert all(0.0 <= hit.relevance <= 1.0 for hit in found.hits)
    assert all(0.0 <= file.score <= 1.0 for file in library.search_files(odd, 5, semantic=semantic))
    assert library.search_code(odd, 3) is not None and library.search_error(odd, 3) is not None


def test_similar_patterns_are_others(library: PatternLibrary) -> None:
    total = library.search("order total", 1).hits[0].pattern
    hits = library.similar(total.id, 3)
    assert 0 < len(hits) <= 3 and total.id not in {hit.pattern.id for hit in hits}
    assert all(0 <= hit.relevance <= 1 for hit in hits)


def test_a_deleted_folder_is_built_again(library: PatternLibrary, project: Path) -> None:
    before = ask(library)
    shutil.rmtree(library.data_dir / "chroma")
    assert ask(library).index == "exact"
    report = Indexer(library).index([project])
    assert report.embedded == 0 and report.semantic is None
    after = ask(library)
    assert after.index == "chroma" and [id for id, _ in after.rows] == [id for id, _ in before.rows]


def torn(folder: Path, how: str) -> None:
    """Damage a Chroma folder."""
    database = folder / "chroma.sqlite3"
    data = database.read_bytes()
    if how == "truncated":
        database.write_bytes(data[: len(data) // 2])
    elif how == "scrambled":
        database.write_bytes(data[:4096] + bytes(len(data) - 4096))
    else:
        shutil.rmtree(folder)
        folder.write_text("a file where a folder was")


@pytest.mark.parametrize("how", ["truncated", "file"])
def test_a_damaged_folder_is_set_aside_and_built_again_by_the_engine(
    library: PatternLibrary, how: str
) -> None:
    expected = ask(library)
    torn(library.data_dir / "chroma", how)
    answer = by_command(library)
    assert answer["index"] == "exact" and ids(answer)
    with Engine(library.data_dir) as engine:
        engine.ready()
        rows = until(lambda: engine.semantic(QUERY), "an answer")
        assert rows.index == "chroma" and [id for id, _ in rows.rows] == [id for id, _ in expected.rows]
        assert engine.status.error is None
    answer = by_command(library)
    assert answer["index"] == "chroma" and ids(answer)


def test_an_index_command_builds_a_damaged_folder_again(library: PatternLibrary, project: Path) -> None:
    torn(library.data_dir / "chroma", "scrambled")
    command = [
        sys.executable,
        "-m",
        "tui_patterns",
        "--data-dir",
        str(library.data_dir),
        "index",
        str(project),
    ]
    done = subprocess.run([*command, "--json"], capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["embedded"] == 0 and report.get("semantic") is None
    assert list(library.data_dir.glob("chroma.damaged-*"))
    assert ask(library).index == "chroma"


def test_stored_vectors_are_of_length_one_and_shared_by_equal_documents(library: PatternLibrary) -> None:
    with sqlite3.connect(library.path) as conn:
        rows = conn.execute("SELECT vector, doc_hash FROM vectors").fetchall()
    matrix = np.frombuffer(widened([row[0] for row in rows]), "<f4").reshape(len(rows), -1)
    assert np.allclose(np.linalg.norm(matrix, axis=1), 1.0, atol=5e-3)
    assert len({row[1] for row in rows}) == len(rows)


def test_clauses_of_a_prompt_are_answered_as_each_alone_by_one_batch(
    library: PatternLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tui_patterns.embedding.model import EmbeddingModel
    from tui_patterns.search.clauses import clauses

    prompt = "Work out the price of an order including tax. Then send the invoice by mail to the customer."
    asked = [one.query.meaning for one in clauses(prompt)]
    alone = [library.search_semantic(each) for each in asked]
    embed, batches = EmbeddingModel.embed, []

    def counted(self: EmbeddingModel, texts: list[str], *rest: int, **named: str) -> np.ndarray:
        batches.append(len(texts))
        return embed(self, texts, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(EmbeddingModel, "embed", counted)
    found = library.prompt_semantic(prompt)
    assert found is not None and len(found) == len(asked) == 3 and batches == [3]
    for one, other in zip(found, alone, strict=True):
        assert other is not None and one.rows[0][0] == other.rows[0][0]  # int8: a batch rounds otherwise
        assert one.rows[0][1] == pytest.approx(other.rows[0][1], abs=0.02)
