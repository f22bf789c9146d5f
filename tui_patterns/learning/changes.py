"""A change as a unified diff, its likeness to another, and which strategy it is: a closed set, by rules."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, get_args

Strategy = Literal[
    "dependency",
    "configuration",
    "expectation",
    "import",
    "handle",
    "await",
    "check",
    "default",
    "convert",
    "condition",
    "return",
    "argument",
    "remove",
    "rewrite",
    "edit",
]
STRATEGIES: tuple[Strategy, ...] = get_args(Strategy)
WORDS: dict[Strategy, str] = {
    "dependency": "change the dependencies",
    "configuration": "change the configuration",
    "expectation": "change the test",
    "import": "change what is imported",
    "handle": "catch the error",
    "await": "await it, or make it async",
    "check": "check before use",
    "default": "give a default",
    "convert": "convert the value",
    "condition": "correct the condition",
    "return": "change what is returned",
    "argument": "change the arguments",
    "remove": "take code away",
    "rewrite": "write it anew",
    "edit": "change the code",
}
_WORDS_OF: dict[str, str] = {str(name): words for name, words in WORDS.items()}
DIFF_KEPT = 12_000  # characters
MOST_FILES = 5
LARGE = 40  # changed lines from which a change is a rewrite
LONG = 5_000  # lines; comparing more may take seconds
SAME = 0.8
_DEPENDENCIES = re.compile(
    r"(?:^|/)(?:requirements[^/]*\.txt|constraints[^/]*\.txt|pyproject\.toml|[^/]+\.lock|Pipfile)$"
)
_CONFIGURATION = re.compile(r"\.(?:toml|cfg|ini|ya?ml|json|env)$")
_TEST = re.compile(
    r"(?:^|/)(?:tests?/|test_[^/]*\.py$|[^/]*_test\.py$|conftest\.py$|[^/]*\.(?:test|spec)\.[jt]sx?$)"
)
_ADDED: tuple[tuple[Strategy, re.Pattern[str]], ...] = (
    ("import", re.compile(r"^\s*(?:from\s+\S+\s+import|import\s)")),
    ("handle", re.compile(r"^\s*(?:try:|except\b.*:|with\s+(?:contextlib\.)?suppress\(|catch\b)")),
    ("await", re.compile(r"\bawait\s|\basync\s+(?:def|with|for)\b")),
)
_CHECK = re.compile(r"^\s*(?:el)?if\b|\bif\b.+\belse\b|\bisinstance\(|\bhasattr\(|\?\.")
_DEFAULT = re.compile(
    r"\.get\(|\bgetattr\([^,()]+,[^,()]+,|\bsetdefault\(|defaultdict\(|\?\?|\bor\s+(?:\[\]|\{\}|\"\"|''|0|None)"
)
_CONVERT = re.compile(
    r"\b(?:int|float|str|bytes|list|dict|tuple|set|bool|Decimal|Path)\(|\.(?:encode|decode|strip)\(|\bf\""
)
_CONDITION = re.compile(r"^\s*(?:(?:el)?if|while|assert)\b|\s(?:[<>]=?|==|!=|and|or|not|in|is)\s")
_CALL = re.compile(r"([A-Za-z_][\w.]*)\(")
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class ChangeMade:
    """``diff`` as text (cut at ``DIFF_KEPT``), the files it touches, and what was taken away and added."""

    diff: str
    paths: tuple[str, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]

    @property
    def size(self) -> int:
        """Changed lines."""
        return len(self.removed) + len(self.added)


def change_between(
    before: Mapping[str, str | None], after: Mapping[str, str | None], first: Iterable[str] = ()
) -> ChangeMade | None:
    """What turns ``before`` into ``after`` (texts by path, ``None``: no such file); ``None`` if nothing does.

    Files in ``first`` stand first; of more than ``MOST_FILES`` the rest is only named.
    """
    leading = list(first)
    changed = [path for path in sorted({*before, *after}) if before.get(path) != after.get(path)]
    changed.sort(key=lambda path: (path not in leading, is_test(path), path))
    if not changed:
        return None
    diffs = [file_diff(path, before.get(path), after.get(path)) for path in changed[:MOST_FILES]]
    return from_lines([line for diff in diffs for line in diff], changed)


def file_diff(path: str, before: str | None, after: str | None) -> list[str]:
    """The lines of a unified diff (context 3) of one file; none of a file of more than ``LONG`` lines."""
    old, new = (before or "").splitlines(), (after or "").splitlines()
    if max(len(old), len(new)) > LONG:
        return []
    names = (
        f"a/{path}" if before is not None else "/dev/null",
        f"b/{path}" if after is not None else "/dev/null",
    )
    return list(difflib.unified_diff(old, new, *names, lineterm=""))


def from_lines(lines: Sequence[str], paths: Sequence[str]) -> ChangeMade | None:
    """A change from the lines of its diff; ``None`` where no line that says anything changed."""
    removed = tuple(line[1:] for line in lines if line.startswith("-") and not line.startswith("---"))
    added = tuple(line[1:] for line in lines if line.startswith("+") and not line.startswith("+++"))
    if Counter(_plain(removed)) == Counter(_plain(added)):
        return None
    text = "\n".join(lines)
    if len(text) > DIFF_KEPT:
        text = text[:DIFF_KEPT].rpartition("\n")[0] + "\n… cut off"
    return ChangeMade(text, tuple(paths), removed, added)


def alike(one: ChangeMade, other: ChangeMade) -> float:
    """How much two changes are one, wherever they are made: their shared lines, as a share in 0..1."""
    mine, yours = _marked(one), _marked(other)
    whole = sum((mine | yours).values())
    return sum((mine & yours).values()) / whole if whole else 0.0


def from_diff(diff: str, paths: Sequence[str] = ()) -> ChangeMade:
    """A change from its stored diff."""
    found = from_lines(diff.splitlines(), paths)
    return found if found is not None else ChangeMade(diff, tuple(paths), (), ())


def strategy_of(change: ChangeMade) -> Strategy:
    """What was done; the most telling that fits."""
    named = _by_files(change.paths)
    if named is not None:
        return named
    if change.size > LARGE:
        return "rewrite"
    added, removed = _plain(change.added), _plain(change.removed)
    new = [line for line in added if line not in removed]
    if not new:
        return "remove"
    for name, rule in _ADDED:
        if any(rule.search(line) for line in new) and _more(rule, added, removed):
            return name
    if all(_ADDED[0][1].search(line) for line in [*new, *(line for line in removed if line not in added)]):
        return "import"
    return _by_lines(added, removed, new)


def _by_files(paths: Sequence[str]) -> Strategy | None:
    if paths and all(_DEPENDENCIES.search(path) for path in paths):
        return "dependency"
    if paths and all(_CONFIGURATION.search(path) or _DEPENDENCIES.search(path) for path in paths):
        return "configuration"
    return "expectation" if paths and all(is_test(path) for path in paths) else None


def _by_lines(added: Sequence[str], removed: Sequence[str], new: Sequence[str]) -> Strategy:
    rules: tuple[tuple[Strategy, re.Pattern[str]], ...] = (
        ("check", _CHECK),
        ("default", _DEFAULT),
        ("convert", _CONVERT),
    )
    for name, rule in rules:
        if _more(rule, added, removed):
            return name
    gone = [line for line in removed if line not in added]
    if any(map(_CONDITION.search, new)) and any(map(_CONDITION.search, gone)):
        return "condition"
    if gone and {name for line in new for name in _CALL.findall(line)} & {
        name for line in gone for name in _CALL.findall(line)
    }:
        return "argument"
    if any(line.startswith("return") for line in new) and any(line.startswith("return") for line in gone):
        return "return"
    return "edit"


def _more(rule: re.Pattern[str], added: Sequence[str], removed: Sequence[str]) -> bool:
    return sum(bool(rule.search(line)) for line in added) > sum(bool(rule.search(line)) for line in removed)


def is_test(path: str) -> bool:
    """Whether a path is that of a test."""
    return _TEST.search(PurePosixPath(path).as_posix()) is not None


def _plain(lines: Iterable[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]


def _marked(change: ChangeMade) -> Counter[str]:
    lines = [*(f"-{line}" for line in _plain(change.removed)), *(f"+{line}" for line in _plain(change.added))]
    return Counter(" ".join(_TOKEN.findall(line[:1_000])) for line in lines)


def strategy_words(name: str) -> str:
    """A strategy as a person reads it."""
    return _WORDS_OF.get(name, name)
