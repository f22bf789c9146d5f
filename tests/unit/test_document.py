"""A unit's document is its structure in words, the telling parts first, and the same everywhere."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.embedding.document import document_hash, embedding_text, first_sentence, parts_of
from tui_patterns.models import Label, Unit

CODE = '''async def fetchAll(self, urls: list[str], *, retry_count: int = 3) -> list[Response]:
    """Fetch every URL concurrently. Zebra details follow.

    And more.
    """
    async with self.session_pool.acquire() as session:
        return await gather(*(session.get(url) for url in urls))
'''
UNIT = Unit(
    path="src/web/http_client.py",
    qualname="HttpClient.fetchAll",
    kind="method",
    line=10,
    end_line=16,
    name="Concurrent Fetch with Retry",
    pattern_type="function_pattern",
    category=None,
    language="python",
    code=CODE,
    signature="async def fetchAll(self, urls: list[str], *, retry_count: int = 3) -> list[Response]",
    code_hash="c",
    structure_hash="s",
    labels=(Label("async-gather", 0.9),),
    tags=("network",),
    framework="httpx",
    calls=("acquire", "gather", "hiddenHelper"),
    docstring="Fetch every URL concurrently. Zebra details follow.\n\nAnd more.",
)


def test_two_parts_each_in_the_order_of_its_worth() -> None:
    structure, code = parts_of(embedding_text(UNIT))
    assert structure.split("\n") == [
        "concurrent fetch with retry",
        "http client fetch all",
        "Fetch every URL concurrently.",
        "async def fetchAll(self, urls: list[str], *, retry_count: int = 3) -> list[Response]",
        "fetch all urls retry count response session pool acquire gather get url hidden helper",
    ]
    assert code.split("\n") == [
        "http client fetch all",
        "Fetch every URL concurrently.",
        "async def fetchAll(self, urls: list[str], *, retry_count: int = 3) -> list[Response]:",
        "    async with self.session_pool.acquire() as session:",
        "        return await gather(*(session.get(url) for url in urls))",
    ]


def test_labels_and_tags_are_for_words_not_for_vectors() -> None:
    assert embedding_text(replace(UNIT, labels=(), tags=("x",), framework=None)) == embedding_text(UNIT)


def test_a_form_feed_in_the_source_makes_no_part_of_its_own() -> None:
    assert len(parts_of(embedding_text(replace(UNIT, code=f"a\f\n\fb = 1\n{CODE}", name="x\fy")))) == 2
    assert parts_of("") == [""]


def test_a_name_that_says_nothing_new_is_not_repeated() -> None:
    plain = replace(UNIT, name="fetchAll")
    assert embedding_text(plain).startswith("http client fetch all\n")


def test_the_docstring_counts_with_its_first_sentence_only() -> None:
    assert "zebra" not in embedding_text(UNIT).lower()
    other = replace(UNIT, code=CODE.replace("Zebra", "Llama"))
    assert embedding_text(other) == embedding_text(UNIT)


def test_lines_and_hashes_do_not_change_the_document() -> None:
    moved = replace(UNIT, line=99, end_line=105, code_hash="x", structure_hash="y", complexity=7)
    assert embedding_text(moved) == embedding_text(UNIT)


def test_blobs_of_data_stay_out() -> None:
    text = embedding_text(replace(UNIT, code=f"key = '{'a' * 64}' + str(1234567)"))
    assert "a" * 64 not in parts_of(text)[0]
    assert "1234567" not in parts_of(text)[0]


def test_huge_code_gives_a_small_document() -> None:
    code = "\n".join(f"first{n}_second{n} = call_{n}()" for n in range(50_000))
    assert len(embedding_text(replace(UNIT, code=code))) < 6_000


def test_first_sentence() -> None:
    assert first_sentence("One line\nand its rest. Second.") == "One line and its rest."
    assert first_sentence("Title without stop\n\nBody.") == "Title without stop"
    assert first_sentence(None) == ""
    assert len(first_sentence("x" * 9_999)) == 300


@given(st.text(st.one_of(st.characters(), st.integers(0xD800, 0xDFFF).map(chr))))
def test_any_unit_has_a_document_and_a_hash(foreign: str) -> None:
    unit = replace(UNIT, name=foreign, qualname=foreign, code=foreign, docstring=foreign, path=foreign)
    text = embedding_text(unit)
    assert text == embedding_text(unit)
    assert len(document_hash(text)) == 16


def test_equal_texts_have_equal_hashes() -> None:
    assert document_hash("a") == document_hash("a") != document_hash("b")
