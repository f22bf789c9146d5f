"""The one gateway that makes foreign text safe to show in a terminal or to put in a prompt.

Foreign text (code, file names, messages of tools) can hold escape sequences
(ECMA-48: CSI, OSC, DCS ...) that move the cursor, write the clipboard or set the
title, and Unicode format characters that reorder or hide what a reader sees
(CVE-2021-42574). Each such character becomes a visible stand-in of one cell.
"""

from __future__ import annotations

import re

_STAND_IN = "\N{REPLACEMENT CHARACTER}"
# Terminators: BEL or ST (7 or 8 bit). An unfinished string ends with its line, so that it cannot
# swallow the rest of a file.
_STRING = r"(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])[^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\|\x9c)?"
_CSI = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
_SEQUENCE = re.compile(rf"{_STRING}|{_CSI}|\x1b[ -/]*[0-~]?")
# Only what Python itself counts as a line end: a line number must stay what the parser said.
_NEWLINE = re.compile("\r\n?")
# C0 without tab and newline, DEL, C1; soft hyphen, Arabic letter mark, Hangul fillers, Mongolian
# separator, zero-width and bidi marks, invisible operators, interlinear marks, tags; lone surrogates.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPACE = re.compile(r"\s+")
_BACKTICKS = re.compile("`+")
_INFO = re.compile(r"[^A-Za-z0-9_+#.-]")


def clean(text: str) -> str:
    """``text`` without anything a terminal obeys or a reader cannot see; newlines and tabs stay.

    An escape sequence or a control, format or surrogate character becomes
    U+FFFD; ``\\r\\n`` and ``\\r`` become ``\\n``. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _NEWLINE.sub("\n", _SEQUENCE.sub(_STAND_IN, text))
    return _UNSAFE.sub(_STAND_IN, text)


def clean_line(text: str, limit: int | None = None) -> str:
    """``clean(text)`` as one line: white space folded, at most ``limit`` characters, then an ellipsis."""
    line = _SPACE.sub(" ", clean(text)).strip()
    if limit is None or len(line) <= limit:
        return line
    return line[: max(limit - 1, 0)].rstrip() + "…" if limit > 0 else ""


def fence(code: str, language: str = "python") -> str:
    """``code`` as a fenced Markdown block that it cannot close (CommonMark 0.31, section 4.5).

    The fence is longer than any run of backticks inside. ``code`` is cleaned;
    the block has no newline at its end.
    """
    body = clean(code).rstrip("\n")
    longest = max((len(run) for run in _BACKTICKS.findall(body)), default=0)
    ticks = "`" * max(3, longest + 1)
    return f"{ticks}{_INFO.sub('', language)}\n{body}\n{ticks}"
