"""PatternStorage: components and their patterns, by the calls that older integrations make."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tui_patterns.api import Indexer, LibraryError, PatternLibrary, PatternStorage

OPERATOR = '''
class ExportOperator:
    """Exports a table, and tries again."""

    def __init__(self, table, attempts=3):
        self.table = table
        self.attempts = attempts

    def execute(self, context):
        for attempt in range(self.attempts):
            try:
                return self.export(context["ds"])
            except OSError as error:
                if attempt + 1 == self.attempts:
                    raise ExportError(self.table) from error
'''
METADATA = {"category": "database_operations", "subcategory": "transactions", "component_type": "operator",
            "tags": ["nightly"]}  # fmt: skip


@pytest.fixture
def storage(data_dir: Path) -> PatternStorage:
    return PatternStorage(PatternLibrary(data_dir / "patterns.db"))


def test_a_component_is_stored_with_what_the_caller_knows(storage: PatternStorage, data_dir: Path) -> None:
    ids = storage.store_component_patterns("ExportOperator", OPERATOR, ["retry"], METADATA, success=True)
    library = PatternLibrary(data_dir / "patterns.db")
    pattern = library.pattern(ids[0])
    assert (pattern.category, pattern.subcategory, pattern.component_type) == (
        "database_operations",
        "transactions",
        "operator",
    )
    assert "nightly" in pattern.tags
    assert "retry" in {label.label for label in pattern.labels}
    assert pattern.confidence.n == 1 and pattern.confidence.mean > 0.5
    (component,) = storage.get_similar_components(category="database_operations", subcategory="transactions")
    assert (component.name, component.n) == ("ExportOperator", 1)
    assert "class ExportOperator" in component.code and "retry" in component.patterns
    assert storage.get_similar_components(category="testing") == []


def test_outcomes_add_up_and_rank(storage: PatternStorage) -> None:
    for number in range(4):
        storage.store_component_patterns("Good", OPERATOR.replace("Export", "Good"), (), METADATA, True)
        storage.store_component_patterns(
            "Bad", OPERATOR.replace("Export", "Bad").replace("range(", "sorted("), (), METADATA, success=False
        )
        assert len(storage.get_similar_components("database_operations")) == 2, number
    names = [one.name for one in storage.get_similar_components("database_operations")]
    assert names == ["Good", "Bad"]
    (only,) = storage.get_similar_components("database_operations", min_success_score=0.6)
    assert only.name == "Good" and only.success_score > 0.6
    best = storage.get_best_patterns(component_type="operator", min_confidence=0.6)
    assert best and all(pattern.confidence.mean >= 0.6 for pattern in best)
    assert storage.get_best_patterns(category="database_operations", limit=1)[0].id == best[0].id


def test_best_patterns_of_a_library(storage: PatternStorage, data_dir: Path, sample_project: Path) -> None:
    library = PatternLibrary(data_dir / "patterns.db")
    Indexer(library).index([sample_project], embed=False)
    every = storage.get_best_patterns(limit=100)
    assert len(every) == library.count()
    library.rate(every[-1].id, 5, "s1")
    library.rate(every[-1].id, 5, "s2")
    assert storage.get_best_patterns(limit=1)[0].id == every[-1].id
    kinds = {pattern.pattern_type for pattern in storage.get_best_patterns(pattern_type="class_pattern")}
    assert kinds <= {"class_pattern"}
    assert storage.get_best_patterns(min_confidence=0.99) == []


def test_statistics_are_counted(storage: PatternStorage, data_dir: Path, sample_project: Path) -> None:
    assert storage.get_pattern_statistics() == {
        "total_patterns": 0,
        "total_components": 0,
        "high_confidence_patterns": 0,
        "average_confidence": None,
        "patterns_by_category": {},
        "patterns_by_type": {},
    }
    library = PatternLibrary(data_dir / "patterns.db")
    Indexer(library).index([sample_project], embed=False)
    before = storage.get_pattern_statistics()
    assert before["total_patterns"] == library.count() == sum(before["patterns_by_type"].values())
    every = storage.get_best_patterns(limit=1000)
    means = [pattern.confidence.mean for pattern in every]
    assert before["average_confidence"] == pytest.approx(sum(means) / len(means))
    for number in range(40):
        library.rate(every[0].id, 5, f"s{number}")
    after = storage.get_pattern_statistics()
    assert (before["high_confidence_patterns"], after["high_confidence_patterns"]) == (0, 1)
    storage.store_component_patterns("ExportOperator", OPERATOR, (), METADATA)
    again = storage.get_pattern_statistics()
    assert again["total_components"] == before["total_components"] + 1
    assert again["patterns_by_category"]["database_operations"] >= 1


@pytest.mark.parametrize("code", ["def (", "x = 1\n", ""])
def test_code_without_a_pattern_is_one_clear_line(storage: PatternStorage, code: str) -> None:
    with pytest.raises(LibraryError, match="no pattern in the code of 'Empty'"):
        storage.store_component_patterns("Empty", code)


def test_patterns_may_be_given_as_older_integrations_have_them(
    storage: PatternStorage, data_dir: Path
) -> None:
    given: list[dict[str, Any]] = [
        {"pattern_type": "Error Handling", "confidence": 2},
        {"name": "x", "confidence": "high"},
        {},
    ]
    ids = storage.store_component_patterns("../Export Operator!", OPERATOR, given)
    pattern = PatternLibrary(data_dir / "patterns.db").pattern(ids[0])
    labels = {label.label: label.confidence for label in pattern.labels}
    assert labels["error_handling"] == 1.0 and "x" not in labels
    assert pattern.path == "Export_Operator.py"
