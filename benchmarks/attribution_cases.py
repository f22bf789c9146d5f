"""Labelled cases of attribution over real functions: installed packages, split for fitting and for proof.

A case is a pattern, the code that came after it, what had stood there before, and whether the
pattern was used. Functions and packages are chosen by hashes, never by hand; the pairs of
``independent`` are functions of one name in different packages, and those of ``other`` the functions
of another package whose names and docstrings answer the same words.
"""

from __future__ import annotations

import ast
import hashlib
import re
import sysconfig
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.attribution_changes import Function, adapted, parse, partly_used, renamed

# Packages of one origin: what one of them holds of another was taken over, not written independently.
FAMILIES = (
    {"rich", "textual"},
    {"onnx", "onnx_ir", "onnxscript", "onnxruntime", "ml_dtypes"},
    {"httpx", "httpx2", "httpcore", "httpcore2", "h11", "uvicorn"},
    {"typer", "click", "fastapi"},
    {"pip", "setuptools", "packaging", "build", "pyproject_hooks", "hatchling"},
    {"mypy", "mypyc", "librt"},
    {"markdown_it", "mdit_py_plugins", "linkify_it", "mdurl"},
    {"pydantic", "pydantic_settings", "genai_prices"},
    {"aiohttp", "yarl", "multidict", "aiosignal", "aiohttp_retry", "aiohappyeyeballs"},
    {"sentence_transformers", "huggingface_hub", "tokenizers", "safetensors"},
    {"watchfiles", "watchdog"},
    {"requests", "requests_oauthlib", "oauthlib", "urllib3"},
)
LINES, STATEMENTS, MOST = range(8, 81), 5, 60
EACH = 30
_LEFT_OUT = re.compile(
    r"(^|/)(_?vendor(ed)?|_vendor|externals|tests?|testing|__pycache__|third_party)(/|$)|_pb2|test_"
)
_TAKEN_OVER = re.compile(
    r"(copied|adapted|taken|borrowed|derived|ported|vendored|backport\w*|stolen|inspired|based) "
    r"(\w+ )?(from|of|on|by)",
    re.I,
)
_SKIPPED = frozenset(
    {"torch", "torchgen", "transformers", "scipy", "sympy", "kubernetes", "tui_patterns", "numpy"}
)
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_DULL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "to",
        "in",
        "for",
        "and",
        "or",
        "is",
        "if",
        "with",
        "from",
        "this",
        "that",
        "by",
        "be",
        "it",
        "as",
        "on",
        "are",
        "return",
        "returns",
        "get",
    ]
)


@dataclass(frozen=True, slots=True)
class Source:
    """One function of a package; ``code`` starts in the first column."""

    package: str
    place: str
    name: str
    code: str
    taken_over: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """``used`` is the truth; ``before`` is what stood at the place when the pattern was shown."""

    kind: str
    used: bool
    pattern: Source
    now: str
    before: str | None = None
    other: str = ""
    own: tuple[str, ...] = ()


def sources(site_packages: Path | None = None) -> dict[str, list[Source]]:
    """Functions by half: ``development`` and ``held out``, by a hash of the package's name."""
    folder = site_packages or Path(sysconfig.get_paths()["purelib"])
    found: dict[str, list[Source]] = {"development": [], "held out": []}
    for package in sorted(one for one in folder.iterdir() if one.is_dir() and one.name.isidentifier()):
        if package.name in _SKIPPED or package.name.startswith("_"):
            continue
        half = "development" if _hash(package.name) % 2 else "held out"
        mine = [one for file in sorted(package.rglob("*.py")) for one in _functions(file, package)]
        mine.sort(key=lambda one: _hash(one.place + one.name))
        found[half] += mine[: MOST * 10]
    return found


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def _functions(file: Path, package: Path) -> Iterator[Source]:
    place = file.relative_to(package.parent).as_posix()
    if _LEFT_OUT.search(place):
        return
    try:
        text = file.read_text("utf-8")
        tree = ast.parse(text)
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        if isinstance(node, Function) and _is_telling(node):
            code = _dedented(text, node)
            above = "\n".join(text.split("\n")[max(node.lineno - 12, 0) : node.lineno])
            told = bool(_TAKEN_OVER.search(text[:1500] + above + code))
            yield Source(package.name, f"{place}:{node.lineno}", node.name, code, told)


def _is_telling(node: Function) -> bool:
    """As the entry gate would have it: long enough, with branches."""
    length = (node.end_lineno or node.lineno) - node.lineno + 1
    statements = sum(isinstance(one, ast.stmt) for one in ast.walk(node)) - 1
    branches = sum(
        isinstance(one, ast.If | ast.For | ast.While | ast.Try | ast.BoolOp) for one in ast.walk(node)
    )
    return length in LINES and statements >= STATEMENTS and branches >= 2


def _dedented(text: str, node: Function) -> str:
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    lines = text.split("\n")[first - 1 : node.end_lineno]
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    return "\n".join(line.removeprefix(indent) for line in lines)


def cases(functions: Sequence[Source], seed: int) -> list[Case]:
    """EACH cases of each kind, fewer where there are fewer pairs."""
    rng = Random(seed)
    chosen = sorted(functions, key=lambda one: _hash(f"{seed}{one.place}{one.name}"))
    parts = [chosen[at * EACH : (at + 1) * EACH] for at in range(8)]
    made = [Case("as is", True, one, one.code) for one in parts[0]]
    made += [Case("renamed", True, one, _unparsed(renamed(parse(one.code), rng))) for one in parts[1]]
    made += [Case("adapted", True, one, _unparsed(adapted(parse(one.code), rng))) for one in parts[2]]
    made += [_partly(one, host, rng) for one, host in zip(parts[3], parts[4], strict=True)]
    made += [_there_before(one, rng) for one in parts[5]]
    made += _others(parts[6], chosen)
    return made + _independent(functions, seed) + _siblings(functions, seed)


def _unparsed(function: Function) -> str:
    return ast.unparse(function)


def _partly(one: Source, host: Source, rng: Random) -> Case:
    now, before = partly_used(parse(one.code), parse(host.code), rng)
    known = rng.random() < 0.5
    return Case("partly used", True, one, _unparsed(now), _unparsed(before) if known else None, host.place)


def _there_before(one: Source, rng: Random) -> Case:
    """The code had followed the pattern before it was shown, and was then edited."""
    before = renamed(parse(one.code), rng)
    now = adapted(before, Random(rng.random()))
    return Case("there before", False, one, _unparsed(now), _unparsed(before))


def _others(chosen: Sequence[Source], functions: Sequence[Source]) -> list[Case]:
    """For each, the best answer that another package has to its words."""
    words = [(one, _words(one)) for one in functions[:3000]]
    made = []
    for one in chosen:
        asked = _words(one)
        rivals = [
            (len(asked & has) / (len(has) + 5) ** 0.5, other)
            for other, has in words
            if _family(other.package) != _family(one.package)
        ]
        best = max(rivals, key=lambda pair: (pair[0], pair[1].place))[1]
        made.append(Case("other", False, one, best.code, other=best.place))
    return made


def _words(one: Source) -> set[str]:
    said = ast.get_docstring(parse(one.code)) or ""
    return {word.lower() for word in _WORD.findall(f"{one.name} {said[:400]}")} - _DULL


def _family(package: str) -> str:
    return next((min(family) for family in FAMILIES if package in family), package)


def _independent(functions: Sequence[Source], seed: int) -> list[Case]:
    """Functions of one telling name in different packages."""
    by_name: dict[str, list[Source]] = {}
    for one in functions:
        if not one.taken_over and len(_WORD.findall(one.name)) >= 2 and not one.name.startswith("__"):
            by_name.setdefault(one.name.strip("_"), []).append(one)
    made = []
    for name in sorted(by_name, key=lambda name: _hash(f"{seed}{name}")):
        packages = {_family(one.package): one for one in by_name[name]}
        if len(packages) > 1:
            one, other = sorted(packages.values(), key=lambda each: _hash(each.place))[:2]
            made.append(Case("independent", False, one, other.code, other=other.place))
    return made[: EACH * 2]


def _siblings(functions: Sequence[Source], seed: int) -> list[Case]:
    """Two functions of one file, the rest of which is the project's own code."""
    by_file: dict[str, list[Source]] = {}
    for one in functions:
        by_file.setdefault(one.place.rpartition(":")[0], []).append(one)
    made = []
    for file in sorted(by_file, key=lambda file: _hash(f"{seed}{file}")):
        here = sorted(by_file[file], key=lambda one: _hash(f"{seed}{one.place}"))
        if len(here) > 5:
            own = tuple(one.code for one in here[2:8])
            made.append(Case("sibling", False, here[0], here[1].code, other=here[1].place, own=own))
    return made[:EACH]
