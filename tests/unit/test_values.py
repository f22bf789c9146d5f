"""Files are found by the names that they give to values, though those are no patterns."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui_patterns.engine.ingest import Arrival, Ingest
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Filters
from tui_patterns.search import searcher
from tui_patterns.search.files import by_file
from tui_patterns.search.values import values
from tui_patterns.store import projects
from tui_patterns.store.sqlite import connect

ROOT = Path("/project")
FILES = {
    "app/signals.py": "from blinker import Namespace\n_all = Namespace()\n"
    "request_started = _all.signal('s')\n",
    "app/exports.py": "from app.signals import request_started\n",
    "app/run.py": "from app.signals import request_started\n\ndef run(orders):\n    total = 0\n"
    "    for order in orders:\n        if order:\n            total += order\n    return total\n",
}


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    made = connect(tmp_path / "patterns.db", durable=False)
    parsed = [extract_source(text.encode(), path) for path, text in FILES.items()]
    ingest = Ingest(made, projects.ensure(made, ROOT), ROOT.name)
    ingest.apply([Arrival(one, 100, 1) for one in parsed])
    yield made
    made.close()


def test_a_file_without_patterns_is_found_by_its_values(conn: sqlite3.Connection) -> None:
    query = "which signals are sent when a request has started"
    hits = searcher.search(conn, query, 10).hits
    found = by_file(hits, values(conn, query))
    assert found[0].path == "app/signals.py" and not found[0].hits
    assert "app/signals.py" not in [file.path for file in by_file(hits)]


def test_what_is_only_imported_says_nothing_of_a_file(conn: sqlite3.Connection) -> None:
    assert [path for _, path in values(conn, "request started")] == ["app/signals.py"]
    assert values(conn, "namespace") == {}


def test_the_path_adds_to_what_the_values_say(conn: sqlite3.Connection) -> None:
    place = (str(ROOT), "app/signals.py")
    both, one = (values(conn, query)[place] for query in ("request signals", "request senders"))
    assert both > one


@pytest.mark.parametrize("text", ["", " ", "\x00", '"', "%_*", "x" * 10_000, "signals; DROP TABLE files --"])
def test_any_text_is_a_query(conn: sqlite3.Connection, text: str) -> None:
    assert set(values(conn, text)) <= {(str(ROOT), "app/signals.py"), (str(ROOT), "app/run.py")}


def test_filters_of_patterns_leave_values_out_one_by_project_narrows_them(conn: sqlite3.Connection) -> None:
    assert values(conn, "signals", Filters(label="retry")) == {}
    assert values(conn, "signals", Filters(project="other")) == {}
    assert values(conn, "signals", Filters(project=ROOT.name)) == values(conn, "signals") != {}


def test_code_and_errors_ask_for_no_values(conn: sqlite3.Connection) -> None:
    assert values(conn, "ValueError: request started") == {}


def test_values_count_as_one_hit_more() -> None:
    place, other = ("/r", "a.py"), ("/r", "b.py")
    found = by_file([], {place: 0.5, other: 1.0})
    assert [file.path for file in found] == ["b.py", "a.py"] and 0.0 < found[1].score < found[0].score < 1.0
