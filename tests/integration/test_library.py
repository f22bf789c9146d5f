"""The library as the faces use it: light to import, quick to ask, and on disk when it says so."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.stock import Stock, unit
from tui_patterns import api
from tui_patterns.api import (
    Indexer,
    LibraryError,
    PatternInjector,
    PatternLibrary,
    SearchInterrupted,
    doctor,
    extract_path,
    unit_json,
)
from tui_patterns.models import Filters, Label
from tui_patterns.settings import Settings

HEAVY = ("chromadb", "torch", "onnxruntime", "sentence_transformers", "astroid", "numpy", "transformers")
LIGHT_USE = f"""
import json, sys
from pathlib import Path
import tui_patterns.tui.app
import tui_patterns.api
from tui_patterns.api import *
library = PatternLibrary(sys.argv[1])
hits = library.search("wrap text").hits
shown = PatternInjector(library).preview("Write it.", "wrap text")
library.recent(); library.pattern(hits[0].pattern.id); library.stats(); library.data_version()
library.rate(hits[0].pattern.id, 5, "s")
EngineClient(Path(sys.argv[1]).parent, [Path.cwd()], print)
print(json.dumps([len(hits), len(shown.chosen), [name for name in {HEAVY!r} if name in sys.modules]]))
"""


@pytest.fixture
def stock(tmp_path: Path) -> Iterator[Stock]:
    made = Stock(tmp_path / "patterns.db")
    made.put("text.py", unit("wrap_text", "text.py", docstring="Wraps.", labels=[Label("pure", 0.9)]))
    made.put("mail.py", unit("send_mail", "mail.py", framework="flask", kind="method"))
    yield made
    made.close()


@pytest.fixture
def library(stock: Stock) -> PatternLibrary:
    return PatternLibrary(stock.path, settings=Settings())


def test_the_interface_process_imports_nothing_heavy(stock: Stock) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LIGHT_USE, str(stock.path)],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [1, 1, []]


def test_importing_the_api_costs_nothing() -> None:
    code = "import sys; import tui_patterns.api; print({'sqlite3', 'pydantic', 'asyncio'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=180, check=True
    )
    assert done.stdout == "set()\n"


def test_every_public_name_is_there() -> None:
    assert all(getattr(api, name) is not None for name in api.__all__)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = api.no_such_name


def test_an_empty_library_answers_everything(data_dir: Path) -> None:
    library = PatternLibrary(settings=Settings())
    assert library.search("anything").hits == () and library.recent() == [] and library.count() == 0
    assert library.projects() == [] and library.injections() == []
    stats = library.stats()
    assert (stats.patterns, stats.by_language, stats.average_quality) == (0, {}, None)


def test_stats_count_what_is_there(library: PatternLibrary, stock: Stock) -> None:
    library.rate(stock.id("wrap_text"), 5, "s")
    stock.drop("mail.py")
    stats = library.stats()
    assert (stats.projects, stats.patterns, stats.gone, stats.ratings) == (1, 1, 1, 1)
    assert stats.by_kind == {"function": 1} and stats.by_project == {"project": 1}


def test_the_newest_change_comes_first(library: PatternLibrary, stock: Stock) -> None:
    stock.put("text.py", unit("wrap_text", "text.py", body="changed"))
    assert [one.qualname for one in library.recent()] == ["wrap_text", "send_mail"]
    assert [one.qualname for one in library.recent(1)] == ["wrap_text"]
    assert [one.qualname for one in library.recent(9, Filters(framework="flask"))] == ["send_mail"]


def test_sites_and_history_of_a_copy(library: PatternLibrary, stock: Stock) -> None:
    stock.put("copy.py", unit("wrap_text", "copy.py", line=7))
    known = stock.id("wrap_text")
    assert [(site.path, site.line) for site in library.sites(known)] == [("copy.py", 7), ("text.py", 1)]
    assert library.pattern(known).sites == 2 and library.count() == 2
    (version,) = library.history(known)
    assert version.current and version.code == library.pattern(known).code


def test_ratings_can_be_taken_back(library: PatternLibrary, stock: Stock) -> None:
    known, session = stock.id("wrap_text"), library.start_session("tui")
    assert library.rate(known, 4, session).ratings.last == 4
    assert library.rating_in(known, session) == 4
    assert library.unrate(known, session).ratings.usage_count == 0
    assert library.unrate(known, session).ratings.usage_count == 0
    assert library.rating_in(known, session) is None


def test_a_gone_pattern_keeps_its_rating_and_comes_back_with_it(
    library: PatternLibrary, stock: Stock
) -> None:
    known = stock.id("wrap_text")
    library.rate(known, 5, "s")
    stock.drop("text.py")
    assert library.pattern(known).gone and library.search("wrap").hits == ()
    stock.put("new.py", unit("wrap_text", "new.py"))
    assert library.pattern(known).path == "new.py" and library.pattern(known).ratings.last == 5


def test_outcomes_of_an_injection(library: PatternLibrary, stock: Stock) -> None:
    made = PatternInjector(library).enhance("p", "wrap text", session="s")
    assert made.injection_id is not None
    known = stock.id("wrap_text")
    after = library.outcome(made.injection_id, known[:8], True)
    assert [(one.outcome, one.state) for one in after.patterns] == [("success", "used")]
    assert library.injections(open_only=True) == [] and len(library.injections()) == 1
    assert library.pattern(known).confidence.n == 1
    for wrong in (("nothing", known), (made.injection_id, "ffffffff")):
        with pytest.raises(LibraryError):
            library.outcome(*wrong, True)


def test_a_newer_key_stops_the_older_search(tmp_path: Path) -> None:
    """As in the app: one thread searches a large library, another asks for something newer."""
    stock = Stock(tmp_path / "patterns.db")
    units = (unit(f"name_{n}", line=n * 9, docstring=f"word{n % 7} " * 30) for n in range(1500))
    stock.put("app.py", *units)
    library = PatternLibrary(stock.path, settings=Settings())
    stopped, finished = threading.Event(), threading.Event()

    def search() -> None:
        try:
            while not finished.is_set():
                library.search("word1 name word2 na")
        except SearchInterrupted:
            stopped.set()

    thread = threading.Thread(target=search)
    thread.start()
    while not stopped.is_set() and thread.is_alive():
        library.interrupt()
    finished.set()
    thread.join(timeout=180)
    assert stopped.is_set()
    assert library.search("name 7").hits
    stock.close()


def test_extract_path_stores_nothing_and_reads_files_or_folders(sample_project: Path, data_dir: Path) -> None:
    folder = list(extract_path(sample_project, Settings()))
    assert {one.path for one in folder} >= {"shop/api.py", "shop/retry.py"} and len(folder) == 7
    (file,) = extract_path(sample_project / "shop" / "retry.py", Settings())
    assert file.path == "retry.py"
    row = unit_json(next(one for one in file.units if one.reason is None))
    assert row["qualname"] == "retry_with_backoff" and json.dumps(row)
    assert not list(data_dir.iterdir())


def test_doctor_looks_and_touches_nothing(data_dir: Path, sample_project: Path) -> None:
    library = PatternLibrary(settings=Settings())
    checks = {check.name: check for check in doctor(library)}
    assert checks["versions"].ok and checks["model"].ok is not False
    assert checks["database"].ok is None and not list(data_dir.iterdir())
    Indexer(library).index([sample_project])
    checks = {check.name: check for check in doctor(library)}
    assert checks["database"].ok and checks["Chroma"].ok and checks["index lock"].ok
    assert all("\n" not in check.detail for check in checks.values())
    library.close()
    library.path.write_bytes(b"ruined" * 4000)
    for part in data_dir.glob("patterns.db-*"):
        part.unlink()
    damaged = {check.name: check for check in doctor(PatternLibrary(settings=Settings()))}
    assert damaged["database"].ok is False and "restore" in damaged["database"].detail
