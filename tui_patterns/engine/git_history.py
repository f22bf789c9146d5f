"""What git knows of a project's files, asked as a child process that runs nothing of the repository.

A repository's own configuration is not trusted: only plumbing is called (no pager, no signatures, no
diff drivers or filters), hooks and the file system monitor are off, nothing is fetched even from a
partial clone, no lock is taken, and a bare repository inside a working tree is not entered.
"""

from __future__ import annotations

import logging
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

logger = logging.getLogger(__name__)

TIMEOUT_S = 20.0
MOST_BYTES = 4 << 20
_SAFE = (
    *("--no-optional-locks", "--no-replace-objects", "--no-pager", "--literal-pathspecs"),
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.alternateRefsCommand="),
    *("-c", "protocol.allow=never", "-c", "safe.bareRepository=explicit", "-c", "log.showSignature=false"),
    *("-c", "core.pager=cat", "-c", "credential.helper=", "-c", "core.sshCommand=false"),
)
_SIGNS = ("HEAD", "logs/HEAD", "packed-refs", "index")


@dataclass(frozen=True, slots=True)
class Commit:
    """``at`` is when it was committed, in Unix seconds."""

    id: str
    at: float


class GitHistory:
    """The last commit of the repository that holds ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def signature(self) -> tuple[int, ...] | None:
        """Changes with each commit, from ``stat`` alone; ``None`` where only git can tell."""
        folder = self._root / ".git"
        if not folder.is_dir():
            return None
        return tuple(_mtime(folder / name) for name in _SIGNS)

    def head(self) -> Commit | None:
        """The last commit; ``None`` without a repository, a commit or git."""
        found = self._run("rev-list", "--max-count=1", "--timestamp", "HEAD", "--")
        parts = found.decode("ascii", "replace").split() if found else []
        if len(parts) != 2 or not parts[0].isdigit():
            return None
        return Commit(parts[1], float(parts[0]))

    def committed(self, commit: Commit, path: str) -> list[str] | None:
        """Lines of a file below the root as committed, without indents; ``None`` if it is not in there."""
        name = f"{commit.id}:./{path}"
        size = self._run("cat-file", "-s", name)
        if size is None or not size.strip().isdigit() or int(size) > MOST_BYTES:
            return None
        blob = self._run("cat-file", "blob", name)
        return (
            None if blob is None else [line.strip() for line in blob.decode("utf-8", "replace").split("\n")]
        )

    def _run(self, *arguments: str) -> bytes | None:
        try:
            done = subprocess.run(
                ["git", *_SAFE, *arguments],
                cwd=self._root,
                env=_surroundings(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=TIMEOUT_S,
                check=False,
            )
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            logger.info("git in %s: %s", self._root, error)
            return None
        return done.stdout if done.returncode == 0 else None


def _surroundings() -> dict[str, str]:
    """Ours without git's own variables, which might lead it elsewhere."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_CONFIG_NOSYSTEM": "1",
        "LC_ALL": "C",
    }


def _mtime(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
