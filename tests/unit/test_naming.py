"""Titles: what a colleague would say, three to seven words, the same for the same structure."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui_patterns.extraction.naming.facts import Parameter, TitleFacts
from tui_patterns.extraction.naming.lexicon import PREPOSITIONS, SMALL
from tui_patterns.extraction.naming.splitting import plural, singular, split, title
from tui_patterns.extraction.naming.titles import FEWEST, MOST, compose
from tui_patterns.extraction.naming.verbs import VERBS, gerund, noun
from tui_patterns.extraction.python import extract_source


def titles(source: str, path: str = "pkg/things.py") -> dict[str, str]:
    parsed = extract_source(textwrap.dedent(source).encode(), path)
    assert parsed.error is None
    return {unit.qualname: unit.name for unit in parsed.units}


@pytest.mark.parametrize(
    ("source", "qualname", "name"),
    [
        ("def wrap(text, width): return text", "wrap", "Text Wrapping by Width"),
        ("def _g_zip_path(path): return path", "_g_zip_path", "GZip Path Helper"),
        ("def calculate_column_widths(t): return t", "calculate_column_widths", "Column Width Calculation"),
        ("def is_valid_url(value): return value", "is_valid_url", "Valid URL Check"),
        ("def on_click(self, event): return 1", "on_click", "Click Handler for Event"),
        ("def ratio_resolve(total): return 1", "ratio_resolve", "Ratio Resolution for Total"),
        ("def hosts_to_urls(x): return x", "hosts_to_urls", "Host Conversion to URLs"),
        ("def get_or_create_user(name): return 1", "get_or_create_user", "User Lookup or Creation"),
        ("def url_path_for(name): return 1", "url_path_for", "URL Path for Name"),
        ("def by_words(text) -> list[Match]: return 1", "by_words", "Match by Words"),
        ("def _by_labels(facts): yield 1", "_by_labels", "Iteration by Labels"),
        ("def in_order(keys): return 1", "in_order", "Lookup in Order"),
        ("def größe_messen_und_merken(x): return x", "größe_messen_und_merken",
         "Größe Messen Und Merken Helper"),
        ("def parseXMLFile(x): return x", "parseXMLFile", "XML File Parsing"),
        ("class R:\n async def aiter_text(self, chunk_size):\n  yield 1", "R.aiter_text",
         "Async R Text Iteration by Chunk Size"),
        ("class Style:\n def __init__(self, color): self.c = color", "Style.__init__",
         "Style Initialization with Color"),
        ("class GZipDecoder(ContentDecoder):\n def decode(self, data): return 1", "GZipDecoder",
         "GZip Content Decoder"),
        ("class Link(TextElement):\n def f(self): return 1", "Link", "Link Text Element"),
        ("class Table:\n def add_column(self): return 1\n def add_row(self): return 1", "Table",
         "Table for Adding Columns"),
        ("class P:\n def data_received(self, data): return 1", "P.data_received", "P Data Received Callback"),
        ("class P:\n def on_click(self, e): return 1\n def linkify(self, text): return 1", "P.linkify",
         "P Linkification of Text"),
        ("class P:\n def owns_connection(self, c): return 1", "P.owns_connection", "P Owns Connection Check"),
        ("class Q:\n def get_nowait(self): return 1", "Q.get_nowait", "Q Immediate Lookup"),
        ("class Lock:\n def extend(self): return 1\n def do_extend(self): return 2", "Lock.do_extend",
         "Internal Lock Extension"),
        ("class Lock:\n def read(self, f): return f\n def _read(self, f): return 2", "Lock._read",
         "Internal Lock Reading"),
        ("class Grid:\n def add_row(self, r): return r\n def add_rows(self, r): return 2", "Grid.add_rows",
         "Bulk Grid Row Addition"),
        ("class S(abc.ABC):\n @abc.abstractmethod\n def send(self): ...", "S", "Abstract S for Sending"),
        ("class StatusError(HTTPError): code = 1", "StatusError", "Status HTTP Error"),
        ("def report(rows):\n import yaml\n return yaml.dump(rows)", "report", "Row Report as YAML"),
        ("def walk(path, on_error): return path", "walk", "Path Walk with Error Callback"),
        ("def parse_features(x): return x", "parse_features", "Parsing of Features"),
        ("class Headers:\n def update(self, **k): return k", "Headers.update", "Update of Headers"),
        ("class Encoder:\n def encode(self, x): return x", "Encoder.encode", "Encoding by Encoder"),
        ("class Words:\n def tell(self): return 1", "Words.tell", "Telling of Words"),
        ("class Watcher:\n def status(self): return 1", "Watcher.status", "Status of Watcher"),
        ("class Tabs:\n def cached(self): return 1", "Tabs.cached", "Tabs Cached Method"),
        ("class A:\n def on(self, e): return e", "A.on", "A Method"),
        ("def is_plain(x): return x", "is_plain", "Plain Check Helper"),
        ("def parse_acl_log_resp3_unified(x): return x", "parse_acl_log_resp3_unified",
         "ACL Log RESP3 Unified Parsing"),
        ("class _RESP2Parser(_RESPBase):\n def read(self): return 1", "_RESP2Parser",
         "RESP2 Parser for Reading"),
        ("def route(rule):\n def decorator(f):\n  return f\n return decorator", "route.decorator",
         "Routing Inner Decorator"),
    ],
)  # fmt: skip
def test_titles_read_like_what_one_says(source: str, qualname: str, name: str) -> None:
    assert titles(source)[qualname] == name


RETRY = '''
import time
async def {name}(session, order):
    """{doc}"""
    for attempt in range(5):  # {doc}
        try:
            return await session.send(order)
        except ConnectionError:
            if attempt == 4:
                raise
            time.sleep(2 ** attempt)
'''


def test_what_sets_it_apart_is_said() -> None:
    assert (
        titles(RETRY.format(name="send_order", doc="Send."))["send_order"] == "Async Order Sending with Retry"
    )


def test_a_title_outlives_docstrings_comments_and_moves() -> None:
    first = titles(RETRY.format(name="send_order", doc="Send."), "a/b.py")
    second = titles(RETRY.format(name="send_order", doc="Wrap text for the printer."), "send_order.py")
    assert first == second


@pytest.mark.parametrize(
    "name",
    [
        "text_column",
        "ColumnSplitter",
        "load",
        "LinuxInlineDriver",
        "token_bucket_size",
        "ssh_no_host_key_verification",
    ],
)
def test_a_title_is_never_just_the_name_that_a_file_may_have_too(name: str) -> None:
    for source in (
        f"def {name}():\n    return 1 + 1\n",
        f"def {name}():\n    try:\n        return 1\n    except ValueError:\n        return 2\n",
        f"class {name}:\n    def go(self):\n        return 1\n",
    ):
        shown = titles(source)[name]
        assert [word.lower() for word in shown.split()] != [word.lower() for word in split(name)]


def test_a_nested_function_says_what_it_wraps() -> None:
    source = "def timed(job):\n    def wrapper(*args):\n        return job(*args)\n    return wrapper\n"
    assert titles(source)["timed.wrapper"] == "Timed Wrapper Helper"


def test_methods_of_a_class_that_works_async_are_told_from_its_sync_twin() -> None:
    body = "class Pool:\n {0}def get(self, key): return 1\n def size_of(self, key): return 1\n"
    assert titles(body.format(""))["Pool.size_of"] != titles(body.format("async "))["Pool.size_of"]


def test_flags_are_not_what_a_unit_is_about() -> None:
    assert "Verbose" not in titles("def render(loud=True, verbose: bool = False): return 1")["render"]


IDENTIFIERS = st.from_regex(r"_{0,2}[A-Za-z][A-Za-z0-9_]{0,40}", fullmatch=True)


@given(
    IDENTIFIERS,
    st.booleans(),
    st.booleans(),
    st.one_of(st.just(""), IDENTIFIERS),
    st.lists(IDENTIFIERS, max_size=3),
    st.lists(
        st.sampled_from(["generator", "property", "cached", "transaction", "error-handling"]), max_size=2
    ),
    st.lists(st.sampled_from(["retry", "caching", "factory", "observer", "timeout"]), max_size=2),
)
def test_every_unit_gets_a_title_of_few_words_on_one_line(
    name: str,
    is_class: bool,
    is_async: bool,
    owner: str,
    given_: list[str],
    tags: list[str],
    labels: list[str],
) -> None:
    facts = TitleFacts(
        name=name,
        is_class=is_class,
        is_async=is_async,
        owner=owner,
        parameters=tuple(Parameter(one) for one in given_),
        labels=tuple(labels),
        tags=tags,
    )
    shown = compose(facts)
    assert shown == compose(facts)
    assert 1 <= len(shown.split()) <= MOST
    assert "\n" not in shown
    assert shown == " ".join(shown.split())


@given(st.text(max_size=60))
def test_any_text_at_all_gets_a_title(name: str) -> None:
    assert compose(TitleFacts(name=name)).strip()


@pytest.mark.parametrize("owner", ["", "Box", "Encoder", "On"])
def test_every_word_that_means_something_to_titles_may_stand_alone(owner: str) -> None:
    for word in sorted(PREPOSITIONS | SMALL | VERBS | {"is", "has", "do", "the", "wrapper", "cached"}):
        shown = compose(TitleFacts(name=word, owner=owner)).split()
        assert 1 <= len(shown) <= MOST, (word, shown)
        assert shown[-1].lower() not in SMALL, (word, shown)


def test_titles_of_real_code_keep_their_length() -> None:
    import json.decoder as module
    from pathlib import Path

    parsed = extract_source(Path(module.__file__).read_bytes(), "decoder.py")
    lengths = [len(unit.name.split()) for unit in parsed.units]
    assert lengths
    assert min(lengths) >= FEWEST - 1
    assert max(lengths) <= MOST


@pytest.mark.parametrize(
    ("verb", "form"),
    [("run", "running"), ("split", "splitting"), ("make", "making"), ("tie", "tying"), ("see", "seeing"),
     ("untag", "untagging"), ("render", "rendering"), ("fix", "fixing"), ("embed", "embedding")],
)  # fmt: skip
def test_gerunds(verb: str, form: str) -> None:
    assert gerund(verb) == form


def test_a_verb_has_the_noun_that_one_says() -> None:
    assert (noun("parse"), noun("validate"), noun("get")) == ("parsing", "validation", "lookup")


@pytest.mark.parametrize(
    ("identifier", "words"),
    [
        ("HTTPPool2", ["HTTP", "pool2"]),
        ("urllib3_context", ["urllib3", "context"]),
        ("keywords2dict", ["keywords", "to", "dictionary"]),
        ("read1", ["read", "1"]),
        ("base64_url", ["base64", "url"]),
        ("_get_msg_attrs", ["get", "message", "attributes"]),
        ("OAuthToken", ["oauth", "token"]),
        ("LOAD_ALL", ["load", "all"]),
        ("h11Connection", ["h11", "connection"]),
        ("__", []),
    ],
)
def test_identifiers_are_split_as_they_are_read(identifier: str, words: list[str]) -> None:
    assert split(identifier) == words


@pytest.mark.parametrize(
    ("many", "one"), [("queries", "query"), ("cookies", "cookie"), ("boxes", "box"), ("status", "status")]
)
def test_singular_and_plural(many: str, one: str) -> None:
    assert singular(many) == one
    assert plural("query") == "queries"


def test_acronyms_and_small_words_are_written_as_they_should() -> None:
    assert title(["gzip", "of", "json", "to", "id", "by", "sqlite"]) == "GZip of JSON to ID by SQLite"
