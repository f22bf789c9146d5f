"""Disk against store: only what changed is parsed, and only what is surely gone is called deleted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tui_patterns.engine import reconcile
from tui_patterns.engine.ignore import IgnoreRules
from tui_patterns.engine.reconcile import Plan, Scope
from tui_patterns.extraction.source import content_hash
from tui_patterns.store.files import KnownFile

Disk = dict[str, KnownFile]


@pytest.fixture
def scope(tmp_path: Path) -> Scope:
    root = tmp_path / "project"
    for path in ("a.py", "pkg/b.py", "pkg/deep/c.py"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f"name = {path!r}\n")
    return Scope(root, IgnoreRules(root, [], 4096), frozenset({".py"}), frozenset({".js"}), 4096)


def known(scope: Scope) -> Disk:
    """The project as the store knows it after a scan."""
    files = sorted(scope.root.rglob("*.py"))
    return {
        (rel := file.relative_to(scope.root).as_posix()): KnownFile(
            number, rel, file.stat().st_size, file.stat().st_mtime_ns, content_hash(file.read_bytes()), None
        )
        for number, file in enumerate(files)
    }


def paths(plan: Plan) -> tuple[list[str], list[str], list[str]]:
    return (
        sorted(one.rel for one in plan.parse),
        sorted(plan.deleted),
        sorted(one.path for one, _ in plan.restamped),
    )


def test_a_first_scan_parses_all_and_the_next_one_nothing(scope: Scope) -> None:
    assert paths(reconcile.whole(scope, {})) == (["a.py", "pkg/b.py", "pkg/deep/c.py"], [], [])
    again = reconcile.whole(scope, known(scope))
    assert paths(again) == ([], [], []) and again.unchanged == 3


def test_other_options_parse_all_again(scope: Scope) -> None:
    assert len(reconcile.whole(scope, known(scope), anew=True).parse) == 3


def test_a_touched_file_is_hashed_not_parsed(scope: Scope) -> None:
    before = known(scope)
    os.utime(scope.root / "a.py", ns=(1, 1))
    plan = reconcile.whole(scope, before)
    assert paths(plan) == ([], [], ["a.py"]) and plan.unchanged == 3


def test_edits_additions_and_deletions_are_told_apart(scope: Scope) -> None:
    before = known(scope)
    (scope.root / "a.py").write_text("name = 'longer than before'\n")
    (scope.root / "new.py").write_text("fresh = 1\n")
    (scope.root / "pkg" / "b.py").unlink()
    assert paths(reconcile.whole(scope, before)) == (["a.py", "new.py"], ["pkg/b.py"], [])


def test_below_a_folder_nothing_else_is_called_deleted(scope: Scope) -> None:
    before = known(scope)
    (scope.root / "a.py").unlink()
    (scope.root / "pkg" / "deep" / "c.py").unlink()
    assert paths(reconcile.whole(scope, before, under="pkg")) == ([], ["pkg/deep/c.py"], [])


def test_a_folder_of_a_like_name_is_another_folder(scope: Scope) -> None:
    (scope.root / "pkg2").mkdir()
    (scope.root / "pkg2" / "d.py").write_text("d = 1\n")
    before = known(scope)
    (scope.root / "pkg2" / "d.py").unlink()
    assert paths(reconcile.whole(scope, before, under="pkg")) == ([], [], [])


def test_a_root_that_is_away_deletes_nothing(scope: Scope, tmp_path: Path) -> None:
    before = known(scope)
    scope.root.rename(tmp_path / "unmounted")
    with pytest.raises(OSError):
        reconcile.whole(scope, before)


def test_events_for_what_is_there_gone_or_none_of_ours(scope: Scope) -> None:
    before = known(scope)
    (scope.root / "a.py").write_text("name = 'edited, and longer'\n")
    (scope.root / "pkg" / "b.py").unlink()
    (scope.root / "notes.txt").write_text("no source")
    named = ["a.py", "pkg/b.py", "notes.txt", "never/was.py", "pkg/deep/c.py", "pkg"]
    plan = reconcile.some(scope, before, named)
    assert paths(plan) == (["a.py"], ["pkg/b.py"], []) and plan.unchanged == 1


def test_two_saves_within_one_tick_of_the_clock_are_two_saves(scope: Scope) -> None:
    before = known(scope)
    file = scope.root / "a.py"
    file.write_text("name = 'z.py'\n")
    os.utime(file, ns=(before["a.py"].mtime_ns, before["a.py"].mtime_ns))
    assert file.stat().st_size == before["a.py"].size
    assert paths(reconcile.some(scope, before, ["a.py"])) == (["a.py"], [], [])


def test_a_source_that_became_something_else_is_gone(scope: Scope) -> None:
    before = known(scope)
    for path in before:
        (scope.root / path).unlink()
    os.mkfifo(scope.root / "a.py")
    (scope.root / "pkg" / "b.py").mkdir()
    (scope.root / "pkg" / "deep" / "c.py").symlink_to("/etc/passwd")
    assert paths(reconcile.some(scope, before, list(before))) == ([], sorted(before), [])
    assert paths(reconcile.whole(scope, before)) == ([], sorted(before), [])


def test_a_file_that_grew_too_large_is_let_go(scope: Scope) -> None:
    before = known(scope)
    (scope.root / "a.py").write_text("x = 1\n" * 2000)
    for plan in (reconcile.some(scope, before, ["a.py"]), reconcile.whole(scope, before)):
        assert paths(plan) == ([], ["a.py"], []) and sum(plan.skipped.values()) == 1


def test_a_file_that_was_never_read_is_tried_again(scope: Scope) -> None:
    before = known(scope)
    file = before["a.py"]
    before["a.py"] = KnownFile(file.id, file.path, file.size, file.mtime_ns, None, None)
    assert paths(reconcile.whole(scope, before)) == (["a.py"], [], [])
