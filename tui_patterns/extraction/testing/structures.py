"""The structures of a test: fixture, parametrize, mock, arrange-act-assert, property test, async test.

Which functions are tests follows pytest's defaults: ``test*`` at module level,
and in a class that is called ``Test*`` or ends in ``TestCase``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.imports import dotted
from tui_patterns.extraction.scope import Scope
from tui_patterns.extraction.signature import base_names, parameter_names
from tui_patterns.extraction.testing.phases import is_arrange_act_assert

FIXTURE, ASYNC = "fixture", "async-test"
STRUCTURES = frozenset(
    {FIXTURE, "parametrize", "mock", "arrange-act-assert", "property-test", ASYNC}
)  # fmt: skip
_TABLES = ("pytest.mark.parametrize", "parameterized.parameterized", "ddt.data")
_MOCKS = ("unittest.mock.", "mock.", "pytest_mock.", "responses.", "respx.", "httpretty.")
_MOCKING_FIXTURES = frozenset({"mocker", "monkeypatch", "httpx_mock", "requests_mock", "respx_mock"})
_MOCK_ASSERTS = (
    "assert_called",
    "assert_awaited",
    "assert_has_calls",
    "assert_not_called",
    "assert_any_call",
)

Origin = Callable[[str], str]


def is_test(scope: Scope) -> bool:
    """Whether pytest would collect *scope* as a test by its default rules."""
    node, parent = scope.node, scope.parent
    if not isinstance(node, FunctionNode) or not node.name.startswith("test"):
        return False
    if parent is None or isinstance(parent.node, ast.Module):
        return True
    return isinstance(parent.node, ast.ClassDef) and (
        parent.node.name.startswith("Test")
        or any(base.endswith("TestCase") for base in base_names(parent.node))
    )


def structures(scope: Scope, tags: tuple[str, ...], origin: Origin) -> tuple[str, ...]:
    """The structures of a test or fixture, sorted; none for any other code."""
    node = scope.node
    if not isinstance(node, FunctionNode):
        return ()
    if FIXTURE in tags:
        return tuple(sorted({FIXTURE, *_mock(node, scope, origin)}))
    if not is_test(scope):
        return ()
    found = {*_decorated(node, origin), *_mock(node, scope, origin)}
    if any(call.endswith(".subTest") for call in scope.calls):
        found.add("parametrize")
    if isinstance(node, ast.AsyncFunctionDef):
        found.add(ASYNC)
    if is_arrange_act_assert(node):
        found.add("arrange-act-assert")
    return tuple(sorted(found))


def facet(scope: Scope, origin: Origin) -> dict[str, Any] | None:
    """``{"requests": [fixture, …], "autouse": bool}`` of a test or fixture; ``None`` for other code."""
    node = scope.node
    if not isinstance(node, FunctionNode):
        return None
    decorators = list(_decorators(node, origin))
    fixtures = [call for name, call in decorators if name in {"pytest.fixture", "pytest_asyncio.fixture"}]
    if not fixtures and not is_test(scope):
        return None
    asked = [*parameter_names(node), *_used(decorators), *_used(_class_decorators(scope, origin))]
    named = next((name for call in fixtures if (name := _keyword(call, "name"))), None)
    return {
        "requests": sorted({name for name in asked if name not in {"self", "cls"}}),
        "autouse": any(_keyword(call, "autouse") is True for call in fixtures),
        "fixture": (named or node.name) if fixtures else None,
    }


def _decorated(node: FunctionNode, origin: Origin) -> Iterator[str]:
    for name, _ in _decorators(node, origin):
        if name.startswith(_TABLES):
            yield "parametrize"
        elif name == "hypothesis.given":
            yield "property-test"


def _mock(node: FunctionNode, scope: Scope, origin: Origin) -> set[str]:
    names = [origin(call) for call in scope.calls]
    names += [name for name, _ in _decorators(node, origin)]
    if any(name.startswith(_MOCKS) for name in names):
        return {"mock"}
    if any(name.rpartition(".")[2].startswith(_MOCK_ASSERTS) for name in names):
        return {"mock"}
    return {"mock"} if _MOCKING_FIXTURES & set(parameter_names(node)) else set()


def _decorators(node: FunctionNode | ast.ClassDef, origin: Origin) -> Iterator[tuple[str, ast.Call | None]]:
    """Each decorator's origin, with its call if it is one."""
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        name = dotted(call.func if call is not None else decorator)
        if name:
            yield origin(name), call


def _class_decorators(scope: Scope, origin: Origin) -> list[tuple[str, ast.Call | None]]:
    parent = scope.parent.node if scope.parent is not None else None
    return list(_decorators(parent, origin)) if isinstance(parent, ast.ClassDef) else []


def _used(decorators: list[tuple[str, ast.Call | None]]) -> Iterator[str]:
    """The names in ``@pytest.mark.usefixtures("a", "b")``."""
    for name, call in decorators:
        if name == "pytest.mark.usefixtures" and call is not None:
            yield from (
                arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            )


def _keyword(call: ast.Call | None, name: str) -> Any:
    """The constant given for a keyword, or ``None``."""
    for keyword in call.keywords if call is not None else ():
        if keyword.arg == name and isinstance(keyword.value, ast.Constant):
            return keyword.value.value
    return None
