"""What the list of a library can be narrowed to."""

from __future__ import annotations

from tui_patterns.api.library import PatternLibrary
from tui_patterns.extraction.tiers import HIGH, MEDIUM
from tui_patterns.store import choices
from tui_patterns.store.choices import Counts
from tui_patterns.store.sqlite import reading


def filter_values(library: PatternLibrary) -> Counts:
    """For each field of ``Filters``, its values in the library and how many patterns have each.

    ``min_quality`` counts by the lower bounds of the tiers of quality.
    """
    with library.connections.lend() as conn, reading(conn):
        return choices.values(conn, (HIGH, MEDIUM))
