"""What often comes together: support and lift over files, classes and prompts.

With n baskets, lift(A, B) = n · n(A, B) / (n(A) · n(B)) (Brin, Motwani, Ullman, Tsur 1997, there
called interest): 1 is chance, more is company. Support is n(A, B), in baskets.
"""

from __future__ import annotations

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal

from tui_patterns.models import Combination
from tui_patterns.store import combinations as store
from tui_patterns.store.combinations import LabelPlace, Partner

MIN_SUPPORT = 2  # seen together once is no habit
MIN_LIFT = 1.0
SURE = 0.6  # of a label

Where = Literal["file", "class", "prompt"]


def together(
    conn: sqlite3.Connection, pattern: int, *, min_support: int = MIN_SUPPORT, limit: int = 8
) -> list[Combination]:
    """Patterns and labels that come with a pattern more often than by chance, the most telling first.

    At least ``min_support`` files, classes or prompts must hold both.
    """
    files, of_files, prompts, of_prompts = store.baskets(conn, pattern)
    found = [
        *_patterns(conn, store.partners_in_files(conn, pattern, min_support, limit), "file", files, of_files),
        *_patterns(
            conn, store.partners_in_prompts(conn, pattern, min_support, limit), "prompt", prompts, of_prompts
        ),
        *_labels(conn, pattern, files, min_support),
    ]
    telling = [one for one in found if one.lift > MIN_LIFT]
    return sorted(telling, key=lambda one: (one.id is None, -one.lift * one.support, one.name))[:limit]


def lift(both: int, one: int, other: int, baskets: int) -> float:
    """How many times chance; 0 where one of them is nowhere."""
    return baskets * both / (one * other) if one and other else 0.0


def _patterns(
    conn: sqlite3.Connection, partners: Sequence[Partner], where: Where, baskets: int, alone: int
) -> Iterable[Combination]:
    names = store.names_of(conn, [partner.row_id for partner in partners]) if partners else {}
    for partner in partners:
        id, name = names[partner.row_id]
        telling = lift(partner.both, alone, partner.alone, baskets)
        yield Combination(name, id, where, partner.both, baskets, telling)


def _labels(conn: sqlite3.Connection, pattern: int, files: int, least: int) -> Iterable[Combination]:
    own = set(store.labels_of(conn, pattern, SURE))
    if not own:
        return
    places = store.label_places(conn, SURE)
    by_file = _baskets((place.file, place) for place in places)
    by_class = _baskets(
        ((place.file, owner), place) for place in places if (owner := place.qualname.rpartition(".")[0])
    )
    best: dict[str, Combination] = {}
    for where, held, total in (
        ("file", by_file, files),
        ("class", by_class, max(store.classes(conn), len(by_class))),
    ):
        for one in _pairs(own, held, total, "file" if where == "file" else "class", least):
            if one.name not in best or one.lift > best[one.name].lift:
                best[one.name] = one
    yield from best.values()


def _baskets(placed: Iterable[tuple[object, LabelPlace]]) -> list[set[str]]:
    found: defaultdict[object, set[str]] = defaultdict(set)
    for key, place in placed:
        found[key].add(place.label)
    return list(found.values())


def _pairs(
    own: set[str], held: Sequence[set[str]], total: int, where: Where, least: int
) -> Iterable[Combination]:
    """Labels beside one of ``own``, each with its best partner among them."""
    single: Counter[str] = Counter(label for basket in held for label in basket)
    double: Counter[tuple[str, str]] = Counter(
        (mine, other) for basket in held for mine in basket & own for other in basket - own
    )
    for (mine, other), both in double.items():
        if both >= least:
            yield Combination(other, None, where, both, total, lift(both, single[mine], single[other], total))
