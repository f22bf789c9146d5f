"""Recognition of labelled patterns: small detectors, each sure of what it sees.

A detector gets one definition as astroid's node and the file around it, and
yields labels of the fixed vocabulary, each with a confidence in 0..1 and the
lines that are its evidence. It works on structure alone: no inference, no
other file. To add one, write a function in a module of this package and list
it in that module's ``DETECTORS``, and the module in ``_all``.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Protocol

from tui_patterns.extraction.context import ModuleContext
from tui_patterns.models import Label


class Detector(Protocol):
    """Looks at one definition and says what it is sure of."""

    def __call__(self, node: Any, module: ModuleContext) -> Iterable[Label]:
        """Labels of *node*, an astroid FunctionDef, AsyncFunctionDef or ClassDef."""
        ...


# Where the first holds, the second says nothing more.
_MORE_EXACT = {
    "caching_decorator": "function_decorator",
    "circuit_breaker": "rate_limiter",
    "class_decorator": "function_decorator",
    "lazy_property": "function_decorator",
}


@cache
def _all() -> tuple[Detector, ...]:
    from tui_patterns.extraction.detectors import (
        backoff,
        breakers,
        caches,
        caching,
        concurrency,
        decorators,
        design,
        faults,
        iteration,
        limits,
        pagination,
        protocols,
        reports,
        retriers,
        timeouts,
    )

    modules = (
        protocols, backoff, breakers, caches, caching, concurrency, decorators, design, faults, iteration,
        limits, pagination, reports, retriers, timeouts,
    )  # fmt: skip
    return tuple(detector for module in modules for detector in module.DETECTORS)


def detect(
    node: Any, module: ModuleContext, detectors: Iterable[Detector] | None = None
) -> tuple[Label, ...]:
    """Every label of *node*, the surest first, each id once.

    A detector that fails gives nothing: one odd file must not cost the rest.
    """
    best: dict[str, Label] = {}
    for detector in _all() if detectors is None else detectors:
        for label in _guarded(detector, node, module):
            if label.label not in best or label.confidence > best[label.label].confidence:
                best[label.label] = label
    for exact, general in _MORE_EXACT.items():
        if exact in best:
            best.pop(general, None)
    return tuple(sorted(best.values(), key=lambda label: (-label.confidence, label.label)))


def _guarded(detector: Detector, node: Any, module: ModuleContext) -> list[Label]:
    try:
        return list(detector(node, module))
    except Exception:
        return []
