"""Embedding: what has a vector is never embedded again, and a change of model takes nothing away."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import SAMPLE
from tests.integration.engines import Engine, until
from tui_patterns.api import Embedding, Indexer, PatternLibrary
from tui_patterns.api.indexer import PAUSED
from tui_patterns.embedding.fingerprint import models_dir
from tui_patterns.embedding.model import EmbeddingModel
from tui_patterns.engine.embedding_turn import EmbeddingTurn
from tui_patterns.engine.semantic import Semantic
from tui_patterns.engine.status import StatusBoard
from tui_patterns.models import EngineStatus, Filters
from tui_patterns.settings import Settings, cache_dir
from tui_patterns.store import embedding, vectors
from tui_patterns.store.sqlite import connect

QUERY = "price of an order including tax"
EXTRA = '''
def settle_invoice(invoice, payments, rounding):
    """Match payments to an invoice until it is settled."""
    left = invoice.total
    for payment in payments:
        if payment.amount > left:
            payment.amount -= left
            return 0
        left -= round(payment.amount, rounding)
    return left
'''


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    shutil.copytree(SAMPLE, root, ignore=shutil.ignore_patterns("__pycache__", ".git"))
    return root


@pytest.fixture
def library(data_dir: Path) -> Iterator[PatternLibrary]:
    made = PatternLibrary(settings=Settings())
    yield made
    made.close()


def git(root: Path, *words: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True, timeout=180)


def branches(root: Path) -> None:
    """A repository with two branches: one has a file more, a file moved, and a function changed."""
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    git(root, "switch", "-q", "-c", "other")
    (root / "shop" / "invoices.py").write_text(EXTRA, "utf-8")
    git(root, "mv", "shop/retry.py", "shop/again.py")
    pricing = root / "shop" / "pricing.py"
    pricing.write_text(pricing.read_text("utf-8").replace("total", "whole"), "utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "two")


def test_ten_switches_between_two_branches_embed_nothing_after_the_second(
    library: PatternLibrary, project: Path
) -> None:
    branches(project)
    git(project, "switch", "-q", "main")
    assert Indexer(library).index([project]).embedded > 0
    counts = []
    for turn in range(10):
        git(project, "switch", "-q", "main" if turn % 2 else "other")
        counts.append(Indexer(library).index([project]).embedded)
    assert counts[0] > 0 and counts[1:] == [0] * 9
    assert library.search_semantic(QUERY, 5).index == "chroma"  # type: ignore[union-attr]


def test_a_pause_holds_for_every_process_until_it_is_ended(library: PatternLibrary, project: Path) -> None:
    control = Embedding(library)
    control.pause()
    report = Indexer(library).index([project])
    assert (report.embedded, report.semantic) == (0, PAUSED)
    assert library.search_semantic(QUERY, 5).rows == ()  # type: ignore[union-attr]
    with Engine(library.data_dir, project) as engine:
        engine.until(lambda: engine.status.paused and engine.status.state == "idle")
        assert engine.status.embedded == 0 and engine.status.semantic == 0.0
        assert engine.ask(engine.client.pause(False))
        engine.ready()
        assert not engine.status.paused and engine.status.embedded == engine.status.patterns > 0
    state = control.state()
    assert not state.paused and state.answering and state.embedded == state.patterns


def saved(library: PatternLibrary) -> int:
    with library.connections.lend() as conn:
        return int(conn.execute("SELECT COUNT(*) FROM vectors").fetchone()[0])


def test_a_kill_loses_no_more_than_the_batch_at_hand(library: PatternLibrary, project: Path) -> None:
    Indexer(library).index([project], embed=False)
    killed = """
import os, signal, sys, threading
from tui_patterns.api import PatternLibrary
from tui_patterns.api.meaning import open_semantic
from tui_patterns.settings import Settings
from tui_patterns.store.sqlite import connect
library = PatternLibrary(settings=Settings())
semantic, fault = open_semantic(library, convert=True)
conn = connect(library.path, durable=False)
for _ in range(3):
    print(semantic.embed_batch(conn, 2), flush=True)
embed = semantic._model.embed
def dying(*given):
    embed(*given)
    os.kill(os.getpid(), signal.SIGKILL)
semantic._model.embed = dying
semantic.embed_batch(conn, 2)
"""
    done = subprocess.run(
        [sys.executable, "-c", killed], capture_output=True, text=True, timeout=180, check=False
    )
    assert done.returncode == -9, done.stderr
    assert done.stdout.split() == ["2", "2", "2"] and saved(library) == 6
    report = Indexer(library).index([project])
    assert report.embedded == report.patterns - 6 > 0 and saved(library) == report.patterns


# -- another model ---------------------------------------------------------------------


@pytest.fixture
def twins(library: PatternLibrary, project: Path, tmp_path: Path) -> tuple[Semantic, Semantic]:
    """The library embedded by one model, which is asked; and the same model under another fingerprint."""
    Indexer(library).index([project])
    with library.connections.lend() as conn:
        known = embedding.complete_model(conn)
    assert known is not None
    made = []
    for fingerprint in (known, "f" * 32):
        model = EmbeddingModel(models_dir(cache_dir()) / known)
        model.fingerprint = fingerprint
        made.append(Semantic(model, Settings(), library.data_dir, lock=threading.Lock()))
    return made[0], made[1]


def test_the_old_index_answers_until_the_new_one_has_caught_up(
    library: PatternLibrary, twins: tuple[Semantic, Semantic]
) -> None:
    former, wanted = twins
    said: list[EngineStatus] = []
    conn, stop = connect(library.path, durable=False), threading.Event()
    settings = replace(Settings(), embedding=replace(Settings().embedding, batch_size=3))
    turn = EmbeddingTurn(conn, wanted, former, settings, StatusBoard(said.append), stop)
    embed, answers = wanted.embed_batch, []

    def watched(*given: object, **more: object) -> int:
        answers.append(turn.answering.rows(conn, QUERY, 5, Filters()))
        return embed(*given, **more)  # type: ignore[arg-type]

    wanted.embed_batch = watched  # type: ignore[method-assign]
    turn.take(owner=True)
    assert len(answers) > 1 and {(one.fingerprint, one.index) for one in answers} == {
        (former.fingerprint, "chroma")
    }
    after = turn.answering.rows(conn, QUERY, 5, Filters())
    assert (after.fingerprint, after.index) == (wanted.fingerprint, "chroma")
    assert after.rows[0][0] == answers[0].rows[0][0]
    assert vectors.models(conn) == [wanted.fingerprint], "the old model's vectors are gone"
    assert embedding.complete_model(conn) == wanted.fingerprint
    collections = {
        row[0]
        for row in conn.execute(
            "SELECT DISTINCT c.collection FROM synced s JOIN collections c ON c.id = s.collection"
        )
    }
    assert len(collections) == 1 and collections.pop().startswith(f"patterns-{wanted.fingerprint}")
    turn.release()
    conn.close()


def test_a_search_from_the_command_line_asks_the_model_that_has_vectors(
    library: PatternLibrary, project: Path, data_dir: Path
) -> None:
    Indexer(library).index([project])
    before = library.search_semantic(QUERY, 3)
    library.close()
    settings = replace(Settings(), embedding=replace(Settings().embedding, max_tokens=64))
    changed = PatternLibrary(settings=settings)
    after = changed.search_semantic(QUERY, 3)
    assert before is not None and after is not None
    assert after.fingerprint == before.fingerprint and after.rows == before.rows
    changed.close()


def test_vectors_of_another_size_are_made_again(library: PatternLibrary, project: Path) -> None:
    Indexer(library).index([project])
    expected = library.search_semantic(QUERY, 3)
    shutil.rmtree(library.data_dir / "chroma")
    with library.connections.lend() as conn:
        conn.execute("UPDATE vectors SET vector = :short WHERE rowid IN (SELECT MIN(rowid) FROM vectors)",
                     {"short": b"\0" * 10})  # fmt: skip
        conn.execute("DELETE FROM synced")
    found = library.search_semantic(QUERY, 3)
    assert found is not None and expected is not None and len(found.rows) == 3
    assert Indexer(library).index([project]).embedded in {0, 1}
    again = library.search_semantic(QUERY, 3)
    assert (
        again is not None
        and again.index == "chroma"
        and [i for i, _ in again.rows] == [i for i, _ in expected.rows]
    )


def test_the_engine_says_how_far_it_is(data_dir: Path, project: Path) -> None:
    with Engine(data_dir, project) as engine:
        engine.ready()
        assert engine.status.embedded == engine.status.patterns > 0
        assert engine.status.rate is None and engine.status.remaining_s is None
        until(lambda: engine.ask(engine.client.shown(["x"])) is None, "an answer")
