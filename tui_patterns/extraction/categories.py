"""What a unit is for: a category and a subcategory, each of a closed set.

The rule: every piece of evidence votes with its weight, the category with most
wins, and within it the subcategory with most; a tie goes to the earlier one in
CATEGORIES. What a unit *is* weighs most (test code 9, component type 6), then
what was recognised in it (a function label 4 × its confidence), then what it
does (a call 2, at most twice for one subcategory), then what it uses (a package
1.5, its framework 1), then the words of its own name (1.2 each, weak since names
lie), of its class or bases (.8) and design labels (1.1 × confidence), and last what
any code may have (a tag .5). Nothing said is ``(None, None)``: not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from string import digits

from tui_patterns.extraction import category_packages, category_words
from tui_patterns.extraction.naming.splitting import singular, split
from tui_patterns.models import Label

CATEGORIES: dict[str, tuple[str, ...]] = {
    "testing": ("fixtures", "mocking", "test_cases", "property_testing"),
    "database_operations": ("transactions", "queries", "models", "connections", "repositories", "migrations",
                            "key_value"),
    "api": ("routing", "request_handling", "serialization", "middleware", "views"),
    "networking": ("http_client", "sockets", "rate_limiting", "remote_services", "email"),
    "security": ("authentication", "authorization", "cryptography", "hashing", "secrets"),
    "concurrency": ("async", "threading", "processes", "locking", "queues", "scheduling"),
    "caching": ("memoization", "cache_storage"),
    "error_handling": ("retry", "fallback", "exceptions", "timeouts", "circuit_breaking"),
    "validation": ("input", "schema", "types"),
    "parsing": ("text", "markup", "json", "csv", "source_code", "url", "dates", "binary", "arguments"),
    "io": ("files", "streams", "serialization", "compression", "processes", "paths"),
    "cli": ("commands", "options", "terminal_output", "prompts"),
    "ui": ("widgets", "rendering", "layout", "styling", "events"),
    "configuration": ("settings", "environment", "plugins"),
    "logging": ("log_output", "metrics", "tracing"),
    "workflow": ("tasks", "operators", "sensors", "orchestration"),
    "machine_learning": ("models", "training", "features", "evaluation"),
    "data_processing": ("transformation", "aggregation", "iteration", "numerics", "graphs", "collections",
                        "text", "dates"),
    "design": ("creational", "structural", "behavioural", "domain"),
}  # fmt: skip

Vote = tuple[str, str, float]
_ORDER = {category: at for at, category in enumerate(CATEGORIES)}


def categorise(
    name: str,
    *,
    around: Iterable[str],
    component: str | None,
    labels: Sequence[Label],
    tags: Collection[str],
    calls: Iterable[str],
    packages: Iterable[str],
    framework: str | None,
    is_test: bool,
) -> tuple[str | None, str | None]:
    """Category and subcategory; ``around`` names its class or its bases; ``calls`` are dotted origins."""
    votes = [
        *_by_kind(component, tags, is_test),
        *_by_labels(labels),
        *_by_calls(calls),
        *_by_packages(packages, framework),
        *_by_words([name], 1.2),
        *_by_words(around, 0.8),
        *_from(category_words.TAGS, tags, 0.5),
    ]
    return _elected(votes)


def _elected(votes: Iterable[Vote]) -> tuple[str | None, str | None]:
    totals: dict[str, float] = {}
    parts: dict[str, dict[str, float]] = {}
    for category, part, weight in votes:
        totals[category] = totals.get(category, 0.0) + weight
        within = parts.setdefault(category, {})
        within[part] = within.get(part, 0.0) + weight
    best = min(totals, key=lambda category: (-totals[category], _ORDER[category]), default=None)
    if best is None:
        return None, None
    named = CATEGORIES[best]
    found = parts[best]
    parts_named = sorted((one for one in found if one), key=lambda one: (-found[one], named.index(one)))
    return best, next(iter(parts_named), None)


def _by_kind(component: str | None, tags: Collection[str], is_test: bool) -> Iterator[Vote]:
    if is_test:
        yield "testing", "fixtures" if "fixture" in tags else "test_cases", 9.0
    yield from _from(category_words.COMPONENTS, [component or ""], 6.0)


def _by_labels(labels: Sequence[Label]) -> Iterator[Vote]:
    for label in labels:
        if label.label in category_words.FUNCTION_LABELS:
            yield from _from(category_words.FUNCTION_LABELS, [label.label], 4.0 * label.confidence)
        else:
            yield from _from(category_words.DESIGN_LABELS, [label.label], 1.1 * label.confidence)


def _by_calls(calls: Iterable[str]) -> Iterator[Vote]:
    seen: Counter[str] = Counter()
    for origin in calls:
        place = category_packages.of_call(origin)
        if place and seen[place] < 2:
            seen[place] += 1
            yield from _votes(place, 2.0)


def _by_packages(packages: Iterable[str], framework: str | None) -> Iterator[Vote]:
    yield from _from(category_packages.PACKAGES, packages, 1.5)
    yield from _from(category_packages.FRAMEWORKS, [framework or ""], 1.0)


def _by_words(names: Iterable[str], weight: float) -> Iterator[Vote]:
    spelled = (word.rstrip(digits) or word for name in names for word in split(name))
    words = dict.fromkeys(singular(word.lower()) for word in spelled)
    yield from _from(category_words.WORDS, words, weight)


def _from(table: dict[str, str], keys: Iterable[str], weight: float) -> Iterator[Vote]:
    for key in keys:
        if key in table:
            yield from _votes(table[key], weight)


def _votes(place: str, weight: float) -> Iterator[Vote]:
    category, _, part = place.partition("/")
    yield category, part, weight
