"""Which projects nothing is learned from: one list of folders, of which ``*`` is all."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

EVERYTHING = "*"


def allowed(project: str | None, opted_out: Sequence[str]) -> bool:
    """Whether a session in this folder may be learned from.

    An entry is a folder (with all below it) or a pattern as in ``~/work/client-*``.
    A session whose folder is not known is left out only by ``*``.
    """
    if EVERYTHING in opted_out:
        return False
    if project is None:
        return True
    folder = Path(project)
    lineage = [str(folder), *map(str, folder.parents)]
    return not any(
        fnmatchcase(place, str(Path(entry).expanduser())) for entry in opted_out for place in lineage
    )
