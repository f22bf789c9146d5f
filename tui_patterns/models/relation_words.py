"""The kinds of relations, and how they are said."""

from __future__ import annotations

from typing import Literal

RelationKind = Literal["EXTENDS", "USES", "CREATES", "COMPOSED_OF", "SIMILAR_TO"]
RELATION_WORDS: dict[tuple[RelationKind, bool], str] = {
    ("COMPOSED_OF", True): "holds",
    ("COMPOSED_OF", False): "part of",
    ("EXTENDS", True): "extends",
    ("EXTENDS", False): "extended by",
    ("CREATES", True): "creates",
    ("CREATES", False): "created by",
    ("USES", True): "uses",
    ("USES", False): "used by",
    ("SIMILAR_TO", True): "similar to",
}
"""A relation in words, by its kind and whether it goes out."""
