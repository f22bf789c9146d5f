"""Recognition of labelled patterns: small detectors, each sure of what it sees.

A detector gets the facts of one definition and the table of its file, and
yields labels of the fixed vocabulary, each with a confidence in 0..1 and the
lines that are its evidence. It works on structure alone: no inference. To add
one, write a function in a module of this package, list it in that module's
``FUNCTIONS`` or ``CLASSES``, and the module in ``_modules``; one that competes
with other readings of a class belongs to a family of ``design``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import Any

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors.reasons import explained, sentence_of
from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.models import Label

Detector = Callable[[Any, Any], Iterable[Label]]
Definition = ClassFacts | FunctionFacts

# Where the first holds, the second says nothing more.
_MORE_EXACT = {
    "caching_decorator": "function_decorator",
    "circuit_breaker": "rate_limiter",
    "class_decorator": "function_decorator",
    "lazy_property": "function_decorator",
    "singleton": "class_decorator",
}


@cache
def _modules() -> tuple[ModuleType, ...]:
    from tui_patterns.extraction.detectors import (
        backoff,
        breakers,
        caches,
        caching,
        concurrency,
        decorators,
        faults,
        iteration,
        limits,
        pagination,
        protocols,
        reports,
        retriers,
        timeouts,
    )

    return (
        protocols, backoff, breakers, caches, caching, concurrency, decorators, faults, iteration,
        limits, pagination, reports, retriers, timeouts,
    )  # fmt: skip


@cache
def _all(kind: str) -> tuple[Detector, ...]:
    return tuple(detector for module in _modules() for detector in getattr(module, kind, ()))


def detect(node: Any, module: ModuleContext) -> tuple[Label, ...]:
    """Every label of a definition, the surest first, each id once.

    *node* is astroid's FunctionDef, AsyncFunctionDef or ClassDef; what is known
    of it was gathered once for the whole file and is found by its place.
    """
    key = (node.fromlineno, node.name)
    item = module.facts.definitions.get(key) if module.facts is not None else None
    if item is None:
        return ()
    kind = "CLASSES" if isinstance(item, ClassFacts) else "FUNCTIONS"
    found = [label for detector in _all(kind) for label in sure(detector, item, module.facts)]
    design = module.design.by_key.get(key, ()) if module.design is not None else ()
    return tuple(explained(label, item) for label in strongest([*found, *design]))


def strongest(labels: Iterable[Label]) -> tuple[Label, ...]:
    """The surest of each id, the surest first; without what a more exact one makes superfluous."""
    best: dict[str, Label] = {}
    for label in labels:
        if label.label not in best or label.confidence > best[label.label].confidence:
            best[label.label] = label
    for exact, general in _MORE_EXACT.items():
        if exact in best:
            best.pop(general, None)
    return tuple(sorted(best.values(), key=lambda label: (-label.confidence, label.label)))


def sure(detector: Callable[..., Iterable[Label]], *arguments: Any) -> Iterator[Label]:
    """What *detector* yields; of one that fails nothing: one odd file must not cost the rest."""
    try:
        found = list(detector(*arguments))
    except Exception:
        return
    for label in found:
        yield label if label.why else replace(label, why=sentence_of(detector))
