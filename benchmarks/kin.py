"""Learn what names of functions are called by other words than in their descriptions: ``search/kin.txt``.

    python benchmarks/kin.py [--write]

Read are documented functions of the standard library and of installed packages,
but of none that questions of a benchmark are about. A docstring's first sentence
is taken for a translation of the function's name, and IBM model 1 fitted by
expectation maximisation: t(word | word of a name), with an empty word for what no
part of the name explains. Kept is what was seen often enough, in two packages at
least, with likelihoods above ``LEAST``.
"""

from __future__ import annotations

import argparse
import ast
import sys
import sysconfig
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from random import Random

import numpy as np

from benchmarks.places import tell
from tui_patterns.embedding.document import first_sentence
from tui_patterns.embedding.identifiers import split_identifier, words
from tui_patterns.search.kin import FILE, Kin, written
from tui_patterns.search.terms import FUNCTION_WORDS, stem

PACKAGES = (
    "scipy", "sklearn", "transformers", "torch", "numpy", "sympy", "fsspec", "mypy", "astroid", "joblib",
    "coverage", "_pytest", "packaging", "setuptools", "typer", "uvicorn", "websockets", "chromadb",
    "watchdog", "onnx", "onnxscript", "narwhals", "markdown_it", "filelock", "anyio", "importlib_resources",
    "mpmath", "tqdm", "regex", "dateutil", "attr", "jsonschema", "pydantic_settings", "sentence_transformers",
    "hatchling", "syrupy", "xdist", "cloudpickle", "tomlkit", "genai_prices",
)  # fmt: skip
LEFT_OUT = frozenset({"tests", "test", "testing", "site-packages", "_vendor", "idlelib", "lib2to3"})
LARGEST = 1_000_000  # bytes: larger files were written by programs
MOST = 3_000  # functions of one package, or one would speak for all
SHORTEST, LONGEST = 2, 25  # words of a sentence
STEPS = 8
SEEN, PLACES, LEAST, KEPT = 3.0, 2, 0.04, 10
SURE = 3.0  # a likelihood of a third, or more, is as good as the word itself
SEED = 3
NOTHING = ""


@dataclass(frozen=True, slots=True)
class Described:
    """A function: the stems of its name, and those of what is said of it."""

    package: str
    name: tuple[str, ...]
    said: tuple[str, ...]


def described(package: str, tree: ast.AST) -> Iterator[Described]:
    """Every documented function in ``tree``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("test"):
            sentence = words(first_sentence(ast.get_docstring(node)))
            said = [stem(word) for word in sentence if word not in FUNCTION_WORDS and len(word) > 1]
            if SHORTEST <= len(said) <= LONGEST:
                yield Described(package, _distinct(map(stem, split_identifier(node.name))), _distinct(said))


def collected() -> list[Described]:
    """What is learned from, each name with its sentence once."""
    found: list[Described] = []
    seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for package, folder in _folders():
        own = []
        for one in _read(package, folder):
            if (one.name, one.said) not in seen:
                seen.add((one.name, one.said))
                own.append(one)
        Random(SEED).shuffle(own)
        found += own[:MOST]
        tell(f"{package}: {min(len(own), MOST):,}")
    return found


def _folders() -> Iterator[tuple[str, Path]]:
    yield "the standard library", Path(sysconfig.get_path("stdlib"))
    for package in PACKAGES:
        spec = find_spec(package)
        if spec is not None and spec.submodule_search_locations:
            yield package, Path(next(iter(spec.submodule_search_locations)))


def _read(package: str, folder: Path) -> Iterator[Described]:
    for file in sorted(folder.rglob("*.py")):
        if LEFT_OUT.isdisjoint(file.relative_to(folder).parts) and file.stat().st_size <= LARGEST:
            try:
                yield from described(package, ast.parse(file.read_bytes()))
            except (SyntaxError, ValueError, RecursionError):
                continue


def learn(functions: Sequence[Described]) -> dict[str, Kin]:
    """For each word that is said, the words of names that mean it, likeliest first, as strengths in 0..1."""
    numbers: dict[str, int] = {NOTHING: 0}
    said, names, pair, package = _triples(functions, numbers)
    size = len(numbers)
    kinds, kind = np.unique(names * size + said, return_inverse=True)
    sources, targets = kinds // size, kinds % size
    likely: np.ndarray = np.ones(len(kinds))
    counts: np.ndarray = np.zeros(len(kinds))
    for _ in range(STEPS):
        share = likely[kind]
        share /= np.bincount(pair, share)[pair]
        counts = np.bincount(kind, share, minlength=len(kinds))
        likely = counts / np.maximum(np.bincount(sources, counts)[sources], 1e-12)
    places = np.bincount(np.unique(kind * (package.max() + 1) + package) // (package.max() + 1))
    kept = (sources > 0) & (sources != targets) & (counts >= SEEN) & (places >= PLACES) & (likely >= LEAST)
    every = list(numbers)
    found: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
    for at in np.flatnonzero(kept):
        found[every[targets[at]]].append((every[sources[at]], round(min(1.0, SURE * likely[at]), 2)))
    return {word: tuple(sorted(ways, key=_strongest)[:KEPT]) for word, ways in sorted(found.items())}


def _strongest(way: tuple[str, float]) -> tuple[float, str]:
    return -way[1], way[0]


def _triples(functions: Sequence[Described], numbers: dict[str, int]) -> tuple[np.ndarray, ...]:
    """A row for each word said and each word of the name, or none, that may have brought it forth.

    Columns: the word said, that of the name, which saying it is, and the package.
    """
    packages = {name: number for number, name in enumerate(sorted({one.package for one in functions}))}
    rows: list[tuple[int, int, int, int]] = []
    saying = 0
    for one in functions:
        sources = [0, *(numbers.setdefault(word, len(numbers)) for word in one.name)]
        for word in one.said:
            number = numbers.setdefault(word, len(numbers))
            rows += [(number, source, saying, packages[one.package]) for source in sources]
            saying += 1
    return tuple(np.array(rows, np.int64).T)


def _distinct(found: Iterator[str] | Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(found))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or with ``--write`` put it into the program."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="put the table into search/kin.txt")
    options = parser.parse_args(arguments)
    warnings.simplefilter("ignore")  # what the sources that are read would be warned of
    functions = collected()
    text = "".join(f"{written(word, found)}\n" for word, found in learn(functions).items())
    tell(f"{len(functions):,} functions, {len(text.splitlines()):,} words")
    if options.write:
        FILE.write_text(text, "utf-8")
    else:
        sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
