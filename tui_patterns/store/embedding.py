"""What processes tell each other of embedding: a person's pause, and the model whose vectors are complete."""

from __future__ import annotations

import sqlite3

from tui_patterns.store import status

_PAUSE, _MODEL = "embedding", "model"


def pause(conn: sqlite3.Connection, paused: bool) -> None:
    """Stop embedding, or go on; whoever embeds sees it before the next batch."""
    status.say(conn, _PAUSE, {"paused": paused})


def paused(conn: sqlite3.Connection) -> bool:
    """Whether a person wants nothing embedded for now."""
    said = status.said(conn, _PAUSE)
    return bool(said and said[0].get("paused"))


def complete(conn: sqlite3.Connection, fingerprint: str) -> bool:
    """Every live pattern has a vector of this model: it is the one to ask. Whether that is new."""
    new = complete_model(conn) != fingerprint
    if new:
        status.say(conn, _MODEL, {"fingerprint": fingerprint})
    return new


def complete_model(conn: sqlite3.Connection) -> str | None:
    """The fingerprint of the model that last had a vector of every live pattern."""
    said = status.said(conn, _MODEL)
    return str(said[0]["fingerprint"]) if said else None
