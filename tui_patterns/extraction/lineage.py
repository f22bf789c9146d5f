"""What a definition has from others: bases of its bases, packages of its class."""

from __future__ import annotations

from collections.abc import Iterable

from tui_patterns.extraction.complexity import UnitNode
from tui_patterns.extraction.resolve import Resolver
from tui_patterns.extraction.scope import Scope
from tui_patterns.extraction.signature import base_names


class Lineage:
    """Follows inheritance through the classes of one file."""

    def __init__(self, names: Resolver, units: Iterable[Scope]) -> None:
        self._names = names
        self._classes = {scope.qualname: scope for scope in units if scope.is_class}

    def bases(self, scope: Scope) -> list[str]:
        """The dotted origins of a class's bases, nearest first, those of classes in this file followed."""
        found: dict[str, None] = {}
        pending = [scope]
        while pending:
            at = pending.pop(0)
            assert isinstance(at.node, UnitNode)
            for name in base_names(at.node):
                local = self._classes.get(name)
                if local is not None and local is not at and name not in found:
                    pending.append(local)
                found[self._names.origin(name, at)] = None
        return list(found)

    def packages(self, scope: Scope) -> frozenset[str]:
        """What *scope*, or the class that it stands in, uses."""
        own = self._names.packages(scope)
        outer = scope.parent
        return own | self._names.packages(outer) if outer is not None and outer.is_class else own
