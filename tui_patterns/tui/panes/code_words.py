"""What the code pane says of a pattern, and its code as styled lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from tui_patterns.text import clean, clean_line
from tui_patterns.tui.formats import MUTED, evidence, facts, named_labels, plural, quality, where

if TYPE_CHECKING:
    from tui_patterns.api import FacetWords
    from tui_patterns.models import Pattern, Site
    from tui_patterns.tui.ports import Library

UNCHANGED = "There is one version only: the code has not changed since it was first read."


def highlighted(code: str, language: str) -> list[Content]:
    """``code`` as styled lines; imports Pygments, so it is called from a worker thread."""
    from textual.highlight import highlight

    return list(highlight(clean(code).expandtabs(4), language=language).split("\n", allow_blank=True))


def changes(library: Library, id: str) -> list[Content]:
    """What each version of a pattern changed, newest first; from a worker thread."""
    from tui_patterns.api import diffs

    found = [each for each in diffs(library.history(id)) if each]
    return highlighted("\n\n".join(found), "diff") if found else [Content.styled(UNCHANGED, MUTED)]


def proof(pattern: Pattern) -> frozenset[int]:
    """The lines (of the file) that its labels were given for."""
    return frozenset(line for label in pattern.labels for line in label.evidence)


def in_words(pattern: Pattern) -> Sequence[FacetWords]:
    """Its facets, in the order in which they are read."""
    from tui_patterns.api import facet_words

    return facet_words(pattern.facets, pattern.line)


def about(pattern: Pattern, sites: Sequence[Site], found: str = "") -> Content:
    """Place, then how it was found, labels, success and facts: two lines, the most telling first."""
    others = len({site.path for site in sites} - {pattern.path})
    place = [where(pattern), clean_line(pattern.project, 60)]
    place += [f"also in {plural(others, 'file')}"] if others else []
    place += ["no longer in the code"] if pattern.gone else []
    told = [found, "✗ its tests fail" if pattern.tests.broken else "", named_labels(pattern)]
    told = [part for part in (*told, f"quality {quality(pattern)}") if part]
    return Content("\n").join(
        [
            Content.styled(" · ".join(part for part in place if part), MUTED),
            Content.assemble(
                ("".join(f"{part} · " for part in told), "bold"),
                f"success {evidence(pattern)}" if pattern.confidence.n else evidence(pattern),
                (" · " + facts(pattern), MUTED),
            ),
        ]
    )
