"""Why a label was given, in plain words: what its detector looks for, and what it found of that.

Lines are not named here (they are the label's evidence): code that only moves
keeps its reasons.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from tui_patterns.extraction.structure.facts import ClassFacts, FunctionFacts
from tui_patterns.models import Label

_MOST = 4
_LONGEST = 60
_STATEMENTS: dict[type[ast.AST], str] = {
    ast.Raise: "a raise", ast.Try: "a try", ast.ExceptHandler: "an except", ast.For: "a loop",
    ast.AsyncFor: "a loop", ast.While: "a loop", ast.Yield: "a yield", ast.YieldFrom: "a yield",
    ast.Compare: "a comparison", ast.BinOp: "a calculation", ast.AugAssign: "a count", ast.If: "a condition",
    ast.With: "a with", ast.AsyncWith: "a with", ast.Global: "a global name", ast.Subscript: "an item",
    ast.Delete: "a deletion",
}  # fmt: skip


def sentence_of(detector: Callable[..., Any]) -> str:
    """The first sentence that a detector says of itself, without its full stop."""
    text = " ".join((detector.__doc__ or "").partition("\n\n")[0].split())
    return text.replace("``", "").removesuffix(".")


def explained(label: Label, item: ClassFacts | FunctionFacts) -> Label:
    """*label* with what stands on its lines of evidence added to its reason."""
    notes = _notes(item, set(label.evidence))
    found = ", ".join(dict.fromkeys(notes[line] for line in label.evidence if line in notes))
    return (
        replace(label, why=f"{label.why}. Found: {found}." if found else f"{label.why}.")
        if label.why
        else label
    )


def _notes(item: ClassFacts | FunctionFacts, lines: set[int]) -> dict[int, str]:
    """What stands on each of some lines: the most telling of it."""
    notes: dict[int, str] = {}
    for line, note in _all_notes(item):
        if line in lines and line not in notes and len(notes) < _MOST:
            notes[line] = note
    return notes


def _all_notes(item: ClassFacts | FunctionFacts) -> Iterator[tuple[int, str]]:
    methods = item.methods.values() if isinstance(item, ClassFacts) else (item,)
    functions = [one for method in methods for one in method.everything()]
    yield item.line, f"the head of {item.name}"
    yield from ((one.line, f"{one.name.removesuffix('=')} is defined") for one in functions)
    for one in functions:
        yield from ((store.line, f"{_short(store.path)} is set") for store in one.stores)
        yield from ((call.line, f"{_short(call.path)} is called") for call in one.calls)
        yield from ((found.line, f"{_short(found.path)} is returned") for found in one.returns if found.path)
    for one in functions:
        for cls, name in _STATEMENTS.items():
            yield from ((node.lineno, name) for node in one.kinds.get(cls.__name__, ()))
    if isinstance(item, ClassFacts):
        yield from ((field.line, f"{field.name} is declared") for field in item.fields.values())
    yield from ((node.lineno, "a decorator") for one in functions for node in one.node.decorator_list)


def _short(path: str) -> str:
    return path if 0 < len(path) <= _LONGEST else "a value"
