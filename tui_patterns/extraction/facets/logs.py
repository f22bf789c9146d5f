"""Facet ``logging``: through which loggers, at which levels, and how the messages are made.

``{"loggers": […], "levels": {level: count}, "calls": [{"line", "level", "style", "in_handler"}]}``.
``style``: plain, arguments (``"%s", x``), f-string, percent, format, joined, structured (by keywords).
"""

from __future__ import annotations

import ast
from collections import Counter
from typing import Any

from tui_patterns.extraction.facets.nodes import callee, distinct, last, most, present, root
from tui_patterns.extraction.facets.subject import Subject

LEVELS = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "fatal", "log"})
_LOGGERS = frozenset({"log", "_log", "logger", "_logger", "__logger", "logging"})
_NOT_DATA = frozenset({"exc_info", "stack_info", "stacklevel"})


def logs(subject: Subject) -> dict[str, Any]:
    """Applies where something is logged."""
    asked = (call for name, call in subject.calls if name in LEVELS)
    found = [(call, level) for call in asked if (level := log_level(call, subject))]
    if not found:
        return {}
    receivers = (call.func.value for call, _ in found if isinstance(call.func, ast.Attribute))
    return {
        "loggers": distinct(subject.text(node) for node in receivers),
        "levels": dict(sorted(Counter(level for _, level in found).items())),
        "calls": most(_call(subject, call, level) for call, level in found),
    }


def _call(subject: Subject, call: ast.Call, level: str) -> dict[str, Any]:
    return {"line": subject.at(call), "level": level, "style": _style(call, level)} | present(
        in_handler=subject.in_handler(call)
    )


def log_level(call: ast.Call, subject: Subject) -> str:
    """The level of a call to a logger; empty for any other call."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in LEVELS:
        return ""
    receiver = function.value
    if isinstance(receiver, ast.Call):
        return function.attr if callee(receiver) in ("getLogger", "get_logger", "bind", "opt") else ""
    known = last(receiver).lower() in _LOGGERS or root(receiver) in subject.file.loggers
    return function.attr if known else ""


def _style(call: ast.Call, level: str) -> str:
    arguments = call.args[1:] if level == "log" else call.args
    if any(item.arg not in _NOT_DATA for item in call.keywords):
        return "structured"
    if len(arguments) > 1:
        return "arguments"
    return _message(arguments[0]) if arguments else "plain"


def _message(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return "f-string"
    if isinstance(node, ast.BinOp):
        return "percent" if isinstance(node.op, ast.Mod) else "joined"
    return "format" if callee(node) == "format" else "plain"
