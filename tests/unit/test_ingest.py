"""Identity: a pattern lives on through edits, moves, renames and copies, and the store equals a cold scan."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.contradictions import broken
from tests.unit.stock import Stock as Library
from tests.unit.stock import unit
from tui_patterns.engine.evidence import Places, ProjectEvidence
from tui_patterns.engine.ingest import Arrival, Ingest
from tui_patterns.extraction.options import ExtractionOptions
from tui_patterns.extraction.python import extract_source
from tui_patterns.models import Change
from tui_patterns.store import evidence, projects, ratings
from tui_patterns.store.evidence import ResultRow
from tui_patterns.store.sqlite import connect, transaction

LOOP = """
def {name}(items, limit):
    total = 0
    for item in items:
        if item > limit:
            total += item
        elif item == limit:
            total -= 1
    return total
"""
READ = """
def {name}(path, encoding):
    try:
        with open(path, encoding=encoding) as file:
            return [line.strip() for line in file if line]
    except OSError as error:
        raise ValueError(path) from error
"""
RETRY = """
def {name}(call, attempts):
    for attempt in range(attempts):
        try:
            return call(attempt)
        except ConnectionError:
            if attempt == attempts - 1:
                raise
"""
EDITED_LOOP = LOOP.replace("total -= 1", "total -= 2").replace("return total", "return total or None")
BODIES = (LOOP, READ, RETRY, EDITED_LOOP)
ROOT = Path("/project")


class Project:
    """A project in memory: files by name, stored through Ingest."""

    def __init__(self, folder: Path) -> None:
        self.conn = connect(folder / "patterns.db", durable=False)
        self.id = projects.ensure(self.conn, ROOT)
        self._ingest = Ingest(self.conn, self.id, "project")

    def save(self, sources: dict[str, str | None], mtime_ns: int = 1) -> Change:
        """Write files at once; ``None`` deletes."""
        arrivals = [
            Arrival(extract_source(text.encode(), path, ExtractionOptions()), len(text), mtime_ns)
            for path, text in sources.items()
            if text is not None
        ]
        return self._ingest.apply(arrivals, [path for path, text in sources.items() if text is None])

    def scanned(self) -> None:
        projects.scanned(self.conn, self.id, "{}")

    def patterns(self) -> dict[str, str]:
        """Pattern ids by ``path:qualname`` of live sites."""
        rows = self.conn.execute(
            "SELECT p.uuid, f.path || ':' || s.qualname AS place FROM sites s "
            "JOIN files f ON f.id = s.file_id JOIN patterns p ON p.id = s.pattern_id"
        )
        return {row["place"]: row["uuid"] for row in rows}

    def classes(self) -> set[frozenset[tuple[str, str, int, int, str]]]:
        """Sites, grouped by the pattern they belong to: what must equal a cold scan."""
        rows = self.conn.execute(
            "SELECT s.pattern_id, f.path, s.qualname, s.line, s.end_line, v.structure_hash FROM sites s "
            "JOIN files f ON f.id = s.file_id JOIN versions v ON v.id = s.version_id"
        )
        groups: dict[int, set[tuple[str, str, int, int, str]]] = {}
        for row in rows:
            groups.setdefault(row["pattern_id"], set()).add(tuple(row)[1:])
        return {frozenset(group) for group in groups.values()}

    def inconsistencies(self) -> list[sqlite3.Row]:
        """Patterns whose shown place or presence contradicts their sites, or that cannot be found."""
        return self.conn.execute(
            """
            SELECT p.* FROM patterns p
            LEFT JOIN (SELECT s.*, f.path FROM sites s JOIN files f ON f.id = s.file_id) AS m
                ON m.pattern_id = p.id AND m.path = p.path AND m.qualname = p.qualname AND m.line = p.line
                AND m.version_id = p.version_id
            WHERE (p.gone IS NULL) <> (m.id IS NOT NULL)
               OR (p.gone IS NULL) <> EXISTS (SELECT 1 FROM search_docs d WHERE d.pattern_id = p.id)
            """
        ).fetchall()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path)
    yield made
    made.conn.close()


def loop(name: str) -> str:
    return LOOP.format(name=name)


def test_an_edit_in_place_keeps_the_id(project: Project) -> None:
    project.save({"a.py": loop("total")})
    before = project.patterns()["a.py:total"]
    change = project.save({"a.py": READ.format(name="total")})
    assert project.patterns() == {"a.py:total": before}
    assert (change.new, change.updated, change.removed) == ((), (before,), ())


def test_a_rename_a_move_and_two_edited_lines_at_once_keep_id_and_rating(project: Project) -> None:
    project.save({"a.py": loop("total"), "b.py": READ.format(name="read")})
    before = project.patterns()["a.py:total"]
    with transaction(project.conn):
        ratings.save(project.conn, 1, "session", 5)
    project.save({"a.py": "", "c.py": EDITED_LOOP.format(name="summed")})
    assert project.patterns()["c.py:summed"] == before
    assert ratings.in_session(project.conn, 1, "session") == 5


@pytest.mark.parametrize("first", ["new place", "old place"])
def test_a_move_saved_in_two_steps_keeps_the_id(project: Project, first: str) -> None:
    project.save({"a.py": loop("total")})
    project.scanned()
    before = project.patterns()["a.py:total"]
    steps: list[dict[str, str | None]] = [{"b.py": EDITED_LOOP.format(name="summed")}, {"a.py": None}]
    for step in steps if first == "new place" else reversed(steps):
        project.save(step)
    assert project.patterns() == {"b.py:summed": before}
    assert not project.inconsistencies()


def test_copies_are_one_pattern_until_the_main_one_is_edited(project: Project) -> None:
    project.save({"a.py": loop("total"), "b.py": loop("total")})
    shared = set(project.patterns().values())
    assert len(shared) == 1
    project.save({"a.py": EDITED_LOOP.format(name="total")})
    after = project.patterns()
    assert after["a.py:total"] in shared
    assert after["b.py:total"] not in shared
    assert not project.inconsistencies()


def test_what_comes_back_is_what_it_was(project: Project) -> None:
    project.save({"a.py": loop("total")})
    before = project.patterns()
    project.save({"a.py": None})
    assert project.patterns() == {}
    change = project.save({"a.py": loop("total")})
    assert project.patterns() == before
    assert change.new == ()


def test_lines_that_shift_are_no_change(project: Project) -> None:
    project.save({"a.py": loop("total")})
    change = project.save({"a.py": "# a comment\n\n" + loop("total")})
    assert (change.new, change.updated, change.removed) == ((), (), ())
    assert not project.inconsistencies()


def test_a_docstring_is_a_new_version_of_the_same_pattern(project: Project) -> None:
    project.save({"a.py": loop("total")})
    before = project.patterns()
    documented = loop("total").replace("limit):\n", 'limit):\n    """Add what is over the limit."""\n')
    change = project.save({"a.py": documented})
    assert project.patterns() == before
    assert change.updated == tuple(before.values())


def test_code_that_no_longer_parses_teaches_nothing_until_it_does(project: Project) -> None:
    project.save({"a.py": loop("total")})
    before = project.patterns()
    change = project.save({"a.py": loop("total") + "\ndef broken(:\n"})
    assert [path for path, _ in change.failed] == ["a.py"]
    assert project.patterns() == {}
    project.save({"a.py": loop("total")})
    assert project.patterns() == before


functions = st.lists(
    st.tuples(st.sampled_from(BODIES), st.sampled_from(("one", "two", "three"))),
    max_size=3,
    unique_by=lambda f: f[1],
)
contents = st.one_of(
    st.none(), functions.map(lambda chosen: "".join(body.format(name=name) for body, name in chosen))
)
saves = st.lists(
    st.dictionaries(st.sampled_from(("a.py", "b.py", "pkg/c.py")), contents, min_size=1), max_size=6
)


@settings(max_examples=60)
@given(saves)
def test_after_any_saves_the_store_equals_a_cold_scan(
    tmp_path_factory: pytest.TempPathFactory, steps: list[dict[str, str | None]]
) -> None:
    warm, cold = (Project(tmp_path_factory.mktemp(kind)) for kind in ("warm", "cold"))
    disk: dict[str, str | None] = {}
    for number, step in enumerate(steps):
        warm.save(step)
        if number == 0:
            warm.scanned()
        disk.update(step)
        assert not warm.inconsistencies()
    cold.save({path: text for path, text in disk.items() if text is not None})
    assert warm.classes() == cold.classes()
    warm.conn.close()
    cold.conn.close()


def test_one_text_has_a_version_for_each_title_that_what_stands_beside_it_gives(tmp_path: Path) -> None:
    stock = Library(tmp_path / "patterns.db")
    inner = unit("Lock._read", "a.py", body="same")
    stock.put("a.py", replace(inner, name="Lock Reading"))
    stock.put("b.py", replace(inner, path="b.py", name="Internal Lock Reading"))
    rows = stock.conn.execute(
        "SELECT v.name FROM sites s JOIN files f ON f.id = s.file_id JOIN versions v ON v.id = s.version_id "
        "ORDER BY f.path"
    )
    assert [row["name"] for row in rows] == ["Lock Reading", "Internal Lock Reading"]


READER = """
class Reader({base}):
    def read(self, limit):
        found = []
        for line in self.lines:
            if len(found) < limit:
                found.append(line)
        return found
"""


def bases(project: Project) -> dict[str, list[str]]:
    """What is said of the class around ``Reader.read``, by file."""
    rows = project.conn.execute(
        "SELECT f.path, facets_of(c.body) AS facets FROM sites s JOIN files f ON f.id = s.file_id "
        "JOIN codes c ON c.version_id = s.version_id WHERE s.qualname = 'Reader.read'"
    )
    return {row["path"]: json.loads(row["facets"])["structural"]["owner_bases"] for row in rows}


def test_one_text_under_other_bases_is_told_of_by_what_stands_around_each(project: Project) -> None:
    project.save({"a.py": READER.format(base="Base"), "b.py": READER.format(base="Other")})
    assert bases(project) == {"a.py": ["Base"], "b.py": ["Other"]}
    assert len({*project.patterns().values()}) == 3, "two classes, and one method"
    project.save({"b.py": None})
    assert bases(project) == {"a.py": ["Base"]}
    project.save({"a.py": READER.format(base="Third")})
    assert bases(project) == {"a.py": ["Third"]}
    versions = project.conn.execute(
        "SELECT COUNT(*) FROM versions v JOIN patterns p ON p.id = v.pattern_id "
        "WHERE p.qualname = 'Reader.read'"
    )
    assert versions.fetchone()[0] == 2, "a change around a unit that stands once is no version of it"


def test_what_moved_in_two_saves_is_told_of_as_it_is_and_not_as_it_was(project: Project) -> None:
    project.save({"a.py": READER.format(base="Base")})
    before = project.patterns()["a.py:Reader.read"]
    project.save({"a.py": READER.format(base="Base").replace("< limit", "<= limit")})
    project.scanned()
    project.save({"b.py": READER.format(base="Other")})
    project.save({"a.py": None})
    assert project.patterns()["b.py:Reader.read"] == before
    assert bases(project) == {"b.py": ["Other"]}


FIXTURE = """
import pytest

@pytest.fixture
def shop(tmp_path):
    lines = []
    for number in range(20):
        if number % 3 == 0:
            lines.append(str(number))
        elif number % 5 == 0:
            lines.insert(0, str(number))
    path = tmp_path / "shop.txt"
    while len(lines) < 40:
        try:
            lines.extend(path.read_text().splitlines())
        except OSError as error:
            lines.append(f"{{error}} {{len(lines)}}")
            continue
    assert [line for line in lines if line.strip()] or not path.exists()
    with open(path, "w") as file:
        file.writelines(lines)
    {last}
    path.unlink()
"""
ASKING = "def test_{name}(shop):\n    assert shop\n"


def test_a_fixture_hidden_by_the_edit_of_a_test_elsewhere_leads_nobody_and_calls_nothing(
    project: Project,
) -> None:
    project.save({"a/conftest.py": FIXTURE.format(last="yield path"), "a/test_a.py": ASKING.format(name="a")})
    project.save(
        {"b/conftest.py": FIXTURE.format(last="yield path, 1"), "b/test_b.py": ASKING.format(name="b")}
    )
    ran = [ResultRow(f"{one}/test_{one}.py", f"test_{one}", "", "passed", 2) for one in "ab"]
    with transaction(project.conn):
        evidence.save(project.conn, project.id, [], [], ran)
    places = Places(())
    ProjectEvidence(project.conn, project.id, ROOT, places, "standard").settle()
    shown = "SELECT path FROM patterns WHERE gone IS NULL AND lead_id IS {} NULL"
    assert [row["path"] for row in project.conn.execute(shown.format("NOT"))] == ["b/conftest.py"]
    change = project.save({"a/test_a.py": ASKING.format(name="a") + "\n"}, mtime_ns=3)
    assert len(change.removed) == 1
    assert [row["path"] for row in project.conn.execute(shown.format(""))] == ["b/conftest.py"]
    assert not broken(project.conn)


COUNTED = """
import pytest

@pytest.mark.parametrize(("values", "limit"), [([1, 2], 1), ([3], 2)])
def test_count(values, limit):
    counted = 0
    for value in values:
        if value > limit:
            counted += 1
        elif value == limit:
            counted += 2
    assert counted > len(values)
"""


@pytest.mark.parametrize("first", ["tests/test_a.py", "code.py"])
def test_what_stands_outside_of_tests_is_shown_whatever_came_first(project: Project, first: str) -> None:
    shown = "SELECT path FROM patterns WHERE gone IS NULL"
    for path in sorted(("tests/test_a.py", "code.py"), key=lambda one: one != first):
        project.save({path: COUNTED})
    assert [row["path"] for row in project.conn.execute(shown)] == ["code.py"]
    project.save({"code.py": None})
    assert project.conn.execute(shown).fetchall() == []
    assert not broken(project.conn)


def test_a_test_that_stands_twice_is_shown_once_it_passes_in_one_place(project: Project) -> None:
    project.save({"tests/test_a.py": COUNTED, "tests/test_b.py": COUNTED})
    for passed, shown in (("tests/test_b.py", 1), ("tests/test_a.py", 1), ("tests/test_c.py", 0)):
        with transaction(project.conn):
            evidence.save(
                project.conn, project.id, [], [], [ResultRow(passed, "test_count", "", "passed", 2)]
            )
        ProjectEvidence(project.conn, project.id, ROOT, Places(()), "standard").settle()
        count = project.conn.execute("SELECT COUNT(*) FROM patterns WHERE gone IS NULL").fetchone()
        assert count[0] == shown, passed
