"""``search`` and ``similar``: patterns by words, and patterns by likeness."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, get_args

import typer

from tui_patterns.cli import output, shapes
from tui_patterns.cli.errors import say, usage
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json, Limit, MinQuality
from tui_patterns.models import COMPLEXITY_LIMITS, ComplexityRange, Filters, PatternType

if TYPE_CHECKING:
    from tui_patterns.api import FileHit, PatternLibrary
    from tui_patterns.models import Hit, SearchResult, SemanticRows

_ROWS = 100  # by meaning: as many as files are ranked by


def search(
    ctx: typer.Context,
    query: Annotated[list[str], typer.Argument(metavar="QUERY", help="What the code does, in plain words.")],
    limit: Limit = None,
    language: Annotated[str | None, typer.Option(metavar="L", help="Only this language.")] = None,
    framework: Annotated[str | None, typer.Option(metavar="F", help="Only this framework.")] = None,
    label: Annotated[str | None, typer.Option(metavar="X", help="Only patterns with this label.")] = None,
    kind: Annotated[
        str | None, typer.Option("--type", metavar="T", help=f"Only {', '.join(get_args(PatternType))}.")
    ] = None,
    project: Annotated[str | None, typer.Option(metavar="P", help="Only this project.")] = None,
    category: Annotated[
        str | None, typer.Option(metavar="C", help="Only this category: api, caching, database_operations, …")
    ] = None,
    subcategory: Annotated[
        str | None, typer.Option(metavar="S", help="Only this subcategory: retry, routing, queries, …")
    ] = None,
    component: Annotated[
        str | None, typer.Option(metavar="K", help="Only this part of a framework: route, model, task, …")
    ] = None,
    tag: Annotated[str | None, typer.Option(metavar="G", help="Only patterns with this tag.")] = None,
    complexity_range: Annotated[
        str | None,
        typer.Option(metavar="R", help="Only low (to 5), medium (to 10), high (to 20), very_high."),
    ] = None,
    min_quality: MinQuality = None,
    min_confidence: Annotated[
        float | None, typer.Option(metavar="X", min=0.0, max=1.0, help="Least mean success rate, 0 to 1.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each one is here.")] = False,
    files: Annotated[bool, typer.Option("--files", help="The files that are about it, best first.")] = False,
    json: Json = False,
) -> None:
    """Find patterns in plain words: by their words and by their meaning.

    A name, code of several lines, or an error's text is told apart and searched for as
    such. "Words in quotes" must stand side by side; -word must not be there (quote the
    whole query then, so that it is no option).

    Each result carries a relevance of 0 to 100 %, which does not depend on the other
    results, and the success rate with its 90 % interval.

    \b
    Examples:
      patterns-tui search "wrap text to a given width"
      patterns-tui search retry with back-off --framework fastapi --limit 10
      patterns-tui search "retry -async"
      patterns-tui search cache --json | jq -r '.results[].path'
    """
    words = " ".join(query).strip()
    if not words:
        raise usage('the query is empty; say what you look for: patterns-tui search "parse a date"')
    if kind is not None and kind not in get_args(PatternType):
        raise usage(f"--type {kind}: no such type; types are {', '.join(get_args(PatternType))}")
    filters = Filters(
        language, framework, label, kind, project, min_quality,
        category=category, subcategory=subcategory, component_type=component, tag=tag,
        complexity_range=_range(complexity_range), min_confidence=min_confidence,
    )  # fmt: skip
    library = invocation(ctx).library()
    semantic = library.search_semantic(words, max(_ROWS, limit or 0), filters)
    if semantic is not None and semantic.note:
        say(semantic.note)
    if files:
        _print_files(library.search_files(words, limit, filters, semantic=semantic), json=json)
        return
    result, note = _found(library, words, limit or library.settings.search.default_limit, filters, semantic)
    if note:
        say(note)
    if json:
        output.data(shapes.search(result))
        return
    print_hits(result.hits, explain=explain)
    _print_mode(result, library)


def _found(
    library: PatternLibrary, words: str, limit: int, filters: Filters, semantic: SemanticRows | None
) -> tuple[SearchResult, str | None]:
    """The best hits, as the reranker orders them where one is set, or one line on why it does not."""
    if not library.settings.search.reranker:
        return library.search(words, limit, filters, semantic=semantic), None
    from tui_patterns.api import rerank
    from tui_patterns.search.parameters import RERANKED

    result, note = rerank(library, library.search(words, max(limit, RERANKED), filters, semantic=semantic))
    return replace(result, hits=result.hits[:limit]), note


def _range(name: str | None) -> ComplexityRange | None:
    found = next((one for one in COMPLEXITY_LIMITS if one == name), None)
    if name is not None and found is None:
        raise usage(f"--complexity-range {name}: ranges are {', '.join(COMPLEXITY_LIMITS)}")
    return found


def _print_files(found: Sequence[FileHit], *, json: bool) -> None:
    """Files, each with the best of what it holds."""
    if json:
        output.data([shapes.file_hit(each) for each in found])
        return
    for number, each in enumerate(found, 1):
        output.line(f"{number:2}  {output.styled(output.safe(each.path), 'bold')}")
        output.wrapped(", ".join(hit.pattern.qualname for hit in each.hits[:3]), indent="    ")
    if not found:
        output.line("Nothing found.")


def similar(
    ctx: typer.Context,
    pattern_id: Annotated[
        str,
        typer.Argument(metavar="ID", help="A pattern's id, or its beginning; - for standard input."),
    ],
    limit: Limit = 10,
    json: Json = False,
) -> None:
    """Patterns like one, or like an example, nearest first: by what they do, not by their names.

    An example on standard input is code, an error's text (a traceback), or a contract in JSON
    or YAML; it is told apart by how it looks.

    \b
    Examples:
      patterns-tui similar 3f9a2c1d --limit 5
      patterns-tui similar - < retry.py
      python app.py 2>&1 | patterns-tui similar -
    """
    library = invocation(ctx).library()
    if pattern_id == "-":
        from tui_patterns.api import search_example

        origin, hits = None, search_example(library, _example(), limit or 10)
    else:
        origin = library.pattern(pattern_id).id
        hits = library.similar(origin, limit or 10)
    if json:
        output.data({"id": origin, "results": [shapes.hit(each) for each in hits]})
        return
    print_hits(hits)
    if not hits:
        output.line("No pattern is like it.")
        output.hint("Likeness needs the semantic index: `patterns-tui doctor` says whether it is there.")


def _example() -> str:
    if sys.stdin is None or sys.stdin.isatty():
        raise usage("the example comes from standard input: patterns-tui similar - < some.py")
    example = sys.stdin.buffer.read().decode("utf-8", "replace")
    if not example.strip():
        raise usage("there is no example on standard input")
    return example


def print_hits(hits: Sequence[Hit], *, explain: bool = False) -> None:
    """Results, three lines each."""
    from tui_patterns.api import describe, why_lines

    for number, found in enumerate(hits, 1):
        pattern = found.pattern
        share = f"{found.relevance:4.0%}"
        title = output.fit(pattern.name, output.width() - 10)
        output.line(f"{number:2}  {output.styled(output.pad(title, output.width() - 9), 'bold')} {share}")
        place = f"{pattern.path}:{pattern.line}-{pattern.end_line}"
        output.line("    " + output.styled(pattern.id[:8], "cyan") + "  " + output.safe(place))
        facts = [pattern.qualname, pattern.project, *(each.label for each in pattern.labels)]
        if pattern.quality.overall is not None:
            facts.append(f"quality {pattern.quality.overall:.2f}")
        if pattern.tests.broken:
            facts.append("broken: a test that covers it failed")
        if pattern.retired is not None:
            facts.append("retired")
        output.wrapped(" · ".join([*facts, describe(pattern.confidence)]), indent="    ")
        if explain:
            for reason in why_lines(found.why):
                output.wrapped(reason, "    ")


def _print_mode(result: SearchResult, library: PatternLibrary) -> None:
    if not result.hits:
        output.line("Nothing found.")
        if library.count() == 0:
            output.hint("The library is empty: `patterns-tui index .` reads the current folder into it.")
    elif result.mode == "lexical":
        output.hint(
            "Found by words only: the semantic index is not there yet; `patterns-tui doctor` says why."
        )
