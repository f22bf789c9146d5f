"""The names in a piece of code that tell what it is for, found without a parser.

What is stored of a pattern is its text: so the names can be told from it at any
time, for any version. A line of a string that looks like code counts as code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_MOST_CODE = 20_000
# Possessive (++, *+) where less could not match either: tried anew from each letter, it took thrice as long.
_GIVEN = re.compile(
    r"^[ \t]*+([\w.]++(?:\[[^\]\n]*+\])?(?:, *+\*?[\w.]++)*)"  # one name or several
    r"(?: ?: [^=\n]+)? [-+*/|&%@^<>]{0,2}=\s",  # annotated or not; a keyword argument has no space here
    re.MULTILINE,
)
_BOUND = re.compile(
    r"\bfor ([\w, ()]{1,80}?) in\b|\bas (\w+)|\b(\w++) ?:=|\b(?:yield|return) +(?:await )?([\w.]+)"
)
_CALLED = re.compile(r"(?<!def )(?<!class )\b([^\W\d]\w*)\(")
_SUBSCRIPT = re.compile(r"\[.*")
_TELL_NOTHING = frozenset({"self", "cls", "None", "True", "False", "_"})


def value_names(code: str) -> list[str]:
    """Names that ``code`` gives to values, and those that it returns: of a dotted one its last part."""
    return list(dict.fromkeys(name for name in _values(code[:_MOST_CODE]) if name not in _TELL_NOTHING))


def _values(code: str) -> Iterator[str]:
    for match in _GIVEN.finditer(code):
        yield from (_last(_SUBSCRIPT.sub("", part)) for part in match[1].split(","))
    for match in _BOUND.finditer(code):
        found = next((group for group in match.groups() if group), "")
        yield from map(_last, found.strip("()").split(","))


def _last(name: str) -> str:
    return name.strip(" *()").rpartition(".")[2]


def called_names(code: str) -> list[str]:
    """Names that ``code`` calls, each once, whatever they stand for: of a dotted one its last part."""
    return list(dict.fromkeys(_CALLED.findall(code[:_MOST_CODE])))
