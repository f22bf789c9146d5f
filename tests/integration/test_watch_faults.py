"""What goes wrong with a watch is survived, seen, and costs no more watches than it must."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import pytest
from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent, InotifyFD, Mask, WatchDescriptor

from tests.integration.mirror import PATIENCE_S, Mirror, write
from tui_patterns.engine import watch_inotify


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
