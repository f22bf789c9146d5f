"""What is never looked at: git's rules, and what no project wrote itself.

A root that someone names is always entered, even inside ``site-packages`` or
a virtual environment: the rules decide only about what lies below it.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, TypeAlias

from tui_patterns.engine import gitignore

SkipReason: TypeAlias = Literal[
    "ignored",
    "too_large",
    "binary",
    "generated",
    "not_regular",
    "outside_root",
    "linked",
    "bad_name",
    "unreadable",
    "unsupported_language",
]

VERSION_CONTROL = frozenset({".git", ".hg", ".svn", ".bzr", ".jj", "CVS", "_darcs", ".sl"})
ENVIRONMENTS = frozenset({".venv", "venv", ".tox", ".nox", ".pixi", "__pypackages__", "virtualenv"})
PACKAGES = frozenset({"node_modules", "bower_components", "site-packages", "dist-packages", ".eggs"})
CACHES = frozenset(
    {
        "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis", ".cache", ".pytype",
        ".ipynb_checkpoints", "htmlcov", ".idea", ".vscode", ".vs", ".gradle", ".next", ".nuxt", ".turbo",
        ".parcel-cache", ".terraform", ".direnv",
    }
)  # fmt: skip
VENDORED = frozenset({"_vendor", "vendor", "third_party", "third-party", "_vendored"})
BUILT = frozenset({"build", "dist", "_build", "sdist"})

ALWAYS = VERSION_CONTROL | ENVIRONMENTS | PACKAGES | CACHES | VENDORED
HEAVY = VERSION_CONTROL | ENVIRONMENTS | PACKAGES
"""Folders that may hold thousands of others: no watch should ever have to walk them."""

CONTROL_FILES = frozenset({".gitignore", "pyvenv.cfg"})
"""Files whose coming, going or changing alters the rules themselves."""

MAX_REMEMBERED = 50_000
HEAD_BYTES = 4096

_GENERATED_NAMES = re.compile(r"(?:_pb2(?:_grpc)?\.pyi?|\.min\.[cm]?js|_generated\.pyi?)$")
# Only what a comment or a docstring says at the top counts: code *about* generated code is not generated.
_GENERATED_HEAD = re.compile(
    rb"""^(?:[ \t]*(?:\#|//|/?\*|r?\"\"\"|r?''')[^\n]*?|[^\w\n]{0,3}(?:this\ )?)
    (?:@generated\b
      |(?:code|file|module)\ (?:was\ |is\ |has\ been\ )?(?:automatically\ |auto-?)?generated\b[^\n]*
       (?:\n[^\n]*)?do\ not\ (?:edit|modify|change)
      |(?:auto-?generated|automatically\ generated)\b[^\n]*(?:\n[^\n]*)?do\ not\ (?:edit|modify|change)
      |generated\ by\ the\ protocol\ buffer\ compiler
      |generated\ by\ django\ \d)""",
    re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)


class IgnoreRules:
    """The rules for one root. Safe to ask from several threads; `reload` swaps all state at once.

    :param extra: lines in gitignore's syntax, relative to the root. They are
        asked first, so that ``!vendor/`` takes a folder in that is otherwise left out.
    :param max_bytes: files larger than this are skipped.
    """

    def __init__(self, root: Path, extra: Sequence[str] = (), max_bytes: int = 1_048_576) -> None:
        self.root = root.resolve()
        self.max_bytes = max_bytes
        self._extra = gitignore.parse(extra)
        self.reload()

    def reload(self) -> None:
        """Forget what was read: the ignore files are read again when next needed."""
        self._state: tuple[gitignore.GitIgnore, dict[str, bool]] = (gitignore.GitIgnore(self.root), {})

    def dir_ignored(self, rel: str) -> bool:
        """Whether the folder ``rel`` (POSIX, "" is the root) or one above it is left out."""
        if rel in {"", "."}:
            return False
        git, known = self._state
        unknown = []
        folder = rel
        while folder and folder not in known:
            unknown.append(folder)
            folder = folder.rpartition("/")[0]
        ignored = known[folder] if folder else False
        if len(known) > MAX_REMEMBERED:
            known.clear()
        for folder in reversed(unknown):
            ignored = ignored or self._decide(git, folder, is_dir=True)
            known[folder] = ignored
        return ignored

    def ignored(self, rel: str) -> bool:
        """Whether the file ``rel`` is left out, by its own name or a folder above it."""
        if self.dir_ignored(rel.rpartition("/")[0]):
            return True
        return self._decide(self._state[0], rel, is_dir=False)

    def skip_reason(self, file: Path, rel: str, st: os.stat_result) -> SkipReason | None:
        """Why ``file`` must not be read, or ``None``; looks at names and ``st`` (from *lstat*) alone.

        What a file's content says (binary, generated) is found when it is
        read: `discovery.read_source`.
        """
        if stat.S_ISLNK(st.st_mode):
            return self._link_reason(file)
        if not stat.S_ISREG(st.st_mode):
            return "not_regular"
        if self.ignored(rel):
            return "ignored"
        if _GENERATED_NAMES.search(rel):
            return "generated"
        return "too_large" if st.st_size > self.max_bytes else None

    @staticmethod
    def generated(head: bytes) -> bool:
        """Whether the first lines of a file say that a program wrote it."""
        return _GENERATED_HEAD.search(head[:HEAD_BYTES]) is not None

    def is_heavy(self, rel: str) -> bool:
        """Whether the ignored folder ``rel`` is of a kind that tends to hold thousands of folders."""
        return rel.rpartition("/")[2] in HEAVY or self._is_environment(rel)

    def _decide(self, git: gitignore.GitIgnore, rel: str, *, is_dir: bool) -> bool:
        if self._extra is not None:
            wanted = self._extra.check_file(rel + "/" if is_dir else rel).include
            if wanted is not None:
                return wanted
        if is_dir and self._left_out_by_kind(rel):
            return True
        return git.verdict(rel, is_dir) is True

    def _left_out_by_kind(self, rel: str) -> bool:
        name = rel.rpartition("/")[2]
        if name in ALWAYS or name.endswith(".egg-info"):
            return True
        if name in BUILT:
            # A package may well be called "build"; what a build leaves behind is none.
            return not (self.root / rel / "__init__.py").exists()
        return self._is_environment(rel)

    def _is_environment(self, rel: str) -> bool:
        folder = self.root / rel
        return (folder / "pyvenv.cfg").exists() or (folder / "conda-meta").is_dir()

    def _link_reason(self, file: Path) -> SkipReason:
        try:
            target = file.resolve(strict=True)
        except (OSError, RuntimeError):
            return "not_regular"
        # What a link inside the root points at is found at its own place: twice would count it double.
        return "linked" if target.is_relative_to(self.root) else "outside_root"
