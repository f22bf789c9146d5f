"""Frames between the app and its engine: a length, then JSON-RPC 2.0.

Four bytes (big-endian, unsigned) give the size of the UTF-8 JSON that follows.
Unlike lines, frames have no limit that ``readline`` would set, and a message
that is not JSON costs that one message.
"""

from __future__ import annotations

import asyncio
import json
import struct
from typing import Any, BinaryIO

MAX_FRAME = 16 * 1024 * 1024
_HEAD = struct.Struct(">I")

Message = dict[str, Any]


class ProtocolError(Exception):
    """The stream cannot be followed any more: the other side must be restarted."""


def encode(message: Message) -> bytes:
    """``message`` as one frame. Raises ProtocolError if it is larger than 16 MiB."""
    body = json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode("utf-8", "surrogatepass")
    if len(body) > MAX_FRAME:
        raise ProtocolError(f"a message of {len(body)} bytes is larger than {MAX_FRAME}")
    return _HEAD.pack(len(body)) + body


def decode(body: bytes) -> Message | None:
    """The message in a frame's body, or ``None`` if it is none."""
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def read(stream: BinaryIO) -> bytes | None:
    """The body of the next frame, ``None`` at the end. Raises ProtocolError."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    body = stream.read(_size(head))
    return body if len(body) == _size(head) else None


async def read_async(stream: asyncio.StreamReader) -> bytes | None:
    """The same from an asyncio stream."""
    try:
        return await stream.readexactly(_size(await stream.readexactly(_HEAD.size)))
    except asyncio.IncompleteReadError:
        return None


def _size(head: bytes) -> int:
    size = int(_HEAD.unpack(head)[0])
    if size > MAX_FRAME:
        raise ProtocolError(f"a frame of {size} bytes is larger than {MAX_FRAME}")
    return size
