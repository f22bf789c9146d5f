"""Sections of docs/benchmarks.md: each is a file that its own program writes, and all stand on the page.

A section begins with its heading of the second rank, by which it is found on the page.
"""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.places import TOP

PAGE = TOP / "docs" / "benchmarks.md"


def section_file(name: str) -> Path:
    """The file of a section."""
    return Path(__file__).with_name(f"{name}.md")


def write_section(name: str, text: str) -> None:
    """Keep a section, and put it on the page."""
    section_file(name).write_text(text, "utf-8")
    if PAGE.exists():
        PAGE.write_text(put(PAGE.read_text("utf-8"), text), "utf-8")


def put(page: str, text: str) -> str:
    """``page`` with the section in place of the one with this heading, or at its end."""
    heading = text.splitlines()[0]
    whole = re.compile(rf"^{re.escape(heading)}$.*?(?=^## |^<!-- |\Z)", re.DOTALL | re.MULTILINE)
    text = f"{text.rstrip()}\n\n"
    return whole.sub(lambda _: text, page, count=1) if whole.search(page) else f"{page.rstrip()}\n\n{text}"


def between(page: str, name: str, text: str) -> str:
    """``page`` with ``text`` between its marks ``<!-- name: start -->`` and ``<!-- name: end -->``.

    Raises ValueError for a page without them.
    """
    start, end = f"<!-- {name}: start -->", f"<!-- {name}: end -->"
    whole = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if not whole.search(page):
        raise ValueError(f"the page has no place for {name}: {start} … {end}")
    return whole.sub(lambda _: f"{start}\n{text.strip()}\n{end}", page, count=1)
