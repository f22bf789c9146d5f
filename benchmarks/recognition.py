"""How well patterns are recognised, against labels that nobody in the project wrote.

    python benchmarks/recognition.py REPOS [--truth DIR] [--only design,functions,…] [--per-label]

REPOS holds checkouts named owner+name at the commits of the labels; TRUTH the
labels and their scorers (see its README). One repository in three, by the hash
of its name, is *held out*: rules are written while looking at the others only.
Printed: F1 of design and function labels (families merged, strict), the same
with names hidden, hard negatives that fooled it, F1 of anti-patterns with
comments stripped, and speed as a multiple of astroid.parse.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __package__:
    from benchmarks.hidden_names import hide
else:
    from hidden_names import hide  # type: ignore[import-not-found,no-redef]

Row = dict[str, Any]
PROJECT = Path(__file__).resolve().parent.parent
PARTS = ("design", "functions", "hidden", "antipatterns", "speed")
FOLDS = ("all", "seen", "held out")


@dataclass(frozen=True, slots=True)
class Bench:
    """Where everything lies."""

    repos: Path
    truth: Path
    split: str
    per_label: bool = False

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


def is_held_out(repo: str) -> bool:
    """One repository in three, by its name alone."""
    return int(hashlib.sha256(repo.encode()).hexdigest(), 16) % 3 == 2


def _in_fold(fold: str, repo: str) -> bool:
    return fold == "all" or is_held_out(repo) == (fold == "held out")


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
    """Labels of every unit in the labelled files."""
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
                found.append(
                    {
                        "repo": repo,
                        "file": path,
                        "qualname": name,
                        "line": row["line"],
                        "labels": row["labels"],
                    }
                )
    return found


def label_scores(bench: Bench, rows: list[Row], name: str) -> Iterator[tuple[str, Row]]:
    """The scorer's figures for the labels of *name* (design or functions), by fold."""
    scorer = bench.script("score_detection")
    present = bench.files(name)
    units = scorer.truth_units(str(bench.truth), name, bench.split)
    for fold in FOLDS:
        chosen = {key: unit for key, unit in units.items() if key[0] in present and _in_fold(fold, key[0])}
        if chosen:
            yield fold, scorer.evaluate(chosen, rows, family=True)


def show_labels(bench: Bench, rows: list[Row], name: str, title: str) -> None:
    for fold, score in label_scores(bench, rows, name):
        precision, recall, f1 = score["micro"]
        counts = f"tp {score['tp']} fp {score['fp']} fn {score['fn']}"
        fooled = "{}/{}".format(*score["hard"])
        print(f"{title:22} {fold:9} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}  {counts}  fooled {fooled}")
        if bench.per_label and fold == "all":
            for label, (_, (tp, fp, fn)) in sorted(score["per"].items()):
                print(f"    {label:24} tp {tp} fp {fp} fn {fn}")


def show_antipatterns(bench: Bench) -> None:
    blank = bench.script("predict").without_comments
    scorer = bench.script("score_antipatterns")
    rows: list[Row] = []
    present = bench.files("antipatterns")
    for repo, files in present.items():
        with tempfile.TemporaryDirectory() as scratch:
            for path in files:
                copy = Path(scratch) / path
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text(blank((bench.root(repo) / path).read_text(errors="replace")))
            rows += [
                row | {"repo": repo} for row in command(["antipatterns", *files, "--json"], Path(scratch))
            ]
    truth = [row for row in scorer.rows(str(bench.truth), bench.split) if row["repo"] in present]
    if not truth:
        print("antipatterns: nothing checked out")
        return
    score = scorer.evaluate(truth, rows)
    precision, recall, f1 = score["micro"]
    print(f"{'antipatterns':22} {'all':9} P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")
    if bench.per_label:
        for label, (_, counts) in sorted(score["per"].items()):
            print("    {:32} tp {} fp {} fn {} clean {}".format(label, *counts))


def show_speed(bench: Bench, rounds: int = 3) -> None:
    """Extraction with all detectors against astroid.parse alone, each round both, the best of each."""
    sys.path.insert(0, str(PROJECT))
    import astroid  # type: ignore[import-untyped]
    from astroid.astroid_manager import MANAGER  # type: ignore[import-untyped]

    from tui_patterns.extraction.python import extract_source

    paths = [
        bench.root(repo) / path
        for repo, files in bench.files("design", "functions").items()
        for path in files
    ]
    sources = [path.read_bytes() for path in paths]
    lines = sum(source.count(b"\n") for source in sources)
    works: tuple[Callable[[bytes], Any], ...] = (
        lambda source: astroid.parse(source.decode()),
        lambda source: extract_source(source, "a.py"),
    )
    best = [float("inf"), float("inf")]
    for _ in range(rounds):
        for at, work in enumerate(works):
            MANAGER.clear_cache()
            start = time.process_time()
            for source in sources:
                work(source)
            best[at] = min(best[at], time.process_time() - start)
    print(
        f"speed: {lines} lines; astroid.parse {lines / best[0]:.0f}/s, extraction {lines / best[1]:.0f}/s: "
        f"{best[0] / best[1]:.2f} x astroid.parse"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repos", type=Path)
    parser.add_argument("--truth", type=Path, default=PROJECT.parent / "shared" / "truth")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--only", default=",".join(PARTS), help="some of " + ", ".join(PARTS))
    parser.add_argument("--per-label", action="store_true")
    parser.add_argument("--keep", type=Path, help="write the predictions here, as JSON Lines")
    options = parser.parse_args()
    bench = Bench(options.repos, options.truth, options.split, options.per_label)
    parts = options.only.split(",")
    for hidden in (False, True):
        if hidden and "hidden" not in parts:
            continue
        rows = predicted(bench, hidden)
        if options.keep:
            kept = options.keep.with_suffix(".hidden.jsonl" if hidden else ".jsonl")
            kept.write_text("".join(json.dumps(row) + "\n" for row in rows))
        for name in ("design", "functions"):
            if name in parts or not {"design", "functions"} & set(parts):
                show_labels(bench, rows, name, f"{name}, names hidden" if hidden else name)
    if "antipatterns" in parts:
        show_antipatterns(bench)
    if "speed" in parts:
        show_speed(bench)


if __name__ == "__main__":
    main()
