"""Checkouts, the labels about them, and what the program says of the same files."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.hidden_names import hide

Row = dict[str, Any]
PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything lies."""

    repos: Path
    truth: Path
    split: str

    def rows(self, name: str) -> list[Row]:
        text = (self.truth / self.split / f"{name}.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line.strip()]

    def files(self, *names: str) -> dict[str, list[str]]:
        """The files that the rows of *names* are about and that are checked out, by repository."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in (row for name in names for row in self.rows(name)):
            path = row.get("orig_path") or row.get("file") or row["path"]
            if (self.root(row["repo"]) / path).is_file():
                found[row["repo"]].add(path)
        return {repo: sorted(paths) for repo, paths in sorted(found.items())}

    def root(self, repo: str) -> Path:
        return self.repos / repo.replace("/", "+")

    def script(self, name: str) -> Any:
        """A scorer of the labels' folder, as a module."""
        spec = importlib.util.spec_from_file_location(name, self.truth / f"{name}.py")
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def command(arguments: Iterable[str], folder: Path) -> Iterator[Row]:
    """The rows that one run of the program prints."""
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(
        [sys.executable, "-m", "tui_patterns", *arguments],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        print(f"{folder.name}: exit {done.returncode}: {done.stderr.strip()[-300:]}", file=sys.stderr)
    yield from map(json.loads, done.stdout.splitlines())


def predicted(bench: Bench, hidden: bool = False) -> list[Row]:
    """Labels of every unit in the labelled files; *hidden*: in copies whose names say nothing."""
    found: list[Row] = []
    for repo, files in bench.files("design", "functions").items():
        with tempfile.TemporaryDirectory() as scratch:
            back = dict(zip(files, files, strict=True))
            root = bench.root(repo)
            if hidden:
                back = hide(root, files, Path(scratch))
                root = Path(scratch)
            for row in command(["extract", "--all", *back, "--json"], root):
                path = back[os.path.relpath(root / row["path"], root).replace(os.sep, "/")]
                name = None if hidden else row["qualname"]
                place = {"repo": repo, "file": path, "qualname": name, "line": row["line"]}
                found.append(place | {"labels": row["labels"]})
    return found


def findings(bench: Bench, present: Mapping[str, list[str]]) -> list[Row]:
    """Anti-patterns in copies of the files of *present* from which comments are taken."""
    blank = bench.script("predict").without_comments
    rows: list[Row] = []
    for repo, files in present.items():
        with tempfile.TemporaryDirectory() as scratch:
            for path in files:
                copy = Path(scratch) / path
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text(blank((bench.root(repo) / path).read_text(errors="replace")))
            found = command(["antipatterns", *files, "--json"], Path(scratch))
            rows += [row | {"repo": repo} for row in found]
    return rows
