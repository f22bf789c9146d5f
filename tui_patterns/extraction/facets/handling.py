"""Facet ``error_handling``: what is caught and what then happens, what is raised, what is put right at last.

``{"tries": [{"line", "handlers": [{"line", "exceptions": […], "does": [word, …]}], "else", "finally"}],
"raises": [{"line", "exception", "again", "in_handler", "cause"}], "suppressed": […],
"logged": [{"line", "level"}]}``.
``does``: log, reraise, raise, return, continue, break, pass, else. Imports with a fallback are in ``import``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import Any

from tui_patterns.extraction.facets.logs import LEVELS, log_level
from tui_patterns.extraction.facets.nodes import callee, distinct, exceptions, last, most, present, raised
from tui_patterns.extraction.facets.subject import Subject

_WORDS: dict[type[ast.stmt], str] = {
    ast.Return: "return", ast.Continue: "continue", ast.Break: "break", ast.Pass: "pass",
}  # fmt: skip


def error_handling(subject: Subject) -> dict[str, Any]:
    """Applies where something is caught, raised or suppressed."""
    return present(
        tries=most(_tries(subject)),
        raises=most(_raises(subject)),
        suppressed=distinct(_suppressed(subject)),
        logged=most(_logged(subject)),
    )


def _tries(subject: Subject) -> Iterator[dict[str, Any]]:
    for node in subject.reading.tries:
        if node not in subject.import_fallbacks:
            handlers = [_handler(subject, handler) for handler in node.handlers]
            yield {"line": subject.at(node)} | present(
                handlers=most(handlers), **{"else": bool(node.orelse), "finally": bool(node.finalbody)}
            )


def _handler(subject: Subject, handler: ast.ExceptHandler) -> dict[str, Any]:
    does = distinct(word for item in handler.body for word in _doings(subject, item, handler.name))
    return {"line": subject.at(handler), "exceptions": exceptions(handler), "does": does or ["else"]}


def _doings(subject: Subject, item: ast.stmt, caught: str | None) -> Iterator[str]:
    """Words for one statement of a handler, what is under its conditions too."""
    if isinstance(item, ast.Raise):
        yield "reraise" if item.exc is None or _is(item.exc, caught) else "raise"
    elif type(item) in _WORDS:
        yield _WORDS[type(item)]
    elif isinstance(item, ast.If | ast.With | ast.For | ast.While | ast.Try):
        for inner in (*item.body, *getattr(item, "orelse", ())):
            yield from _doings(subject, inner, caught)
    elif isinstance(item, ast.Expr) and isinstance(item.value, ast.Call) and log_level(item.value, subject):
        yield "log"


def _is(node: ast.expr, name: str | None) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _raises(subject: Subject) -> Iterator[dict[str, Any]]:
    caught = {handler.name for node in subject.reading.tries for handler in node.handlers if handler.name}
    for node in subject.reading.of(ast.Raise):
        again = node.exc is None or (isinstance(node.exc, ast.Name) and node.exc.id in caught)
        yield {"line": subject.at(node)} | present(
            exception="" if again else raised(node),
            again=again,
            in_handler=subject.in_handler(node),
            cause=subject.text(node.cause) if node.cause is not None else None,
        )


def _suppressed(subject: Subject) -> Iterator[str]:
    items: Iterable[ast.With | ast.AsyncWith] = (
        *subject.reading.of(ast.With),
        *subject.reading.of(ast.AsyncWith),
    )
    calls = (item.context_expr for node in items for item in node.items)
    for call in calls:
        if isinstance(call, ast.Call) and callee(call) == "suppress":
            yield from (last(argument) for argument in call.args)


def _logged(subject: Subject) -> Iterator[dict[str, Any]]:
    for name, call in subject.calls:
        level = log_level(call, subject) if name in LEVELS else ""
        if level and subject.in_handler(call):
            yield {"line": subject.at(call), "level": level}
