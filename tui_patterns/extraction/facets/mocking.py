"""Facet ``mock_execution``: how it gets on where a dependency is missing, or where nothing real shall happen.

``{"checks": [{"line", "kind", "expression", "then"}], "fallbacks": [{"line", "names": […], "to"}],
"mock_data": [{"line", "name", "value" | "expression"}]}``. Kinds: ``dependency`` (``X is None``,
``not HAS_X``, ``find_spec("x")``), ``import`` (a failed import that is only reported), ``version``
(``PY_3_11``, ``sys.version_info``), ``switch`` (``dry_run``, ``mock``). ``then``: raise,
return, log, continue, assign, call.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.facets.logs import log_level
from tui_patterns.extraction.facets.nodes import callee, last, most, present
from tui_patterns.extraction.facets.subject import Subject
from tui_patterns.extraction.idioms import catches_missing, imports_in
from tui_patterns.extraction.imports import imported_names

_FLAG = re.compile(r"_*(?:HAS|HAVE|WITH)_[A-Z0-9_]+|_*[A-Z0-9_]+_(?:AVAILABLE|INSTALLED|ENABLED)")
_VERSION = re.compile(
    r"(?:[A-Z0-9]+_)*V(?:_\d[\d_]*(?:_PLUS)?|\d[\d_]*_PLUS)|(?:IS_)?PY_?\d+\w*|version_info"
)
_ASKS = re.compile(r"find_spec|is_\w+_(?:available|installed)|has_(?:module|package|library)")
_SWITCH = re.compile(
    r"_?(?:is_|use_)?(?:mock(?:ed|ing)?|dry_?run|simulat(?:e|ed|ion)|fake|offline)(?:_mode)?", re.I
)
_HINTS = ("has_", "have_", "with_", "available", "installed", "enabled", "find_spec", "mock", "dry",
          "simulat", "fake", "offline", "v_", "_plus", "py", "version_info")  # fmt: skip
_MOCK = re.compile(r"(?:^|_)(?:mock|fake|dummy|stub|placeholder)(?:ed|s)?(?:_|$)", re.I)
_THEN: tuple[tuple[type[ast.stmt], str], ...] = (
    (ast.Raise, "raise"), (ast.Return, "return"), (ast.Continue, "continue"),
    (ast.Assign, "assign"), (ast.AnnAssign, "assign"),
)  # fmt: skip


def mock_execution(subject: Subject) -> dict[str, Any]:
    """Applies where a dependency is asked for, or a run can be pretended."""
    return present(
        checks=most(_checks(subject)),
        fallbacks=most(_fallbacks(subject)),
        mock_data=most(_mock_data(subject)),
    )


def _checks(subject: Subject) -> Iterator[dict[str, Any]]:
    for node in subject.reading.of(ast.If):
        kind = _kind(subject, node.test) if _may_ask(subject, node.test) else ""
        if kind:
            yield _check(subject, node, kind, subject.text(node.test), _then(subject, node.body))
    for block in subject.reading.of(ast.Try):
        handler = next((one for one in block.handlers if catches_missing(one)), None)
        imports = imports_in(block.body)
        if imports and handler is not None and block not in subject.import_fallbacks:
            names = ", ".join(name for item in imports for name in imported_names(item))
            yield _check(subject, block, "import", names, _then(subject, handler.body))


def _check(subject: Subject, node: ast.stmt, kind: str, expression: str, then: str) -> dict[str, Any]:
    return {"line": subject.at(node), "kind": kind, "expression": expression} | present(then=then)


def _may_ask(subject: Subject, test: ast.expr) -> bool:
    """A look at the text, many times quicker than one at the nodes, which decides only where this is true."""
    text = subject.file.text.lines_of(test)
    small = text.lower()
    return any(hint in small for hint in _HINTS) or any(name in text for name in subject.optional)


def _kind(subject: Subject, test: ast.expr) -> str:
    """What a condition asks: each name in it, but not what it is compared with."""
    for node in ast.walk(test):
        name = last(node) if isinstance(node, ast.Name | ast.Attribute) else ""
        if isinstance(node, ast.Name) and (name in subject.optional or _FLAG.fullmatch(name)):
            return "dependency"
        if isinstance(node, ast.Call) and _ASKS.fullmatch(callee(node)):
            return "dependency"
        if name and _VERSION.fullmatch(name):
            return "version"
        if name and _SWITCH.fullmatch(name):
            return "switch"
    return ""


def _then(subject: Subject, body: list[ast.stmt]) -> str:
    """What is done in that case: how it ends, else what it does first."""
    for kind, word in _THEN:
        if isinstance(body[-1], kind):
            return word
    calls = [item.value for item in body if isinstance(item, ast.Expr) and isinstance(item.value, ast.Call)]
    return ("log" if all(log_level(call, subject) for call in calls) else "call") if calls else ""


def _fallbacks(subject: Subject) -> Iterator[dict[str, Any]]:
    for node, dual in subject.import_fallbacks.items():
        names = sorted({*dual.fallback, *dual.substitutes})
        to = "import" if dual.fallback else next(iter(dual.substitutes.values()), "")
        yield {"line": subject.at(node)} | present(names=names, to=to)


def _mock_data(subject: Subject) -> Iterator[dict[str, Any]]:
    for item in subject.reading.assignments:
        targets = item.targets if isinstance(item, ast.Assign) else [item.target]
        name = next((last(target) for target in targets if _MOCK.search(last(target))), "")
        if name and item.value is not None:
            yield {"line": subject.at(item), "name": name, **subject.value(item.value)}
