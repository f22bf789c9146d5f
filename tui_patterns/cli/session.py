"""Which session a command belongs to when nobody says: what one terminal did on one day.

Ratings, outcomes and injections of the same work then meet under the same id.
"""

from __future__ import annotations

import os
import sys
from datetime import date


def terminal_session() -> str:
    """A name for this terminal on this day; without a terminal, for the group of processes."""
    for stream in (sys.__stdin__, sys.__stdout__, sys.__stderr__):
        try:
            if stream is not None:
                place = os.ttyname(stream.fileno()).removeprefix("/dev/").replace("/", "-")
                return f"cli-{date.today()}-{place}"
        except (OSError, ValueError, AttributeError):
            continue
    group = os.getsid(0) if hasattr(os, "getsid") else os.getppid()
    return f"cli-{date.today()}-{group}"
