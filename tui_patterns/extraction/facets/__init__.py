"""Facets: what a kept unit is made of, in eleven plain, JSON-able parts.

Each facet is one module with one function from a Subject to a dict, empty
where it does not apply; the module's docstring gives the dict's shape. Every
``line`` is an offset from the unit's first line (``def``, ``class``, ``try``),
so that a shift changes nothing. Lists are cut at 24 entries and texts at 80
characters. To add a facet, write such a module and name it in ``FACETS``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from tui_patterns.extraction.complexity import UnitNode
from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.facets.execution import execution
from tui_patterns.extraction.facets.handling import error_handling
from tui_patterns.extraction.facets.importing import importing
from tui_patterns.extraction.facets.initialization import initialization
from tui_patterns.extraction.facets.logs import logs
from tui_patterns.extraction.facets.mocking import mock_execution
from tui_patterns.extraction.facets.ordering import parameter_ordering
from tui_patterns.extraction.facets.runtime import runtime_parameters
from tui_patterns.extraction.facets.structural import structural
from tui_patterns.extraction.facets.subject import FileAround, Subject
from tui_patterns.extraction.facets.templates import template_fields
from tui_patterns.extraction.facets.validating import validation
from tui_patterns.extraction.gate import PENDING
from tui_patterns.extraction.scan import Scanner
from tui_patterns.extraction.scope import Scope
from tui_patterns.models import Unit

Facet = Callable[[Subject], dict[str, Any]]

FACETS: dict[str, Facet] = {
    "structural": structural,
    "import": importing,
    "execution": execution,
    "error_handling": error_handling,
    "template_fields": template_fields,
    "parameter_ordering": parameter_ordering,
    "mock_execution": mock_execution,
    "logging": logs,
    "validation": validation,
    "runtime_parameters": runtime_parameters,
    "initialization": initialization,
}


def facets_of(subject: Subject, facets: Mapping[str, Facet] = FACETS) -> dict[str, Any]:
    """The facets that apply, by name, in the order of the registry.

    A facet that fails gives nothing: one odd file must not cost the rest.
    """
    found: dict[str, Any] = {}
    for name, facet in facets.items():
        try:
            shape = facet(subject)
        except Exception:
            continue
        if shape:
            found[name] = shape
    return found


def with_facets(units: Iterable[Unit], scanner: Scanner, context: ModuleContext) -> tuple[Unit, ...]:
    """*units* of one file; those that are kept, or wait for their test to pass, with their facets."""
    reader = _Reader(scanner, context)
    return tuple(reader.filled(unit) if unit.reason in (None, PENDING) else unit for unit in units)


class _Reader:
    """Finds the definitions that units were made from."""

    def __init__(self, scanner: Scanner, context: ModuleContext) -> None:
        module = scanner.module.node
        self._file = FileAround(module, context.lines, scanner.module.imports)  # type: ignore[arg-type]
        self._scopes = {(scope.qualname, scope.node.lineno): scope for scope in scanner.units}  # type: ignore[union-attr]
        self._tries = {dual.node.lineno: dual for dual in self._file.duals}

    def filled(self, unit: Unit) -> Unit:
        subject = self._subject(unit)
        return unit if subject is None else replace(unit, facets={**unit.facets, **facets_of(subject)})

    def _subject(self, unit: Unit) -> Subject | None:
        scope = self._scopes.get((unit.qualname, unit.line))
        if scope is not None and isinstance(scope.node, UnitNode):
            outer = scope.parent.node if scope.parent is not None else None
            owner = outer if isinstance(outer, ast.ClassDef) else None
            used = dict(_imported(scope))
            return Subject(scope.node, self._file, owner, used, unit.framework, unit.signature)
        dual = self._tries.get(unit.line) if unit.kind == "module" else None
        return None if dual is None else Subject(dual.node, self._file)


def _imported(scope: Scope) -> Iterator[tuple[str, str]]:
    """Names that a definition reads and that were imported, around it or in it, with their origins."""
    for name in scope.names:
        at: Scope | None = scope
        while at is not None and name not in at.imports:
            at = at.parent
        if at is not None:
            yield name, at.imports[name]
