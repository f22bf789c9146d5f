"""The words a pattern is found by, by field: stems, once each, from its current version and all its places.

Title and names hold words as written too, whole identifiers among them, for
what is being typed. Depends on nothing but what is stored, so that it can be
written anew for any pattern at any time.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from tui_patterns.embedding.code_names import value_names
from tui_patterns.embedding.compounds import parts_of_compound
from tui_patterns.embedding.document import code_words
from tui_patterns.embedding.identifiers import split_identifier
from tui_patterns.embedding.identifiers import words as split_words
from tui_patterns.embedding.stems import stem
from tui_patterns.models import Unit
from tui_patterns.store import calls
from tui_patterns.store.packing import checksum, pack, pack_words
from tui_patterns.store.sql import chunks, load, named_list

FIELDS = ("title", "names", "path", "prose", "tags", "context", "body")
"""The texts that ``search_docs`` holds packed, in this order, and the columns of the index over them."""
_MARKS = ("framework", "category", "subcategory", "component_type")
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_MOST_CONTEXT = 60  # words of each docstring around a unit: what comes later is about something else
_MOST_PROSE = 200
_MOST_PLACES = 8  # of a pattern that stands in very many
_SAVE = """
    INSERT INTO search_docs (pattern_id, words) VALUES (:pattern, :words)
    ON CONFLICT (pattern_id) DO UPDATE SET words = excluded.words
"""


def context_words(unit: Unit) -> str:
    """What the class and the module around ``unit`` say of themselves, in stems."""
    found: dict[str, None] = {}
    for docstring in (unit.class_docstring, unit.module_docstring):
        found.update(dict.fromkeys(list(_stems(docstring or ""))[:_MOST_CONTEXT]))
    return " ".join(found)


def context_id(conn: sqlite3.Connection, words: str) -> int | None:
    """The row of these words, which many units have in common; ``None`` for no words."""
    if not words:
        return None
    values = {"checksum": checksum(words), "words": pack(words)}
    known = "SELECT id FROM contexts WHERE checksum = :checksum AND words = :words"
    row = conn.execute(known, values).fetchone()
    if row is None:
        new = "INSERT INTO contexts (checksum, words) VALUES (:checksum, :words) RETURNING id"
        row = conn.execute(new, values).fetchone()
    return int(row["id"])


def sweep(conn: sqlite3.Connection) -> None:
    """Forget what the classes and modules said in which nothing stands any more."""
    used = "SELECT context_id FROM sites WHERE context_id IS NOT NULL"
    conn.execute(f"DELETE FROM contexts WHERE id NOT IN ({used})")


def refresh(conn: sqlite3.Connection, row_ids: Iterable[int]) -> None:
    """Write anew what these patterns are found by."""
    for part in chunks(row_ids):
        names, values = named_list("id", part)
        rows = conn.execute(
            f"""
            SELECT p.id, v.name, code_of(c.body) AS code, signature_of(c.body) AS signature,
                   docstring_of(c.body) AS docstring, v.tags, v.framework, v.category,
                   v.subcategory, v.component_type, v.dependencies, v.kind, p.project_id, p.qualname
            FROM patterns p JOIN versions v ON v.id = p.version_id JOIN codes c ON c.version_id = v.id
            WHERE p.id IN ({names}) AND p.gone IS NULL
            """,
            values,
        ).fetchall()
        places = _places(conn, names, values)
        labels = _labels(conn, names, values)
        fields = [_fields(row, places.get(row["id"], []), labels.get(row["id"], [])) for row in rows]
        conn.executemany(_SAVE, fields)
        calls.replace(conn, part, rows)


def _places(
    conn: sqlite3.Connection, names: str, values: dict[str, int]
) -> dict[int, list[tuple[str, str, str]]]:
    """(path, qualified name, context) of where each pattern stands, its main site first."""
    rows = conn.execute(
        f"""
        SELECT s.pattern_id, f.path, s.qualname, COALESCE(part(c.words, 0), '') FROM sites s
        LEFT JOIN contexts c ON c.id = s.context_id
        JOIN files f ON f.id = s.file_id JOIN patterns p ON p.id = s.pattern_id
        WHERE s.pattern_id IN ({names})
        ORDER BY s.pattern_id, (p.path = f.path AND p.qualname = s.qualname) DESC, f.path, s.line
        """,
        values,
    )
    return {
        pattern: [tuple(row)[1:] for row in group][:_MOST_PLACES]
        for pattern, group in groupby(rows, key=itemgetter("pattern_id"))
    }


def _labels(conn: sqlite3.Connection, names: str, values: dict[str, int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = conn.execute(
        f"""
        SELECT p.id, l.label FROM patterns p JOIN labels l ON l.version_id = p.version_id
        WHERE p.id IN ({names}) ORDER BY p.id, l.label
        """,
        values,
    )
    for row in rows:
        found.setdefault(row["id"], []).append(row["label"])
    return found


def _fields(
    row: sqlite3.Row, places: Sequence[tuple[str, str, str]], labels: Sequence[str]
) -> dict[str, int | bytes]:
    """The parameters of ``_SAVE``."""
    paths, qualnames, contexts = zip(*places, strict=True) if places else ((), (), ())
    marks = [*load(row["tags"]), *labels, *(row[column] or "" for column in _MARKS)]
    prose = [*_stems(row["signature"]), *_stems(row["docstring"] or "")]
    around = [word for text in contexts for word in text.split()]
    fields = {
        "title": _written(row["name"], split_words(row["name"])),
        "names": _written(
            " ".join(qualnames), [part for name in qualnames for part in split_identifier(name)]
        ),
        "path": " ".join(_stems(" ".join(paths))),
        "prose": " ".join(list(dict.fromkeys(prose))[:_MOST_PROSE]),
        "tags": " ".join(_stems(" ".join([*marks, *load(row["dependencies"])]))),
        "context": " ".join(dict.fromkeys([*around, *_named_values(row["code"])])),
        "body": " ".join(dict.fromkeys(map(stem, code_words(row["code"], row["docstring"])))),
    }
    return {"pattern": row["id"], "words": pack_words(*(fields[name] for name in FIELDS))}


def _named_values(code: str) -> list[str]:
    """Stems of the names that code gives to values and returns: they say what it is about."""
    return [word for word in _stems(" ".join(value_names(code))) if len(word) > 1 and not word.isdigit()]


def _stems(text: str) -> dict[str, None]:
    """The distinct stems of free text or identifiers, in order."""
    return dict.fromkeys(map(stem, split_words(text)))


def _written(text: str, parts: Sequence[str]) -> str:
    """The stems of ``parts`` in order, then what is typed: identifiers of ``text`` whole, and ``parts``.

    Of what is glued together, also the stems of what it was made from.
    """
    whole = (name.lower() for name in _IDENTIFIER.findall(text))
    glued = (part for word in parts for part in parts_of_compound(word))
    return " ".join(dict.fromkeys([*map(stem, parts), *map(stem, glued), *whole, *parts]))
