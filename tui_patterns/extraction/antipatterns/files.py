"""Files to findings: ruff once for all of them, then what the trees show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from tui_patterns.extraction.antipatterns.advice import advice, told
from tui_patterns.extraction.antipatterns.blocking import blocking_hits
from tui_patterns.extraction.antipatterns.cohesion import cohesion_hits
from tui_patterns.extraction.antipatterns.defaults import default_hits
from tui_patterns.extraction.antipatterns.duplicates import CODE, LABEL, bodies, duplicate_hits
from tui_patterns.extraction.antipatterns.outline import Outline, outline_of
from tui_patterns.extraction.antipatterns.receivers import receiver_hits
from tui_patterns.extraction.antipatterns.resources import resource_hits
from tui_patterns.extraction.antipatterns.ruff import run_ruff
from tui_patterns.extraction.antipatterns.rules import RULES
from tui_patterns.extraction.antipatterns.shape import ShapeHit, shape_hits
from tui_patterns.extraction.antipatterns.statements import statement_hits
from tui_patterns.extraction.antipatterns.structure import structure_hits
from tui_patterns.extraction.source import content_hash
from tui_patterns.models import Finding

_LOOKS: tuple[Callable[[Outline], Iterator[ShapeHit]], ...] = (
    shape_hits, receiver_hits, default_hits, blocking_hits, structure_hits, statement_hits, resource_hits,
    cohesion_hits,
)  # fmt: skip
_ID_BYTES = 6


@dataclass(frozen=True, slots=True)
class Found:
    """One finding as it is kept: ``measured`` says by how much, or what; ``rule`` who saw it.

    ``mark`` names it by file, definition, label and the words of its line, and so survives lines
    that move.
    """

    label: str
    rule: str
    qualname: str | None
    line: int
    end_line: int
    measured: str
    mark: str


@dataclass(frozen=True, slots=True)
class Body:
    """A function that may be written twice: equal keys are equal parameters and statements."""

    key: str
    qualname: str
    line: int
    end_line: int
    mark: str
    quiet: bool


@dataclass(frozen=True, slots=True)
class Examined:
    """What one file holds; ``digest`` is the SHA-256 of the bytes that were read."""

    path: str
    digest: str
    found: tuple[Found, ...] = ()
    bodies: tuple[Body, ...] = ()


def find_file(path: Path, rel: str) -> list[Finding]:
    """The findings of the one file at *path*; *rel* is what they carry as its path.

    Raises RuffFailed.
    """
    return _findings({rel: path})


def find_files(root: Path, rels: Iterable[str]) -> list[Finding]:
    """The findings of the files *rels* (POSIX, relative to *root*), by path and line.

    ruff runs once for many files. A file that cannot be read or parsed gives
    none. Raises RuffFailed, with one clear line, if ruff cannot do its work.
    """
    return _findings({rel: root / rel for rel in rels})


def examine_files(root: Path, rels: Iterable[str]) -> list[Examined]:
    """What each of the files holds by itself.

    One that cannot be read or parsed, or is written meanwhile, is left out. Raises RuffFailed.
    """
    files = {rel: root / rel for rel in rels}
    outlines = _outlines(files)
    hits = _all_hits(files, outlines)
    return [
        Examined(
            rel, outline.digest, tuple(_kept(hits[rel], files[rel], outline)), _bodies(files[rel], outline)
        )
        for rel, outline in outlines.items()
        if _has_digest(files[rel], outline.digest)
    ]


def _has_digest(file: Path, digest: str) -> bool:
    """Whether ruff and we have read the same bytes."""
    try:
        return content_hash(file.read_bytes()) == digest
    except OSError:
        return False


def _findings(files: Mapping[str, Path]) -> list[Finding]:
    outlines = _outlines(files)
    hits = _all_hits(files, outlines)
    for rel, hit in duplicate_hits(outlines):
        hits[rel].append((LABEL, hit))
    return sorted(
        (
            finding(rel, found)
            for rel, outline in outlines.items()
            for found in _kept(hits[rel], files[rel], outline)
        ),
        key=lambda item: (item.path, item.line, item.label),
    )


def finding(path: str, found: Found) -> Finding:
    """What is kept, with its words."""
    words = advice()[found.label]
    return Finding(
        path=path,
        line=found.line,
        end_line=found.end_line,
        qualname=found.qualname,
        label=found.label,
        rule=found.rule,
        severity=words.severity,
        message=told(found.label, found.measured),
        instead=words.instead,
        why=words.why,
        id=found.mark,
    )


def mark(file: Path, qualname: str | None, label: str, line: str) -> str:
    """Names a finding: 12 hex digits that stay while its file, definition and line's words stay."""
    text = "\0".join((str(file.absolute()), qualname or "", label, " ".join(line.split())))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=_ID_BYTES).hexdigest()


def _outlines(files: Mapping[str, Path]) -> dict[str, Outline]:
    return {rel: outline for rel, path in files.items() if (outline := outline_of(path)) is not None}


def _all_hits(
    files: Mapping[str, Path], outlines: Mapping[str, Outline]
) -> dict[str, list[tuple[str, ShapeHit]]]:
    """(rule, hit) by file; ruff has looked for ``noqa`` itself."""
    hits: dict[str, list[tuple[str, ShapeHit]]] = {rel: [] for rel in outlines}
    readable = {str(files[rel].absolute()): rel for rel in outlines}
    for hit in run_ruff(list(readable)):
        if (rel := readable.get(hit.file)) is not None:
            qualname = outlines[rel].qualname_at(hit.line)
            hits[rel].append((hit.rule, ShapeHit(RULES[hit.rule], qualname, hit.line, hit.end_line, "")))
    for rel, outline in outlines.items():
        for look in _LOOKS:
            hits[rel] += [
                (hit.label, hit) for hit in look(outline) if not outline.is_quiet(hit.line, hit.code)
            ]
    return hits


def _kept(hits: Iterable[tuple[str, ShapeHit]], file: Path, outline: Outline) -> Iterator[Found]:
    """One for each line and label, in order: several rules may see the same thing."""
    seen: set[tuple[int, str]] = set()
    for rule, hit in sorted(hits, key=lambda pair: (pair[1].line, pair[1].label, not pair[1].measured)):
        if (hit.line, hit.label) not in seen and not (
            hit.label == LABEL and outline.is_quiet(hit.line, CODE)
        ):
            seen.add((hit.line, hit.label))
            named = mark(file, hit.qualname, hit.label, _line(outline, hit.line))
            yield Found(hit.label, rule, hit.qualname, hit.line, hit.end_line, hit.measured, named)


def _bodies(file: Path, outline: Outline) -> tuple[Body, ...]:
    return tuple(
        Body(
            key,
            one.qualname,
            one.node.lineno,
            one.last_line,
            mark(file, one.qualname, LABEL, _line(outline, one.node.lineno)),
            outline.is_quiet(one.node.lineno, CODE),
        )
        for key, one in bodies(outline)
    )


def _line(outline: Outline, number: int) -> str:
    return outline.lines[number - 1] if 0 < number <= len(outline.lines) else ""
