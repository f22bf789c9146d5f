"""From a scanned definition to the Unit that is stored."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from tui_patterns.extraction import fingerprint, quality
from tui_patterns.extraction.antipatterns.rights import with_rights
from tui_patterns.extraction.categories import categorise
from tui_patterns.extraction.complexity import UnitNode, complexity_of
from tui_patterns.extraction.components import component_of
from tui_patterns.extraction.context import ModuleContext
from tui_patterns.extraction.detectors import detect
from tui_patterns.extraction.facets import with_facets
from tui_patterns.extraction.forms import form_of
from tui_patterns.extraction.gate import GateFacts, reason
from tui_patterns.extraction.idioms import idiom_units
from tui_patterns.extraction.lineage import Lineage
from tui_patterns.extraction.naming.facts import facts_of
from tui_patterns.extraction.naming.roles import sure
from tui_patterns.extraction.naming.titles import compose
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.extraction.resolve import Resolver
from tui_patterns.extraction.scan import Scanner
from tui_patterns.extraction.scope import Scope
from tui_patterns.extraction.signature import base_names, decorator_names, signature
from tui_patterns.extraction.source import docstring_text
from tui_patterns.extraction.tags import tags_of
from tui_patterns.extraction.testing import structures as testing
from tui_patterns.extraction.tree import SourceTree
from tui_patterns.models import Kind, Label, PatternType, Quality, Unit

LANGUAGE = "python"
_MOST_CALLS = 64


@dataclass(slots=True)
class UnitBuilder:
    """Builds the units of one file."""

    module: ModuleContext
    tree: SourceTree
    scanner: Scanner
    options: ExtractionOptions
    names: Resolver
    lineage: Lineage = field(init=False)

    def __post_init__(self) -> None:
        self.lineage = Lineage(self.names, self.scanner.units)

    def build(self) -> tuple[Unit, ...]:
        """Every definition of the file in source order, kept or not."""
        grams = fingerprint.gram_hashes(self.scanner.loose)
        units = [self._unit(scope, grams) for scope in self.scanner.units]
        units += map(with_rights, idiom_units(self.tree.module, self.module))
        return with_facets(sorted(units, key=lambda unit: unit.line), self.scanner, self.module)

    def _unit(self, scope: Scope, grams: Sequence[int]) -> Unit:
        node = scope.node
        assert isinstance(node, UnitNode)
        doc = self.tree.twins[node].doc_node
        unit = self._as_test(self._finished(self._facts(scope, node, doc), scope, node, grams), scope)
        facts = GateFacts(
            node,
            self._code_lines(node, doc),
            test_file=self.module.is_test,
            generated=self.module.is_generated,
            structured_test=self.module.is_test and bool(testing.STRUCTURES & set(unit.tags)),
        )
        return with_rights(replace(unit, reason=reason(unit, facts, self.options)), node)

    def _facts(self, scope: Scope, node: UnitNode, doc: Any) -> Unit:
        """The unit as the source says it, before anything is derived from that."""
        code = self._code(node)
        return Unit(
            path=self.module.path,
            qualname=scope.qualname,
            kind=_kind(scope),
            line=node.lineno,
            end_line=node.end_lineno or node.lineno,
            name=node.name,
            pattern_type="function_pattern",
            category=None,
            language=LANGUAGE,
            code=code,
            signature=signature(node),
            code_hash=fingerprint.text_hash(code),
            structure_hash=fingerprint.structure_hash(self.scanner.exact[slice(*scope.exact)]),
            complexity=complexity_of(node, self.tree.complexity),
            dependencies=tuple(sorted(self.names.packages(scope))),
            decorators=decorator_names(node),
            calls=tuple(scope.calls)[:_MOST_CALLS],
            bases=base_names(node),
            docstring=docstring_text(doc.value) if doc is not None else None,
            module_docstring=self.module.docstring,
            class_docstring=self._class_docstring(scope),
            is_async=isinstance(node, ast.AsyncFunctionDef),
        )

    def _finished(self, unit: Unit, scope: Scope, node: UnitNode, grams: Sequence[int]) -> Unit:
        """*unit* with what follows from its facts: tags, labels, name, quality, likeness."""
        decorators = [self.names.origin(name, scope) for name in unit.decorators]
        bases = self.lineage.bases(scope)
        tags = tags_of(scope, decorators, bases, self.module.is_test)
        labels = detect(self.tree.twins[node], self.module)
        framework = self.names.framework(scope, self.options.frameworks)
        component = component_of(unit.kind, decorators, bases, tags, framework)
        category, subcategory = categorise(
            node.name,
            around=[name.rpartition(".")[2] for name in bases] or [scope.qualname.rpartition(".")[0]],
            component=component,
            labels=labels,
            tags=tags,
            calls=[self.names.origin(name, scope) for name in unit.calls],
            packages=unit.dependencies,
            framework=framework,
            is_test=self.module.is_test,
        )
        return replace(
            unit,
            name=compose(facts_of(scope, sure(labels), tags, bases, component, self.lineage.packages(scope))),
            pattern_type=_pattern_type(unit.kind, labels, self.module.is_test),
            category=category,
            subcategory=subcategory,
            component_type=component,
            form=form_of(unit.kind, labels),
            framework=framework,
            tags=tags,
            labels=labels,
            quality=_quality(unit, node, self.options.quality_profile),
            shingles=_shingles(scope, grams),
        )

    def _class_docstring(self, scope: Scope) -> str | None:
        """What the class around *scope* says of itself."""
        around = scope.parent
        while around is not None and not around.is_class:
            around = around.parent
        doc = self.tree.twins[around.node].doc_node if around is not None else None
        return docstring_text(doc.value) if doc is not None else None

    def _as_test(self, unit: Unit, scope: Scope) -> Unit:
        """*unit* with the structures of a test, if it is one, and the fixtures that it asks for."""
        if not self.module.is_test:
            return unit
        origin = partial(self.names.origin, scope=scope)
        found, asked = testing.structures(scope, unit.tags, origin), testing.facet(scope, origin)
        facets = unit.facets if asked is None else {**unit.facets, "test": asked}
        return replace(unit, tags=tuple(sorted({*unit.tags, *found})), facets=facets)

    def _code(self, node: UnitNode) -> str:
        """The exact lines, decorators included, less the indentation of the first."""
        first = min([node.lineno, *(item.lineno for item in node.decorator_list)])
        lines = self.module.lines[first - 1 : node.end_lineno]
        indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
        return "\n".join(line.removeprefix(indent) for line in lines)

    def _code_lines(self, node: UnitNode, doc: Any) -> int:
        """Lines from the head to the end that are not blank, a comment or the docstring."""
        taken = range(doc.lineno, doc.end_lineno + 1) if doc is not None else range(0)
        span = range(node.lineno, (node.end_lineno or node.lineno) + 1)
        lines = (self.module.lines[at - 1].lstrip() for at in span if at not in taken)
        return sum(1 for line in lines if line and not line.startswith("#"))


def _kind(scope: Scope) -> Kind:
    if scope.is_class:
        return "class"
    return "method" if scope.parent is not None and scope.parent.is_class else "function"


def _pattern_type(kind: Kind, labels: tuple[Label, ...], is_test: bool) -> PatternType:
    if is_test:
        return "test_pattern"
    if kind == "class":
        return "design_pattern" if labels else "class_pattern"
    return "function_pattern"


def _quality(unit: Unit, node: UnitNode, profile: quality.Profile) -> Quality:
    parts: dict[str, float | None] = {
        "complexity": quality.complexity_score(unit.complexity or 1),
        "documentation": quality.documentation_score(node, bool(unit.docstring)),
    }
    return quality.combine(parts, profile)


def _shingles(scope: Scope, grams: Sequence[int]) -> tuple[int, ...]:
    start, end = scope.loose
    return fingerprint.sketch(grams[start : max(end - fingerprint.K + 1, start + 1)])
