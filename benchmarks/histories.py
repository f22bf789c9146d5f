"""Ways to change a folder of code: the commits of a real repository, or random edits of its files."""

from __future__ import annotations

import ast
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

JUMP_SHARE = 0.06  # of the steps are a switch to some other commit, and back
LOST_SHARE = 0.03  # of the events of random edits never come: the next scan finds what they were about

Paths = list[str]
Block = tuple[int, int, int, str]
"""First line, line after the last, indentation and name of a definition."""


def git(folder: Path, *arguments: str) -> str:
    """What git prints; raises CalledProcessError."""
    done = subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True)
    return done.stdout


def clone(repository: Path, folder: Path) -> None:
    """A checkout that borrows the objects of the repository, which may be bare."""
    subprocess.run(["git", "clone", "-q", "--shared", str(repository), str(folder)], check=True)


def commits(folder: Path, count: int, draw: random.Random) -> Iterator[Paths]:
    """Check out the last commits one after the other, now and then another one; the paths that changed."""
    every = git(folder, "rev-list", "--first-parent", f"--max-count={count}", "HEAD").split()[::-1]
    git(folder, "checkout", "-q", "-f", every[0])
    yield []
    at = every[0]
    for one in every[1:]:
        aside = [draw.choice(every), at] if draw.random() < JUMP_SHARE else []
        for target in (*aside, one):
            changed = git(folder, "diff", "--name-only", "--no-renames", at, target).splitlines()
            git(folder, "checkout", "-q", "-f", target)
            at = target
            yield changed


def edits(folder: Path, count: int, draw: random.Random) -> Iterator[Paths]:
    """Edit a few files at random, as often; the paths that changed, but for a few that nobody heard of."""
    changes = _Edits(folder, draw)
    yield []
    for _ in range(count):
        touched: set[str] = set()
        for _ in range(draw.choice((1, 1, 2, 3, 6))):
            touched |= changes.one()
        yield [path for path in sorted(touched) if draw.random() > LOST_SHARE]


class _Edits:
    """One folder. What was overwritten or deleted is remembered, and may come back."""

    def __init__(self, folder: Path, draw: random.Random) -> None:
        self._folder = folder
        self._draw = draw
        self._was: dict[str, str] = {}
        self._ways: list[Callable[[Path], set[str]]] = [
            *[self._edit] * 12, *[self._put_back] * 5, self._copy, self._copy, self._rename, self._rename,
            self._delete, self._rename_folder, self._package,
        ]  # fmt: skip

    def one(self) -> set[str]:
        """Change something; the paths of the files that this concerns."""
        files = sorted(self._folder.rglob("*.py"))
        return self._draw.choice(self._ways)(self._draw.choice(files)) if files else self._put_back(Path())

    def _rel(self, file: Path) -> str:
        return file.relative_to(self._folder).as_posix()

    def _keep(self, file: Path) -> str:
        text = file.read_text(errors="replace")
        self._was[self._rel(file)] = text
        return text

    def _beside(self, stem: str) -> Path:
        files = sorted(self._folder.rglob("*.py"))
        return self._draw.choice(files).parent / f"{stem}{self._draw.randrange(8)}.py"

    def _edit(self, file: Path) -> set[str]:
        modules = [self._rel(one)[:-3].replace("/", ".") for one in sorted(self._folder.rglob("*.py"))]
        file.write_text(edited(self._keep(file), self._draw, self._draw.choice(modules)))
        return {self._rel(file)}

    def _put_back(self, file: Path) -> set[str]:
        if not self._was:
            return set()
        path = self._draw.choice(sorted(self._was))
        (self._folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self._folder / path).write_text(self._was[path])
        return {path}

    def _copy(self, file: Path) -> set[str]:
        target = self._beside("copied")
        target.write_bytes(file.read_bytes())
        return {self._rel(target)}

    def _rename(self, file: Path) -> set[str]:
        target = self._beside("renamed")
        if target.exists():
            return set()
        self._keep(file)
        file.rename(target)
        return {self._rel(file), self._rel(target)}

    def _delete(self, file: Path) -> set[str]:
        self._keep(file)
        file.unlink()
        return {self._rel(file)}

    def _rename_folder(self, file: Path) -> set[str]:
        target = file.parent.parent / f"folder{self._draw.randrange(6)}"
        if file.parent == self._folder or target.exists():
            return set()
        before = {self._rel(one) for one in file.parent.rglob("*.py")}
        file.parent.rename(target)
        return before | {self._rel(one) for one in target.rglob("*.py")}

    def _package(self, file: Path) -> set[str]:
        init = file.parent / "__init__.py"
        if init.exists():
            self._keep(init)
            init.unlink()
        else:
            init.write_text(self._draw.choice(("", f"from .{file.stem} import *\n")))
        return {self._rel(init)}


def edited(text: str, draw: random.Random, module: str) -> str:
    """A file's text after one edit, such as a person or a save half done makes; it may no longer parse."""
    way = draw.choice(("shift", "cut", "import", "word", *["block"] * 12))
    if way == "cut":
        return text[: draw.randrange(len(text) + 1)]
    if way == "shift":
        return "# shifted\n" * draw.randrange(1, 4) + text
    if way == "import":
        return f"{draw.choice((f'from {module} import *', f'import {module}'))}\n{text}"
    if way == "word":
        return text.replace(draw.choice(("True", "self", "return ", "==")), draw.choice(("0", "!=")), 1)
    blocks = _blocks(text)
    return _with_block(text, draw.choice(blocks), draw, draw.choice(blocks)[3]) if blocks else text


def _blocks(text: str) -> list[Block]:
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError, RecursionError):
        return []
    return [
        (min([one.lineno, *(by.lineno for by in one.decorator_list)]) - 1, one.end_lineno or 0,
         one.col_offset, one.name)
        for one in nodes if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]  # fmt: skip


def _with_block(text: str, block: Block, draw: random.Random, other: str) -> str:
    """A definition deleted, doubled, renamed, moved to the end, given another base, or a new one."""
    first, end, indent, name = block
    lines = text.splitlines(keepends=True)
    body = lines[first:end]
    rest = [*lines[:first], f"{' ' * indent}pass\n" if indent else "", *lines[end:]]
    way = draw.choice(("drop", "double", "rename", "rename all", "move", "base", "new"))
    if way == "drop":
        return "".join(rest)
    if way == "double":
        return "".join([*lines[:end], "\n", *body, *lines[end:]])
    if way == "rename":
        return text.replace(f" {name}(", f" {name}_{draw.choice('xy')}(", 1)
    if way == "rename all":
        return text.replace(name, f"{name}_{draw.choice('xy')}")
    if way == "move":
        return "".join(
            [*rest, "\n\n", *(line[indent:] if line[:indent].isspace() else line for line in body)]
        )
    if way == "base":
        return text.replace(f"class {name}:", f"class {name}({other}):", 1)
    new = f"def {name}_new(a, b):\n    for x in a:\n        if x == b:\n            return {other}(x)\n"
    return f"{text}\n\n{new}"
