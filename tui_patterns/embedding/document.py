"""The texts that stand for a unit in the vector index: its structure in words, and its code.

A document has two parts, each embedded for itself; the pattern's vector is their
mean (``embedding.pooled``), so that two views cost one vector's storage. Measured
on 250 docstring queries against 8,814 functions (int8, 128 tokens), NDCG@10: code
alone .53, structure alone .59, code with its name in words .58, the mean of the
last two .63. What tells most comes first, so that truncation loses the least.
Labels and tags made it worse (.58 for structure with them): they are searched by words.
"""

from __future__ import annotations

import hashlib
import keyword
import re
from collections.abc import Iterable
from typing import Protocol

from tui_patterns.embedding.identifiers import words

_MAX_SENTENCE = 300
_MAX_SIGNATURE = 300
_MAX_CODE = 20_000
# Characters of code as written. All that the model reads (some 400) found no more: NDCG@10 .7030 against
# .7031, questions .946 against .945, through the whole search; and each takes its time.
_MAX_SHOWN = 240
_MAX_BODY_WORDS = 160
_MAX_WORD = 30
_STOP = frozenset(word.lower() for word in keyword.kwlist) | {
    *("self", "cls", "args", "kwargs", "str", "int", "bool", "dict", "list", "any", "init"),
    *("const", "let", "var", "function"),
}
PART = "\f"
"""Between the parts of a document; what stands in foreign text is blanked out."""
_BLOCK_STRING = re.compile(r"[rRuUbB]?(\"\"\"|''').*?\1", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n\s*\n")


class Described(Protocol):
    """What a document is made of: a unit, or what is stored of one."""

    @property
    def qualname(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def docstring(self) -> str | None: ...
    @property
    def signature(self) -> str: ...
    @property
    def calls(self) -> tuple[str, ...]: ...


def embedding_text(unit: Described) -> str:
    """The document of ``unit``: its parts, ``PART`` between them; in each, empty lines are left out.

    Depends only on ``unit``, and on nothing that differs between machines.
    """
    return PART.join("\n".join(line for line in part if line) for part in (_structure(unit), _code(unit)))


def parts_of(document: str) -> list[str]:
    """The texts of a document that are embedded, each for itself; at least one, if an empty one."""
    return [part for part in document.split(PART) if part.strip()] or [""]


def document_hash(text: str) -> str:
    """16 hex digits that name a document; equal texts have equal vectors."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def first_sentence(docstring: str | None) -> str:
    """The first sentence of a docstring on one line, at most 300 characters."""
    if not docstring:
        return ""
    sentence = _SENTENCE_END.split(docstring.strip(), maxsplit=1)[0]
    return " ".join(sentence.split())[:_MAX_SENTENCE]


def code_words(code: str, docstring: str | None) -> list[str]:
    """Distinct words of ``code`` without its docstring, in order of appearance, keywords left out."""
    found = words(_bare(code, docstring))
    return _distinct(word for word in found if word not in _STOP)[:_MAX_BODY_WORDS]


def _structure(unit: Described) -> Iterable[str]:
    """Names in words, the signature as written, distinct words of the body.

    Nothing of the path, so that a moved file costs no embedding: its words found no more
    (NDCG@10 .7074 without them, .7031 with; questions for files .944 and .945).
    """
    qualname = words(unit.qualname)
    title = words(unit.name)
    yield " ".join(title) if not set(title) <= set(qualname) else ""
    yield " ".join(qualname)
    yield _plain(first_sentence(unit.docstring))
    yield _plain(" ".join(unit.signature.split())[:_MAX_SIGNATURE])
    yield " ".join(code_words(f"{unit.code[:_MAX_CODE]} {' '.join(unit.calls)}", unit.docstring))


def _code(unit: Described) -> Iterable[str]:
    """Names in words, then the code as it is written, without its docstring."""
    yield " ".join(words(unit.qualname))
    yield _plain(first_sentence(unit.docstring))
    lines = _bare(unit.code, unit.docstring)[:_MAX_SHOWN].split("\n")
    yield from (_plain(line) for line in lines if line.strip())


def _bare(code: str, docstring: str | None) -> str:
    return _BLOCK_STRING.sub(" ", code[:_MAX_CODE], count=1) if docstring else code[:_MAX_CODE]


def _plain(text: str) -> str:
    return text.replace(PART, " ")


def _distinct(found: Iterable[str]) -> list[str]:
    """Each word once; single characters, bare numbers and blobs of data tell nothing."""
    useful = (word for word in found if 1 < len(word) <= _MAX_WORD and not word.isdigit())
    return list(dict.fromkeys(useful))
