"""``graph``: patterns and their relations for a program that draws them, or for one that reads them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from tui_patterns.cli import output, shapes
from tui_patterns.cli.invocation import invocation
from tui_patterns.cli.parameters import Json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tui_patterns.models import Graph, GraphEdge, GraphNode

_TITLE = 60
_STYLES = {"SIMILAR_TO": "dashed", "COMPOSED_OF": "bold"}
_ARROWS = {"SIMILAR_TO": "-.-", "COMPOSED_OF": "==>"}


class Format(StrEnum):
    """How a graph is written."""

    DOT = "dot"
    MERMAID = "mermaid"
    JSON = "json"


def graph(
    ctx: typer.Context,
    pattern_id: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="Only what surrounds this pattern; default: everything."),
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.DOT,
    depth: Annotated[int, typer.Option(metavar="N", min=1, max=4, help="Steps away from ID.")] = 1,
    project: Annotated[str | None, typer.Option(metavar="P", help="Only this project, without ID.")] = None,
    json: Json = False,
) -> None:
    """Write patterns and their relations as a graph: EXTENDS, USES, CREATES, COMPOSED_OF, SIMILAR_TO.

    Relations that are likely rather than certain are drawn grey, with a question mark.

    \b
    Examples:
      patterns-tui graph 3f9a2c1d --depth 2 | dot -Tsvg > graph.svg
      patterns-tui graph --project shop --format mermaid
    """
    library = invocation(ctx).library()
    found = library.graph(pattern_id, depth=depth, project=project)
    if json or format is Format.JSON:
        output.data(shapes.graph(found))
        return
    for text in dot(found) if format is Format.DOT else mermaid(found):
        output.line(text)


def dot(found: Graph) -> Iterator[str]:
    """The graph in the language of Graphviz (graphviz.org/doc/info/lang.html)."""
    yield "digraph patterns {"
    yield '  rankdir=LR; node [shape=box, fontname="sans-serif"]; edge [fontname="sans-serif", fontsize=9];'
    for node in found.nodes:
        shape = ", style=rounded" if node.kind != "class" else ""
        yield f'  "{node.id}" [label="{_quoted(_title(node))}\\n{_quoted(_place(node))}"{shape}];'
    for edge in found.edges:
        yield f'  "{edge.source}" -> "{edge.target}" [label="{_label(edge)}"{_style(edge)}];'
    yield "}"


def mermaid(found: Graph) -> Iterator[str]:
    """The graph as a Mermaid flowchart (mermaid.js.org/syntax/flowchart.html)."""
    yield "flowchart LR"
    names = {node.id: f"n{number}" for number, node in enumerate(found.nodes)}
    for node in found.nodes:
        yield f'  {names[node.id]}["{_entities(_title(node))}<br/>{_entities(_place(node))}"]'
    for edge in found.edges:
        arrow = _ARROWS.get(edge.kind, "-->")
        yield f'  {names[edge.source]} {arrow}|"{_label(edge)}"| {names[edge.target]}'


def _title(node: GraphNode) -> str:
    return output.fit(node.name, _TITLE)


def _place(node: GraphNode) -> str:
    return output.fit(f"{node.qualname} · {node.path}:{node.line}", 2 * _TITLE)


def _label(edge: GraphEdge) -> str:
    share = f" {edge.confidence:.0%}" if edge.kind == "SIMILAR_TO" else ""
    return edge.kind + share + ("" if edge.resolved else " ?")


def _style(edge: GraphEdge) -> str:
    style = f", style={_STYLES[edge.kind]}" if edge.kind in _STYLES else ""
    style += ", dir=none" if edge.kind == "SIMILAR_TO" else ""
    return style + ("" if edge.resolved else ", color=gray")


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _entities(text: str) -> str:
    """Mermaid reads ``#…;`` as a character by number; nothing else may end a label or begin markup."""
    return "".join(char if char not in '"#<>[]{}|;&`\\' else f"#{ord(char)};" for char in text)
