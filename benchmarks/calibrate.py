"""Fit the weights of relevance, and say how well they keep their word.

    python benchmarks/calibrate.py [FOLDER …] [--questions FILE] [--write]

Questions are first sentences of docstrings, which the index does not see; the
answer is the function that each stood in. ``FOLDER`` is a project's checkout;
installed packages are added. ``FILE`` (JSON Lines: repo, path, qualname) names
questions that are always asked; a folder for repo a/b is called ``a+b``.

What is fitted is the *best hit* of a question: that is what a person reads first,
and what a prompt takes. Each project is predicted by what was fitted without it.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from benchmarks.logistic import brier, cross_validated, fit, predict, reliability
from benchmarks.observations import Examiner, Observation
from benchmarks.pairs import Corpus, collect
from benchmarks.places import TOP, cache_folder, isolate

PACKAGES = (
    "textual", "rich", "httpx", "aiohttp", "click", "jinja2", "networkx", "hypothesis", "huggingface_hub",
    "requests", "urllib3", "pydantic",
)  # fmt: skip
# Words to meaning, as benchmarks/tune.py finds it best for order; only scale and constant are fitted here.
PROPORTION = 0.8
MOST = 120  # questions of one project
SEED = 5
OFF_TOPIC_SHARE = 0.1  # of all questions a person asks, so many are not about code in the library
THRESHOLD = 0.6  # min_relevance
PAGE = Path(__file__).with_name("calibration.md")
ABOUT = """\
## Relevance

Written by `benchmarks/calibrate.py`. A question is a docstring's first sentence, its answer the function that
the docstring stood in; the index sees neither. Judged is the best hit; another function counts as right when
its own, equally hidden docstring says the same (cosine of 0.7 or more). One that has no docstring counts as
right as often as those do that have one, were not asked for and score the same: to leave it out would forget
mistakes. Questions about other things, from `benchmarks/off_topic.txt`, weigh a tenth of all. Each project is
predicted by what was fitted without it."""
RELEVANCE = TOP / "tui_patterns" / "search" / "relevance.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; with ``--write`` put them on a page, and the weights into the program."""
    options = _parser().parse_args(arguments)
    isolate()
    work = cache_folder() / "calibrate"  # kept: what is embedded once need not be again
    shutil.rmtree(work / "src", ignore_errors=True)
    examiner = Examiner(_corpora(options.folders, work / "src"), work / "data")
    seen = [*examiner.on_topic(_named(options.questions), MOST, SEED), *examiner.off_topic()]
    fits = [
        _fitted(name, [one for one in seen if one.mode == name.lower()]) for name in ("HYBRID", "LEXICAL")
    ]
    print("\n\n".join(table for _, table in fits))
    if options.write:
        _write([line for line, _ in fits], [table for _, table in fits])
    return 0


def _write(lines: Sequence[str], tables: Sequence[str]) -> None:
    text = RELEVANCE.read_text("utf-8")
    for line in lines:
        text = re.sub(rf"^{line.split()[0]} = .*$", line, text, flags=re.MULTILINE)
    RELEVANCE.write_text(text, "utf-8")
    PAGE.write_text("\n\n".join([ABOUT, *tables]) + "\n", "utf-8")


def _fitted(name: str, seen: Sequence[Observation]) -> tuple[str, str]:
    """The line of source with the weights, and how good they are, in Markdown."""
    hybrid = name == "HYBRID"
    rows = np.array([[one.cosine + PROPORTION * one.words if hybrid else one.words] for one in seen])
    outcomes = settled(seen, rows)
    off = np.array([not one.project for one in seen])
    weights = np.where(off, OFF_TOPIC_SHARE / (1 - OFF_TOPIC_SHARE) * (~off).sum() / off.sum(), 1.0)
    likely = cross_validated(rows, outcomes, weights, _folds(seen))
    constant, slope = fit(rows, outcomes, weights)
    cosine, words = (slope, PROPORTION * slope) if hybrid else (0.0, slope)
    line = f"{name} = Weights(constant={constant:.2f}, cosine={cosine:.2f}, words={words:.2f})"
    summary = _summary(likely, outcomes, weights, seen)
    table = [f"### {name.title()}", "", *summary, "", f"`{line}`"]
    return line, "\n".join(table)


def settled(seen: Sequence[Observation], rows: np.ndarray) -> np.ndarray:
    """``[n]`` outcomes in 0..1; where nobody knows, how likely it is of a hit that was not asked for.

    Of those that have a docstring, a logistic model by ``rows`` says how many say the same.
    """
    known = np.array([one.relevant is not None for one in seen])
    other = np.array([known[at] and bool(one.project) and not one.exact for at, one in enumerate(seen)])
    outcomes = np.array([float(one.relevant or False) for one in seen])
    if not known.all():
        model = fit(rows[other], outcomes[other], np.ones(other.sum()))
        outcomes[~known] = predict(rows[~known], model)
    return outcomes


def _summary(
    likely: np.ndarray, outcomes: np.ndarray, weights: np.ndarray, seen: Sequence[Observation]
) -> list[str]:
    off = np.array([not one.project for one in seen])
    exact = sum(one.exact for one in seen)
    high, right, base = likely >= THRESHOLD, outcomes.sum(), _base(outcomes, weights)
    return [
        f"{(~off).sum():,} best hits, {exact:,} of them the function asked for, {right:,.0f} right;",
        f"{off.sum():,} hits off topic. On topic {likely[~off].mean():.3f} is predicted,",
        f"{outcomes[~off].mean():.3f} observed; in half of the projects they are at most",
        f"{_apart(likely, outcomes, seen):.3f} apart.",
        f"Brier score {brier(likely, outcomes, weights):.3f}; the base rate alone {base:.3f}.",
        f"At {THRESHOLD} or more are {outcomes[high].sum() / right:.0%} of the right hits,",
        f"and {high[off].mean():.1%} of those off topic, of which the highest has {likely[off].max():.2f};",
        f"on topic, of all at {THRESHOLD} or more {outcomes[high & ~off].mean():.0%} are right.",
        "",
        "| relevance | hits | predicted | observed |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {edge:.1f}–{edge + 0.1:.1f} | {count:,} | {predicted:.3f} | {observed:.3f} |"
            for edge, count, predicted, observed in reliability(likely, outcomes, weights)
        ),
    ]


def _apart(likely: np.ndarray, outcomes: np.ndarray, seen: Sequence[Observation]) -> float:
    """How far what is predicted of a project's best hits lies from what is observed: the median."""
    project = np.array([one.project for one in seen])
    inside = [project == name for name in np.unique(project) if name]
    return float(np.median([abs((likely[own] - outcomes[own]).mean()) for own in inside]))


def _base(outcomes: np.ndarray, weights: np.ndarray) -> float:
    share = np.full(len(outcomes), np.average(outcomes, weights=weights))
    return brier(share, outcomes, weights)


def _folds(seen: Sequence[Observation]) -> np.ndarray:
    """A fold for each project; off-topic questions are dealt out to them, each question to one."""
    projects = sorted({one.project for one in seen if one.project})
    queries = sorted({one.query for one in seen if not one.project})
    fold = {query: number % len(projects) for number, query in enumerate(queries)}
    return np.array([projects.index(one.project) if one.project else fold[one.query] for one in seen])


def _corpora(folders: Sequence[Path], into: Path) -> list[Corpus]:
    sources = {folder.resolve().name: folder.resolve() for folder in folders}
    known = {name.rpartition("+")[2] for name in sources}
    for package in PACKAGES:
        spec = find_spec(package)
        if package not in known and spec is not None and spec.submodule_search_locations:
            sources[package] = Path(next(iter(spec.submodule_search_locations)))
    return [collect(source, into / name) for name, source in sources.items()]


def _named(file: Path | None) -> frozenset[tuple[str, str, str]]:
    if file is None:
        return frozenset()
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return frozenset((row["repo"].replace("/", "+"), row["path"], row["qualname"]) for row in rows)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="*", metavar="FOLDER")
    parser.add_argument("--questions", type=Path, metavar="FILE")
    parser.add_argument("--write", action="store_true", help="put the weights into search/relevance.py")
    return parser


if __name__ == "__main__":
    sys.exit(main())
