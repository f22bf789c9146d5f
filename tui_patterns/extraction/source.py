"""From the bytes of a file to its text and lines, as Python itself reads them."""

from __future__ import annotations

import hashlib
import inspect
import io
import re
import tokenize
from pathlib import PurePosixPath

# Only what a comment at the top says of its own file: code *about* generated code is not generated.
_GENERATED = re.compile(
    r"""@generated\b | generated\b.*\bdo\ not\ edit\b | \bdo\ not\ edit\b.*generated\b
      | ^\#\s*(?:this\ (?:file|code|module)\ (?:is|was)\ )?
        (?:automatically\ |auto-?)?generated\ (?:by|from)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_GENERATED_NAME = re.compile(r"_pb2(?:_grpc)?\.pyi?$|\.generated\.py$")
_TEST_NAME = re.compile(r"^(?:test_.*|.*_test|tests|conftest)\.py$")
_HEAD_LINES = 8
OUT_OF_MEMORY = "nests too deeply or needs too much memory to be analysed: split the file"


class SourceError(Exception):
    """A file that cannot be read as Python source; its text is one clear line."""


def content_hash(source: bytes) -> str:
    """SHA-256 of the exact bytes, as 64 hex digits."""
    return hashlib.sha256(source).hexdigest()


def decode(source: bytes) -> str:
    r"""The text of *source* with ``\n`` line ends, by its PEP 263 cookie or as UTF-8.

    Raises SourceError.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
        text = source.decode(encoding)
    except UnicodeDecodeError as error:
        raise SourceError(_not_text(error)) from error
    except (SyntaxError, LookupError, ValueError) as error:
        _require_utf8(source)
        raise SourceError(
            f"unreadable encoding ({one_line(error)}): declare the right one, or save as UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _require_utf8(source: bytes) -> None:
    """Without a cookie, tokenize only says that there is none; where the bad byte is helps more."""
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(_not_text(error)) from error


def _not_text(error: UnicodeDecodeError) -> str:
    place = f"not valid {error.encoding} at byte {error.start}"
    return f"{place}: save it as UTF-8 or declare its encoding (PEP 263)"


def docstring_text(value: str) -> str:
    """A docstring as ``inspect.cleandoc`` gives it, in characters that UTF-8 has.

    ``"\\ud800"`` is a string to Python, and half a pair (Unicode 16.0, D71) that no store takes.
    """
    return inspect.cleandoc(value).encode("utf-8", "replace").decode("utf-8")


def one_line(value: object, limit: int = 160) -> str:
    """*value* as text without line ends, at most *limit* characters."""
    return " ".join(str(value).split())[:limit]


def is_test_path(path: str) -> bool:
    """Whether the file's name or a folder of *path* says that it holds tests.

    A ``test.py`` does at the top of a project; in a package it is a module that helps others to test.
    """
    parts = PurePosixPath(path).parts
    return bool(parts) and (
        bool(_TEST_NAME.match(parts[-1]))
        or parts == ("test.py",)
        or any(p in {"test", "tests"} for p in parts[:-1])
    )


def is_generated(path: str, lines: list[str]) -> bool:
    """Whether the name, or a comment in the first lines, says that a program wrote the file."""
    head = (line for line in lines[:_HEAD_LINES] if line.startswith("#"))
    return bool(_GENERATED_NAME.search(path)) or any(_GENERATED.search(line) for line in head)
