"""Peers that keep a server: VectorCode its Chroma, SeaGOAT itself."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from benchmarks.processes import TreeWatch, processor_seconds
from benchmarks.rivals.base import MODEL, TOP, Built, Peer, Taken, distinct, size_of
from benchmarks.rivals.local import DRIVERS, Ripgrep
from benchmarks.rivals.serving import POLL_S, answer, awake, end, free_port, hold, ready, start
from benchmarks.rooms import Room
from tui_patterns.embedding.locate import resolve_model

FUNCTION = "SentenceTransformerEmbeddingFunction"


class VectorCode(Peer):
    """Chunks by tree-sitter in Chroma, with the default model through sentence-transformers."""

    # Later versions of anyio refuse to connect to a server on this machine; later language packs fetch each
    # grammar at run time.
    name, packages = "VectorCode", ("vectorcode", "anyio<4.10", "tree-sitter-language-pack<1")
    note = (
        "`embedding_function` left at sentence-transformers, `embedding_params` naming our default model's "
        "folder, `db_url` its own version of Chroma, which was started before: its start is not counted, its "
        "work is"
    )

    def prepare(self) -> None:
        """Start Chroma, and write the project's configuration."""
        port = free_port()
        data = self.work / "chroma"
        data.mkdir()
        argv = [self.room.command("chroma"), "run", "--path", str(data), "--host", "127.0.0.1"]
        self._server = start([*argv, "--port", str(port)], self.variables, self.work)
        self.server = self._server.pid
        ready(f"http://127.0.0.1:{port}/api/v2/heartbeat", self._server)
        config = self.project / ".vectorcode"
        config.mkdir()
        settings = {"embedding_function": FUNCTION, "db_url": f"http://127.0.0.1:{port}",
                    "embedding_params": {"model_name": str(resolve_model(MODEL))}}  # fmt: skip
        (config / "config.json5").write_text(json.dumps(settings), "utf-8")

    def index(self) -> Built:
        """``vectorise --recursive``."""
        return Built(meaning=self.command("vectorcode", "vectorise", "--recursive", "--pipe", ".")[0])

    def question(self, query: str) -> tuple[Taken, list[str]]:
        """``query`` for ten files."""
        argv = ("vectorcode", "query", "--pipe", "--include", "path", "-n", str(TOP), query)
        taken, done = self.command(*argv)
        return taken, self._files(json.loads(done.out))

    def answers(self, queries: Sequence[str]) -> list[list[str]]:
        """All from one process that runs its command again and again."""
        script = str(DRIVERS / "vectorcode_ask.py")
        _, done = self.command("python", script, str(TOP), stdin=json.dumps(list(queries)))
        return [self._files(json.loads(line)) for line in done.out.splitlines()]

    def disk(self) -> int:
        """Its server's folder."""
        return size_of(self.work / "chroma")

    def close(self) -> None:
        """End its server."""
        if self.server is not None:
            end(self._server)

    def _files(self, found: list[dict[str, Any]]) -> list[str]:
        return distinct([self.relative(one["path"]) for one in found])[:TOP]


class SeaGoat(Peer):
    """A server over one git repository, with Chroma and ripgrep inside."""

    name, packages = "SeaGOAT", ("seagoat", "sentence-transformers")
    note = (
        "its default model is fetched at run time: `server.chroma.embeddingFunction` set to "
        "sentence-transformers with our default model's folder; its server, on this machine's own address "
        "alone, stays up between questions with the model in memory"
    )

    _held = False

    def prepare(self) -> None:
        """Write its configuration, and make a repository of the files."""
        settings = {"server": {"chroma": {"embeddingFunction": {
            "name": FUNCTION, "arguments": {"model_name": str(resolve_model(MODEL))}}}}}  # fmt: skip
        config = self.work / "home" / "seagoat" / "config.yml"
        config.parent.mkdir(parents=True)
        config.write_text(json.dumps(settings), "utf-8")  # JSON is YAML
        _repository(self.project)
        rg = Path(Room("ripgrep", Ripgrep.packages).command("rg")).parent
        self.variables["PATH"] = f"{rg}{os.pathsep}{os.environ['PATH']}"

    def index(self) -> Built:
        """Until it says that all is analyzed, or patience ends."""
        self._port = free_port()
        argv = [self.room.command("python"), str(DRIVERS / "seagoat_server.py"), "start", str(self.project)]
        started = time.perf_counter()
        self._server = start([*argv, "--port", str(self._port)], self.variables, self.work)
        self.server = self._server.pid
        with TreeWatch(self.server) as watch:
            words, done, whole = self._analyzed(started, watch)
        if done == whole:
            return Built(words, self._so_far(started, watch))
        taken = self._so_far(started, watch)
        hold(self._server)
        self._held = True
        return Built(words, None, unfinished(done, whole, taken, words.cpu if words else 0.0))

    def _analyzed(self, started: float, watch: TreeWatch) -> tuple[Taken | None, int, int]:
        """When its words were found, how many chunks have vectors, and how many there are."""
        words = None
        ready(f"{self._url}/status", self._server)
        while True:
            chunks = answer(f"{self._url}/status")["stats"]["chunks"]
            done, whole = chunks["analyzed"], chunks["analyzed"] + chunks["unanalyzed"]
            if whole and words is None:
                words = self._so_far(started, watch)
            if (whole and done == whole) or processor_seconds(self._server.pid) > self.patience:
                return words, done, whole
            time.sleep(POLL_S)

    def _so_far(self, started: float, watch: TreeWatch) -> Taken:
        return Taken(time.perf_counter() - started, processor_seconds(self._server.pid), watch.peak)

    def question(self, query: str) -> tuple[Taken, list[str]]:
        """``gt``, which asks the server."""
        with awake(self._server) if self._held else nullcontext():
            taken, done = self.command("gt", "--no-color", query, str(self.project))
        places = [line.partition(":")[0] for line in done.out.splitlines() if ":" in line]
        return taken, distinct([self.relative(path) for path in places])[:TOP]

    def answers(self, queries: Sequence[str]) -> list[list[str]]:
        """Files, as its server finds them."""
        return [self._files(query) for query in queries]

    def _files(self, query: str) -> list[str]:
        found = answer(f"{self._url}/files/query", {"queryText": query})["results"]
        return distinct([self.relative(one["path"]) for one in found])[:TOP]

    @property
    def _url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def disk(self) -> int:
        """Its caches, with Chroma in them."""
        return size_of(self.work / "home")

    def close(self) -> None:
        """End its server."""
        if self.server is not None:
            end(self._server)


def unfinished(done: int, whole: int, taken: Taken, begun: float) -> str:
    """How far it came, and what all would take at that rate; ``begun`` is what it took before the first."""
    share = f"stopped after {taken.cpu:,.0f} s of processor time with {done:,} of {whole:,} chunks done"
    if not done:
        return share
    every = begun + (taken.cpu - begun) * whole / done
    return (
        f"{share}, then held; at that rate all would take {every:,.0f} s (extrapolated). Its time for one "
        "question is of that state; it went on indexing while it answered"
    )


def _repository(project: Path) -> None:
    name = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for command in (["init", "-q"], ["add", "-A"], [*name, "commit", "-q", "-m", "source"]):
        subprocess.run(["git", *command], cwd=project, check=True, capture_output=True)
