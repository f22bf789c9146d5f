"""Whether a pattern fits the project that is worked in: by language, framework and dependencies.

What is not known speaks against nothing: a project without any file that names its dependencies, or a
package whose name nobody gives. A pattern of the project itself always fits.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tui_patterns.models import Enhanced, Pattern
from tui_patterns.prompts.render import inline
from tui_patterns.prompts.requirements import Requirements, normal, requirements

Kind = Literal["language", "framework", "dependency", "guard"]
# Languages whose code is worth seeing for each other.
_FAMILIES = ({"javascript", "typescript"},)
_NAME = 80


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A pattern that was relevant and did not go in, and why."""

    id: str
    name: str
    kind: Kind
    reason: str

    @property
    def words(self) -> str:
        """One line."""
        return f"left out: {inline(self.name, _NAME)}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Fitted(Enhanced):
    """A prompt, with what did not fit, and the lines on what to avoid that stand in it."""

    left_out: tuple[LeftOut, ...] = ()
    avoid: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """The projects that are worked in; no ``roots``: not known, so that everything fits.

    ``imports`` are the packages that their code uses, ``frameworks`` those of its units.
    """

    roots: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    frameworks: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    asked: tuple[Requirements, ...] = field(default=())

    @property
    def name(self) -> str:
        """What they are called, in a line."""
        return inline(", ".join(sorted(root.rpartition("/")[2] or root for root in self.roots)), _NAME)

    @property
    def states(self) -> bool:
        """Whether a file says what they depend on."""
        return any(one.names for one in self.asked)

    def has(self, package: str) -> bool:
        """Whether one of them uses, asks for or has a package, by its import name."""
        return normal(package) in self.imports or any(one.has(package) for one in self.asked)

    def exact(self, package: str) -> str | None:
        """The version of a package that they work with, if it is one."""
        found = {version for one in self.asked if (version := one.exact(package)) is not None}
        return found.pop() if len(found) == 1 else None


def target(
    roots: Iterable[str], languages: Iterable[str], frameworks: Iterable[str], imports: Iterable[str]
) -> Target:
    """The target at these roots, with what their files ask for."""
    known = frozenset(roots)
    return Target(
        known,
        frozenset(languages),
        frozenset(frameworks),
        frozenset(map(normal, imports)),
        tuple(requirements(root) for root in sorted(known)),
    )


def misfit(
    pattern: Pattern, where: Target, asked: Callable[[str], Requirements] = requirements
) -> tuple[Kind, str] | None:
    """Why a pattern does not fit; ``None`` if it does, or nothing says. ``asked`` reads requirements."""
    if not where.roots or pattern.root in where.roots:
        return None
    if where.languages and not _spoken(pattern.language, where.languages):
        return "language", f"it is {inline(pattern.language, 30)}, {where.name} is {_list(where.languages)}"
    if not where.states:
        return None
    framework = pattern.framework
    if framework and not _framework_is_there(framework, where):
        return "framework", f"it is for {inline(framework, 40)}, which {where.name} does not use"
    missing = missing_packages(pattern, where, asked)
    if missing:
        return "dependency", f"it needs {_list(missing)}, which {where.name} does not have"
    return None


def missing_packages(
    pattern: Pattern, where: Target, asked: Callable[[str], Requirements] = requirements
) -> list[str]:
    """Packages that it needs by its own project's files, and that the target neither asks for nor uses."""
    outside = [one for one in pattern.dependencies if one not in sys.stdlib_module_names]
    if not outside:
        return []
    own = asked(pattern.root)
    return [one for one in outside if own.has(one) and not where.has(one)]


def _framework_is_there(framework: str, where: Target) -> bool:
    return framework in sys.stdlib_module_names or framework in where.frameworks or where.has(framework)


def _spoken(language: str, languages: frozenset[str]) -> bool:
    return language in languages or any(language in family and family & languages for family in _FAMILIES)


def _list(words: Iterable[str]) -> str:
    return inline(", ".join(sorted(words)[:5]), 120)


def words_of(left: Sequence[LeftOut], most: int = 5) -> list[str]:
    """Lines for a person: the first few, and how many more."""
    lines = [one.words for one in left[:most]]
    return lines if len(left) <= most else [*lines, f"left out: {len(left) - most} more"]
