"""Facet ``import``: what it uses from elsewhere, and which of that has a fallback.

``{"used": {name: origin}, "type_only": [name, …], "inside": [{"line", "names": {name: origin}}],
"dual": [{"primary": {name: origin}, "fallback": {name: origin}, "substitutes": {name: "None" | "class" |
"function" | "value"}, "flags": {name: {"primary": true, "fallback": false}}, "exceptions": […], "line"}]}``.
A ``dual`` has a line only where it stands inside the definition.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.facets.nodes import most, present
from tui_patterns.extraction.facets.subject import Subject
from tui_patterns.extraction.imports import imported_names

_MOST_NAMES = 48


def importing(subject: Subject) -> dict[str, Any]:
    """Applies where a name that is read was imported."""
    known = dict(subject.used)
    for dual in subject.file.duals:
        known |= {name: origin for name, origin in dual.primary.items() if name in known}
    used = dict(sorted(known.items())[:_MOST_NAMES])
    return present(
        used=used,
        type_only=sorted(subject.file.type_only & used.keys()),
        inside=most(_inside(subject)),
        dual=most(_duals(subject)),
    )


def _inside(subject: Subject) -> Iterator[dict[str, Any]]:
    nodes: list[ast.Import | ast.ImportFrom] = [
        *subject.reading.of(ast.Import),
        *subject.reading.of(ast.ImportFrom),
    ]
    for node in sorted(nodes, key=lambda item: item.lineno):
        yield {"line": subject.at(node), "names": imported_names(node)}


def _duals(subject: Subject) -> Iterator[dict[str, Any]]:
    for dual in subject.file.duals:
        if dual.names & subject.used.keys() and dual.node is not subject.node:
            yield dual.shape()
    for node, dual in subject.import_fallbacks.items():
        yield {**dual.shape(), "line": subject.at(node)}
