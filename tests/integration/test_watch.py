"""A real observer on a real disk: after whatever happened, what was reported leads to what is there."""

from __future__ import annotations

import errno
import random
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent, InotifyFD, Mask, WatchDescriptor

from tui_patterns.engine import watch_inotify
from tui_patterns.engine.discovery import walk
from tui_patterns.engine.ignore import IgnoreRules
from tui_patterns.engine.watch import ChangeBatch, Watcher

PATIENCE_S = 120.0


class Mirror:
    """What a receiver would know: it starts with a scan, then looks only where batches send it."""

    def __init__(self, root: Path, **options: object) -> None:
        self.root = root
        self.batches: list[ChangeBatch] = []
        self.known: dict[str, bytes] = {}
        self.fail_once = False
        self._changed = threading.Condition()
        self._rules = IgnoreRules(root)
        self.watcher = Watcher([root], lambda _: self._rules, self._receive, check_s=0.2, **options)  # type: ignore[arg-type]

    def start(self) -> None:
        self.watcher.start()
        self.known = self.scan()

    def scan(self, under: str = "") -> dict[str, bytes]:
        try:
            return {f.rel: self._read(f.rel) for f in walk(self.root, IgnoreRules(self.root), under=under)}
        except OSError:
            return {}

    def wait(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_S
        with self._changed:
            while not done():
                assert time.monotonic() < deadline, (self.batches[-3:], self.watcher.status())
                self._changed.wait(0.1)

    def wait_until_equal(self) -> None:
        """The only way to converge is by batches: the disk itself no longer changes."""
        truth = self.scan()
        self.wait(lambda: self.known == truth)

    def seen(self) -> set[str]:
        return {path for batch in self.batches for path in batch.paths}

    def clear(self) -> None:
        with self._changed:
            self.batches.clear()

    def _receive(self, batch: ChangeBatch) -> None:
        if self.fail_once:
            self.fail_once = False
            raise RuntimeError("the receiver failed")
        with self._changed:
            self.batches.append(batch)
            if batch.rescan:
                below = f"{batch.prefix}/" if batch.prefix else ""
                kept = {rel: data for rel, data in self.known.items() if not rel.startswith(below)}
                self.known = kept | self.scan(batch.prefix or "")
            for rel in batch.paths:
                self._look(rel)
            self._changed.notify_all()

    def _look(self, rel: str) -> None:
        if (self.root / rel).is_file() and not self._rules.ignored(rel):
            self.known[rel] = self._read(rel)
        else:
            self.known.pop(rel, None)

    def _read(self, rel: str) -> bytes:
        try:
            return (self.root / rel).read_bytes()
        except OSError:
            return b""


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


@pytest.fixture
def events(tmp_path: Path) -> Iterator[Mirror]:
    root = tmp_path / "project"
    for folder in ("src/pkg", "lib", ".git"):
        (root / folder).mkdir(parents=True)
    (root / "src/a.py").write_text("x = 0\n")
    mirror = Mirror(root)
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


def test_an_overflow_leads_to_a_look_at_everything(events: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = threading.Event()
    handle = watch_inotify._Descriptors.handle_event

    def held(self: InotifyFD, event: InotifyEvent) -> None:
        go_on.wait(PATIENCE_S)
        handle(self, event)  # type: ignore[arg-type]

    monkeypatch.setattr(watch_inotify._Descriptors, "handle_event", held)
    limit = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text())
    if limit > 100_000:
        pytest.skip("the kernel's queue is too long to fill")
    for number in range(limit // 2 + 2000):  # each is created and written
        (events.root / f"src/pkg/m{number % 500}.py").unlink(missing_ok=True)
        (events.root / f"src/pkg/m{number % 500}.py").touch()
    (events.root / "fresh/inner").mkdir(parents=True)
    (events.root / "fresh/inner/lost.py").write_text("1")
    go_on.set()
    events.wait_until_equal()
    assert any(batch.rescan and batch.prefix is None for batch in events.batches)
    (events.root / "fresh/inner/lost.py").write_text("watched again")
    events.wait_until_equal()


def test_running_out_of_watches_falls_back_to_polling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(10):
        (tmp_path / f"p{number}").mkdir()
    add, left = InotifyFD.add_callback, [5]

    def scarce(self: InotifyFD, *args: object) -> WatchDescriptor:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, "inotify watch limit reached")
        return add(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(InotifyFD, "add_callback", scarce)
    mirror = Mirror(tmp_path, poll_s=0.1)
    mirror.start()
    try:
        status = mirror.watcher.status()
        assert status.backend == "polling"
        assert "out of watches" in str(status.note)
        (tmp_path / "p9/a.py").write_text("1")
        mirror.wait_until_equal()
    finally:
        mirror.watcher.stop()


def test_running_out_later_falls_back_too(events: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(self: InotifyFD, *args: object) -> WatchDescriptor:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    monkeypatch.setattr(InotifyFD, "add_callback", none_left)
    (events.root / "src/more").mkdir()
    (events.root / "src/more/a.py").write_text("1")
    events.wait_until_equal()
    events.wait(lambda: events.watcher.status().backend == "polling")


def test_no_instance_left_falls_back_to_polling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise OSError(errno.EMFILE, "inotify instance limit reached")

    monkeypatch.setattr(watch_inotify._Descriptors, "__init__", lambda self, hooks: refuse(hooks))
    mirror = Mirror(tmp_path, poll_s=0.1)
    mirror.start()
    try:
        assert mirror.watcher.status().backend == "polling"
        assert "out of instances" in str(mirror.watcher.status().note)
    finally:
        mirror.watcher.stop()


def test_an_error_inside_watchdog_is_survived(events: Mirror, monkeypatch: pytest.MonkeyPatch) -> None:
    handle, broken, failures = InotifyFD.handle_event, threading.Event(), threading.Semaphore(0)

    def failing(self: InotifyFD, event: InotifyEvent) -> None:
        if broken.is_set():
            failures.release()
            raise KeyError(event.wd)
        handle(self, event)

    monkeypatch.setattr(InotifyFD, "handle_event", failing)
    broken.set()
    (events.root / "src/a.py").write_text("lost")
    assert failures.acquire(timeout=PATIENCE_S)
    assert failures.acquire(timeout=PATIENCE_S)
    broken.clear()
    events.wait_until_equal()
    (events.root / "src/a.py").write_text("seen")
    events.wait_until_equal()


def test_a_dead_thread_is_noticed(events: Mirror) -> None:
    observer = events.watcher._roots[0].source._observer
    assert isinstance(observer, watch_inotify.TreeObserver)
    observer._descriptors.stop()
    observer._descriptors.join()
    (events.root / "src/a.py").write_text("nobody listens")
    events.wait_until_equal()
    (events.root / "src/a.py").write_text("somebody listens")
    events.wait_until_equal()


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


def test_a_receiver_that_fails_is_asked_again(events: Mirror) -> None:
    events.fail_once = True
    (events.root / "src/a.py").write_text("try twice")
    events.wait_until_equal()
    assert events.batches[0].rescan


def test_an_environment_made_while_watching_gets_no_watch(events: Mirror) -> None:
    root = events.root
    before = kernel_watches()
    for number in range(300):
        (root / f"src/node_modules/m{number}").mkdir(parents=True)
    events.wait(lambda: any(batch.rescan for batch in events.batches))
    write(root / "env/pyvenv.cfg", "")
    (root / "env/lib").mkdir()
    (root / "src/pkg/seen.py").write_text("1")
    events.wait_until_equal()
    events.wait(lambda: kernel_watches() <= before + 1)
    assert "node_modules" not in str(events.seen())


def test_a_monorepo_beyond_its_threads_still_leaves_ignored_folders_alone(tmp_path: Path) -> None:
    for number in range(60):
        (tmp_path / f"packages/p{number}/src").mkdir(parents=True)
        (tmp_path / f"packages/p{number}/node_modules/m/lib").mkdir(parents=True)
    before = kernel_watches()
    mirror = Mirror(tmp_path)
    mirror.start()
    try:
        assert mirror.watcher.status().watches <= 24
        assert kernel_watches() - before == 2 + 60 * 2
    finally:
        mirror.watcher.stop()
    assert kernel_watches() == before


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


def test_a_queue_overflow_event_has_the_kernels_shape() -> None:
    event = InotifyEvent(WatchDescriptor(-1), Mask(InotifyConstants.IN_Q_OVERFLOW), 0, b"")
    assert event.is_queue_overflow


def kernel_watches() -> int:
    """The inotify watches of this process, as the kernel counts them (proc_pid_fdinfo(5))."""
    count = 0
    for info in list(Path("/proc/self/fdinfo").iterdir()):
        try:
            count += info.read_text().count("inotify wd:")
        except OSError:
            continue
    return count


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def git(root: Path, *args: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *identity, *args], cwd=root, check=True, capture_output=True, timeout=180)


def commit(root: Path, *branch: str) -> None:
    git(root, "checkout", "-q", *branch)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "state")
