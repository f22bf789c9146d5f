"""What a shell command does: its category, and whether its exit code can tell how it went.

``pytest | tail`` exits with tail's code, ``pytest || true`` with 0: such an exit
code says nothing of the tests. ``cd app && pytest -q`` does.
"""

from __future__ import annotations

import re
import shlex
from functools import lru_cache
from typing import NamedTuple

MAX_COMMAND = 2_000  # characters that are looked at
_OPERATORS = {"&&", "||", "|", ";", "&", "|&", "\n", "(", ")", ";;"}
_PREFIXES = {
    "sudo", "env", "time", "nice", "timeout", "command", "exec", "nohup", "npx", "bunx", "pnpx", "uvx",
    "xvfb-run",
}  # fmt: skip
_RUNNERS = {"uv", "poetry", "pipenv", "hatch", "pdm", "rye", "bundle"}
_PYTHON = re.compile(r"^(python|pypy)[\d.]*$")
_REDIRECT = re.compile(r"\d*[<>]&\d?-?|&>>?|>\|")
_HEREDOC = re.compile(r"<<-?\s*(['\"]?)(\w+)\1([^\n]*)\n.*?^\s*\2\s*?$", re.S | re.M)
_SHELLS = {"bash", "sh", "zsh", "dash"}
_SET = re.compile(r"^[A-Za-z_]\w*=")
_TOOLS = {
    "test": {
        "pytest", "py.test", "tox", "nox", "unittest", "jest", "vitest", "mocha", "ava", "rspec", "phpunit",
        "ctest", "playwright", "cypress", "behave", "nosetests", "trial", "nextest",
    },
    "build": {
        "make", "ninja", "cmake", "gcc", "g++", "clang", "javac", "mvn", "gradle", "gradlew", "bazel",
        "webpack", "vite", "rollup", "esbuild", "tsc", "build", "msbuild", "xcodebuild", "buck2", "turbo",
    },
    "lint": {
        "ruff", "flake8", "pylint", "mypy", "pyright", "black", "isort", "eslint", "prettier", "stylelint",
        "bandit", "shellcheck", "golangci-lint", "rubocop", "biome", "lint-imports", "pre-commit", "clippy",
        "basedpyright", "pyre", "ty",
    },
    "vcs": {"git", "gh", "hg", "svn", "jj"},
    "read": {
        "ls", "cat", "head", "tail", "grep", "rg", "find", "sed", "awk", "tree", "wc", "fd", "less", "diff",
    },
}  # fmt: skip
_TOOL_CATEGORY = {tool: category for category, tools in _TOOLS.items() for tool in tools}
_MULTI = {
    "npm", "pnpm", "yarn", "bun", "cargo", "go", "dotnet", "make", "just", "gradle", "gradlew", "mvn", "deno",
    "swift", "zig", "rake", "task", "hatch", "pdm", "turbo", "mix",
}  # fmt: skip
_TARGETS = (
    ("test", re.compile(r"^(test|tests|check|spec|e2e|coverage|verify|nextest)([:_-].*)?$")),
    ("lint", re.compile(r"^(lint|format|fmt|vet|clippy|typecheck|type-check|tsc|types)([:_-].*)?$")),
    ("build", re.compile(r"^(build|compile|install|package|publish|bundle|dist|assemble|all)([:_-].*)?$")),
)
_STRENGTH = ("test", "build", "lint", "vcs", "read", "other")


class Judged(NamedTuple):
    """``decisive``: exit code 0 means that the part of this category went well."""

    category: str
    decisive: bool


@lru_cache(maxsize=2048)  # the same commands come again and again
def judge(command: str) -> Judged:
    """The strongest category of a command line: test, build, lint, vcs, read, other."""
    parts = _parts(_HEREDOC.sub(r" \3", command[:MAX_COMMAND]))
    categories = [_category(words) for words, _ in parts]
    if not categories:
        return Judged("other", True)
    chosen = min(categories, key=_STRENGTH.index)
    last = len(categories) - 1 - categories[::-1].index(chosen)
    after = [operator for _, operator in parts[last:]]
    return Judged(
        chosen, all(operator in {"&&", ""} for operator in after) and _only_ands(parts, categories, chosen)
    )


def _only_ands(parts: list[tuple[list[str], str]], categories: list[str], chosen: str) -> bool:
    """Whether every earlier part of the category, too, would have stopped the rest by failing."""
    return all(
        operator in {"&&", ""}
        for (_, operator), category in zip(parts, categories, strict=True)
        if category == chosen
    )


def _parts(command: str) -> list[tuple[list[str], str]]:
    """Simple commands, each with the operator that follows it."""
    found: list[tuple[list[str], str]] = []
    words: list[str] = []
    for token in _tokens(command):
        if token in _OPERATORS:
            if words:
                found.append((words, token))
            words = []
        else:
            words.append(token)
    if words:
        found.append((words, ""))
    elif found and found[-1][1] in {";", "&&", ")", "\n"}:
        found[-1] = (found[-1][0], "")
    return found


def _tokens(command: str) -> list[str]:
    line = _REDIRECT.sub(" ", command).replace("\\\n", " ").replace("\n", " ; ")
    lexer = shlex.shlex(line, posix=True, punctuation_chars="();&|")
    lexer.whitespace_split = True
    lexer.commenters = ""
    try:
        return list(lexer)
    except ValueError:  # a quote that is not closed
        return re.split(r"\s+", command.strip())


def _category(words: list[str]) -> str:
    words = _bare(words)
    if not words:
        return "other"
    if words[0].rpartition("/")[2] in _SHELLS and words[1:2] and words[1].startswith("-") and "c" in words[1]:
        return judge(" ".join(words[2:3])).category
    tool = words[0].rpartition("/")[2].removesuffix(".exe")
    rest = [word for word in words[1:] if not word.startswith("-")]
    if tool in _MULTI:
        named = _by_target(rest)
        if named:
            return named
    if tool == "ruff" and rest[:1] == ["format"]:
        return "lint"
    return _TOOL_CATEGORY.get(tool, "other")


def _bare(words: list[str]) -> list[str]:
    """Without settings of variables, ``sudo``, ``timeout 60``, ``uv run``, ``python -m``."""
    words = list(words)
    while words:
        tool = words[0].rpartition("/")[2]
        if _SET.match(words[0]) or tool in _PREFIXES or words[0].startswith("-") or words[0][:1].isdigit():
            words = words[1:]
        elif tool in _RUNNERS and words[1:2] in (["run"], ["exec"]):
            words = words[2:]
        elif _PYTHON.match(tool):
            if "-m" not in words[1:4]:
                return words
            words = words[words.index("-m") + 1 :]
        else:
            return words
    return words


def _by_target(rest: list[str]) -> str | None:
    targets = rest[1:] if rest[:1] in (["run"], ["exec"], ["x"]) else rest
    for target in targets[:2]:
        for category, pattern in _TARGETS:
            if pattern.match(target):
                return category
    return None
