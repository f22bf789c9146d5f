"""What the names in a unit stand for, through the imports around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tui_patterns.extraction.frameworks import framework_of
from tui_patterns.extraction.imports import origin_of, package_of
from tui_patterns.extraction.scope import Scope


class Resolver:
    """Looks names up in one file: in the imports of a scope, then of those around it."""

    def __init__(self, module_origins: Mapping[str, str]) -> None:
        self._module = module_origins
        self._known: dict[Scope, frozenset[str]] = {}

    def origin(self, name: str, scope: Scope) -> str:
        """The dotted origin of a dotted *name*; the name itself if nothing imports it."""
        first = name.partition(".")[0]
        found = self._imported(first, scope)
        return name if found is None else origin_of(name, {first: found})

    def packages(self, scope: Scope) -> frozenset[str]:
        """Top-level packages that *scope*, or a definition in it, really uses; relative ones left out."""
        if scope not in self._known:
            origins = (self._imported(name, scope) for name in scope.names)
            own = {package_of(origin) for origin in origins if origin is not None}
            inner = (self.packages(member) for member in scope.members)
            self._known[scope] = frozenset(name for name in own if name).union(*inner)
        return self._known[scope]

    def framework(self, scope: Scope, preferred: Sequence[str] = ()) -> str | None:
        """By its own packages; a member of a class also belongs to what that class uses."""
        found = framework_of(self.packages(scope), preferred)
        outer = scope.parent
        if found is None and outer is not None and outer.is_class:
            return self.framework(outer, preferred)
        return found

    def _imported(self, name: str, scope: Scope) -> str | None:
        at: Scope | None = scope
        while at is not None:
            if name in at.imports:
                return at.imports[name]
            at = at.parent
        return self._module.get(name)
