"""The engine's status: every change said once, and no error hidden by another's end."""

from __future__ import annotations

import threading

import pytest

from tui_patterns.engine import status
from tui_patterns.engine.status import StatusBoard
from tui_patterns.models import EngineStatus


@pytest.fixture
def said() -> list[EngineStatus]:
    return []


@pytest.fixture
def board(said: list[EngineStatus]) -> StatusBoard:
    return StatusBoard(said.append)


def test_a_change_is_said_once(board: StatusBoard, said: list[EngineStatus]) -> None:
    for _ in range(3):
        board.update(state="indexing", queue=2)
    assert [(one.state, one.queue) for one in said] == [("indexing", 2)]
    assert board.current is said[-1]


def test_a_change_may_depend_on_the_state(board: StatusBoard, said: list[EngineStatus]) -> None:
    board.update(state="idle", if_state={"indexing"})
    assert said == []
    board.update(state="idle", if_state={"starting"})
    assert board.current.state == "idle"


def test_what_is_put_right_hides_no_other_error(board: StatusBoard) -> None:
    board.trouble("meaning", "the model is missing")
    board.trouble("/project", "not there")
    assert board.current.error == "not there; the model is missing"
    board.trouble("/project", None)
    board.trouble("store", None)
    assert board.current.error == "the model is missing"
    board.trouble("meaning", None)
    assert board.current.error is None


def test_the_same_error_of_two_parts_is_one(board: StatusBoard, said: list[EngineStatus]) -> None:
    board.trouble("a", "the disk is full")
    board.trouble("b", "the disk is full")
    assert board.current.error == "the disk is full" and len(said) == 1


def test_other_processes_are_told_now_and_then(board: StatusBoard, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("tui_patterns.engine.status.time.monotonic", lambda: clock[0])
    board.update(queue=1)
    first = board.to_publish()
    assert first is not None and first["queue"] == 1
    board.update(queue=2)
    assert board.to_publish() is None
    clock[0] += status.PUBLISH_S
    later = board.to_publish()
    assert later is not None and later["queue"] == 2
    clock[0] += 10
    assert board.to_publish() is None


def test_a_guest_shows_the_holder(board: StatusBoard) -> None:
    board.follow({"state": "embedding", "semantic": 0.5, "role": "owner", "pid": 1}, 12)
    current = board.current
    assert (current.state, current.semantic, current.role, current.patterns) == (
        "embedding",
        0.5,
        "guest",
        12,
    )
    board.follow({}, 13)
    assert board.current.patterns == 13


def test_patterns_just_found_have_no_vector_yet(board: StatusBoard) -> None:
    board.update(patterns=4, embedded=4, semantic=1.0)
    board.update(patterns=16)
    assert board.current.semantic == 0.25
    board.update(patterns=0)
    assert board.current.semantic is None


def test_the_last_status_said_is_the_newest(said: list[EngineStatus]) -> None:
    """A thread that is held up while it tells must not tell its older news after another's newer."""
    telling, go_on = threading.Event(), threading.Event()

    def tell(status: EngineStatus) -> None:
        if status.queue == 1:
            telling.set()
            go_on.wait(60)
        said.append(status)

    board = StatusBoard(tell)
    threads = [threading.Thread(target=board.update, kwargs={"queue": queue}) for queue in (1, 2)]
    threads[0].start()
    assert telling.wait(60)
    threads[1].start()
    threads[1].join(0.05)  # it may try
    go_on.set()
    for thread in threads:
        thread.join(60)
    assert [one.queue for one in said] == [1, 2] and board.current.queue == 2
