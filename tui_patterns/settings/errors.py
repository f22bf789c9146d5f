"""One line for a wrong setting: where it stands, which key, what is wrong, the nearest right one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

from tui_patterns.settings.model import SECTIONS
from tui_patterns.text import clean_line

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails


class SettingsError(Exception):
    """A setting is wrong; ``str()`` is one line that says where and what."""


def all_keys() -> list[str]:
    """Every key as ``section.key``."""
    return [f"{name}.{key}" for name in SECTIONS for key in keys_of(name)]


def keys_of(section: str) -> list[str]:
    """The keys of one section; raises KeyError for a section that is none."""
    return [one.name for one in fields(SECTIONS[section])]


def nearest_key(dotted: str) -> str | None:
    """The known key that ``section.key`` means: the word elsewhere, a like one here, a like one elsewhere."""
    section, _, word = dotted.partition(".")
    by_word = {key.partition(".")[2]: key for key in all_keys()}
    if word in by_word:
        return by_word[word]
    here = nearest(word, keys_of(section))
    if here:
        return f"{section}.{here}"
    elsewhere = nearest(word, list(by_word), likeness=0.75)
    return by_word[elsewhere] if elsewhere else None


def nearest(word: str, words: Sequence[str], likeness: float = 0.5) -> str | None:
    """The one of ``words`` most like ``word`` (difflib's ratio, 0 to 1), or ``None``."""
    from difflib import get_close_matches

    close = get_close_matches(word, words, n=1, cutoff=likeness)
    return close[0] if close else None


def did_you_mean(word: str | None) -> str:
    """The tail of an error line."""
    return f'; did you mean "{word}"?' if word else ""


def unknown_section(name: str) -> str:
    """What is wrong with a section that does not exist."""
    guess = nearest(name, list(SECTIONS))
    known = f"; sections are {', '.join(SECTIONS)}"
    return f"{clean_line(name, 60)}: no such section{did_you_mean(guess) or known}"


def unknown_key(dotted: str) -> str:
    """What is wrong with a key that does not exist."""
    section = dotted.partition(".")[0]
    known = f"; keys of {section} are {', '.join(keys_of(section))}"
    return f"{clean_line(dotted, 80)}: no such key{did_you_mean(nearest_key(dotted)) or known}"


def describe(section: str, error: ValidationError) -> str:
    """The first error of a section in words."""
    detail = error.errors(include_url=False)[0]
    path = [str(part) for part in detail["loc"]]
    if detail["type"] == "extra_forbidden":
        return unknown_key(f"{section}.{path[0]}")
    dotted = ".".join([section, *path])
    # Headers carry tokens: an error line may end up in a log or in a bug report.
    shown = (
        "the given value"
        if dotted.startswith("index.chroma_headers")
        else clean_line(repr(detail["input"]), 60)
    )
    return f"{clean_line(dotted, 80)}: {_complaint(detail, shown)}"


def _complaint(detail: ErrorDetails, shown: str) -> str:
    if detail["type"] == "string_pattern_mismatch":
        return f"must be empty or begin with http:// or https://, not {shown}"
    said = detail["msg"].removeprefix("Input should be ").partition(", unable")[0]
    return f"must be {clean_line(said, 120)}, not {shown}{_value_hint(detail)}"


def _value_hint(detail: ErrorDetails) -> str:
    if detail["type"] != "literal_error" or not isinstance(detail["input"], str):
        return ""
    words = detail.get("ctx", {}).get("expected", "").replace(" or ", ", ").split(", ")
    return did_you_mean(nearest(detail["input"], [word.strip("'") for word in words]))
