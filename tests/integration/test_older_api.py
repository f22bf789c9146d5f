"""The calls that older integrations make, just as they make them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tui_patterns.api import Indexer, LibraryError, PatternExtractor, PatternInjector, PatternLibrary

RETRY = '''
import time

def call_with_retry(call, attempts=3):
    """Call again when the network fails."""
    for attempt in range(attempts):
        try:
            return call()
        except ConnectionError:
            time.sleep(2 ** attempt)
    raise RuntimeError("gave up")
'''
TINY = "def one():\n    return 1\n"


@pytest.fixture
def library(data_dir: Path) -> PatternLibrary:
    """Without arguments: the environment says where."""
    made = PatternLibrary()
    assert made.path == data_dir / "patterns.db"
    return made


def test_the_whole_way_of_an_older_integration(data_dir: Path, sample_project: Path) -> None:
    library = PatternLibrary(str(data_dir / "old.db"))
    extractor, injector = PatternExtractor(library), PatternInjector(library)
    count = extractor.extract_from_session(str(sample_project))
    assert isinstance(count, int) and count > 0
    id = library.extract_pattern(RETRY, {"name": "retry", "description": "Tries again"})
    assert isinstance(id, str) and library.count() == count + 1

    rows = library.search_patterns("call again when the network fails", limit=3)
    assert 0 < len(rows) <= 3
    for found, code, description, similarity in rows:
        assert isinstance(found, str) and isinstance(code, str) and isinstance(description, str)
        assert 0.0 <= similarity <= 1.0
    assert rows[0][0] == id and "def call_with_retry" in rows[0][1]
    assert "Call again when the network fails." in rows[0][2]
    assert rows[0].similarity >= rows[-1].similarity

    applied = library.apply_pattern(id, {"task": "fetch a page", "session_id": "s1"})
    assert applied is not None and applied.id == id and applied.usage_count == 0
    assert applied.success_rate is None
    library.rate_pattern(id, 5, "s1")
    applied = library.apply_pattern(id, {})
    assert applied is not None and applied.usage_count == 1
    assert applied.success_rate is not None and 50 < applied.success_rate <= 100
    assert applied.code.startswith("def call_with_retry") and applied.description

    text = injector.enhance_prompt("Write a client.", "call again when the network fails")
    assert isinstance(text, str) and text.startswith("Write a client.") and "call_with_retry" in text


def test_searching_finds_by_meaning_too(library: PatternLibrary, sample_project: Path) -> None:
    Indexer(library).index([sample_project])
    (id, code, description, similarity) = library.search_patterns("what a customer has to pay in the end", 1)[
        0
    ]
    assert library.pattern(id).path.startswith("shop/") and code and description and 0 <= similarity <= 1


def test_the_same_code_is_the_same_pattern(library: PatternLibrary) -> None:
    first = library.extract_pattern(RETRY, {})
    assert library.extract_pattern(RETRY, {}) == first == library.extract_pattern(RETRY)
    other = library.extract_pattern(RETRY.replace("2 **", "3 **"), {})
    assert other != first
    assert library.count() == 1  # near-copies of one name are counted, and shown, as one
    assert library.pattern(first).sites == library.pattern(other).sites == 2


def test_code_under_a_path_is_an_edit_of_it(library: PatternLibrary) -> None:
    first = library.extract_pattern(RETRY, {"path": "net.py"})
    edited = RETRY.replace('"gave up"', '"gave up after all"')
    assert library.extract_pattern(edited, {"path": "net.py"}) == first
    assert "after all" in library.pattern(first).code and len(library.history(first)) == 2


def test_the_entry_gate_is_not_for_code_given_by_hand(library: PatternLibrary) -> None:
    id = library.extract_pattern(TINY, {"description": "The number one."})
    found = library.pattern(id)
    assert found.qualname == "one" and found.docstring == "The number one."
    assert [row[0] for row in library.search_patterns("one", 5)] == [id]


def test_the_largest_unit_is_taken(library: PatternLibrary) -> None:
    id = library.extract_pattern(TINY + RETRY, {})
    assert library.pattern(id).qualname == "call_with_retry"


@pytest.mark.parametrize(
    "code", ["", "x = 1\n", "# only a comment", "def broken(:\n    pass", "\x00", "\ud800", "(" * 5000]
)
def test_code_without_a_function_is_one_clear_line(library: PatternLibrary, code: str) -> None:
    with pytest.raises(LibraryError) as refused:
        library.extract_pattern(code, {})
    assert str(refused.value).startswith("no pattern in this code: ") and "\n" not in str(refused.value)
    assert library.count() == 0


@pytest.mark.parametrize("id", ["", "no", "no-such-id", "00000000-0000-0000-0000-000000000000"])
def test_an_unknown_pattern_is_none(library: PatternLibrary, id: str) -> None:
    assert library.apply_pattern(id, {}) is None
    with pytest.raises(LibraryError):
        library.rate_pattern(id, 5, "s")


def test_applying_is_recorded_with_its_task(library: PatternLibrary) -> None:
    id = library.extract_pattern(RETRY, {})
    assert library.apply_pattern(id, {"task": "fetch", "session_id": "mine"}) is not None
    (injection,) = library.injections()
    assert (injection.session, injection.task, injection.arm) == ("mine", "fetch", "applied")
    assert [one.id for one in injection.patterns] == [id]


def test_rating_again_in_a_session_replaces(library: PatternLibrary) -> None:
    id = library.extract_pattern(RETRY, {})
    for rating in (1, 5):
        library.rate_pattern(id, rating, "s")
    library.rate_pattern(id, 4, "t")
    found = library.pattern(id).ratings
    assert (found.usage_count, found.success_count, found.average) == (2, 2, 4.5)


def test_nothing_found_is_an_empty_list(library: PatternLibrary) -> None:
    assert list(library.search_patterns("anything at all", 5)) == []
    assert PatternInjector(library).enhance_prompt("As it is.", "anything") == "As it is."


def test_a_database_anywhere_makes_its_folder(tmp_path: Path) -> None:
    library = PatternLibrary(tmp_path / "deep" / "down" / "library.db")
    assert library.count() == 0 and (tmp_path / "deep" / "down" / "library.db").exists()
