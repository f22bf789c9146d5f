"""Whatever is torn in a grown Chroma folder, the next engine answers as the exact scan does."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from tests.integration.engines import Engine, until
from tests.unit.stock import Stock, unit
from tui_patterns.api import PatternLibrary
from tui_patterns.api.meaning import open_semantic
from tui_patterns.engine.lock import IndexLock
from tui_patterns.models import SemanticRows
from tui_patterns.settings import Settings
from tui_patterns.store import vectors

COUNT = 2500  # more than Chroma keeps in its log before it writes its own files
QUERY = "sum of values above a limit"


def around(query: np.ndarray, count: int) -> np.ndarray:
    """Vectors of length one, from far away to near the query, so that the right answer is clear."""
    noise = np.random.default_rng(1).standard_normal((count, len(query)))
    noise -= np.outer(noise @ query, query)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    cosines = np.linspace(-0.2, 0.9, count)[:, None]
    rows: np.ndarray = (cosines * query + np.sqrt(1 - cosines**2) * noise).astype("<f4")
    return rows


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with 2,500 patterns, and Chroma in step."""
    folder = tmp_path_factory.mktemp("grown")
    stock = Stock(folder / "patterns.db")
    stock.put("app.py", *(unit(f"name_{number}", line=number * 9) for number in range(COUNT)))
    library = PatternLibrary(stock.path, settings=Settings())
    semantic, fault = open_semantic(library, convert=True)
    assert semantic is not None, fault
    hashes = vectors.missing(stock.conn, semantic.fingerprint, COUNT)
    rows = around(semantic.embed_query(QUERY), len(hashes))
    vectors.save(stock.conn, semantic.fingerprint, zip(hashes, (row.tobytes() for row in rows), strict=True))
    stock.close()
    with Engine(folder) as engine:
        engine.ready()
    assert list((folder / "chroma").rglob("*.bin")), "Chroma wrote no files of its own yet"
    return folder


def files(folder: Path) -> list[Path]:
    return sorted(path.relative_to(folder) for path in (folder / "chroma").rglob("*") if path.is_file())


def exact(library: PatternLibrary) -> SemanticRows:
    """What the scan answers: Chroma is somebody else's for the moment."""
    lock = IndexLock(library.data_dir, "test")
    assert lock.try_acquire()
    try:
        rows = library.search_semantic(QUERY, 20)
    finally:
        lock.release()
    assert rows is not None and rows.index == "exact"
    return rows


@pytest.mark.parametrize("how", ["halved", "emptied", "zeroed", "removed"])
def test_each_file_damaged_in_turn(grown: Path, tmp_path: Path, how: str) -> None:
    expected = [id for id, _ in exact(PatternLibrary(grown / "patterns.db", settings=Settings())).rows]
    for number, name in enumerate(files(grown)):
        data = tmp_path / f"{how}{number}"
        shutil.copytree(grown, data)
        file = data / name
        content = file.read_bytes()
        if how == "removed":
            file.unlink()
        else:
            file.write_bytes(
                {"halved": content[: len(content) // 2], "zeroed": bytes(len(content))}.get(how, b"")
            )
        with Engine(data) as engine:
            engine.ready()
            rows = until(partial(engine.semantic, QUERY, 20), f"an answer with {name} {how}")
            shared = {id for id, _ in rows.rows} & set(expected)
            assert rows.index == "chroma" and len(shared) >= 15, f"{name} {how}: {len(shared)} of 20"
        shutil.rmtree(data)
