"""Git's ignore files, read the way git reads them (gitignore(5)), through pathspec.

A deeper ``.gitignore`` outweighs a shallower one, and both outweigh
``.git/info/exclude``. A repository's files are untrusted: they are read with
a size limit, never through a link, and a pattern that could take a regular
expression ages to match is left out.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path

from pathspec import GitIgnoreSpec

MAX_RULES_BYTES = 262_144
MAX_LINE = 500
MAX_STARS = 3


def parse(lines: Iterable[str]) -> GitIgnoreSpec | None:
    """The rules in ``lines``, or ``None`` if there are none; lines git would refuse are left out."""
    usable = [_unambiguous(line) for line in lines if _is_rule(line)]
    if not usable:
        return None
    try:
        return GitIgnoreSpec.from_lines(usable)
    except ValueError:
        usable = [line for line in usable if _is_valid(line)]
        return GitIgnoreSpec.from_lines(usable) if usable else None


def read(file: Path) -> GitIgnoreSpec | None:
    """The rules in ``file``; ``None`` if it is missing, a link, no regular file or empty."""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return None
        text = os.read(handle, MAX_RULES_BYTES).decode("utf-8-sig", "surrogateescape")
    except OSError:
        return None
    finally:
        os.close(handle)
    return parse(line.removesuffix("\r") for line in text.split("\n"))


def _is_rule(line: str) -> bool:
    if not line.strip() or line.startswith("#") or len(line) > MAX_LINE or "\0" in line:
        return False
    # Each run of stars multiplies the ways to match one name: a handful is plenty for honest rules.
    return len(re.findall(r"\*+", line.replace("**/", "").replace("/**", ""))) <= MAX_STARS


def _unambiguous(line: str) -> str:
    """``a/**`` is what lies *in* a, ``a/**/`` its folders; pathspec would take ``a/`` itself for it too."""
    rule = line.rstrip(" ")
    if rule.endswith("/**"):
        return rule + "/?*"
    return rule + "?*/" if rule.endswith("/**/") else line


def _is_valid(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True


def _repository(root: Path) -> Path | None:
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            return folder
    return None


def _exclude_file(repository: Path) -> Path:
    """``info/exclude`` of a repository, a worktree or a submodule (gitrepository-layout(5))."""
    git = repository / ".git"
    if git.is_file():
        with git.open(encoding="utf-8", errors="replace") as file:
            git = repository / file.readline(4096).removeprefix("gitdir:").strip()
        common = git / "commondir"
        if common.is_file():
            with common.open(encoding="utf-8", errors="replace") as file:
                git = git / file.readline(4096).strip()
    return git / "info" / "exclude"


class GitIgnore:
    """Every ignore file that bears on what lies below ``root``; read when first needed.

    Rules from above the root count only while they do not ignore the root
    itself: whoever names an ignored folder wants to see what is in it.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._specs: dict[str, GitIgnoreSpec | None] = {}
        self._above = self._rules_above()

    def verdict(self, rel: str, is_dir: bool) -> bool | None:
        """Ignored (True), taken back in (False), or no rule about it (None).

        ``rel`` is POSIX and relative to the root. Its parents are not looked
        at: git never enters an ignored folder, so neither should the caller.
        """
        subject = rel + "/" if is_dir else rel
        folder = rel
        while folder:
            folder = folder.rpartition("/")[0]
            spec = self._spec(folder)
            if spec is not None:
                found = _says(spec, subject[len(folder) + 1 :] if folder else subject)
                if found is not None:
                    return found
        return _first(self._above, subject)

    def _spec(self, folder: str) -> GitIgnoreSpec | None:
        if folder not in self._specs:
            self._specs[folder] = read(self._root / folder / ".gitignore")
        return self._specs[folder]

    def _rules_above(self) -> list[tuple[str, GitIgnoreSpec]]:
        repository = _repository(self._root)
        if repository is None:
            return []
        found = [(folder, read(folder / ".gitignore")) for folder in self._folders_above(repository)]
        found.append((repository, _read_exclude(repository)))
        rules = [(folder, spec) for folder, spec in found if spec is not None]
        if any(_ignores(rules, path, repository) for path in (self._root, *self._root.parents)):
            return []
        return [(_prefix(self._root, folder), spec) for folder, spec in rules]

    def _folders_above(self, repository: Path) -> list[Path]:
        return [folder for folder in self._root.parents if folder.is_relative_to(repository)]


def _read_exclude(repository: Path) -> GitIgnoreSpec | None:
    try:
        return read(_exclude_file(repository))
    except (OSError, ValueError):
        return None


def _prefix(path: Path, base: Path) -> str:
    rel = path.relative_to(base).as_posix()
    return "" if rel == "." else rel + "/"


def _first(rules: Iterable[tuple[str, GitIgnoreSpec]], subject: str) -> bool | None:
    for prefix, spec in rules:
        found = _says(spec, prefix + subject)
        if found is not None:
            return found
    return None


def _says(spec: GitIgnoreSpec, subject: str) -> bool | None:
    """What the last rule about this very path says.

    pathspec lets a rule about a folder speak for all that lies in it, which is
    right for what is ignored, but ``!a`` takes back ``a`` alone.
    """
    for pattern in reversed(spec.patterns):
        if pattern.regex is not None and _means(pattern.regex, subject):
            return pattern.include
    return None


def _means(regex: re.Pattern[str], subject: str) -> bool:
    """Whether a rule is about ``subject`` itself, not only about a folder above it."""
    if regex.pattern.startswith("^"):
        return regex.fullmatch(subject) is not None
    return regex.search(subject, len(subject) - 1) is not None  # "**" is ".", and "**/" is "/"


def _ignores(rules: list[tuple[Path, GitIgnoreSpec]], path: Path, repository: Path) -> bool:
    if path == repository or not path.is_relative_to(repository):
        return False
    return bool(
        _first(
            [
                (_prefix(path, base), spec)
                for base, spec in rules
                if path != base and path.is_relative_to(base)
            ],
            "",
        )
    )
