"""Frames: what goes in comes out, and what is no message costs nothing but itself."""

from __future__ import annotations

import asyncio
import io
import json
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui_patterns.engine import rpc
from tui_patterns.engine.client import EngineClient

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
MESSAGES = st.dictionaries(st.sampled_from(["id", "method", "params", "result"]), JSON)


def frame(body: bytes, size: int | None = None) -> bytes:
    return struct.pack(">I", len(body) if size is None else size) + body


def reader(data: bytes) -> asyncio.StreamReader:
    """A stream that gives ``data`` and ends; made inside a running loop."""
    stream = asyncio.StreamReader()
    stream.feed_data(data)
    stream.feed_eof()
    return stream


@settings(max_examples=80)
@given(messages=st.lists(MESSAGES, max_size=5))
def test_messages_come_out_as_they_went_in(messages: list[dict[str, Any]]) -> None:
    data = b"".join(map(rpc.encode, messages))
    stream, found = io.BytesIO(data), []
    while (body := rpc.read(stream)) is not None:
        found.append(rpc.decode(body))
    assert found == [{"jsonrpc": "2.0", **message} for message in messages]

    async def again() -> list[rpc.Message | None]:
        source = reader(data)
        bodies = []
        while (one := await rpc.read_async(source)) is not None:
            bodies.append(rpc.decode(one))
        return bodies

    assert asyncio.run(again()) == found


@settings(max_examples=60)
@given(data=st.binary(max_size=60))
def test_any_bytes_end_as_bodies_or_a_protocol_error(data: bytes) -> None:
    stream = io.BytesIO(data)
    try:
        while (body := rpc.read(stream)) is not None:
            rpc.decode(body)
    except rpc.ProtocolError as error:
        assert "larger than" in str(error)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1, 2]", b'"text"', b"null", b"\xff\xfe", b"[" * 200_000, b'{"a":' * 200_000]
)
def test_what_is_no_message_is_none(body: bytes) -> None:
    assert rpc.decode(body) is None


def test_a_text_that_no_encoding_takes_still_crosses() -> None:
    message = {"id": 1, "params": {"query": "half \ud800 a pair"}}
    assert rpc.decode(rpc.encode(message)[4:]) == {"jsonrpc": "2.0", **message}


def test_a_stream_cut_anywhere_ends() -> None:
    whole = rpc.encode({"id": 1, "method": "ping"})
    for length in range(len(whole)):
        assert rpc.read(io.BytesIO(whole[:length])) is None


async def test_a_frame_beyond_the_limit_is_a_protocol_error() -> None:
    huge = frame(b"", rpc.MAX_FRAME + 1)
    with pytest.raises(rpc.ProtocolError):
        rpc.read(io.BytesIO(huge))
    with pytest.raises(rpc.ProtocolError):
        await rpc.read_async(reader(huge))
    with pytest.raises(rpc.ProtocolError):
        rpc.encode({"params": "x" * rpc.MAX_FRAME})


def client(events: list[Any]) -> EngineClient:
    return EngineClient(Path("/nowhere"), [], events.append)


@pytest.mark.parametrize(
    "message",
    [
        None,
        {"method": "status", "params": {}},
        {"method": "status", "params": {"folders": [], "unheard": 1}},
        {"method": "status", "params": None},
        {"method": "changed", "params": {"project": "p"}},
        {"method": "changed", "params": [1]},
        {"method": "sing", "params": {}},
    ],
)
def test_the_app_counts_what_it_cannot_understand(message: rpc.Message | None) -> None:
    events: list[Any] = []
    app = client(events)
    app._receive(message)
    assert app.bad_frames == 1 and events == []


def test_an_answer_that_nobody_waits_for_is_left_aside() -> None:
    events: list[Any] = []
    app = client(events)
    app._receive({"id": 99, "result": {"rows": []}})
    app._receive(json.loads('{"jsonrpc": "2.0"}'))
    assert events == []


async def test_without_an_engine_every_question_is_answered_by_none() -> None:
    app = client([])
    assert await app.semantic("anything") is None
    assert await app.findings("/root", "a.py") is None
    await app.rescan()
    await app.stop()
