"""What a person is told when a session cannot be read."""

from __future__ import annotations


class SessionError(Exception):
    """One clear line: what cannot be done, and what to do."""
