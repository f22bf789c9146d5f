"""Packages whose names load on first use (PEP 562), so that to import one costs nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """The ``__getattr__`` of ``package``, whose names live in ``modules``.

    Each module has its names in one text: ``"Figure FigureKey"``; ``"FIGURES=KEYS"`` where the
    package calls it otherwise. The function raises AttributeError for a name that no module has.
    """
    homes: dict[str, tuple[str, str]] = {}
    for module, names in modules.items():
        for name in names.split():
            called, _, own = name.partition("=")
            homes[called] = (module, own or called)

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, own = homes[name]
        return getattr(import_module(module), own)

    return find
