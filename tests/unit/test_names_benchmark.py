"""The figures about titles: what counts as shared, as a file's name, and as unstable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.names import folder_of, measure
from tests.unit.stock import unit


def test_a_title_is_shared_only_by_units_of_another_structure() -> None:
    one, other = replace(unit("a"), name="Text Wrapping"), replace(unit("b"), name="Text Wrapping")
    copy = replace(one, path="copy.py")
    assert measure([one, copy]).duplicates == 0
    found = measure([one, copy, other])
    assert (found.structures, found.duplicates, list(found.shared)) == (2, 2, ["Text Wrapping"])


def test_a_title_that_is_a_file_name_is_counted() -> None:
    assert measure([replace(unit("a", "pkg/text_wrapping.py"), name="Text Wrapping")]).stems == 1
    assert measure([replace(unit("a", "pkg/text.py"), name="Text Wrapping")]).stems == 0


def test_one_structure_with_two_titles_is_unstable() -> None:
    one = unit("a")
    assert measure([replace(one, name="A B C"), replace(one, name="A B D")]).unstable == 1


def test_a_package_that_is_not_there_is_named() -> None:
    with pytest.raises(SystemExit, match="no_such_package"):
        folder_of("no_such_package")
