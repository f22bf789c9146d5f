"""Whether the right patterns get into a prompt, asked as people ask coding agents: by messages of commits.

    python benchmarks/prompts.py --mirrors DIR [PROJECT …] [--most N] [--write]

DIR holds bare repositories, ``owner+name/repo``. One library holds a tree of each; what is
asked is what later commits say (``commits.py``). Right is a pattern that the commit changed
(*it*), one of the same class (*class*), or one in a file that the commit changed (*file*); of
one in another project nobody can say (it counts as half a mistake). A prompt is asked as one
question, cut off at 400 characters, and as a prompt, with meaning and by words alone. What is fitted
(``search/relevance.py``) is whether a pattern stands in a changed file, for the first three;
each project is predicted by what was fitted without it.
``--write`` puts the tables on a page, and the weights into the program; run it again until they stay.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.commits import Asked, collect, mirrors
from benchmarks.logistic import brier, cross_validated, fit, reliability
from benchmarks.observations import OFF_TOPIC
from benchmarks.places import TOP, cache_folder, isolate, tell
from benchmarks.prompt_library import WAYS, PromptLibrary, Seen
from benchmarks.sections import write_section

# Fitted on. Others are named on the command line, to see what it comes to elsewhere.
PROJECTS = (
    "encode/httpx", "pallets/click", "pallets/flask", "Textualize/rich", "redis/redis-py", "Kludex/starlette",
    "simonw/llm", "pallets/werkzeug", "psf/requests", "urllib3/urllib3", "encode/uvicorn", "benoitc/gunicorn",
)  # fmt: skip
IN_PASSING = Path(__file__).with_name("in_passing.txt")
THRESHOLD, TAKEN = 0.6, 3  # min_relevance, injection.max_patterns
CLAUSE = 0.3  # what the best clause counts beside the whole; 0 and 1 order slightly worse
OFF_SHARE = 0.1  # as in calibrate.py
# What a pattern of another project counts when relevance is fitted: as a mistake, but of half the weight,
# since nobody can say whether it would have helped. All of it is too strict, none puts things in off topic.
ELSEWHERE = 0.5
LENGTHS = ((0, 12), (12, 25), (25, 10_000))
SEED = 5
RELEVANCE = TOP / "tui_patterns" / "search" / "relevance.py"
ABOUT = """\
## Prompts

Written by `benchmarks/prompts.py --write`. Asked are messages of {prompts} commits of {projects} projects,
without trailers, links and numbers, in one library of {patterns:,} patterns of the trees *before* them. Right
is what the commit changed (*it*), what stands in the same class, or in a file that it changed; nobody says
that nothing else would have helped, so precision is a lower bound. Of what stands in other projects
(*elsewhere*) nobody can say: it is no hit, is left out of precision, and counts as half a mistake where
relevance is fitted. *One question*: the prompt as a search takes it, cut off at 400 characters, with
relevance as fitted on questions. *Prompt*: whole and by clause, with the weights of the program. Below, each
project is predicted by what was fitted without it."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One prompt, or a line off topic (``asked`` is ``None``), and what was found for it one way."""

    asked: Asked | None
    text: str
    way: str
    hits: tuple[Seen, ...]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the tables; with ``--write`` put them on a page, and the weights into the program."""
    options = _parser().parse_args(arguments)
    isolate()
    work = cache_folder() / "prompts"
    shutil.rmtree(work / "src", ignore_errors=True)
    named = options.projects or PROJECTS
    sources = mirrors(options.mirrors, named)
    asked = [one for source in sources for one in collect(source, work / "src" / source.parent.name, SEED)]
    library = PromptLibrary(work / "src", work / "data")
    answered = list(_answers(library, asked, options.most))
    told = [_ways(answered)]
    lines = []
    for mode in ("hybrid", "lexical"):
        line, table = _fitted(mode, [one for one in answered if one.way == f"prompt, {mode}"])
        lines.append(line)
        told.append(table)
    print("\n\n".join(told))
    if options.write:
        prompts = len({one.text for one in answered if one.asked})
        about = ABOUT.format(prompts=prompts, projects=len(named), patterns=library.patterns)
        write_section("prompts", "\n\n".join([about, *told]) + "\n")
        _put(lines)
    return 0


def _answers(library: PromptLibrary, asked: Sequence[Asked], most: int) -> Iterator[Answered]:
    for project in sorted({one.project for one in asked}):
        able = [one for one in asked if one.project == project and library.holds(one)]
        tell(f"{project}: asking {min(len(able), most)} of {len(able)}")
        for one in able[:most]:
            for way, find in WAYS.items():
                yield Answered(one, one.text, way, library.seen(find, one.text, one))
    for file in (OFF_TOPIC, IN_PASSING):
        lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
        for text in (line for line in lines if line and not line.startswith("#")):
            for way, find in WAYS.items():
                yield Answered(None, text, way, library.seen(find, text, None))


# -- what comes of it --------------------------------------------------------------------


def _ways(answered: Sequence[Answered]) -> str:
    """How both ways do, with the weights that are in the program, by length."""
    lines = [
        "| way | words | prompts | get any | patterns each | elsewhere | right: it | class | file |"
        " hit@3 it | file | hit@5 it | file | off topic |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for way in WAYS:
        own = [one for one in answered if one.way == way]
        lines.append(_row(way, "all", own))
        for low, high in LENGTHS:
            inside = [one for one in own if one.asked and low <= one.asked.words < high]
            said = f"{low}–{high - 1}" if high < LENGTHS[-1][1] else f"{low} and more"
            lines.append(_row(way, said, inside))
    return "\n".join(lines)


def _row(way: str, length: str, answered: Sequence[Answered]) -> str:
    on = [one for one in answered if one.asked]
    given = [[hit for hit in one.hits[:TAKEN] if hit.relevance >= THRESHOLD] for one in on]
    flat = [hit for one in given for hit in one]
    known = [hit for hit in flat if hit.right != "unknown"]
    off = [one for one in answered if not one.asked]
    put = sum(bool(one.hits) and one.hits[0].relevance >= THRESHOLD for one in off)
    cells = [
        way,
        length,
        f"{len(on):,}",
        f"{_mean(map(bool, given)):.0%}",
        f"{len(flat) / max(len(on), 1):.2f}",
        f"{1 - len(known) / max(len(flat), 1):.0%}",
        *(f"{_mean(right(hit) for hit in known):.0%}" for right in (_it, _class, _file)),
        *(f"{_hit(on, right, depth):.0%}" for depth in (3, 5) for right in (_it, _file)),
        f"{put} of {len(off)}" if off else "",
    ]
    return f"| {' | '.join(cells)} |"


def _it(hit: Seen) -> bool:
    return hit.right == "it"


def _class(hit: Seen) -> bool:
    return hit.right in ("it", "class")


def _file(hit: Seen) -> bool:
    return hit.right in ("it", "class", "file")


def _hit(answered: Sequence[Answered], right: Callable[[Seen], bool], depth: int) -> float:
    return _mean(any(map(right, one.hits[:depth])) for one in answered)


def _mean(values: object) -> float:
    found = [float(value) for value in values]  # type: ignore[attr-defined]
    return sum(found) / len(found) if found else 0.0


# -- what is fitted ----------------------------------------------------------------------


def _fitted(mode: str, answered: Sequence[Answered]) -> tuple[str, str]:
    """The line of source with the weights, and how well they keep their word, in Markdown."""
    pairs = [(one, hit) for one in answered for hit in one.hits[:TAKEN]]
    rows = np.array([_features(hit, mode) for _, hit in pairs])
    outcomes = np.array([float(_file(hit)) for _, hit in pairs])
    off = np.array([one.asked is None for one, _ in pairs])
    weights = np.array([ELSEWHERE if hit.right == "unknown" else 1.0 for _, hit in pairs])
    weights[off] = OFF_SHARE / (1 - OFF_SHARE) * weights[~off].sum() / off.sum()
    likely = cross_validated(rows, outcomes, weights, _folds([one for one, _ in pairs]))
    constant, *each = fit(rows, outcomes, weights)
    cosine = each.pop(0) if mode == "hybrid" else 0.0
    words, exact, length = each
    line = (
        f"PROMPT_{mode.upper()} = PromptWeights({constant:.2f}, cosine={cosine:.2f}, words={words:.2f}, "
        f"exact={exact:.2f}, length={length:.2f}, clause={CLAUSE:.2f})"
    )
    return line, "\n".join([*_told(mode, answered, pairs, likely, outcomes, weights, off), "", f"`{line}`"])


def _told(
    mode: str,
    answered: Sequence[Answered],
    pairs: Sequence[tuple[Answered, Seen]],
    likely: np.ndarray,
    outcomes: np.ndarray,
    weights: np.ndarray,
    off: np.ndarray,
) -> list[str]:
    high = likely >= THRESHOLD
    got = {one.text for (one, _), given in zip(pairs, high, strict=True) if given and one.asked}
    asked = {one.text for one in answered if one.asked}
    base = np.full(len(outcomes), np.average(outcomes, weights=weights))
    return [
        f"### Prompts, {mode}",
        "",
        f"The first {TAKEN} of each. On topic {np.average(likely[~off], weights=weights[~off]):.3f}",
        f"is predicted, {np.average(outcomes[~off], weights=weights[~off]):.3f} observed.",
        f"Brier score {brier(likely, outcomes, weights):.3f};",
        f"the base rate alone {brier(base, outcomes, weights):.3f}.",
        f"At {THRESHOLD} or more {len(got) / max(len(asked), 1):.0%} of the prompts get something, "
        f"{np.average(outcomes[high & ~off], weights=weights[high & ~off]):.0%} of it in a changed file;",
        f"off topic {int(high[off].sum())} patterns, the highest at {likely[off].max():.2f}.",
        "",
        "| relevance | patterns | predicted | observed |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {edge:.1f}–{edge + 0.1:.1f} | {count:,} | {predicted:.3f} | {observed:.3f} |"
            for edge, count, predicted, observed in reliability(likely, outcomes, weights)
        ),
    ]


def _features(hit: Seen, mode: str) -> list[float]:
    """What was seen of the whole, and ``CLAUSE`` times what was seen of the best clause."""
    both = [one + CLAUSE * other for one, other in zip(hit.whole, hit.clause, strict=True)]
    return both if mode == "hybrid" else both[1:]


def _folds(answered: Sequence[Answered]) -> np.ndarray:
    """A fold for each project; lines off topic are dealt out to them."""
    projects = sorted({one.asked.project for one in answered if one.asked})
    lines = sorted({one.text for one in answered if not one.asked})
    fold = {text: number % len(projects) for number, text in enumerate(lines)}
    return np.array([projects.index(one.asked.project) if one.asked else fold[one.text] for one in answered])


def _put(lines: Sequence[str]) -> None:
    text = RELEVANCE.read_text("utf-8")
    for line in lines:
        text = re.sub(rf"^{line.split()[0]} = .*$", line, text, flags=re.MULTILINE)
    RELEVANCE.write_text(text, "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "projects", nargs="*", metavar="PROJECT", help="owner/name; by default those fitted on"
    )
    parser.add_argument("--mirrors", type=Path, required=True, metavar="DIR")
    parser.add_argument("--most", type=int, default=40, metavar="N", help="prompts of one project")
    parser.add_argument("--write", action="store_true", help="put tables and weights into their files")
    return parser


if __name__ == "__main__":
    sys.exit(main())
