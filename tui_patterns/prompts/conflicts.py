"""Patterns that do not go together in one prompt. A warning each: whoever picked them may know better."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from tui_patterns.embedding.identifiers import words
from tui_patterns.models import Conflict, Pattern
from tui_patterns.prompts.alike import similarity
from tui_patterns.prompts.render import inline
from tui_patterns.prompts.requirements import requirements
from tui_patterns.prompts.versions import clash

SINGLETONS = frozenset({"singleton", "borg", "singleton_per_thread", "singleton_per_loop"})
SURE = 0.6
SAME = 0.8  # similarity of two codes without their async words that are one thing
_NAME = 80
# What there is one of in a program, as names call it.
_RESOURCES = frozenset(
    {"database", "db", "connection", "session", "engine", "pool", "cache", "config", "configuration",
     "settings", "client", "logger", "logging", "queue", "broker", "registry", "scheduler",
     "loop", "store", "storage"}
)  # fmt: skip
_SYNONYMS = {"db": "database", "configuration": "config", "settings": "config", "logging": "logger",
             "storage": "store"}  # fmt: skip
_ASYNC = re.compile(r"\b(?:async|await)\s+|(?<=__)a(?=(?:enter|exit|iter|next)__)")


def conflicts(patterns: Sequence[Pattern]) -> list[Conflict]:
    """Every pair that does not go together, in the order of the patterns."""
    return [found for one, other in combinations(patterns, 2) for found in between(one, other)]


def between(one: Pattern, other: Pattern) -> Iterator[Conflict]:
    """What speaks against these two together."""
    names = f"{inline(one.name, _NAME)} and {inline(other.name, _NAME)}"
    if _are_variants(one, other):
        yield Conflict(one.id, other.id, "async", f"{names} are the async and the sync form of one thing")
    if (resource := _shared_singleton(one, other)) is not None:
        yield Conflict(one.id, other.id, "singleton", f"{names} are two single instances of one {resource}")
    for package, here, there in _versions(one, other):
        said = f"{one.project} has {package} {here}, {other.project} {package} {there}"
        yield Conflict(one.id, other.id, "version", f"{names}: {inline(said, 2 * _NAME)}")


def is_async(pattern: Pattern) -> bool:
    """Whether it must be awaited."""
    return "async" in pattern.tags or bool(pattern.facets.get("async"))


def variant_names(name: str) -> list[str]:
    """How the async form of ``name`` may be called, or the sync form of an async name."""
    found = [name, f"a{name}", f"async_{name}", f"{name}_async", f"Async{name}"]
    starts = [
        each for each in ("async_", "Async", "a") if name.startswith(each) and len(name) > len(each) + 2
    ]
    return [*found, *(name.removeprefix(each) for each in starts), name.removesuffix("_async")]


def _are_variants(one: Pattern, other: Pattern) -> bool:
    if is_async(one) == is_async(other) or one.kind != other.kind or one.language != other.language:
        return False
    first, second = (pattern.qualname.rpartition(".")[2] for pattern in (one, other))
    owners = [pattern.qualname.rpartition(".")[0].rpartition(".")[2] for pattern in (one, other)]
    if second in variant_names(first) and (owners[0] == owners[1] or owners[1] in variant_names(owners[0])):
        return True
    return similarity(_ASYNC.sub("", one.code), _ASYNC.sub("", other.code)) >= SAME


def _shared_singleton(one: Pattern, other: Pattern) -> str | None:
    """The resource that two singletons hold; what stands in one file is one singleton and its access."""
    if not (_is_singleton(one) and _is_singleton(other)) or (one.root, one.path) == (other.root, other.path):
        return None
    shared = _resources(one) & _resources(other)
    return min(shared) if shared else None


def _is_singleton(pattern: Pattern) -> bool:
    return any(label.label in SINGLETONS and label.confidence >= SURE for label in pattern.labels)


def _resources(pattern: Pattern) -> set[str]:
    named = set(words(f"{pattern.qualname} {pattern.name}")) & _RESOURCES
    return {_SYNONYMS.get(word, word) for word in named}


def _versions(one: Pattern, other: Pattern) -> Iterator[tuple[str, str, str]]:
    """(package, what one project asks for, what the other does) where no version satisfies both."""
    if one.root == other.root:
        return
    shared = sorted(set(one.dependencies) & set(other.dependencies))
    if not shared:
        return
    here, there = requirements(one.root), requirements(other.root)
    for package in shared:
        mine, yours = here.of(package), there.of(package)
        if mine and yours and clash(mine, yours):
            yield package, mine.text, yours.text
