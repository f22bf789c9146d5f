"""Calls in async functions that stop the event loop: processes, files, and clients made for threads."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from tui_patterns.extraction.antipatterns.outline import Definition, Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.imports import dotted, origin_of

_CALLS = re.compile(
    r"subprocess\.(run|call|check_call|check_output|getoutput|getstatusoutput|Popen)"
    r"|os\.(system|popen|posix_spawnp?|spawn[lv]p?e?|wait|wait3|wait4|waitid|waitpid)"
    r"|os\.path\.(exists|lexists|isfile|isdir|islink|ismount|realpath|get[acm]time|getsize|samefile|sameopenfile)"
    r"|(requests|httpx)\.(get|post|put|patch|delete|head|options|request|stream)"
    r"|urllib\.request\.(urlopen|urlretrieve)|urllib3\.request|socket\.create_connection"
)
_CLIENTS = re.compile(
    r"httpx\d?\.Client|requests\.[sS]ession"
    r"|urllib3\.(poolmanager\.|connectionpool\.)?(PoolManager|ProxyManager|HTTPConnectionPool|HTTPSConnectionPool)"
)
_VERBS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "request", "send", "stream", "close",
     "urlopen", "request_encode_url", "request_encode_body"}
)  # fmt: skip


def blocking_hits(outline: Outline) -> Iterator[ShapeHit]:
    """One for each blocking call in an async function."""
    shared = _clients(outline.module.body, outline.imports)
    for definition in outline.definitions:
        if isinstance(definition.node, ast.AsyncFunctionDef):
            yield from _function_hits(definition, definition.node, outline, shared)


def _function_hits(
    at: Definition, node: ast.AsyncFunctionDef, outline: Outline, shared: set[str]
) -> Iterator[ShapeHit]:
    own, imports = outline.nodes.own(node), outline.imports
    clients = shared | _clients(own, imports) | _annotated(node, imports)
    for call in (item for item in own if isinstance(item, ast.Call)):
        name = origin_of(dotted(call.func), imports)
        receiver, _, method = dotted(call.func).rpartition(".")
        if _CALLS.fullmatch(name) or (receiver in clients and method in _VERBS):
            end = call.end_lineno or call.lineno
            yield ShapeHit(
                "blocking_call_in_async", at.qualname, call.lineno, end, f"{name} blocks", "ASYNC2"
            )


def _clients(nodes: list[ast.AST] | list[ast.stmt], imports: Mapping[str, str]) -> set[str]:
    """Variables that hold a blocking client after all *nodes*."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            name, is_client = dotted(node.targets[0]), _makes_client(node.value, imports)
        elif isinstance(node, ast.AnnAssign):
            name, is_client = dotted(node.target), _names_client(node.annotation, imports)
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            name, is_client = dotted(node.optional_vars), _makes_client(node.context_expr, imports)
        else:
            continue
        if name:
            (found.add if is_client else found.discard)(name)
    return found


def _makes_client(value: ast.expr, imports: Mapping[str, str]) -> bool:
    return isinstance(value, ast.Call) and _is_client(value.func, imports)


def _is_client(node: ast.AST, imports: Mapping[str, str]) -> bool:
    return bool(_CLIENTS.fullmatch(origin_of(dotted(node), imports)))


def _names_client(annotation: ast.expr, imports: Mapping[str, str]) -> bool:
    """Whether a type is a client's, alone, optional or in a union."""
    return any(_is_client(node, imports) for node in ast.walk(annotation))


def _annotated(node: ast.AsyncFunctionDef, imports: Mapping[str, str]) -> set[str]:
    listed = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return {item.arg for item in listed if item.annotation and _names_client(item.annotation, imports)}
