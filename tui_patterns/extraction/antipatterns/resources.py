"""Resources that a function opens and nobody is sure to close: processes, pools, connections, locks."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from tui_patterns.extraction.antipatterns.outline import Definition, Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.complexity import FunctionNode
from tui_patterns.extraction.imports import dotted, origin_of

# Context managers of the standard library that ruff's rule for files leaves out.
_OPENERS = frozenset(
    {"subprocess.Popen", "multiprocessing.Pool", "multiprocessing.pool.Pool",
     "multiprocessing.pool.ThreadPool",
     "concurrent.futures.ThreadPoolExecutor", "concurrent.futures.ProcessPoolExecutor",
     "concurrent.futures.thread.ThreadPoolExecutor", "concurrent.futures.process.ProcessPoolExecutor",
     "urllib.request.urlopen", "socket.socket", "socket.create_connection", "tempfile.TemporaryDirectory",
     "tempfile.NamedTemporaryFile", "tempfile.SpooledTemporaryFile", "zipfile.PyZipFile", "mmap.mmap",
     "smtplib.SMTP", "ftplib.FTP", "os.scandir", "selectors.DefaultSelector"}
)  # fmt: skip
_LOCKS = frozenset(
    {"threading.Lock", "threading.RLock", "threading.Condition", "threading.Semaphore",
     "threading.BoundedSemaphore", "multiprocessing.Lock", "multiprocessing.RLock", "asyncio.Lock",
     "multiprocessing.Semaphore"}
)  # fmt: skip
_CLOSERS = frozenset({"close", "shutdown", "terminate", "kill", "wait", "communicate", "cleanup", "quit"})


def resource_hits(outline: Outline) -> Iterator[ShapeHit]:
    """Openings kept in a local variable that no ``with`` and no ``finally`` closes, and bare acquires."""
    shared = _locks(outline.nodes.own(outline.module), outline.imports)
    for definition in outline.definitions:
        if isinstance(definition.node, FunctionNode):
            own = outline.nodes.own(definition.node)
            yield from _opened(definition, own, outline.imports)
            yield from _acquired(definition, own, shared | _locks(own, outline.imports))


def _opened(at: Definition, own: Sequence[ast.AST], imports: Mapping[str, str]) -> Iterator[ShapeHit]:
    for node in own:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name, call = node.targets[0].id, node.value
            opener = origin_of(dotted(call.func), imports) if isinstance(call, ast.Call) else ""
            if opener in _OPENERS and not _is_cared_for(name, own):
                yield _hit(at, node, f"{opener} is closed only if nothing fails")


def _is_cared_for(name: str, own: Sequence[ast.AST]) -> bool:
    """Whether a ``with`` or ``finally`` closes it, or somebody else gets it, who then has to."""
    return any(_hands_over(node, name) or _closes_finally(node, name) for node in own)


def _hands_over(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Return(value=value) | ast.Yield(value=value):
            return value is not None and _mentions(value, name)
        case ast.Assign(targets=targets, value=value):
            return _mentions(value, name) and not all(isinstance(one, ast.Name) for one in targets)
        case ast.withitem(context_expr=context):
            return _mentions(context, name)
        case ast.Call(args=args, keywords=keywords):
            given = [*args, *(item.value for item in keywords)]
            return any(isinstance(item, ast.Name) and item.id == name for item in given)
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return name in names
    return False


def _mentions(value: ast.expr, name: str) -> bool:
    direct = [value, *(value.elts if isinstance(value, ast.Tuple | ast.List) else ())]
    return any(isinstance(item, ast.Name) and item.id == name for item in direct)


def _closes_finally(node: ast.AST, name: str) -> bool:
    if not isinstance(node, ast.Try | ast.TryStar):
        return False
    calls = (
        item for statement in node.finalbody for item in ast.walk(statement) if isinstance(item, ast.Call)
    )
    return any(dotted(call.func) in {f"{name}.{closer}" for closer in _CLOSERS} for call in calls)


def _locks(own: Sequence[ast.AST], imports: Mapping[str, str]) -> set[str]:
    return {
        dotted(node.targets[0])
        for node in own
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.value, ast.Call)
        and origin_of(dotted(node.value.func), imports) in _LOCKS
    } - {""}  # fmt: skip


def _acquired(at: Definition, own: Sequence[ast.AST], locks: set[str]) -> Iterator[ShapeHit]:
    """``lock.acquire()`` as a statement of its own, in a function that no ``finally`` releases it in."""
    released = {
        dotted(item.func)
        for node in own if isinstance(node, ast.Try | ast.TryStar)
        for statement in node.finalbody for item in ast.walk(statement) if isinstance(item, ast.Call)
    }  # fmt: skip
    for node in own:
        call = node.value if isinstance(node, ast.Expr) else None
        if (
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr == "acquire"
        ):
            lock = dotted(call.func.value)
            if lock in locks and f"{lock}.release" not in released:
                yield _hit(at, call, f"{lock} stays locked if anything fails")


def _hit(at: Definition, node: ast.stmt | ast.expr, said: str) -> ShapeHit:
    return ShapeHit(
        "unclosed_resource", at.qualname, node.lineno, node.end_lineno or node.lineno, said, "R1732"
    )
