"""Facet ``structural``: what kind of definition it is, and what stands at its top.

``{"definition", "line": 0, "kind", "bases": […], "keywords": […], "decorators": […], "methods": […],
"declarations": [{"name", "line", "value" | "expression", "annotation"}], "owner", "owner_bases": […],
"async", "generator", "inner": […]}``; parts that are empty are left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.facets.nodes import flat, most, present
from tui_patterns.extraction.facets.subject import Subject
from tui_patterns.extraction.signature import base_names, decorator_names


def structural(subject: Subject) -> dict[str, Any]:
    """Applies to every definition."""
    node = subject.node
    if isinstance(node, ast.ClassDef):
        return _class(subject, node)
    return _function(subject, node) if isinstance(node, FunctionNode) else {}


def _class(subject: Subject, node: ast.ClassDef) -> dict[str, Any]:
    return {"definition": subject.signature, "line": 0, "kind": "class"} | present(
        bases=most(base_names(node)),
        keywords=most(item.arg for item in node.keywords if item.arg),
        decorators=most(decorator_names(node)),
        methods=most(subject.methods),
        declarations=most(declarations(subject, node)),
    )


def declarations(subject: Subject, node: ast.ClassDef) -> Iterator[dict[str, Any]]:
    """What the class itself declares, with values; annotations without a value too."""
    for item in flat(node.body):
        if isinstance(item, ast.Assign):
            for target in item.targets:
                if isinstance(target, ast.Name):
                    yield {"name": target.id, "line": subject.at(item), **subject.value(item.value)}
        elif isinstance(item, ast.AnnAssign) and isinstance(item.target, ast.Name):
            yield _annotated(subject, item, item.target.id)


def _annotated(subject: Subject, item: ast.AnnAssign, name: str) -> dict[str, Any]:
    value = subject.value(item.value) if item.value is not None else {}
    return {"name": name, "line": subject.at(item), **value, "annotation": subject.text(item.annotation)}


def _function(subject: Subject, node: FunctionNode) -> dict[str, Any]:
    owner = subject.owner
    inner = (item.name for item in flat(node.body) if isinstance(item, (*_FUNCTIONS, ast.ClassDef)))
    return {
        "definition": subject.signature,
        "line": 0,
        "kind": "function" if owner is None else "method",
    } | present(
        owner=owner.name if owner is not None else None,
        owner_bases=most(base_names(owner)) if owner is not None else None,
        decorators=most(decorator_names(node)),
        inner=most(inner),
        **{"async": isinstance(node, ast.AsyncFunctionDef), "generator": subject.reading.yields},
    )


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
