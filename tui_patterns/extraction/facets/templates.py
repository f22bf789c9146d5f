"""Facet ``template_fields``: class-level declarations that a framework reads, and checks for unrendered text.

``{"declarations": [{"name", "line", "value" | "expression"}], "templated": [field, …],
"checks": [{"line", "kind", "expression", "field"}]}``. Kinds: ``template_text`` (``"{{" in x``),
``rendered_type`` (``isinstance`` of a templated field), ``declaration`` (the code itself reads
``template_ext`` and its like).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import partial
from typing import Any

from tui_patterns.extraction.facets.nodes import flat, last, most, present, text_of
from tui_patterns.extraction.facets.structural import declarations
from tui_patterns.extraction.facets.subject import Subject
from tui_patterns.extraction.signature import base_names, decorator_names

_KNOWN = re.compile(
    r"template_\w+|ui_(?:fg)?color|operator_extra_links|deferrable|shallow_copy_attrs|"
    r"__tablename__|__table_args__|__mapper_args__|model_config|DEFAULT_CSS|CSS|CSS_PATH|BINDINGS|"
    r"COMPONENT_CLASSES|SCREENS|permission_classes|authentication_classes|serializer_class|queryset|"
    r"list_display|list_filter|search_fields|form_class|success_url|context_object_name|"
    r"abstract|autoretry_for|acks_late|max_retries|default_error_messages"
)
_FIELDS = ("template_fields", "templated_fields")
_ASKING = frozenset({"isinstance", "startswith", "endswith", "find", "count", "search", "match"})
_MARKS = ("{{", "{%", "${", "}}", "%}", "{#")
# Their class-level names are fields of the data, not settings for a framework.
_DATA_BASES = frozenset({
    "BaseModel", "SQLModel", "NamedTuple", "TypedDict", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag",
    "Protocol", "Struct", "Schema", "Model", "Structure", "Union", "ABC", "Generic", "Exception",
})  # fmt: skip
_DATA_DECORATORS = frozenset({"dataclass", "define", "frozen", "attrs", "s", "mutable"})


def template_fields(subject: Subject) -> dict[str, Any]:
    """Applies to a class with such declarations, and where text is looked at before it is rendered."""
    cls = subject.owner_or_class
    if cls is None:
        return present(checks=most(_checks(subject, frozenset())))
    own = cls is subject.node
    declared = list(_declared(subject, cls)) if own else []
    return present(
        declarations=most(declared),
        templated=sorted(_templated(subject, cls)) if own else [],
        checks=most(_checks(subject, _templated(subject, cls))),
    )


def _declared(subject: Subject, cls: ast.ClassDef) -> Iterator[dict[str, Any]]:
    """Known names; of a class with a base from elsewhere also what its own code never reads."""
    read = {node.attr for node in subject.reading.of(ast.Attribute)}
    foreign = _is_foreign(subject, cls)
    for item in declarations(subject, cls):
        name = item["name"]
        valued = "value" in item or "expression" in item
        if valued and (_KNOWN.fullmatch(name) or (foreign and name not in read and name[0] != "_")):
            yield {key: part for key, part in item.items() if key != "annotation"}


def _is_foreign(subject: Subject, cls: ast.ClassDef) -> bool:
    decorators = {name.rpartition(".")[2] for name in decorator_names(cls)}
    bases = base_names(cls)
    plain = any(base.rpartition(".")[2] in _DATA_BASES for base in bases)
    imported = any(base.partition(".")[0] in subject.file.imports for base in bases)
    return imported and not plain and not decorators & _DATA_DECORATORS


def _templated(subject: Subject, cls: ast.ClassDef) -> frozenset[str]:
    """The names that ``template_fields`` lists; looked up once a class."""
    if cls not in subject.file.memo:
        subject.file.memo[cls] = _listed(cls)
    return subject.file.memo[cls]


def _listed(cls: ast.ClassDef) -> frozenset[str]:
    for item in flat(cls.body):
        targets = item.targets if isinstance(item, ast.Assign) else [getattr(item, "target", None)]
        if any(last(target) in _FIELDS for target in targets):
            value = getattr(item, "value", None)
            found = (node for node in ast.walk(value)) if value is not None else ()
            return frozenset(text for node in found if (text := text_of(node)))
    return frozenset()


def _checks(subject: Subject, templated: frozenset[str]) -> Iterator[dict[str, Any]]:
    found: list[tuple[ast.expr, str, str]] = []
    note = partial(_found, found)
    for test in subject.reading.of(ast.Compare):
        mark = text_of(test.left)
        if isinstance(test.ops[0], ast.In | ast.NotIn) and mark and mark.startswith(_MARKS):
            note(test, "template_text", last(test.comparators[0]))
    for name, call in subject.calls:
        if name in _ASKING:
            _call(name, call, templated, note)
    for read in subject.reading.of(ast.Attribute):
        if read.attr in ("template_ext", *_FIELDS) and isinstance(read.ctx, ast.Load):
            note(read, "declaration", read.attr)
    for node, kind, field in sorted(found, key=lambda one: one[0].lineno):
        yield {"line": subject.at(node), "kind": kind, "expression": subject.text(node)} | present(
            field=field
        )


def _found(found: list[tuple[ast.expr, str, str]], node: ast.expr, kind: str, field: str) -> None:
    found.append((node, kind, field))


def _call(name: str, call: ast.Call, templated: frozenset[str], note: Any) -> None:
    if name == "isinstance" and call.args and last(call.args[0]) in templated:
        note(call, "rendered_type", last(call.args[0]))
    elif call.args:
        mark = text_of(call.args[0])
        if mark and mark.lstrip("\\").startswith(_MARKS[:2]) and isinstance(call.func, ast.Attribute):
            note(call, "template_text", last(call.func.value))
