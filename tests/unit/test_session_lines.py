"""Lines are read one by one, whatever they hold, and a half-written one is left for later."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.sessions import lines
from tui_patterns.sessions.lines import LineReader, parse_object


def read(path: Path, place: int = 0) -> tuple[list[dict[str, object]], LineReader]:
    reader = LineReader(path, place)
    return [line.value for line in reader], reader


def test_a_half_written_last_line_is_taken_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n{"b": ')
    found, reader = read(path)
    assert found == [{"a": 1}] and reader.place == 9 and reader.unreadable == 0
    path.write_bytes(b'{"a": 1}\n{"b": 2}\n')
    assert read(path, reader.place)[0] == [{"b": 2}]


def test_a_whole_last_line_needs_no_newline(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n{"b": 2}')
    found, reader = read(path)
    assert found == [{"a": 1}, {"b": 2}] and reader.place == path.stat().st_size
    path.write_bytes(b'{"a": 1}\n{"b": 2}\n{"c": 3}\n')
    assert read(path, reader.place)[0] == [{"c": 3}]


HOSTILE = [
    b"",
    b"not json",
    b"[1, 2]",
    b'"text"',
    b"null",
    b"\xff\xfe\x00",
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b"[" * 100_000,
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    b'{"a": 1',
]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_line_costs_only_itself(tmp_path: Path, hostile: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n' + hostile + b'\n{"b": 2}\n')
    found, reader = read(path)
    assert found == [{"a": 1}, {"b": 2}]
    assert reader.unreadable == bool(hostile)


def test_halves_of_surrogate_pairs_become_stand_ins_and_whole_pairs_stay() -> None:
    assert parse_object(rb'{"a": "cut \ud83d", "b": "\ud83d\ude00"}') == {"a": "cut �", "b": "😀"}
    assert parse_object(b'{"a": "\xff"}') == {"a": "�"}


def test_a_number_of_any_size_is_a_number() -> None:
    assert parse_object(b'{"a": ' + b"9" * 400 + b"}") in ({"a": float("inf")}, None)


def test_a_line_without_end_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 64)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"a": 1}\n{"x": "' + b"y" * 1000 + b'"}\n{"b": 2}\n')
    found, reader = read(path)
    assert found == [{"a": 1}, {"b": 2}] and reader.unreadable == 1
    path.write_bytes(b'{"a": 1}\n{"x": "' + b"y" * 1000)
    found, reader = read(path)
    assert found == [{"a": 1}] and reader.place == 9


@given(st.binary(max_size=300))
def test_any_bytes_give_an_object_or_nothing(raw: bytes) -> None:
    assert isinstance(parse_object(raw), dict | None)
