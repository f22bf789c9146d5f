"""Findings kept by file: in step with its content, matched across files, dismissed, and never stale."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_patterns.engine.examiner import FEW, Examination, findings_of
from tui_patterns.extraction.antipatterns import RuffFailed, find_files
from tui_patterns.extraction.source import content_hash
from tui_patterns.learning import findings as learned
from tui_patterns.models import Finding
from tui_patterns.store import files, findings, findings_marks, projects
from tui_patterns.store.files import FileFacts
from tui_patterns.store.findings_marks import Dismissal
from tui_patterns.store.sqlite import connect, transaction

BODY = "".join(f"    a{n} = first(x, {n}) + second(x)\n" for n in range(6))
SOURCES = (
    "def f(x):\n    return x == None\n",
    "\n\ndef f(x):\n    return x == None\n\ndef g(y, into=[]):\n    return into\n",
    f"def copy(x):\n{BODY}    return a1\n",
    f"def other(x):\n{BODY}    return a1\n\ndef third(x):\n    # Again.\n{BODY}    return a1\n",
    f"def hushed(x):  # noqa: R0801\n{BODY}    return a1\n",
    "def fine(x):\n    return x\n",
)


class Project:
    """A folder, and what the store knows of its files."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()
        self.database = root.parent / "patterns.db"
        self.conn: sqlite3.Connection = connect(self.database, durable=False)
        self.id = projects.ensure(self.conn, root)
        self.work = Examination(self.conn)

    def save(self, path: str, source: str, *, index: bool = True, error: str | None = None) -> None:
        (self.root / path).write_text(source)
        if index:
            digest, lines = content_hash(source.encode()), source.count("\n")
            files.save(self.conn, self.id, FileFacts(path, "python", len(source), 1, digest, lines, error))

    def drop(self, path: str) -> None:
        (self.root / path).unlink()
        known = files.known(self.conn, self.id, [path])
        files.remove(self.conn, known[path].id)

    def examine(self) -> int:
        count = 0
        while step := self.work.step():
            count += step
        return count

    def kept(self, path: str, *, dismissed: bool = False) -> list[Finding] | None:
        return learned.in_file(self.conn, str(self.root), path, 4.0, dismissed=dismissed)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = Project(tmp_path / "code")
    yield made
    made.conn.close()


def plain(found: list[Finding] | None) -> list[tuple[str, str, int, str, str]]:
    return [(one.path, one.label, one.line, one.message, one.id) for one in found or ()]


def test_a_file_is_examined_once_for_each_content(project: Project) -> None:
    project.save("a.py", SOURCES[0])
    assert project.kept("a.py") is None
    assert project.examine() == 1
    assert [one.label for one in project.kept("a.py") or ()] == ["compare_none"]
    assert project.examine() == 0
    project.save("a.py", SOURCES[5])
    assert project.kept("a.py") is None
    assert project.examine() == 1
    assert project.kept("a.py") == []


def test_what_is_examined_meanwhile_is_kept_as_if_at_once(project: Project) -> None:
    names = [f"m{n}.py" for n in range(FEW + 2)]
    for name in names:
        project.save(name, SOURCES[0])
    store = project.work.begin(str(project.root), 1)
    assert project.kept("m0.py") is None
    project.save("m1.py", SOURCES[5])  # its new content waits
    assert store() == len(names)
    assert [one.label for one in project.kept("m0.py") or ()] == ["compare_none"]
    assert project.kept("m1.py") is None
    assert project.examine() == 1 and project.kept("m1.py") == []
    assert project.work.begin(str(project.root), 1)() == 0


def test_few_files_are_not_begun_with(project: Project) -> None:
    project.save("a.py", SOURCES[0])
    assert project.work.begin(str(project.root), 1)() == 0
    assert project.examine() == 1


@settings(max_examples=15)
@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from([*range(len(SOURCES)), None])),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_kept_equals_a_fresh_look_at_all_files(
    tmp_path_factory: pytest.TempPathFactory, edits: list[tuple[str, int | None]]
) -> None:
    project = Project(tmp_path_factory.mktemp("any") / "code")
    there: set[str] = set()
    for name, source in edits:
        path = f"{name}.py"
        if source is not None:
            project.save(path, SOURCES[source])
            there.add(path)
        elif path in there:
            project.drop(path)
            there.remove(path)
        project.examine()
    kept = [row for path in sorted(there) for row in plain(project.kept(path))]
    project.conn.close()
    assert kept == plain(find_files(project.root, sorted(there)))


@pytest.mark.parametrize(
    ("source", "error"),
    [("", None), (SOURCES[2] + "def (", "line 9: invalid syntax")],
    ids=["empty", "broken"],
)
def test_what_was_emptied_or_no_longer_parses_is_no_copy_of_anything(
    project: Project, source: str, error: str | None
) -> None:
    project.save("a.py", SOURCES[2])
    project.save("b.py", SOURCES[2])
    project.examine()
    assert [one.label for one in project.kept("a.py") or ()] == ["duplicated_code"]
    project.save("b.py", source, error=error)
    project.examine()
    assert project.kept("a.py") == []
    assert findings.counts(project.conn) == []


def test_what_changes_on_disk_meanwhile_waits_for_its_indexing(project: Project) -> None:
    project.save("a.py", SOURCES[0])
    project.save("a.py", SOURCES[1], index=False)
    assert project.examine() == 1
    assert project.kept("a.py") is None
    assert project.examine() == 0
    assert [one.label for one in findings_of(project.database, str(project.root), "a.py", 4.0)] == [
        "compare_none",
        "mutable_default_arg",
    ]


def test_the_engine_answers_from_what_is_kept_and_keeps_what_it_finds(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.save("a.py", SOURCES[0])
    first = findings_of(project.database, str(project.root), "a.py", 4.0)
    assert [one.label for one in first] == ["compare_none"]

    def fail(*_: object) -> None:
        raise RuffFailed("ruff was asked again")

    monkeypatch.setattr("tui_patterns.extraction.antipatterns.files.run_ruff", fail)
    assert findings_of(project.database, str(project.root), "a.py", 4.0) == first
    assert project.examine() == 0


def test_a_dismissal_survives_moved_lines_and_can_be_taken_back(project: Project) -> None:
    project.save("a.py", SOURCES[0])
    project.examine()
    (found,) = project.kept("a.py") or []
    with transaction(project.conn):
        findings_marks.save(project.conn, Dismissal(found.id, "a.py", "f", found.label, "return x == None"))
    assert project.kept("a.py") == []
    assert findings.counts(project.conn) == []
    project.save("a.py", SOURCES[1])
    project.examine()
    assert [one.label for one in project.kept("a.py") or ()] == ["mutable_default_arg"]
    shown = project.kept("a.py", dismissed=True) or []
    assert [(one.label, one.dismissed) for one in shown] == [
        ("compare_none", True),
        ("mutable_default_arg", False),
    ]
    findings_marks.remove(project.conn, found.id)
    assert len(project.kept("a.py") or ()) == 2


def test_counts_are_by_project_and_label(project: Project) -> None:
    project.save("a.py", SOURCES[3])
    project.save("b.py", SOURCES[1])
    project.examine()
    assert findings.counts(project.conn) == [
        ("code", "duplicated_code", 2),
        ("code", "compare_none", 1),
        ("code", "mutable_default_arg", 1),
    ]
    assert findings.count_examined(project.conn) == 2


def test_a_file_that_nobody_gets_through_is_not_tried_for_ever(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.save("a.py", SOURCES[0])
    monkeypatch.setattr("tui_patterns.engine.examiner._examined", lambda *_: [])
    assert project.examine() == 1
    assert project.kept("a.py") == []
    error = project.conn.execute("SELECT error FROM examined").fetchone()["error"]
    assert error == "it could not be examined"
