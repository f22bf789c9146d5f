"""The entry gate: which units are worth keeping as patterns, and why the others are not."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from tui_patterns.extraction.complexity import FunctionNode, UnitNode
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.extraction.testing.structures import ASYNC, STRUCTURES
from tui_patterns.models import Unit

REASONS = (
    "generated", "overload", "test_code", "stub", "trivial", "too_short", "too_simple", "too_complex",
    "low_quality", "test_not_known_to_pass",
)  # fmt: skip
# Nothing in the file tells whether a test passes: such units are stored, and shown once results say so.
PENDING = "test_not_known_to_pass"
_SURE = 0.6
SURE_STRUCTURES = STRUCTURES - {ASYNC}


@dataclass(frozen=True, slots=True)
class GateFacts:
    """What the gate needs beside the unit: its tree (docstring taken out) and where it stands."""

    node: UnitNode
    code_lines: int
    test_file: bool = False
    generated: bool = False
    structured_test: bool = False


def reason(unit: Unit, facts: GateFacts, options: ExtractionOptions) -> str | None:
    """One of REASONS, or ``None`` for a unit that is kept.

    A unit with a label of at least .6 is a pattern whatever its size in
    branches; thresholds come last, so that the reason says what a unit *is*.
    """
    found = _what_it_is(unit, facts)
    if found is None and facts.structured_test:
        return _test_below(unit, options) or PENDING
    return found or _below(unit, facts, options)


def is_stored(reason: str | None) -> bool:
    """Whether a unit with this reason is kept, or may be once its test is known to pass."""
    return reason is None or reason == PENDING


def _test_below(unit: Unit, options: ExtractionOptions) -> str | None:
    """As with a sure label, a sure structure lets a test in whatever its size; being async alone does not."""
    surely = SURE_STRUCTURES & set(unit.tags)
    if not surely and unit.code.count("\n") + 1 < options.min_lines:
        return "too_short"
    quality = unit.quality.overall
    return "low_quality" if quality is not None and quality < options.min_quality else None


def _what_it_is(unit: Unit, facts: GateFacts) -> str | None:
    if facts.generated:
        return "generated"
    if "overload" in unit.tags:
        return "overload"
    if facts.test_file and not facts.structured_test:
        return "test_code"
    if is_stub(facts.node):
        return "stub"
    if is_trivial(facts.node) and not _labelled(unit):
        return "trivial"
    return None


def _below(unit: Unit, facts: GateFacts, options: ExtractionOptions) -> str | None:
    if facts.code_lines < options.min_lines and not _labelled(unit):
        return "too_short"
    simple = unit.complexity is not None and unit.complexity < options.min_complexity
    if unit.kind != "class" and simple and not _labelled(unit):
        return "too_simple"
    if options.max_complexity and (unit.complexity or 0) > options.max_complexity:
        return "too_complex"
    quality = unit.quality.overall
    return "low_quality" if quality is not None and quality < options.min_quality else None


def _labelled(unit: Unit) -> bool:
    return any(label.confidence >= _SURE for label in unit.labels)


def is_stub(node: UnitNode) -> bool:
    """Whether nothing is done: an empty body, ``pass``, ``...`` or ``raise NotImplementedError``."""
    return all(_is_nothing(statement) for statement in node.body)


def _is_nothing(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Raise):
        made = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return isinstance(made, ast.Name) and made.id == "NotImplementedError"
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    )


def is_trivial(node: UnitNode) -> bool:
    """A getter, a setter, an initializer that only stores; a class without any other method."""
    if isinstance(node, ast.ClassDef):
        methods = [item for item in _definitions(node.body) if isinstance(item, FunctionNode)]
        return all(is_stub(method) or is_trivial(method) for method in methods)
    if len(node.body) == 1 and isinstance(node.body[0], ast.Return):
        return _is_plain(node.body[0].value)
    return all(_only_stores(statement) for statement in node.body)


def _definitions(body: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    """Statements of a class body, those under ``if`` too."""
    for statement in body:
        if isinstance(statement, ast.If):
            yield from _definitions([*statement.body, *statement.orelse])
        else:
            yield statement


def _is_plain(value: ast.expr | None) -> bool:
    """A name, a constant, or attributes and constant items of one."""
    while isinstance(value, ast.Attribute | ast.Subscript):
        if isinstance(value, ast.Subscript) and not isinstance(value.slice, ast.Constant):
            return False
        value = value.value
    return value is None or isinstance(value, ast.Name | ast.Constant)


def _only_stores(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return _is_super_init(statement.value) or isinstance(statement.value, ast.Constant)
    if isinstance(statement, ast.Assign):
        return all(_is_plain(target) for target in statement.targets) and _is_plain(statement.value)
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.AnnAssign) and _is_plain(statement.target) and _is_plain(statement.value)
    )


def _is_super_init(value: ast.expr) -> bool:
    callee = value.func if isinstance(value, ast.Call) else None
    return (
        isinstance(callee, ast.Attribute)
        and isinstance(callee.value, ast.Call)
        and isinstance(callee.value.func, ast.Name)
        and callee.value.func.id == "super"
    )
