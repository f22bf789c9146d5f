"""What a search is narrowed to, as SQL over the aliases p (patterns), v (versions) and r (projects)."""

from __future__ import annotations

from typing import Any

from tui_patterns.models import COMPLEXITY_LIMITS, Filters
from tui_patterns.store.sql import dump, now

# The posterior mean of learning/confidence.py over the pools of learning/records.py: a Beta prior
# of mean (pool + .2 (quality - .5)), held within .05 and .95 and worth :prior_strength outcomes; a
# pool's mean is drawn to one half by 20 outcomes. Outcomes fade as in learning/evidence.py, pools do not.
_CONFIDENT = """p.id IN (
    WITH evidence AS (
        SELECT pattern_id, weight * success * fade(at, :now, :half_life_days) AS good,
               weight * (1 - success) * fade(at, :now, :half_life_days) AS bad FROM trials
    ), own AS (
        SELECT pattern_id, SUM(good) AS good, SUM(bad) AS bad FROM evidence GROUP BY pattern_id
    ), pools AS (
        SELECT x.language, x.kind, (SUM(o.weight * o.success) + 10.0) / (SUM(o.weight) + 20.0) AS mean
        FROM trials o JOIN patterns q ON q.id = o.pattern_id JOIN versions x ON x.id = q.version_id
        GROUP BY x.language, x.kind
    ), priors AS (
        SELECT q.id, COALESCE(o.good, 0.0) AS good, COALESCE(o.bad, 0.0) AS bad,
               COALESCE(m.mean, 0.5) + 0.2 * (COALESCE(x.quality, 0.5) - 0.5) AS nudged
        FROM patterns q JOIN versions x ON x.id = q.version_id
        LEFT JOIN own o ON o.pattern_id = q.id
        LEFT JOIN pools m ON m.language = x.language AND m.kind = x.kind
    )
    SELECT id FROM priors
    WHERE CASE WHEN nudged < 0.05 THEN 0.05 WHEN nudged > 0.95 THEN 0.95 ELSE nudged END * :prior_strength
          + good >= :min_confidence * (:prior_strength + good + bad)
)"""

_TESTS = {
    "language": "v.language = :language",
    "framework": "v.framework = :framework",
    "pattern_type": "v.pattern_type = :pattern_type",
    "project": "(r.name = :project OR r.root = :project)",
    "min_quality": "v.quality >= :min_quality",
    "label": "v.id IN (SELECT l.version_id FROM labels l WHERE l.label = :label)",
    "category": "v.category = :category",
    "subcategory": "v.subcategory = :subcategory",
    "component_type": "v.component_type = :component_type",
    "min_confidence": _CONFIDENT,
}


# The same for a few patterns that are named: it looks at each, not first at all that have the label.
_TESTS_OF_FEW = _TESTS | {
    "label": "EXISTS (SELECT 1 FROM labels l WHERE l.version_id = v.id AND l.label = :label)",
}


def conditions(filters: Filters, *, of_few: bool = False) -> tuple[str, dict[str, Any]]:
    """The tests for ``filters``, each behind an AND, and their parameters."""
    known = _TESTS_OF_FEW if of_few else _TESTS
    values = {name: getattr(filters, name) for name in known if getattr(filters, name) is not None}
    tests = [known[name] for name in values]
    if filters.min_confidence is not None:
        values |= {"prior_strength": filters.prior_strength, "half_life_days": filters.half_life_days}
        values["now"] = now()
    for test, more in (_tag(filters.tag), _complexity(filters)):
        if test:
            tests.append(test)
            values |= more
    return "".join(f" AND {test}" for test in tests), values


def _tag(tag: str | None) -> tuple[str, dict[str, Any]]:
    """Tags are a JSON list of texts: one of them is the tag between its quotes."""
    if tag is None:
        return "", {}
    escaped = dump(tag).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return "v.tags LIKE :tag ESCAPE '\\'", {"tag": f"%{escaped}%"}


def _complexity(filters: Filters) -> tuple[str, dict[str, Any]]:
    if filters.complexity_range is None:
        return "", {}
    names = list(COMPLEXITY_LIMITS)
    at = names.index(filters.complexity_range)
    above = COMPLEXITY_LIMITS[names[at - 1]] if at else -1
    limit = COMPLEXITY_LIMITS[filters.complexity_range]
    test = "v.complexity > :complexity_above"
    if limit is None:
        return test, {"complexity_above": above}
    return f"{test} AND v.complexity <= :complexity_limit", {
        "complexity_above": above,
        "complexity_limit": limit,
    }
