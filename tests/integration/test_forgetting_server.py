"""Forgetting where the vectors are on a Chroma server: they go there too, and no one else's do."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.integration.test_forgetting import CANARY, OTHER, SINGING, Nest
from tui_patterns.api import Forgetting, PatternLibrary
from tui_patterns.cli.main import run
from tui_patterns.engine.chroma_sync import ChromaSync
from tui_patterns.search.chroma_client import server
from tui_patterns.search.chroma_folder import collection_name
from tui_patterns.settings import load_settings
from tui_patterns.store import vectors

PRINT, DIMENSION = "b" * 32, 16
STRANGER = "00000000-0000-4000-8000-00000000000c"
STARTS_S = 180


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on a free port of this machine."""
    chroma = Path(sys.executable).with_name("chroma")
    if not chroma.exists():
        pytest.skip("chromadb's command is not there")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    process = subprocess.Popen(
        [str(chroma), "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
    )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        if not answers(address, process):
            pytest.skip("no Chroma server starts here")
        yield address
    finally:
        process.terminate()
        process.wait(timeout=180)


def answers(address: str, process: subprocess.Popen[bytes]) -> bool:
    until = time.monotonic() + STARTS_S
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/api/v2/heartbeat", timeout=1):
                return True
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    return False


@pytest.fixture
def nest(url: str, data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Nest]:
    """Two projects, one with the canary, their vectors on the server; beside those, somebody else's."""
    monkeypatch.setenv("PATTERNS_TUI_INDEX__CHROMA", url)
    made = Nest(data_dir, tmp_path)
    made.library = PatternLibrary(data_dir / "patterns.db", settings=load_settings())
    made.project(tmp_path / "shop", {"songs.py": SINGING, "pages.py": OTHER.replace("10", "20")})
    publish(made)
    collection(url).upsert(ids=[STRANGER], embeddings=np.ones((1, DIMENSION), np.float32))
    yield made
    made.library.close()
    server(url, None).delete_collection(collection_name(PRINT))


def publish(nest: Nest) -> None:
    """A vector of its own for each pattern, as the engine brings them to the server."""
    with nest.library.connections.lend() as conn:
        hashes = vectors.missing(conn, PRINT, 99)
        rows = np.eye(DIMENSION, dtype="<f4")
        vectors.save(conn, PRINT, [(one, row.tobytes()) for one, row in zip(hashes, rows, strict=False)])
        sync = ChromaSync(PRINT, DIMENSION, nest.library.settings, nest.data)
        sync.sync(conn, threading.Event())
        sync.release()


def collection(url: str) -> Any:
    return server(url, None).get_collection(collection_name(PRINT), embedding_function=None)


def on_server(url: str) -> set[str]:
    return set(collection(url).get(include=[])["ids"])


def test_a_pattern_goes_from_the_server_too(nest: Nest, url: str) -> None:
    singing, others = nest.id("sing"), {one.id for one in nest.library.recent()} - {nest.id("sing")}
    assert on_server(url) == {singing, *others, STRANGER}
    nest.scatter()
    done = Forgetting(nest.library).pattern(singing)
    assert (done.patterns, done.left) == (1, ())
    assert nest.left() == [] and CANARY not in str(collection(url).get())
    assert on_server(url) == {*others, STRANGER}


def test_a_project_goes_from_the_server_too(nest: Nest, url: str) -> None:
    kept = nest.id("collect")
    for one in nest.library.recent():
        if one.project == "plain":
            kept = one.id
    nest.scatter()
    done = Forgetting(nest.library).project(nest.work / "shop")
    assert done.left == () and nest.left() == []
    assert on_server(url) == {kept, STRANGER}


def test_everything_goes_but_what_is_somebody_elses(nest: Nest, url: str) -> None:
    nest.library.close()
    assert run(["forget", "everything", "--yes"]) == 0
    assert on_server(url) == {STRANGER}


def test_a_server_that_does_not_answer_is_named(
    nest: Nest, url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    id = nest.id("sing")
    nest.scatter()
    nest.library.close()
    monkeypatch.setenv("PATTERNS_TUI_INDEX__CHROMA", "http://127.0.0.1:9")
    assert run(["forget", "pattern", id]) == 1
    said = capfd.readouterr().err
    assert collection_name(PRINT) in said and "no Chroma server answers" in said
    assert nest.left() == [], "all else is gone"
