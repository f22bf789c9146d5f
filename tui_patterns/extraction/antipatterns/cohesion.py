"""Classes that know too much, and methods that live in the wrong one.

After Lanza and Marinescu, *Object-Oriented Metrics in Practice* (2006): a god
class has WMC of 47 or more, TCC below 1/3 and uses more than FEW foreign
attributes; feature envy is more than FEW foreign attributes of few classes,
used more than its own. WMC is the sum of the methods' complexities, TCC the
share of pairs of methods that use an attribute in common. Foreign are attributes
of what a method got as a parameter, and not called.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from tui_patterns.extraction.antipatterns.outline import Definition, Outline
from tui_patterns.extraction.antipatterns.shape import ShapeHit
from tui_patterns.extraction.complexity import FunctionNode, complexity_of

MIN_WMC = 47
MAX_TCC = 1 / 3
FEW = 5


def cohesion_hits(outline: Outline) -> Iterator[ShapeHit]:
    """God classes by their measures, and envious methods."""
    for definition in outline.definitions:
        if isinstance(definition.node, ast.ClassDef):
            methods = [item for item in definition.node.body if isinstance(item, FunctionNode)]
            uses = {method.name: _Uses(method, outline) for method in methods}
            yield from _god_class(definition, methods, list(uses.values()), outline)
            for method in methods:
                yield from _envy(definition, method, uses[method.name])


class _Uses:
    """Which attributes a method uses: its own object's, and those of its parameters."""

    def __init__(self, method: FunctionNode, outline: Outline) -> None:
        names = [item.arg for item in (*method.args.posonlyargs, *method.args.args)]
        self.receiver = names[0] if names else ""
        given = {*names[1:], *(item.arg for item in method.args.kwonlyargs)}
        self.own: set[str] = set()
        self.foreign: Counter[str] = Counter()
        self.seen: set[tuple[str, str]] = set()
        own = outline.nodes.own(method)
        called = {node.func for node in own if isinstance(node, ast.Call)}
        for node in own:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                self._note(node.value.id, node.attr, node in called, given)

    def _note(self, name: str, attribute: str, is_call: bool, given: set[str]) -> None:
        if name == self.receiver:
            self.own.add(attribute)
        elif name in given and not is_call and (name, attribute) not in self.seen:
            self.seen.add((name, attribute))
            self.foreign[name] += 1


def _god_class(
    at: Definition, methods: list[FunctionNode], uses: list[_Uses], outline: Outline
) -> Iterator[ShapeHit]:
    wmc = sum(complexity_of(method, outline.complexity) for method in methods)
    if wmc < MIN_WMC or len({pair for use in uses for pair in use.seen}) <= FEW:
        return
    pairs = list(combinations([use.own for use in uses], 2))
    tcc = sum(bool(one & other) for one, other in pairs) / len(pairs) if pairs else 1.0
    if tcc < MAX_TCC:
        said = f"complexity {wmc}; {tcc:.0%} of the pairs of its {len(methods)} methods share an attribute"
        yield ShapeHit("god_class", at.qualname, at.node.lineno, at.last_line, said, "PLR0904")


def _envy(at: Definition, method: FunctionNode, uses: _Uses) -> Iterator[ShapeHit]:
    if not uses.foreign or method.name.startswith("visit") or method.decorator_list:
        return
    name, count = uses.foreign.most_common(1)[0]
    if count > FEW and count > 2 * len(uses.own) and uses.receiver in {"self", "cls"}:
        said = f"{count} attributes of {name}, {len(uses.own)} of its own"
        line, end = method.lineno, method.end_lineno or method.lineno
        yield ShapeHit("feature_envy", f"{at.qualname}.{method.name}", line, end, said)
