"""Which anti-patterns a unit avoids: it does right what they do wrong, and so may stand beside them."""

from __future__ import annotations

import ast
from dataclasses import replace

from tui_patterns.extraction.antipatterns.advice import Better, advice
from tui_patterns.extraction.antipatterns.witness import CHECKS, parsed
from tui_patterns.extraction.naming.roles import sure
from tui_patterns.models import Unit


def with_rights(unit: Unit, node: ast.stmt | None = None) -> Unit:
    """*unit* with the labels of the anti-patterns that it does right; ``node`` is its tree, where known.

    What is left out, and what is a test, is nothing to look at instead.
    """
    if unit.reason is not None or unit.pattern_type == "test_pattern":
        return unit
    wanted = {label: one.better for label, one in advice().items() if one.better and _may(unit, one.better)}
    if not wanted:
        return unit
    module = parsed(unit.code) if node is None else ast.Module([node], [])
    return replace(unit, rights=_shown(wanted, module)) if module else unit


def _may(unit: Unit, better: Better) -> bool:
    """By its text, and by its labels and tags where any are named."""
    if better.text not in unit.code:
        return False
    if not better.labels and not better.tags:
        return True
    return not set(sure(unit.labels)).isdisjoint(better.labels) or not set(unit.tags).isdisjoint(better.tags)


def _shown(wanted: dict[str, Better], module: ast.Module) -> tuple[str, ...]:
    verdicts = {name: CHECKS[name](module) for name in {one.shown for one in wanted.values()} if name}
    return tuple(sorted(label for label, one in wanted.items() if verdicts.get(one.shown, True)))
