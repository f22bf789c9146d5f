"""What makes two errors one: type, message without its literals, top frame in the project, exit code.

Two digests: the *shape* is of type and message alone, the *signature* of all four. The exit code
counts only where no type is known: a test runner ends with 1 whatever failed.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from tui_patterns.embedding.identifiers import words as split_words
from tui_patterns.embedding.stems import stem
from tui_patterns.learning.error_classes import ErrorClass
from tui_patterns.text import clean_line

MESSAGE_KEPT = 300
_TYPES_KEPT = frozenset(
    {"NoneType", "str", "int", "float", "bool", "list", "dict", "tuple", "set", "bytes", "object", "function",
     "method", "module", "generator", "coroutine", "type", "undefined", "null", "datetime", "date", "Decimal"}
)  # fmt: skip
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\b[a-z][a-z+.-]{1,15}://[^\s'\"<>]{1,300}"), "<url>"),
    (re.compile(r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b", re.I), "<id>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)?"), "<time>"),
    (re.compile(r"\b0x[0-9a-f]{1,16}\b", re.I), "<address>"),
    (re.compile(r"(?<![\w<])(?:[A-Za-z]:)?(?:[\\/][\w.@~+-]{1,100}){2,40}"), "<path>"),
    (re.compile(r"(?<![\w.<])[-+]?\d+(?:\.\d+)?(?:e[-+]?\d{1,3})?(?!\w)", re.I), "<n>"),
)
_QUOTED = re.compile(r"(?<!\w)b?('(?:[^'\\\n]|\\.){0,300}'|\"(?:[^\"\\\n]|\\.){0,300}\")")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in a project: its file (relative where the root is known) and the function's own name."""

    path: str
    function: str = ""

    def __str__(self) -> str:
        return f"{self.path}::{self.function}" if self.function else self.path


@dataclass(frozen=True, slots=True)
class ErrorSeen:
    """One error as a text tells it. ``files`` are those of the project that it passed, top frame last."""

    type: str
    message: str
    error_class: ErrorClass
    frame: Frame | None = None
    exit_code: int | None = None
    files: tuple[str, ...] = ()
    test: str | None = None

    @property
    def said(self) -> str:
        """Type and message in one line, its literals kept."""
        return clean_line(f"{self.type}: {self.message}" if self.message else self.type, MESSAGE_KEPT)

    @property
    def normal(self) -> str:
        """The message without its literals."""
        return normal_message(self.type, self.message)

    @property
    def shape(self) -> str:
        """What it is, wherever it happens."""
        return _digest(self.type, self.normal, "" if self.type else str(self.exit_code))

    @property
    def signature(self) -> str:
        """What it is, and where."""
        return _digest(self.shape, str(self.frame or ""))

    def data(self) -> dict[str, Any]:
        """As the ledger keeps it."""
        return {
            "type": self.type[:120],
            "message": clean_line(self.message, MESSAGE_KEPT),
            "normal": self.normal,
            "class": self.error_class,
            "frame": None if self.frame is None else str(self.frame),
            "exit_code": self.exit_code,
            "shape": self.shape,
            "signature": self.signature,
        }


def normal_message(type_name: str, message: str) -> str:
    """A message with ``<s>``, ``<n>``, ``<path>`` … for its literals, one line, at most 300 characters.

    Names of types stay, and what an import error asks for: they say what is wrong, not with which value.
    """
    keep_names = type_name.rpartition(".")[2] in {"ModuleNotFoundError", "ImportError"}

    def literal(match: re.Match[str]) -> str:
        inside = match[1][1:-1]
        return match[0] if keep_names or inside in _TYPES_KEPT else "<s>"

    line = _QUOTED.sub(literal, clean_line(message, 4 * MESSAGE_KEPT))
    for rule, stand_in in _RULES:
        line = rule.sub(stand_in, line)
    return _SPACE.sub(" ", line).strip()[:MESSAGE_KEPT]


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared share of two sets of stems, 0 to 1 (Jaccard)."""
    return len(one & other) / len(one | other) if one and other else 0.0


def stems(type_name: str, message: str) -> frozenset[str]:
    """The words of an error, literals left out, as stems."""
    plain = re.sub(r"<\w+>", " ", f"{type_name} {normal_message(type_name, message)}")
    return frozenset(stem(word) for word in split_words(plain) if len(word) > 1)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:24]
