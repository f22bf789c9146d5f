"""Where a pattern fails again and again: a guard, one or two conditions that hold together.

A context is a set of conditions: words of the task or of the code's name, ``async``, the framework and
the libraries that the code uses, the series of a library's version, the language, the project. A guard is
accepted only when at least ``LEAST_FAILURES`` failures of the pattern match it and at most ``MOST_PASSING``
of the code that tests pass, of which there must be ``LEAST_POPULATION`` pieces; and no more of the
pattern's own successes. So that what is common to all code guards against nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from tui_patterns.embedding.identifiers import words as split_words
from tui_patterns.embedding.stems import stem
from tui_patterns.prompts.fit import Target
from tui_patterns.prompts.versions import exactly

Context = frozenset[str]
Condition = tuple[str, ...]

LEAST_FAILURES = 3
MOST_PASSING = 0.05
LEAST_POPULATION = 20
MOST_CONDITIONS = 40
MOST_GUARDS = 3
_ASYNC = frozenset({"async", "asyncio", "await", "coroutin"})
_COMMON = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "code", "for", "from", "function", "in", "into", "is",
     "it", "method", "new", "of", "on", "or", "that", "the", "then", "this", "to", "use", "when", "with",
     "write", "add", "make"}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition, what of the pattern's uses matches it, and how many of so many pieces of passing code."""

    condition: Condition
    failures: int
    successes: int
    passing: int
    population: int

    def holds(self, context: Collection[str]) -> bool:
        """Whether all of it is so."""
        return all(one in context for one in self.condition)

    @property
    def words(self) -> str:
        """The condition as a person reads it."""
        return " and ".join(map(condition_words, self.condition))

    @property
    def counts(self) -> str:
        """What it rests on."""
        passing = f"{self.passing} of {self.population} pieces of code that pass their tests"
        worked = f" and worked {self.successes} times" if self.successes else ""
        return f"failed {self.failures} times there{worked}; only {passing} are like that"


def condition_words(condition: str) -> str:
    """``uses:httpx`` as ``the code uses httpx``."""
    kind, _, value = condition.partition(":")
    said = {
        "word": f"it is about “{value}…”",
        "framework": f"the framework is {value}",
        "uses": f"{value} is used",
        "with": f"{value} is the version",
        "language": f"the language is {value}",
        "in": f"the project is {value.rpartition('/')[2] or value}",
    }
    return said.get(kind, "the code is async")


def text_context(text: str) -> set[str]:
    """What the words of a task, or of a name, say."""
    found = {stem(word) for word in split_words(text[:20_000]) if len(word) > 2} - _COMMON
    return {f"word:{word}" for word in found} | ({"async"} if found & _ASYNC else set())


def code_context(
    *,
    text: str = "",
    is_async: bool = False,
    framework: str | None = None,
    uses: Iterable[str] = (),
    versions: Mapping[str, str] | None = None,
    language: str | None = None,
    root: str | None = None,
) -> Context:
    """The context of a piece of code; ``text`` is its name, ``versions`` those of the libraries it uses."""
    found = text_context(text)
    if is_async:
        found.add("async")
    if framework:
        found.add(f"framework:{framework}")
    if language:
        found.add(f"language:{language}")
    if root:
        found.add(f"in:{root}")
    found.update(f"uses:{one}" for one in uses)
    found.update(f"with:{package} {series}" for package, series in _series(versions or {}))
    return frozenset(found)


def _series(versions: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    for package, version in versions.items():
        if (series := series_of(version)) is not None:
            yield package, series


def series_of(version: str) -> str | None:
    """What may break: ``2`` of 2.7.1, ``0.27`` of 0.27.2; ``None`` for what is no version."""
    found = exactly(version)
    if found is None:
        return None
    numbers: list[str] = []
    for number in found.low:
        numbers.append(str(number))
        if number:
            break
    return ".".join(numbers)


def task_context(text: str, where: Target, uses: Iterable[str]) -> Context:
    """The context of a task in the target: of ``uses``, a pattern's libraries, those that are there."""
    here = [one for one in uses if where.has(one)]
    versions = {one: version for one in here if (version := where.exact(one)) is not None}
    found = set(code_context(text=text, uses=here, versions=versions))
    found.update(f"framework:{one}" for one in where.frameworks)
    found.update(f"language:{one}" for one in where.languages)
    found.update(f"in:{one}" for one in where.roots)
    return frozenset(found)


def mine(
    failures: Sequence[Context], successes: Sequence[Context], population: Sequence[Context]
) -> list[Guard]:
    """The guards that hold what failed, the strongest first, at most ``MOST_GUARDS``."""
    if len(population) < LEAST_POPULATION:
        return []
    found: list[Guard] = []
    left = list(failures)
    masks = [_Masks(contexts) for contexts in (failures, successes, population)]
    while len(left) >= LEAST_FAILURES and len(found) < MOST_GUARDS:
        guard = _best(left, masks)
        if guard is None:
            break
        found.append(guard)
        left = [one for one in left if not guard.holds(one)]
    return found


class _Masks:
    """Of some contexts, by condition, which of them hold it: a bit each."""

    def __init__(self, contexts: Sequence[Context]) -> None:
        self._contexts = contexts
        self._known: dict[str, int] = {}
        self.size = len(contexts)

    def matched(self, condition: Condition) -> int:
        """How many hold all of a condition."""
        both = (1 << self.size) - 1
        for one in condition:
            if one not in self._known:
                self._known[one] = _mask(one, self._contexts)
            both &= self._known[one]
        return both.bit_count()


def _best(left: Sequence[Context], masks: Sequence[_Masks]) -> Guard | None:
    counts = Counter(one for context in left for one in context)
    often = sorted(
        (one for one in counts if counts[one] >= LEAST_FAILURES), key=lambda one: (-counts[one], one)
    )
    candidates: list[Condition] = [(one,) for one in often[:MOST_CONDITIONS]]
    candidates += [tuple(sorted(pair)) for pair in combinations(often[:MOST_CONDITIONS], 2)]
    accepted = [guard for one in candidates if (guard := _judge(one, masks)) is not None]
    return min(accepted, key=_order, default=None)


def _order(guard: Guard) -> tuple[Any, ...]:
    share = guard.passing / guard.population
    return -guard.failures, share, len(guard.condition), guard.condition


def _judge(condition: Condition, masks: Sequence[_Masks]) -> Guard | None:
    failures, successes, passing = (one.matched(condition) for one in masks)
    if failures < LEAST_FAILURES or passing > MOST_PASSING * masks[2].size:
        return None
    if successes > MOST_PASSING * masks[1].size:
        return None
    return Guard(condition, failures, successes, passing, masks[2].size)


def _mask(condition: str, contexts: Sequence[Context]) -> int:
    return int("0" + "".join("1" if condition in context else "0" for context in contexts), 2)
