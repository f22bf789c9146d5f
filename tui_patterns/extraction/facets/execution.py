"""Facet ``execution``: the method that is run from outside, what it gives back, how it uses its context.

``{"method", "line", "why": "framework" | "name" | "decorator", "parameters": […], "async", "annotation",
"returns": [{"line", "expression"}], "generator", "steps": [name, …],
"context": {"parameter", "keys": […], "methods": […], "attributes": […], "passed_to": […]}}``.
``steps`` are the own methods it calls. The context is followed into own methods that name it alike.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.facets.context_use import context_use
from tui_patterns.extraction.facets.nodes import (
    RECEIVERS,
    distinct,
    is_none,
    last,
    most,
    parameters,
    present,
)
from tui_patterns.extraction.facets.subject import Subject

_BY_FRAMEWORK = {
    "airflow": ("execute", "poke", "run"),
    "celery": ("run", "__call__"),
    "django": ("handle", "dispatch", "get", "post", "form_valid"),
    "flask": ("dispatch_request", "get", "post"),
    "torch": ("forward",),
    "tensorflow": ("call",),
    "sklearn": ("fit", "transform", "predict"),
    "tornado": ("get", "post"),
    "scrapy": ("parse", "process_item"),
    "starlette": ("dispatch", "get", "post"),
    "textual": ("compose",),
}
_BY_NAME = ("execute", "run", "__call__", "handle", "process", "invoke", "dispatch", "perform", "main")
_ENTRY = frozenset(
    {"task", "shared_task", "command", "callback", "route", "websocket", "job", "flow", "asset"}
)
_VERBS = frozenset({"get", "post", "put", "delete", "patch", "head", "options", "on_event", "errorhandler"})
_CONTEXTS = ("context", "ctx", "request", "req", "event", "message", "payload", "state", "kwargs")


def execution(subject: Subject) -> dict[str, Any]:
    """Applies to a class with a main method, to that method, and to a function a framework is told to run."""
    found = _main(subject)
    if found is None:
        return {}
    node, why = found
    named = [item.arg for item in parameters(node) if item.arg not in RECEIVERS]
    reading = subject.file.reading(node)
    return {"method": node.name, "line": subject.at(node), "why": why} | present(
        parameters=most(named),
        annotation=subject.text(node.returns) if node.returns is not None else None,
        returns=most(_returns(subject, reading.of(ast.Return))),
        generator=reading.yields,
        steps=distinct(_steps(node, reading.of(ast.Call))),
        context=_context(subject, node, named),
        **{"async": isinstance(node, ast.AsyncFunctionDef)},
    )


def _main(subject: Subject) -> tuple[FunctionNode, str] | None:
    node = subject.node
    framework = _BY_FRAMEWORK.get(subject.framework or "", ())
    if isinstance(node, ast.ClassDef):
        for names, why in ((framework, "framework"), (_BY_NAME, "name")):
            for name in names:
                if name in subject.methods:
                    return subject.methods[name], why
    elif isinstance(node, FunctionNode):
        if subject.owner is not None and node.name in (*framework, *_BY_NAME):
            return node, "framework" if node.name in framework else "name"
        if any(_is_entry(item) for item in node.decorator_list):
            return node, "decorator"
    return None


def _is_entry(decorator: ast.expr) -> bool:
    """``@task``, ``@app.command()``, ``@router.get("/")``."""
    made = decorator.func if isinstance(decorator, ast.Call) else decorator
    verb = isinstance(decorator, ast.Call) and isinstance(made, ast.Attribute) and made.attr in _VERBS
    return verb or last(made) in _ENTRY


def _returns(subject: Subject, nodes: list[ast.Return]) -> Iterator[dict[str, Any]]:
    for node in nodes:
        if node.value is not None and not is_none(node.value):
            yield {"line": subject.at(node), "expression": subject.text(node.value)}


def _steps(node: FunctionNode, calls: list[ast.Call]) -> Iterator[str]:
    for call in calls:
        made = call.func
        own = isinstance(made, ast.Attribute) and last(made.value) in RECEIVERS
        if own and isinstance(made, ast.Attribute) and made.attr != node.name:
            yield made.attr


def _context(subject: Subject, node: FunctionNode, named: list[str]) -> dict[str, Any] | None:
    """The parameter that carries what a run is about: by its usual names, else the only one."""
    keyed = [node.args.kwarg.arg] if node.args.kwarg else []
    chosen = next((name for name in _CONTEXTS if name in (*named, *keyed)), None)
    if chosen is None and subject.owner_or_class is not None and len(named) == 1:
        chosen = named[0]
    if chosen is None:
        return None
    alike = [one for one in subject.functions if one is not node and chosen in _names(one)]
    readings = [subject.file.reading(one) for one in (node, *alike)]
    return {"parameter": chosen, **context_use(chosen, readings)}


def _names(node: FunctionNode) -> set[str]:
    return {item.arg for item in (*parameters(node), node.args.kwarg) if item}
