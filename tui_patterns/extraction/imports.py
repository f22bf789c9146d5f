"""What names a file imports, and from where."""

from __future__ import annotations

import ast
from collections.abc import Mapping

# They name types or change the compiler; no code is reused by them.
_NOT_A_DEPENDENCY = frozenset({"__future__", "typing", "typing_extensions"})


def imported_names(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """The names that *node* binds, each with the dotted origin it stands for.

    A relative origin starts with its dots (``.models.Unit``). A star binds
    nothing that can be known without reading the other module.
    """
    if isinstance(node, ast.Import):
        return {_bound(alias): alias.name if alias.asname else _top(alias.name) for alias in node.names}
    base = "." * node.level + (node.module or "")
    joint = "" if base.endswith(".") else "."
    return {a.asname or a.name: f"{base}{joint}{a.name}" for a in node.names if a.name != "*"}


def _bound(alias: ast.alias) -> str:
    return alias.asname or _top(alias.name)


def _top(dotted: str) -> str:
    return dotted.partition(".")[0]


def package_of(origin: str) -> str | None:
    """The top-level package of a dotted origin; ``None`` for one of the project's own (relative)."""
    top = _top(origin)
    return top if top and top not in _NOT_A_DEPENDENCY else None


def origin_of(expression: str, imports: Mapping[str, str]) -> str:
    """*expression* (``np.random.rand``) with its first name replaced by what it was imported as."""
    first, _, rest = expression.partition(".")
    origin = imports.get(first, first)
    return f"{origin}.{rest}" if rest else origin


def made_by_imports(module: ast.Module, imports: Mapping[str, str]) -> dict[str, str]:
    """Module variables made by calling something imported: ``app = FastAPI()`` gives app's origin.

    So that a unit under ``@app.get`` is known to use what made ``app``.
    """
    found: dict[str, str] = {}
    for statement in module.body:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call):
            maker = dotted(statement.value.func)
            if maker.partition(".")[0] in imports:
                names = (target.id for target in statement.targets if isinstance(target, ast.Name))
                found.update(dict.fromkeys(names, origin_of(maker, imports)))
    return found


def dotted(node: ast.AST) -> str:
    """``a.b.c`` for a name or a chain of attributes on one; else an empty text."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([node.id, *reversed(parts)])
