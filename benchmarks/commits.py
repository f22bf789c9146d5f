"""Prompts that nobody here wrote, and what they were about: messages of commits, and the definitions changed.

A tree is taken, and the commits after it: so the index holds nothing of what a
message asks for. A commit counts if it is no merge, touches one to three source
files (tests and documentation aside), changes one to five definitions that the
tree has under the same path and name, and says at least six words. A definition
is changed if its syntax tree is, docstrings aside; a class, if what is not in
its methods is.
"""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from benchmarks.places import tell

MIN_WORDS = 6
MOST_FILES, MOST_CHANGED = 3, 5
LOOKED_AT = 250  # of the newest commits that may count: what came before them is the tree
READ = 3_000  # commits, at most, to find them among
_LEFT_OUT = frozenset(
    {"tests", "test", "testing", "docs", "doc", "docs_src", "examples", "example", "benchmarks", "_vendor"}
)
_TRAILER = re.compile(r"^\s*(?:[A-Z][\w-]*-[Bb]y|Change-Id|git-svn-id|Co-authored-by)\s*:.*$", re.MULTILINE)
_ISSUE = re.compile(
    r"\(?(?:\b(?:fix(?:es|ed)?|close[sd]?|resolve[sd]?|refs?|see|issue|pr):? +)?(?:\b[\w./-]+)?#\d+\)?",
    re.IGNORECASE,
)
_HASH = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b")
_LINK = re.compile(r"https?://\S+")
_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt, and the (path, qualified name) of every definition of the tree that its commit changed."""

    project: str
    text: str
    changed: frozenset[tuple[str, str]]

    @property
    def words(self) -> int:
        """How long it is."""
        return len(self.text.split())


@dataclass(frozen=True, slots=True)
class _Commit:
    name: str
    parent: str
    message: str
    files: tuple[str, ...]


def collect(repository: Path, into: Path, seed: int) -> list[Asked]:
    """Write the tree of a bare repository to ``into``; the prompts of the commits after it, in any order."""
    mirror = Mirror(repository)
    commits = list(islice(_commits(mirror), LOOKED_AT))
    if not commits:
        return []
    tree = commits[-1].parent
    mirror.write(tree, into)
    known = {
        (file.relative_to(into).as_posix(), name)
        for file in into.rglob("*.py")
        for name in _definitions(file.read_bytes())
    }
    found = [one for one in (_asked(mirror, commit, known, into.name) for commit in commits) if one]
    mirror.close()
    distinct = list({one.text: one for one in found}.values())
    Random(seed).shuffle(distinct)
    tell(f"{into.name}: {len(known):,} definitions, {len(distinct)} prompts")
    return distinct


def cleaned(message: str) -> str:
    """A message without trailers, hashes, links and numbers of issues: what a person would ask for."""
    text = message.replace("\r", "")
    for noise in (_TRAILER, _LINK, _ISSUE, _HASH):
        text = noise.sub("", text)
    lines = [line.rstrip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _commits(mirror: Mirror) -> Iterator[_Commit]:
    """Those that may count, newest first."""
    log = mirror.run(
        "log", "--max-count=3000", "--no-merges", "--name-only", "--format=%x1e%H %P%x1f%B%x1f", "HEAD"
    )
    for entry in log.split("\x1e")[1:]:
        names, message, files = entry.split("\x1f")[:3]
        sources = tuple(path for path in files.split("\n") if is_source(path))
        hashes = names.split()
        if len(hashes) == 2 and 1 <= len(sources) <= MOST_FILES:
            text = cleaned(message)
            if len(re.findall(r"[A-Za-z]\w+", text)) >= MIN_WORDS:
                yield _Commit(hashes[0], hashes[1], text, sources)


def is_source(path: str) -> bool:
    """Whether a path is Python that is neither a test nor documentation."""
    parts = Path(path).parts
    return (
        path.endswith(".py")
        and _LEFT_OUT.isdisjoint(parts)
        and not parts[-1].startswith(("test_", "conftest"))
    )


def _asked(mirror: Mirror, commit: _Commit, known: set[tuple[str, str]], project: str) -> Asked | None:
    changed = {
        (path, name)
        for path in commit.files
        for name in _changed(mirror.file(commit.parent, path), mirror.file(commit.name, path))
    }
    told = frozenset(changed & known)
    return Asked(project, commit.message, told) if told and len(changed) <= MOST_CHANGED else None


def _changed(before: bytes, after: bytes) -> Iterator[str]:
    """Definitions that stand in both, otherwise."""
    old, new = _definitions(before), _definitions(after)
    yield from (name for name, said in old.items() if name in new and new[name] != said)


def _definitions(source: bytes) -> dict[str, str]:
    """What each definition is, by its qualified name; nothing of what does not parse."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return {}
    return dict(_within(tree, ""))


def _within(node: ast.AST, above: str) -> Iterator[tuple[str, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, _Definition):
            yield f"{above}{child.name}", _said(child)
            yield from _within(child, f"{above}{child.name}.")
        else:
            yield from _within(child, above)


def _said(node: _Definition) -> str:
    """Its tree as text, without the docstring, and of a class without its methods."""
    if ast.get_docstring(node, clean=False) is not None:
        node.body[0] = ast.Pass()
    if not isinstance(node, ast.ClassDef):
        return ast.dump(node)
    body = [one for one in node.body if not isinstance(one, _Definition)]
    said = ast.ClassDef(node.name, node.bases, node.keywords, body, node.decorator_list)
    return ast.dump(said)


class Mirror:
    """A bare repository, and one process that reads its files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._reader = subprocess.Popen(
            ["git", "-C", str(folder), "cat-file", "--batch"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def run(self, *arguments: str) -> str:
        """What git prints. Raises CalledProcessError."""
        done = subprocess.run(["git", "-C", str(self.folder), *arguments], capture_output=True, check=True)
        return done.stdout.decode("utf-8", "replace")

    def file(self, commit: str, path: str) -> bytes:
        """A file as a commit has it; nothing where it has none."""
        assert self._reader.stdin is not None
        assert self._reader.stdout is not None
        self._reader.stdin.write(f"{commit}:{path}\n".encode())
        self._reader.stdin.flush()
        head = self._reader.stdout.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            return b""
        return self._reader.stdout.read(int(head[2]) + 1)[:-1]

    def write(self, tree: str, into: Path) -> None:
        """The source files of a tree."""
        listed = self.run("ls-tree", "-r", "--name-only", "-z", tree)
        for path in filter(is_source, listed.split("\0")):
            target = into / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self.file(tree, path))

    def close(self) -> None:
        """End the process."""
        self._reader.communicate()


def mirrors(folder: Path, wanted: Sequence[str]) -> list[Path]:
    """The bare repositories of these names. Raises FileNotFoundError for one that is not there."""
    found = [folder / name.replace("/", "+") / "repo" for name in wanted]
    for one in found:
        if not one.is_dir():
            raise FileNotFoundError(f"{one} is not there")
    return found
