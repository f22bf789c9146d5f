"""A facet in one line: the parts of it that tell most, empty ones among them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

_FEW = 4


def _few(items: Iterable[Any]) -> str:
    """The first few different ones, and how many more there are."""
    names = list(dict.fromkeys(str(item) for item in items if item))
    more = len(names) - _FEW
    return ", ".join(names[:_FEW]) + (f" +{more}" if more > 0 else "")


def _count(items: Any, noun: str) -> str:
    number = len(items or ())
    return f"{number} {noun}{'' if number == 1 else 's'}" if number else ""


def _kinds(items: Iterable[Mapping[str, Any]]) -> str:
    return _few(str(item.get("kind", "")).replace("_", " ") for item in items)


def _with(word: str, text: str) -> str:
    return f"{word} {text}" if text else ""


def _structural(facet: Mapping[str, Any]) -> list[str]:
    owner = _with("in", str(facet.get("owner", "")))
    return [str(facet.get("definition", "")), owner, _count(facet.get("methods"), "method"),
            _count(facet.get("declarations"), "declaration")]  # fmt: skip


def _import(facet: Mapping[str, Any]) -> list[str]:
    duals = [
        f"{_few(dual.get('primary', ()))}: with fallback"
        + (f", flag {_few(dual['flags'])}" if dual.get("flags") else "")
        for dual in facet.get("dual", ())
    ]
    return [*duals, _count(facet.get("used"), "name"), _count(facet.get("inside"), "import") and
            f"{_count(facet.get('inside'), 'import')} inside"]  # fmt: skip


def _execution(facet: Mapping[str, Any]) -> list[str]:
    context = facet.get("context", {})
    results = _few(item.get("expression") for item in facet.get("returns", ()))
    used = [*context.get("keys", ()), *(f"{name}()" for name in context.get("methods", ()))]
    return [
        f"{facet.get('method')}({', '.join(facet.get('parameters', ()))})",
        _with("returns", results),
        _with(f"{context.get('parameter')}:", _few(used)) if context else "",
        _with("then", _few(facet.get("steps", ()))),
    ]


def _error_handling(facet: Mapping[str, Any]) -> list[str]:
    handlers = [handler for item in facet.get("tries", ()) for handler in item.get("handlers", ())]
    caught = _few(name for handler in handlers for name in handler.get("exceptions") or ["everything"])
    return [
        _with("catches", caught),
        "reraises" if any("reraise" in handler.get("does", ()) for handler in handlers) else "",
        "finally" if any(item.get("finally") for item in facet.get("tries", ())) else "",
        _with("raises", _few(item.get("exception") for item in facet.get("raises", ()))),
        _with("suppresses", _few(facet.get("suppressed", ()))),
        "logs errors" if facet.get("logged") else "",
    ]


def _template_fields(facet: Mapping[str, Any]) -> list[str]:
    checks = [f"{each.get('field', '')} ({str(each.get('kind')).replace('_', ' ')})"
              for each in facet.get("checks", ())]  # fmt: skip
    return [_few(each["name"] for each in facet.get("declarations", ())), _with("checks", _few(checks))]


def _parameter_ordering(facet: Mapping[str, Any]) -> list[str]:
    return [
        _with("required", _few(facet.get("required", ()))),
        _with("optional", _few(item["name"] for item in facet.get("optional", ()))),
        "" if facet.get("required_first", True) else "a required one after an optional one",
        _with("mutable defaults:", _few(facet.get("mutable_defaults", ()))),
    ]


def _mock_execution(facet: Mapping[str, Any]) -> list[str]:
    replaced = [name for item in facet.get("fallbacks", ()) for name in item.get("names", ())]
    return [
        _with("checks:", _kinds(facet.get("checks", ()))),
        _with("fallback for", _few(replaced)),
        _with("mock data:", _few(item.get("name") for item in facet.get("mock_data", ()))),
    ]  # fmt: skip


def _logging(facet: Mapping[str, Any]) -> list[str]:
    levels = _few(f"{level} {count}" for level, count in facet.get("levels", {}).items())
    return [
        _few(facet.get("loggers", ())),
        levels,
        _with("by", _few(call.get("style") for call in facet.get("calls", ()))),
    ]


def _validation(facet: Mapping[str, Any]) -> list[str]:
    return [
        _with("checks", _kinds(facet.get("checks", ()))),
        _with("raises", _few(item.get("raises") for item in facet.get("checks", ()))),
        _with("calls", _few(item.get("call") for item in facet.get("validators", ()))),
        _with("one of", _few(item.get("type") for item in facet.get("choices", ()))),
    ]


def _runtime_parameters(facet: Mapping[str, Any]) -> list[str]:
    reads = (f"{item.get('key')} ({item.get('source')})" for item in facet.get("reads", ()))
    orders = (" › ".join(item.get("order", ())) for item in facet.get("overrides", ()))
    return [_with("reads", _few(reads)), _few(orders)]


def _initialization(facet: Mapping[str, Any]) -> list[str]:
    call = facet.get("super")
    made = [item for item in facet.get("attributes", ()) if item.get("from") != "parameter"]
    return [
        f"super({', '.join(call.get('arguments', ()))}){' first' if call.get('first') else ''}"
        if call
        else "",
        _count(facet.get("attributes"), "attribute"),
        _with("made:", _few(item.get("name") for item in made)),
    ]


SUMMARIES: dict[str, Callable[[Mapping[str, Any]], list[str]]] = {
    "structural": _structural,
    "import": _import,
    "execution": _execution,
    "error_handling": _error_handling,
    "template_fields": _template_fields,
    "parameter_ordering": _parameter_ordering,
    "mock_execution": _mock_execution,
    "logging": _logging,
    "validation": _validation,
    "runtime_parameters": _runtime_parameters,
    "initialization": _initialization,
}
