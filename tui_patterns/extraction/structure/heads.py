"""What the head of a function says, and whether its body is left open."""

from __future__ import annotations

import ast

from tui_patterns.extraction.structure.facts import FunctionFacts
from tui_patterns.extraction.structure.paths import names_in, path_of


def describe(facts: FunctionFacts, skip_first: bool) -> None:
    """Fill what the head of a function says: parameters, annotations, decorators."""
    node = facts.node
    given = [*node.args.posonlyargs, *node.args.args]
    defaults = dict(zip([item.arg for item in reversed(given)], reversed(node.args.defaults), strict=False))
    defaults |= {a.arg: d for a, d in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True) if d}
    given = given[1:] if skip_first else given
    given += node.args.kwonlyargs
    facts.params = tuple(item.arg for item in given)
    facts.annotations = {item.arg: names_in(item.annotation) for item in given if item.annotation}
    facts.optional = frozenset(
        name for name, value in defaults.items() if isinstance(value, ast.Constant) and value.value is None
    )
    facts.variadic = tuple(item.arg for item in (node.args.vararg, node.args.kwarg) if item)
    facts.result = names_in(node.returns)
    facts.decorators = tuple(path_of(item, {}) for item in node.decorator_list)
    facts.stub = all(_is_nothing(statement) for statement in node.body)
    facts.raises_only = len(node.body) == 1 and isinstance(node.body[0], ast.Raise)
    facts.abstract = any("abstract" in name for name in facts.decorators) or (
        bool(node.body) and all(_refuses(statement) for statement in node.body)
    )


def _is_nothing(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or _refuses(node)
    )


def _refuses(node: ast.stmt) -> bool:
    made = (
        node.exc.func
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)
        else getattr(node, "exc", None)
    )
    return isinstance(made, ast.Name) and made.id == "NotImplementedError"
