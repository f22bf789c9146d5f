"""A filter that admits much is cheaper to apply afterwards: Chroma looks up every id that it is given."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection

from tui_patterns.search.vectors import Match

SPARE = 2.0  # what is near is not spread evenly over what a filter admits
MOST_FETCHED = 1_000


def fetched_wide(
    ask: Callable[[int], list[Match]], limit: int, allowed: Collection[str], total: int
) -> list[Match] | None:
    """The ``limit`` nearest of ``allowed``, out of as many more as that probably takes.

    ``ask`` gives so many of all ``total``, nearest first. ``None`` where that would be too
    many, or where they were not enough: then the ids have to be given to Chroma.
    """
    if not allowed or not total:
        return None
    wanted = math.ceil(limit * SPARE * total / len(allowed))
    if wanted > MOST_FETCHED:
        return None
    admitted = allowed if isinstance(allowed, (set, frozenset, dict)) else set(allowed)
    found = [one for one in ask(min(wanted, total)) if one[0] in admitted]
    return found[:limit] if len(found) >= limit or wanted >= total else None
