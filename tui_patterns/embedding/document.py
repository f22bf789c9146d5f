"""The text that stands for a unit in the vector index: its structure in words, not its bare code.

Measured on 250 docstring queries against 8,814 functions (int8, 128 tokens):
this layout NDCG@10 .60 at 54 tokens a document, bare code .54 at 77. Names in
words, then file words, the signature as written, then distinct words of the
body: what tells most comes first, so that truncation loses the least.
"""

from __future__ import annotations

import hashlib
import keyword
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from tui_patterns.embedding.identifiers import words
from tui_patterns.models import Unit

_MAX_SENTENCE = 300
_MAX_SIGNATURE = 300
_MAX_CODE = 20_000
_MAX_BODY_WORDS = 160
_MAX_WORD = 30
_STOP = frozenset(word.lower() for word in keyword.kwlist) | {
    *("self", "cls", "args", "kwargs", "str", "int", "bool", "dict", "list", "any", "init"),
    *("const", "let", "var", "function"),
}
_BLOCK_STRING = re.compile(r"[rRuUbB]?(\"\"\"|''').*?\1", re.DOTALL)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s|\n\s*\n")


def embedding_text(unit: Unit) -> str:
    """The document embedded for ``unit``: one part a line, empty parts left out.

    Depends only on ``unit``, and on nothing that differs between machines.
    """
    return "\n".join(part for part in _parts(unit) if part)


def document_hash(text: str) -> str:
    """32 hex digits that name a document; equal texts have equal vectors."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def first_sentence(docstring: str | None) -> str:
    """The first sentence of a docstring on one line, at most 300 characters."""
    if not docstring:
        return ""
    sentence = _SENTENCE_END.split(docstring.strip(), maxsplit=1)[0]
    return " ".join(sentence.split())[:_MAX_SENTENCE]


def _parts(unit: Unit) -> Iterable[str]:
    qualname = words(unit.qualname)
    title = words(unit.name)
    yield " ".join(title) if not set(title) <= set(qualname) else ""
    yield " ".join(qualname)
    yield first_sentence(unit.docstring)
    yield " ".join(_distinct(words(" ".join(_marks(unit)))))
    yield " ".join(_file_words(unit.path))
    yield " ".join(unit.signature.split())[:_MAX_SIGNATURE]
    yield " ".join(_body_words(unit))


def _marks(unit: Unit) -> list[str]:
    framework = [unit.framework] if unit.framework else []
    return [*(label.label for label in unit.labels), *unit.tags, *framework]


def _file_words(path: str) -> list[str]:
    """Words of the file's name and its two nearest folders, each once."""
    file = PurePosixPath(path)
    return _distinct(words(" ".join((*file.parts[-3:-1], file.stem))))


def _body_words(unit: Unit) -> list[str]:
    """Distinct words of the code without its docstring, in order of appearance, then of what it calls."""
    code = unit.code[:_MAX_CODE]
    if unit.docstring:
        code = _BLOCK_STRING.sub(" ", code, count=1)
    body = words(f"{code} {' '.join(unit.calls)}")
    return _distinct(word for word in body if word not in _STOP)[:_MAX_BODY_WORDS]


def _distinct(found: Iterable[str]) -> list[str]:
    """Each word once; single characters, bare numbers and blobs of data tell nothing."""
    useful = (word for word in found if 1 < len(word) <= _MAX_WORD and not word.isdigit())
    return list(dict.fromkeys(useful))
