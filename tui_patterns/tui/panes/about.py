"""What is known of a pattern, in lines: labels and why, quality, place in the code, tests, anti-patterns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from tui_patterns.models import RELATION_WORDS
from tui_patterns.text import clean_line
from tui_patterns.tui.formats import MUTED, figure, label_name, plural, quality

if TYPE_CHECKING:
    from tui_patterns.models import Finding, HistoryEntry, Metrics, Pattern, Related, Site, Usage

HEAD = 10  # cells, of which the last is blank
MOST_SITES = 5


@dataclass(frozen=True, slots=True)
class Details:
    """What had to be fetched of a pattern."""

    history: Sequence[HistoryEntry] = ()
    usage: Usage | None = None
    sites: Sequence[Site] = ()
    related: Sequence[Related] = ()
    metrics: Metrics | None = None


def headed(name: str, *parts: str | tuple[str, str]) -> Content:
    """A line with a name before it, where folded lines hang."""
    return Content.assemble((f"{name:<{HEAD}}", MUTED), *parts)


def lines(pattern: Pattern, details: Details, findings: Sequence[Finding] | None) -> Iterator[Content]:
    """All that is known, the most telling first; ``findings`` are those of its file, if known."""
    yield from _labels(pattern)
    yield headed("Quality", (quality(pattern), "bold"), *_parts(pattern))
    yield headed("Kind", *_kind(pattern))
    yield from _tests(pattern)
    yield headed("Code", _relations(details))
    yield from _sites(pattern, details.sites)
    yield from _findings(pattern, findings)


def _labels(pattern: Pattern) -> Iterator[Content]:
    if not pattern.labels:
        yield headed("Labels", ("none recognised", MUTED))
    for number, one in enumerate(pattern.labels):
        words = [_lines(one.evidence), clean_line(one.why, 400)]
        told = "".join(f" · {part}" for part in words if part)
        name = f"{label_name(one.label)} {figure(one.confidence)}"
        yield headed("" if number else "Labels", (name, "bold"), told)


def _lines(numbers: Sequence[int]) -> str:
    """``» 12, 14–16``: lines that are marked in the code."""
    spans: list[list[int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    told = ", ".join(f"{first}" if first == last else f"{first}–{last}" for first, last in spans)
    return f"» {told}" if told else ""


def _parts(pattern: Pattern) -> Iterator[tuple[str, str] | str]:
    for name, value in asdict(pattern.quality).items():
        if name != "overall":
            yield f" · {name} "
            yield ("unknown", MUTED) if value is None else figure(value)


def _kind(pattern: Pattern) -> Iterator[tuple[str, str] | str]:
    grade = (pattern.complexity_range or "").replace("_", " ")
    parts = [
        pattern.pattern_type.replace("_", " "),
        pattern.form,
        " / ".join(part.replace("_", " ") for part in (pattern.category, pattern.subcategory) if part),
        pattern.component_type,
        "complexity unknown" if pattern.complexity is None else f"complexity {pattern.complexity}, {grade}",
    ]
    yield clean_line(" · ".join(part for part in parts if part), 300)


def _tests(pattern: Pattern) -> Iterator[Content]:
    tests = pattern.tests
    if tests.broken:
        failing = ", ".join(clean_line(name, 120) for name in tests.failing[:3])
        yield headed("Tests", ("✗ broken", "bold $text-error"), f" · still failing: {failing}")
    elif tests.passed is None:
        yield headed("Tests", ("unknown", MUTED))
    else:
        told = [f"{tests.passed} passed", f"{tests.failed} failed" if tests.failed else ""]
        told.append(f"{tests.unknown} unknown" if tests.unknown else "")
        yield headed("Tests", ", ".join(part for part in told if part) + ", of those that cover it")


def _relations(details: Details) -> str:
    counts = Counter(RELATION_WORDS[one.kind, one.outgoing] for one in details.related)
    told = [f"{words} {count}" for words, count in counts.items()]
    if details.metrics is not None:
        files = plural(details.metrics.files, "file")
        told.append(f"referred to {plural(details.metrics.fan_in, 'time')} from {files}")
        told.append("" if details.metrics.lcom4 is None else f"LCOM4 {details.metrics.lcom4}")
    told.append("g r walks" if counts else "")
    return " · ".join(part for part in told if part) or "no relations known"


def _sites(pattern: Pattern, sites: Sequence[Site]) -> Iterator[Content]:
    others = [site for site in sites if (site.path, site.line) != (pattern.path, pattern.line)]
    if others:
        places = ", ".join(clean_line(f"{site.path}:{site.line}", 200) for site in others[:MOST_SITES])
        more = f" and {len(others) - MOST_SITES} more" if len(others) > MOST_SITES else ""
        yield headed("Also in", f"{places}{more}")


def _findings(pattern: Pattern, findings: Sequence[Finding] | None) -> Iterator[Content]:
    if findings is None:
        yield headed("Problems", ("not looked for yet", MUTED))
        return
    inside = [one for one in findings if pattern.line <= one.line <= pattern.end_line]
    names = ", ".join(f"{label_name(label)}{f' ×{n}' if n > 1 else ''}" for label, n in _counted(inside))
    yield headed("Problems", f"{names} · 4 says what to do instead" if names else "none found in it")


def _counted(findings: Sequence[Finding]) -> list[tuple[str, int]]:
    return Counter(one.label for one in findings).most_common()
