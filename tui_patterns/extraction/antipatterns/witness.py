"""Whether code does right what an anti-pattern does wrong: one small check for each."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Callable
from textwrap import dedent

from tui_patterns.extraction.antipatterns.nodes import walked
from tui_patterns.extraction.antipatterns.witness_calls import called, calls_of
from tui_patterns.extraction.antipatterns.witness_errors import (
    handled_errors,
    ordered_handlers,
    raise_from,
    specific_handlers,
    specific_raise,
)
from tui_patterns.extraction.antipatterns.witness_objects import (
    abstract_method,
    instance_cache,
    none_default,
    super_init,
)
from tui_patterns.extraction.imports import dotted

Check = Callable[[ast.Module], bool]


def parsed(code: str) -> ast.Module | None:
    """The tree of a unit's text, or ``None`` where there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(dedent(code))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _async_work(module: ast.Module) -> bool:
    """Work goes to a thread, to a child process, or to a client made for it."""
    awaited = {
        dotted(node.value.func)
        for node in walked(module)
        if isinstance(node, ast.Await) and isinstance(node.value, ast.Call)
    }
    ends = {name.rpartition(".")[2] for name in awaited}
    threads = {
        "to_thread",
        "run_in_executor",
        "run_sync",
        "create_subprocess_exec",
        "create_subprocess_shell",
    }
    return bool(ends & threads) or any(isinstance(node, ast.AsyncWith) for node in walked(module))


def _awaited_sleep(module: ast.Module) -> bool:
    awaits = (node.value for node in walked(module) if isinstance(node, ast.Await))
    return any(isinstance(call, ast.Call) and dotted(call.func).endswith("sleep") for call in awaits)


def _awaited_event(module: ast.Module) -> bool:
    awaits = (node.value for node in walked(module) if isinstance(node, ast.Await))
    names = {dotted(call.func).rpartition(".")[2] for call in awaits if isinstance(call, ast.Call)}
    return bool(names & {"wait", "wait_for", "get", "join"}) and not _awaited_sleep(module)


def _with_block(module: ast.Module) -> bool:
    uses = any(
        isinstance(node, ast.With | ast.AsyncWith) and isinstance(node.items[0].context_expr, ast.Call)
        for node in walked(module)
    )
    names = {node.name for node in walked(module) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    return (
        uses
        or bool(names & {"__exit__", "__aexit__"})
        or any(isinstance(n, ast.Try) and n.finalbody for n in walked(module))
    )


def _bound_parameters(module: ast.Module) -> bool:
    """Statements are constants, and values are given beside them."""
    calls = [call for call in calls_of(module) if dotted(call.func).rpartition(".")[2].startswith("execute")]
    return any(len(call.args) > 1 for call in calls) and all(
        isinstance(call.args[0], ast.Constant | ast.Name) for call in calls if call.args
    )


def _environment_read(module: ast.Module) -> bool:
    if called(module) & {"os.environ.get", "os.getenv", "environ.get", "getenv"}:
        return True
    return any(
        isinstance(node, ast.Subscript) and dotted(node.value).endswith("environ") for node in walked(module)
    )


def _parsed_literal(module: ast.Module) -> bool:
    return bool({name.rpartition(".")[2] for name in called(module)} & {"literal_eval"})


def _table_dispatch(module: ast.Module) -> bool:
    """What is done is looked up, by a key or a type: no chain of conditions, no ``exec``."""
    if called(module) & {"exec", "eval"}:
        return False
    looked_up = (call.func for call in calls_of(module))
    return any(_is_lookup(func) for func in looked_up) or any(
        isinstance(node, ast.Match) or dotted(node).endswith("singledispatch") for node in walked(module)
    )


def _is_lookup(func: ast.expr) -> bool:
    """``table[key](…)`` or ``table.get(key)(…)``."""
    if isinstance(func, ast.Call):
        return isinstance(func.func, ast.Attribute) and func.func.attr == "get"
    return isinstance(func, ast.Subscript)


def _child_environment(module: ast.Module) -> bool:
    return any(keyword.arg == "env" for call in calls_of(module) for keyword in call.keywords)


def _made_function(module: ast.Module) -> bool:
    """A function made inside another one, outside of any loop."""
    outer = [node for node in walked(module) if isinstance(node, ast.FunctionDef)]
    inner = [
        item
        for node in outer
        for item in node.body
        if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return bool(inner)


def _filtered_copy(module: ast.Module) -> bool:
    kinds = ast.ListComp | ast.DictComp | ast.SetComp
    return any(
        isinstance(node, kinds) and any(part.ifs for part in node.generators) for node in walked(module)
    )


def _joined_text(module: ast.Module) -> bool:
    return any(
        isinstance(call.func, ast.Attribute)
        and call.func.attr == "join"
        and isinstance(call.func.value, ast.Constant)
        for call in calls_of(module)
    )


def _logging(module: ast.Module) -> bool:
    levels = {"debug", "info", "warning", "error", "exception", "critical", "log"}
    names = called(module)
    return "print" not in names and any("log" in n.lower() and n.rpartition(".")[2] in levels for n in names)


CHECKS: dict[str, Check] = {
    "specific_handlers": specific_handlers,
    "ordered_handlers": ordered_handlers,
    "handled_errors": handled_errors,
    "specific_raise": specific_raise,
    "raise_from": raise_from,
    "async_work": _async_work,
    "awaited_sleep": _awaited_sleep,
    "awaited_event": _awaited_event,
    "instance_cache": instance_cache,
    "none_default": none_default,
    "with_block": _with_block,
    "bound_parameters": _bound_parameters,
    "environment_read": _environment_read,
    "parsed_literal": _parsed_literal,
    "table_dispatch": _table_dispatch,
    "child_environment": _child_environment,
    "made_function": _made_function,
    "super_init": super_init,
    "filtered_copy": _filtered_copy,
    "joined_text": _joined_text,
    "logging": _logging,
    "abstract_method": abstract_method,
}
