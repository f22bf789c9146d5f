"""What kind of error an error is: a closed set, told by rules from its type and its message."""

from __future__ import annotations

import re
from typing import Literal, get_args

ErrorClass = Literal[
    "assertion",
    "import",
    "syntax",
    "name",
    "attribute",
    "key",
    "index",
    "type",
    "value",
    "encoding",
    "timeout",
    "network",
    "permission",
    "file",
    "memory",
    "recursion",
    "database",
    "build",
    "lint",
    "unknown",
]
CLASSES: tuple[ErrorClass, ...] = get_args(ErrorClass)
WORDS: dict[ErrorClass, str] = {
    "assertion": "test assertion",
    "import": "import",
    "syntax": "syntax",
    "name": "name that is not defined",
    "attribute": "attribute that is missing",
    "key": "key that is missing",
    "index": "index out of range",
    "type": "type",
    "value": "value",
    "encoding": "text encoding",
    "timeout": "timeout",
    "network": "network",
    "permission": "permission",
    "file": "file that is missing or wrong",
    "memory": "memory",
    "recursion": "recursion",
    "database": "database",
    "build": "build",
    "lint": "lint or type check",
    "unknown": "unknown",
}
# By the type's last name; the first that fits.
_TYPES: tuple[tuple[ErrorClass, str], ...] = (
    ("import", r"ModuleNotFoundError|ImportError"),
    ("syntax", r"SyntaxError|IndentationError|TabError"),
    ("assertion", r"AssertionError|Failed|ComparisonFailure|ExpectationFailed"),
    ("encoding", r"Unicode\w*"),
    ("timeout", r"\w*Time(d)?[oO]ut\w*"),
    ("network", r"Connection\w*|BrokenPipeError|gaierror|\w*(URL|HTTP|SSL|Socket|DNS|Proxy|Network)\w*Error"),
    ("permission", r"Permission\w*|Forbidden|AccessDenied\w*|EACCES"),
    ("file", r"File\w*Error|IsADirectoryError|NotADirectoryError|ENOENT"),
    ("memory", r"MemoryError|OutOfMemory\w*"),
    ("recursion", r"RecursionError"),
    (
        "database",
        r"\w*(Operational|Integrity|Programming|Interface|Database)Error|NoResultFound|DoesNotExist",
    ),
    ("name", r"NameError|UnboundLocalError|ReferenceError"),
    ("attribute", r"AttributeError"),
    ("key", r"KeyError"),
    ("index", r"IndexError|StopIteration|RangeError"),
    ("type", r"TypeError"),
    ("value", r"ValueError|ValidationError|\w*(Overflow|ZeroDivision|Arithmetic|Decode|Parse)Error"),
)
# By what is said, where the type does not tell; or tells less than this does.
_SAID: tuple[tuple[ErrorClass, str], ...] = (
    ("timeout", r"timed out|deadline exceeded|time-?out"),
    ("network", r"connection (refused|reset|aborted|error)|name or service not known|network is unreachable"
                r"|name resolution|getaddrinfo|ECONNREFUSED|no route to host"),
    ("permission", r"permission denied|access (is )?denied|operation not permitted|EACCES"),
    ("memory", r"out of memory|cannot allocate memory|heap out"),
    ("recursion", r"maximum recursion depth|call stack size exceeded"),
    ("import", r"no module named|cannot find module|cannot import name|command not found|unresolved import"),
    ("file", r"no such file or directory|ENOENT"),
    ("database", r"no such (table|column)|database is locked|duplicate key value|deadlock detected"),
    ("syntax", r"invalid syntax|unexpected (token|indent|EOF)"),
)  # fmt: skip
_BUILD = re.compile(r"error\[E\d+\]|TS\d+|C\d{4}|cc|ld|make|npm|cargo|compile", re.I)
_TYPE_RULES = [(name, re.compile(pattern)) for name, pattern in _TYPES]
_SAID_RULES = [(name, re.compile(pattern, re.I)) for name, pattern in _SAID]
_VAGUE = frozenset({"", "Error", "Exception", "OSError", "IOError", "RuntimeError", "SystemExit"})


def classify(type_name: str, message: str, tool: str | None = None) -> ErrorClass:
    """The class of an error; ``tool`` says what reported it: ``lint``, ``build`` or nothing known."""
    last = type_name.rpartition(".")[2]
    if last not in _VAGUE:
        for name, rule in _TYPE_RULES:
            if rule.fullmatch(last):
                return name
    for name, rule in _SAID_RULES:
        if rule.search(message):
            return name
    if tool == "lint":
        return "lint"
    if tool == "build" or _BUILD.fullmatch(last):
        return "build"
    return "unknown"


def error_words(name: ErrorClass) -> str:
    """A class as a person reads it."""
    return WORDS[name]
