"""A real observer on a real disk: after whatever happened, what was reported leads to what is there."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.mirror import PATIENCE_S, Mirror, commit, git, write
from tui_patterns.engine.ignore import IgnoreRules
from tui_patterns.engine.watch import ChangeBatch, Watcher


@pytest.fixture(params=["never", "always"], ids=["events", "polling"])
def mirror(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Mirror]:
    root = tmp_path / "project"
    for folder in ("src/pkg", "lib", ".git/objects", "node_modules/m"):
        (root / folder).mkdir(parents=True)
    for name in ("src/a.py", "src/pkg/b.py", "lib/c.py", "top.py"):
        (root / name).write_text("x = 0\n")
    mirror = Mirror(root, polling=request.param, poll_s=0.1)
    mirror.start()
    yield mirror
    mirror.watcher.stop()


def test_create_modify_move_and_delete(mirror: Mirror) -> None:
    root = mirror.root
    (root / "src/new.py").write_text("x = 1\n")
    (root / "src/a.py").write_text("x = 22\n")
    (root / "lib/c.py").rename(root / "src/pkg/moved.py")
    (root / "src/pkg/b.py").unlink()
    mirror.wait(
        lambda: {"src/new.py", "src/a.py", "lib/c.py", "src/pkg/moved.py", "src/pkg/b.py"} <= mirror.seen()
    )
    mirror.wait_until_equal()


def test_an_atomic_save_reports_the_final_name(mirror: Mirror) -> None:
    temporary = mirror.root / "src/.a.py.tmp123"
    temporary.write_text("x = 33\n")
    temporary.replace(mirror.root / "src/a.py")
    mirror.wait_until_equal()
    assert mirror.seen() == {"src/a.py"}


def test_a_save_from_outside_the_root(mirror: Mirror, tmp_path: Path) -> None:
    temporary = tmp_path / "backup"
    temporary.write_text("x = 44\n")
    temporary.replace(mirror.root / "src/a.py")
    mirror.wait_until_equal()


def test_folders_created_moved_and_deleted(mirror: Mirror, tmp_path: Path) -> None:
    root = mirror.root
    (root / "src/one/two/three").mkdir(parents=True)
    (root / "src/one/two/three/deep.py").write_text("1")
    (root / "fresh/inner").mkdir(parents=True)
    (root / "fresh/inner/first.py").write_text("1")
    mirror.wait_until_equal()
    (root / "fresh/inner/second.py").write_text("2")
    (root / "src/one").rename(root / "lib/one")
    mirror.wait_until_equal()
    (root / "lib/one/two/three/deep.py").write_text("now here")
    (root / "fresh").rename(tmp_path / "away")
    (root / "src").rename(root / "source")
    mirror.wait_until_equal()
    (root / "source/a.py").write_text("under a new name")
    shutil.rmtree(root / "lib")
    mirror.wait_until_equal()
    (root / "src").mkdir()
    (root / "src/a.py").write_text("again")
    mirror.wait_until_equal()
    (root / "src/a.py").write_text("and again")
    mirror.wait_until_equal()


def test_what_is_ignored_is_not_reported(mirror: Mirror) -> None:
    root = mirror.root
    (root / "node_modules/m/x.py").write_text("1")
    (root / "src/__pycache__").mkdir()
    (root / "src/__pycache__/y.py").write_text("1")
    (root / "src/notes.txt").write_text("1")
    (root / "src/.a.py.swp").write_text("1")
    (root / "src/last.py").write_text("1")
    mirror.wait_until_equal()
    assert mirror.seen() == {"src/last.py"}


def test_a_changed_ignore_file_changes_what_is_known(mirror: Mirror) -> None:
    root = mirror.root
    (root / ".gitignore").write_text("pkg/\n")
    mirror.wait_until_equal()
    assert "src/pkg/b.py" not in mirror.known
    (root / ".gitignore").unlink()
    mirror.wait_until_equal()
    (root / "src/pkg/b.py").write_text("x = 55\n")
    mirror.wait_until_equal()


def test_branch_checkouts_end_in_what_is_there(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    for number in range(300):
        write(root / f"pkg{number % 12}/mod{number}.py", f"x = {number}\n")
    commit(root, "-b", "one")
    for number in range(0, 300, 2):
        (root / f"pkg{number % 12}/mod{number}.py").unlink()
    (root / "pkg1").rename(root / "renamed")
    (root / "pkg3").rename(root / "renamed/pkg3")
    write(root / ".gitignore", "pkg5/\n")
    commit(root, "-b", "two")
    mirror = Mirror(root)
    mirror.start()
    try:
        for branch in ("one", "two", "one", "two", "one"):
            git(root, "checkout", "-q", "-f", branch)
        mirror.wait_until_equal()
        assert len(mirror.known) == 300
        write(root / "pkg3/mod3.py", "still watched\n")
        mirror.wait_until_equal()
    finally:
        mirror.watcher.stop()


@pytest.mark.parametrize("seed", range(4))
def test_any_storm_ends_in_what_is_there(tmp_path: Path, seed: int) -> None:
    root = tmp_path / "project"
    for folder in ("a/b", "c", ".git", "d/e/f"):
        (root / folder).mkdir(parents=True)
    mirror = Mirror(root, debounce_s=0.03, max_wait_s=0.2)
    mirror.start()
    storm = random.Random(seed)
    try:
        for _ in range(4):
            for _ in range(120):
                act(storm, root)
            mirror.wait_until_equal()
    finally:
        mirror.watcher.stop()


def act(storm: random.Random, root: Path) -> None:
    """One change, as editors, git and people make them; one that cannot be made is passed over."""
    names = ["a", "b", "c", "d", "e", "venv", "__pycache__", "build"]
    folders = [path for path in root.rglob("*") if path.is_dir() and ".git" not in path.parts] + [root]
    files = [path for path in root.rglob("*.py") if path.is_file()]
    folder, target = storm.choice(folders), storm.choice(folders)
    try:
        match storm.choice(
            ["write", "write", "write", "save", "mkdir", "mv", "rm", "mvdir", "mvdir", "rmtree"]
        ):
            case "write":
                (folder / f"m{storm.randrange(9)}.py").write_text(str(storm.random()))
            case "save":
                (folder / "tmp~").write_text(str(storm.random()))
                (folder / "tmp~").replace(folder / f"m{storm.randrange(9)}.py")
            case "mkdir":
                new = folder / storm.choice(names) / storm.choice(names)
                new.mkdir(parents=True)
                (new / "m0.py").write_text(str(storm.random()))
            case "mv":
                storm.choice(files).rename(target / f"m{storm.randrange(9)}.py")
            case "rm":
                storm.choice(files).unlink()
            case "mvdir" if folder != root:
                folder.rename(target / storm.choice(names))
            case "rmtree" if folder != root and storm.random() < 0.3:
                shutil.rmtree(folder)
    except (OSError, IndexError):
        pass


def test_steady_writes_are_reported_all_along(events: Mirror) -> None:
    ended = time.monotonic() + PATIENCE_S
    with (events.root / "src/a.py").open("w") as file:
        while not any(not batch.settled for batch in events.batches):
            assert time.monotonic() < ended, events.batches
            file.write("x\n")
            file.flush()
            threading.Event().wait(0.01)
    events.wait_until_equal()
    events.wait(lambda: events.batches[-1].settled)


def test_a_root_that_goes_and_comes_back(events: Mirror, tmp_path: Path) -> None:
    events.root.rename(tmp_path / "elsewhere")
    events.wait(lambda: "gone" in str(events.watcher.status().note))
    events.wait(lambda: events.known == {})
    (tmp_path / "elsewhere").rename(events.root)
    events.wait_until_equal()
    assert set(events.known) == {"src/a.py"}
    (events.root / "src/a.py").write_text("back")
    events.wait_until_equal()
    assert events.watcher.status().note is None


def test_two_roots_one_in_the_other_hear_their_own_paths(tmp_path: Path) -> None:
    inner = tmp_path / "sub"
    inner.mkdir()
    heard: set[tuple[Path, str]] = set()
    changed = threading.Condition()

    def receive(batch: ChangeBatch) -> None:
        with changed:
            heard.update((batch.root, path) for path in batch.paths)
            changed.notify_all()

    watcher = Watcher([tmp_path, inner], IgnoreRules, receive)
    watcher.start()
    try:
        write(inner / "a.py", "1")
        with changed:
            assert changed.wait_for(lambda: heard == {(tmp_path, "sub/a.py"), (inner, "a.py")}, PATIENCE_S)
    finally:
        watcher.stop()


def test_stopping_twice_ends_every_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    watcher = Watcher([tmp_path, tmp_path / "missing"], IgnoreRules, lambda batch: None)
    watcher.start()
    assert "missing" in str(watcher.status().note)
    watcher.stop()
    watcher.stop()
    assert set(threading.enumerate()) <= before
    assert watcher.status().watches == 0
