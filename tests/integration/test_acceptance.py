"""What a library of real code must show: titles and not file names, qualities that were measured, uses that
count, and relations that stand in the code. On the sample project, and on an installed package.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from tui_patterns.api import Indexer, PatternLibrary
from tui_patterns.models import Filters, Pattern
from tui_patterns.settings import Settings

PACKAGE = "click"
ALL = 10_000
MEMBER = re.compile(r"^\s+(?:async )?def (\w+)", re.MULTILINE)
SPELLED = 0.98  # of the resolved relations; the others come by another name (`import a as b`, `super`)


def _package(folder: Path) -> Path:
    """The source of an installed package, in a folder of its own."""
    spec = find_spec(PACKAGE)
    assert spec and spec.submodule_search_locations
    target = folder / PACKAGE
    shutil.copytree(spec.submodule_search_locations[0], target, ignore=shutil.ignore_patterns("__pycache__"))
    return target


@pytest.fixture(scope="module", params=["sample", PACKAGE])
def library(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[PatternLibrary]:
    folder = tmp_path_factory.mktemp("acceptance")
    if request.param == PACKAGE:
        root = _package(folder)
    else:
        root = folder / "sample"
        sample = Path(__file__).parent.parent / "data" / "sample_project"
        shutil.copytree(sample, root, ignore=shutil.ignore_patterns("__pycache__"))
    made = PatternLibrary(folder / "data" / "patterns.db", settings=Settings())
    Indexer(made).index([root], embed=False)
    yield made
    made.close()


@pytest.fixture(scope="module")
def patterns(library: PatternLibrary) -> list[Pattern]:
    found = library.recent(ALL, Filters())
    assert len(found) >= 5
    return found


def test_no_title_is_a_file_name(patterns: list[Pattern]) -> None:
    files = {part for one in patterns for part in (one.path, *Path(one.path).parts, Path(one.path).stem)}
    for one in patterns:
        assert not re.search(r"\.\w{1,4}$|[/\\]", one.name), one.name
        assert one.name not in files
        assert 2 <= len(one.name.split()) <= 8, one.name


def test_qualities_are_measured_within_0_and_1_and_differ(patterns: list[Pattern]) -> None:
    overall = [one.quality.overall for one in patterns if one.quality.overall is not None]
    assert overall
    assert all(0.0 <= each <= 1.0 for each in overall)
    assert len(set(overall)) > 1
    for one in patterns:
        quality = one.quality
        parts = (quality.complexity, quality.documentation, quality.coverage, quality.reusability,
                 quality.maintainability)  # fmt: skip
        known = [part for part in parts if part is not None]
        assert all(0.0 <= part <= 1.0 for part in known)
        if quality.overall is not None:
            assert min(known) - 1e-6 <= quality.overall <= max(known) + 1e-6
        assert quality.coverage is None  # nothing was measured here, so nothing is claimed


def test_usage_counts_change_with_use_and_only_there(
    library: PatternLibrary, patterns: list[Pattern]
) -> None:
    used, other = patterns[0].id, patterns[1].id
    before = library.pattern(used).ratings.usage_count
    assert all(one.ratings.usage_count == 0 for one in patterns)
    for session in ("one", "two"):
        library.rate(used, 5, session)
    library.rate(used, 4, "two")  # again in one session: no further use
    assert library.pattern(used).ratings.usage_count == before + 2
    assert library.pattern(other).ratings.usage_count == 0
    assert {one.id: one.uses for one in library.stats().most_used} == {used: 2}


def test_relations_are_relations_of_the_code(library: PatternLibrary, patterns: list[Pattern]) -> None:
    by_id = {one.id: one for one in patterns}
    checked = missing = 0
    for one in patterns:
        for related in library.relations(one.id):
            if not related.outgoing or not related.resolved or related.kind == "SIMILAR_TO":
                continue
            assert related.id in by_id or library.pattern(related.id)
            checked += 1
            missing += not _names(library, related.id) & set(re.findall(r"\w+", _code(library, one)))
    assert checked >= 5
    assert missing <= (1 - SPELLED) * checked


def _names(library: PatternLibrary, id: str) -> set[str]:
    """How code names a pattern: by its name, that of a near-copy, or, of a class, by a member."""
    target = library.pattern(id)
    names = {_spelling(site.qualname) for site in library.sites(id)} | {_spelling(target.qualname)}
    return names | set(MEMBER.findall(target.code)) if target.kind == "class" else names


def _spelling(qualname: str) -> str:
    """A constructor is called by its class."""
    *owners, name = qualname.split(".")
    return owners[-1] if name == "__init__" and owners else name


def _code(library: PatternLibrary, pattern: Pattern) -> str:
    """The source of a pattern and of its near-copies: relations are those of all its sites."""
    texts = [pattern.code]
    for site in library.sites(pattern.id):
        lines = (Path(site.root) / site.path).read_text("utf-8").splitlines()
        texts.append("\n".join(lines[site.line - 1 : site.end_line]))
    return "\n".join(texts)


def test_nothing_refers_to_itself_or_to_what_is_gone(library: PatternLibrary) -> None:
    with sqlite3.connect(library.path) as conn:
        wrong = conn.execute(
            "SELECT COUNT(*) FROM relations x JOIN patterns s ON s.id = x.source_id "
            "JOIN patterns t ON t.id = x.target_id "
            "WHERE x.source_id = x.target_id OR s.gone IS NOT NULL AND s.withheld IS NULL"
        ).fetchone()
    assert wrong == (0,)
