"""``index`` in this process: counts that add up, nothing read or embedded twice, every fault told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.engines import sites
from tui_patterns.api import Indexer, LibraryError, PatternExtractor, PatternLibrary, reindex
from tui_patterns.engine.lock import IndexLock
from tui_patterns.engine.workers import ParserPool
from tui_patterns.models import EngineStatus
from tui_patterns.settings import Settings, load_settings


@pytest.fixture
def library(data_dir: Path) -> PatternLibrary:
    return PatternLibrary(settings=Settings())


def test_the_counts_add_up(library: PatternLibrary, sample_project: Path) -> None:
    first = Indexer(library).index([sample_project], embed=False)
    assert first.files == first.parsed == 7 and first.unchanged == 0 and first.failed == ()
    assert first.patterns == first.new == library.count() and (first.updated, first.removed) == (0, 0)
    assert sum(first.left_out.values()) > 0
    assert first.embedded == 0 and first.semantic == "left out by --no-embed"

    (sample_project / "shop" / "retry.py").unlink()
    pricing = sample_project / "shop" / "pricing.py"
    pricing.write_text(pricing.read_text().replace("percent = 15", "percent = 16"))
    again = Indexer(library).index([sample_project], embed=False)
    assert (again.parsed, again.unchanged, again.new, again.updated, again.removed) == (1, 5, 0, 1, 1)
    assert library.count() == first.patterns - 1


def test_nothing_changed_is_nothing_read_and_nothing_embedded(
    library: PatternLibrary, sample_project: Path
) -> None:
    first = Indexer(library).index([sample_project])
    assert first.embedded == first.patterns > 0 and first.semantic is None
    before = sites(library.path)
    again = Indexer(library).index([sample_project])
    assert (again.parsed, again.embedded, again.new, again.updated) == (0, 0, 0, 0)
    assert sites(library.path) == before


def test_parsers_start_early_for_what_was_never_read(
    library: PatternLibrary, sample_project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    warmed: list[int] = []
    monkeypatch.setattr(ParserPool, "warm", lambda pool: warmed.append(pool.jobs))
    Indexer(library).index([sample_project], embed=False)
    assert len(warmed) == 1
    Indexer(library).index([sample_project], embed=False)
    assert len(warmed) == 1


def test_progress_goes_from_files_to_vectors(library: PatternLibrary, sample_project: Path) -> None:
    seen: list[EngineStatus] = []
    Indexer(library, on_progress=seen.append).index([sample_project])
    states = list(dict.fromkeys(status.state for status in seen))
    assert states == ["indexing", "embedding"]
    files = [status.files_done for status in seen if status.state == "indexing"]
    assert files == sorted(files) and files[-1] == 7
    assert seen[-1].semantic == 1.0


def test_who_indexed_is_told_of_the_last_run_alone(library: PatternLibrary, sample_project: Path) -> None:
    indexer = Indexer(library)
    indexer.handed_over = True  # as after a run that the app did
    indexer.index([sample_project], embed=False)
    assert not indexer.handed_over


def test_two_folders_are_two_projects(library: PatternLibrary, sample_project: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (sample_project / "shop").rename(other)
    report = Indexer(library).index([sample_project, other], embed=False)
    assert [name for name, _ in library.projects()] == ["other", "sample"]
    assert report.files == 7 and report.patterns == library.count()


def test_a_folder_by_any_path_is_one_project(
    library: PatternLibrary, sample_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link").symlink_to(sample_project)
    monkeypatch.chdir(sample_project)
    for way in (sample_project, tmp_path / "link", Path(), sample_project / "shop" / ".."):
        report = Indexer(library).index([way], embed=False)
    assert report.unchanged == 7
    assert library.projects() == [("sample", str(sample_project))]


def test_other_thresholds_read_the_same_files_anew(data_dir: Path, sample_project: Path) -> None:
    strict = load_settings(overrides={"extraction.min_complexity": 5})
    lax = PatternLibrary(settings=Settings())
    everything = Indexer(lax).index([sample_project], embed=False).patterns
    fewer = Indexer(PatternLibrary(settings=strict)).index([sample_project], embed=False)
    assert fewer.parsed == 7 and 0 < fewer.patterns < everything and fewer.left_out
    assert Indexer(lax).index([sample_project], embed=False).patterns == everything


def test_a_folder_that_is_not_there_or_is_a_file(library: PatternLibrary, sample_project: Path) -> None:
    for wrong in (Path("/no/such/folder"), sample_project / "shop" / "api.py"):
        with pytest.raises(LibraryError, match="is not a folder: name a project's folder") as refused:
            Indexer(library).index([wrong])
        assert "\n" not in str(refused.value)


def test_a_session_folder_gives_a_count(library: PatternLibrary, sample_project: Path) -> None:
    extractor = PatternExtractor(library)
    assert extractor.extract_from_session(str(sample_project)) == library.count() > 0
    assert extractor.extract_from_session(sample_project) == 0
    with pytest.raises(LibraryError):
        extractor.extract_from_session(sample_project / "missing")


def test_reindex_needs_the_library_for_itself(library: PatternLibrary, sample_project: Path) -> None:
    Indexer(library).index([sample_project], embed=False)
    lock = IndexLock(library.data_dir, "engine")
    assert lock.try_acquire()
    with pytest.raises(LibraryError, match="close it, then reindex"):
        reindex(library)
    lock.release()


def test_reindex_fills_chroma_again(library: PatternLibrary, sample_project: Path) -> None:
    count = Indexer(library).index([sample_project]).patterns
    (library.data_dir / "chroma" / "old").touch()
    assert reindex(library) == count
    assert not (library.data_dir / "chroma" / "old").exists()
    rows = library.search_semantic("order total")
    assert rows is not None and rows.index == "chroma" and len(rows.rows) == count


def test_reindex_without_a_model_says_so(data_dir: Path, sample_project: Path) -> None:
    library = PatternLibrary(settings=load_settings(overrides={"embedding.model": "no-such-model"}))
    report = Indexer(library).index([sample_project])
    assert report.patterns > 0 and report.embedded == 0
    assert report.semantic is not None and "no-such-model" in report.semantic and "\n" not in report.semantic
    with pytest.raises(LibraryError, match="no-such-model"):
        reindex(library)
    assert library.search("order total").hits and library.search_semantic("order total") is None


def test_a_chroma_server_that_is_away_costs_no_index(data_dir: Path, sample_project: Path) -> None:
    library = PatternLibrary(settings=load_settings(overrides={"index.chroma": "http://127.0.0.1:9"}))
    report = Indexer(library).index([sample_project])
    assert report.embedded == report.patterns > 0
    assert report.semantic is not None and "the exact scan answers" in report.semantic
    rows = library.search_semantic("order total")
    assert rows is not None and rows.index == "exact"
