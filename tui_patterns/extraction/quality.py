"""Quality of a unit: parts in 0..1, weighted by a profile; a part not known is left out.

Profile ``standard`` (design, section 6): .30 complexity + .20 documentation +
.20 test coverage + .15 reusability + .15 maintainability. Profile ``reuse``, the
older formula: .30 reusability + .20 simplicity (the complexity part) + .30 test
coverage + .20 performance. The weight of an unknown part is shared out over the
known ones in proportion to theirs. Nothing measures performance yet: it stays
unknown until benchmark data give it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Literal

from tui_patterns.extraction.complexity import FunctionNode, UnitNode
from tui_patterns.models import Quality

Profile = Literal["standard", "reuse"]

PROFILES: dict[str, dict[str, float]] = {
    "standard": {
        "complexity": 0.30,
        "documentation": 0.20,
        "coverage": 0.20,
        "reusability": 0.15,
        "maintainability": 0.15,
    },
    "reuse": {"reusability": 0.30, "complexity": 0.20, "coverage": 0.30, "performance": 0.20},
}
PARTS = tuple(part.name for part in fields(Quality) if part.name != "overall")


def combine(parts: Mapping[str, float | None], profile: Profile = "standard") -> Quality:
    """The quality that these parts give under *profile*; parts not named are unknown.

    *parts* are those of ``Quality`` (0..1, held within) and ``performance``.
    Raises KeyError for another part or an unknown profile.
    """
    for name in parts.keys() - {*PARTS, "performance"}:
        raise KeyError(name)
    shown = {name: parts.get(name) for name in PARTS}
    return Quality(overall=_mean(parts, PROFILES[profile]), **shown)


def parts_of(quality: Quality) -> dict[str, float | None]:
    """The parts by name, without the overall figure."""
    return {name: getattr(quality, name) for name in PARTS}


def _mean(parts: Mapping[str, float | None], weights: Mapping[str, float]) -> float | None:
    """The weighted mean of the parts that are known, 0..1; ``None`` if none is."""
    known = {name: value for name in weights if (value := parts.get(name)) is not None}
    weight = sum(weights[name] for name in known)
    if not weight:
        return None
    total = sum(weights[name] * min(1.0, max(0.0, value)) for name, value in known.items())
    return min(1.0, round(total / weight, 4))


def complexity_score(complexity: int) -> float:
    """1.0 below a cyclomatic complexity of 10, .7 up to 20, .4 above."""
    if complexity < 10:
        return 1.0
    return 0.7 if complexity <= 20 else 0.4


def reusability_score(files: int) -> float:
    """.3 for a pattern found in one file, .6 in two to five, 1.0 in more."""
    if files <= 1:
        return 0.3
    return 0.6 if files <= 5 else 1.0


def documentation_score(node: UnitNode, has_docstring: bool) -> float:
    """.5 for a docstring, and up to .5 for the share of parameters and results with a type."""
    slots = list(_slots(node))
    typed = sum(slots) / len(slots) if slots else 0.0
    return round(0.5 * has_docstring + 0.5 * typed, 4)


def _slots(node: UnitNode) -> Iterator[bool]:
    """For every place where a type could stand, whether one does; of a class, in its methods and fields."""
    if isinstance(node, FunctionNode):
        yield from _parameters(node)
        yield node.returns is not None
        return
    for statement in node.body:
        if isinstance(statement, FunctionNode):
            yield from _slots(statement)
        elif isinstance(statement, ast.AnnAssign | ast.Assign):
            yield isinstance(statement, ast.AnnAssign)


def _parameters(node: FunctionNode) -> Iterator[bool]:
    spec = node.args
    listed = [*spec.posonlyargs, *spec.args]
    if listed and listed[0].arg in {"self", "cls", "mcs"}:
        del listed[0]
    extra = [arg for arg in (spec.vararg, spec.kwarg) if arg is not None]
    for arg in (*listed, *spec.kwonlyargs, *extra):
        yield arg.annotation is not None
