"""How well patterns are recognised, against labels that nobody in the project wrote.

    python benchmarks/recognition.py REPOS [--truth DIR] [--only design,functions,…] [--per-label] [--write]

REPOS holds checkouts named owner+name at the commits of the labels; TRUTH the
labels and their scorers (see its README). Printed, and with --write put on the
page of benchmarks: precision, recall and F1 of design and function labels
(families merged, strict), the same with names hidden, hard negatives that
fooled it, anti-patterns with comments stripped, and extraction's speed as a
multiple of astroid.parse. Printed alone: ruff's part of an index run, and that
of our own checks for anti-patterns, by CPU time.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from benchmarks import examining  # noqa: E402
from benchmarks.truth import Bench, Row, findings, predicted  # noqa: E402

PARTS = ("design", "functions", "hidden", "antipatterns", "speed", "examining")
PAGE = PROJECT / "docs" / "benchmarks.md"
SECTION = Path(__file__).with_name("recognition.md")
START, END = "<!-- recognition: start -->", "<!-- recognition: end -->"
ROUNDS = 5
SPEED = "extraction with all detectors"
# The least F1, the most hard negatives fooled, the least speed.
AIMS = {"design": 0.88, "functions": 0.90, "anti-patterns, comments stripped": 0.95, SPEED: 0.6}
HIDDEN = ", names hidden"
MOST_LOST = 0.15
ABOUT = """\
## Recognition

Written by `benchmarks/recognition.py --write`, against labels that nobody in the project wrote (families
merged; an unexpected label on a labelled unit counts as wrong). The rules were tuned while looking at these
repositories: on code that nobody has looked at, expect less. With names hidden, all names of classes,
functions and files are replaced by ones that say nothing. Speed is that of `astroid.parse` alone over the
same files, both in one process, taking turns; above 1 × is faster."""


@dataclass(frozen=True, slots=True)
class Score:
    """One line of the table; speeds have only ``f1``, as a multiple."""

    what: str
    f1: float
    precision: float | None = None
    recall: float | None = None
    fooled: tuple[int, int] | None = None
    aim: float | None = None

    def cells(self) -> tuple[str, ...]:
        fooled = "" if self.fooled is None or not self.fooled[1] else "{} of {}".format(*self.fooled)
        unit = " ×" if self.what == SPEED else ""
        shown = (f"{part:.3f}" if part is not None else "" for part in (self.precision, self.recall))
        aim = "" if self.aim is None else f"≥ {self.aim:.2f}{unit}"
        verdict = "" if self.aim is None else "ok" if self.f1 >= self.aim else "**under**"
        return (self.what, *shown, f"{self.f1:.2f}{unit}" if unit else f"{self.f1:.3f}", fooled, aim, verdict)


def label_score(bench: Bench, rows: list[Row], name: str, hidden: bool) -> tuple[Score, Any]:
    """The scorer's figures for the labels of *name* (design or functions)."""
    scorer = bench.script("score_detection")
    present = bench.files(name)
    truth = scorer.truth_units(str(bench.truth), name, bench.split)
    chosen = {key: unit for key, unit in truth.items() if key[0] in present}
    found = scorer.evaluate(chosen, rows, family=True)
    precision, recall, f1 = found["micro"]
    what, aim = (name + HIDDEN, None) if hidden else (name, AIMS[name])
    return Score(what, f1, precision, recall, tuple(found["hard"]), aim), found["per"]


def label_scores(bench: Bench, parts: Sequence[str], keep: Path | None) -> Iterator[tuple[Score, Any]]:
    """Both kinds of labels, with names and without."""
    names = [name for name in ("design", "functions") if name in parts] or ["design", "functions"]
    plain: dict[str, float] = {}
    for hidden in (False, True):
        if (hidden and "hidden" not in parts) or not set(parts) & {"design", "functions", "hidden"}:
            continue
        rows = predicted(bench, hidden)
        if keep is not None:
            kept = keep.with_suffix(".hidden.jsonl" if hidden else ".jsonl")
            kept.write_text("".join(json.dumps(row) + "\n" for row in rows))
        for name in names:
            score, per = label_score(bench, rows, name, hidden)
            if hidden:
                score = Score(
                    score.what, score.f1, score.precision, score.recall, score.fooled, plain[name] - MOST_LOST
                )
            plain.setdefault(name, score.f1)
            yield score, per


def antipattern_score(bench: Bench) -> tuple[Score, Any] | None:
    """Findings in copies without comments, which would give the answers away."""
    present = bench.files("antipatterns")
    scorer = bench.script("score_antipatterns")
    truth = [row for row in scorer.rows(str(bench.truth), bench.split) if row["repo"] in present]
    if not truth:
        return None
    found = scorer.evaluate(truth, findings(bench, present))
    precision, recall, f1 = found["micro"]
    what = "anti-patterns, comments stripped"
    return Score(what, f1, precision, recall, aim=AIMS[what]), found["per"]


def speed(bench: Bench) -> Score:
    """Median speed over rounds in which both sides take turns; the collector is as each side leaves it."""
    import astroid  # type: ignore[import-untyped]
    from astroid.astroid_manager import MANAGER  # type: ignore[import-untyped]

    from tui_patterns.extraction.python import extract_source

    files = bench.files("design", "functions").items()
    sources = [(bench.root(repo) / path).read_bytes() for repo, paths in files for path in paths]
    works: tuple[Callable[[bytes], Any], ...] = (
        lambda source: astroid.parse(source.decode()),
        lambda source: extract_source(source, "a.py"),
    )
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS + 1):  # the first warms up
        for times, work in zip(taken, works, strict=True):
            MANAGER.clear_cache()
            start = time.process_time()
            for source in sources:
                work(source)
            times.append(time.process_time() - start)
    parse, extraction = (statistics.median(times[1:]) for times in taken)
    lines = sum(source.count(b"\n") for source in sources)
    print(f"{lines:,} lines: astroid.parse {lines / parse:,.0f}/s, extraction {lines / extraction:,.0f}/s")
    return Score(SPEED, parse / extraction, aim=AIMS[SPEED])


def measure(bench: Bench, parts: Sequence[str], keep: Path | None, per_label: bool) -> list[Score]:
    """All scores asked for, each printed as it is known."""
    scores = []
    for score, per in label_scores(bench, parts, keep):
        scores.append(_told(score, per if per_label else {}))
    if "antipatterns" in parts and (found := antipattern_score(bench)) is not None:
        scores.append(_told(found[0], found[1] if per_label else {}))
    if "speed" in parts:
        scores.append(_told(speed(bench), {}))
    if "examining" in parts:
        print("anti-patterns:", examining.parts().told(), flush=True)
    return scores


def _told(score: Score, per: Any) -> Score:
    what, *rest = score.cells()
    print(f"{what:34} " + "  ".join(f"{cell:>8}" for cell in rest), flush=True)
    for label, (_, counts) in sorted(per.items()):
        print("    {:32} tp {} fp {} fn {}".format(label, *counts[:3]))
    return score


def section(scores: Sequence[Score]) -> str:
    """The part of the page that is written here, between its marks."""
    head = ("what", "precision", "recall", "F1", "hard negatives fooled", "aim", "")
    rows = [
        head,
        ("---", "---:", "---:", "---:", "---:", "---:", "---"),
        *(score.cells() for score in scores),
    ]
    table = "\n".join("| " + " | ".join(row) + " |" for row in rows)
    return f"{START}\n{ABOUT}\n\n{table}\n{END}\n"


def put(page: str, new: str) -> str:
    """*page* with its section replaced, or added at the end."""
    old = re.compile(re.escape(START) + ".*?" + re.escape(END) + "\n?", re.DOTALL)
    return old.sub(lambda _: new, page) if old.search(page) else f"{page.rstrip()}\n\n{new}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("repos", type=Path)
    parser.add_argument("--truth", type=Path, default=PROJECT.parent / "shared" / "truth")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--only", default=",".join(PARTS), help="some of " + ", ".join(PARTS))
    parser.add_argument("--per-label", action="store_true")
    parser.add_argument("--keep", type=Path, help="write the predictions here, as JSON Lines")
    parser.add_argument("--write", action="store_true", help="put the table into docs/benchmarks.md")
    options = parser.parse_args()
    bench = Bench(options.repos, options.truth, options.split)
    scores = measure(bench, options.only.split(","), options.keep, options.per_label)
    if options.write:
        SECTION.write_text(section(scores), "utf-8")
        PAGE.write_text(put(PAGE.read_text("utf-8"), section(scores)), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
