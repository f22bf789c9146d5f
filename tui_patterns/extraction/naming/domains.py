"""What a unit is about beyond its own name: what it is given, what it belongs to."""

from __future__ import annotations

from collections.abc import Sequence

from tui_patterns.extraction.naming import verbs
from tui_patterns.extraction.naming.facts import Parameter
from tui_patterns.extraction.naming.lexicon import UPPER, wordset
from tui_patterns.extraction.naming.splitting import is_plural, singular, split

# How a parameter relates to what is done, by the last word of its name.
_BY_WORD = {
    "by": """
        category column columns criteria date field fields hash height id index key keys label
        length level limit name names number offset offsets order pattern position predicate prefix
        priority ratio ratios size sizes slug status step suffix type weight weights width widths
        ids mask
    """,
    "in": "area context directory environment folder language locale mode region scope timezone",
    "from": """
        body buffer bytes content csv data definition dictionary file filename fileobj html input
        json lines mapping markup path raw reader row rows source spec stream string text tokens url
        xml yaml template payload handle
    """,
    "to": "destination output target writer",
    "at": "cursor depth line offset time x",
    "with": """
        callback config default defaults encoding flags format headers keywords options parameters
        settings style theme timeout title value values arguments
    """,
}  # fmt: skip
_PREPOSITION = {word: preposition for preposition, words in _BY_WORD.items() for word in words.split()}

# They say how, or nothing at all.
_VAGUE = wordset("""
    a action b allow_none any argument arguments args boolean c check copy debug default_value deep
    dry_run e enable enabled encoding errors extra f fields_ flag flags force fp func function g h i
    ignore indent inplace is_ item j k keyword keyword_arguments keywords kind klass kwargs lazy m
    method mode n new number o obj object other p package params q quiet r raise_error raw recursive
    result s safe self sort strict strip t thing timeout tp type_ u v val value values verbose w wrapped
    x y z cls data dictionary that this maxsize integer callable ok left right first second one two
""")
_PLACES = frozenset({"path", "file", "filename", "stream", "buffer", "url", "fileobj", "directory", "folder"})
_PUTS = frozenset(
    {"saving", "writing", "export", "storage", "dumping", "download", "upload", "sending", "printing"}
)
_TAKES = frozenset({"configuration", "initialization", "post-initialization", "setting", "update"})
_CREATES = frozenset(
    {"creation", "construction", "building", "parsing", "loading", "initialization", "reading"}
)


def about(parameter: Parameter) -> list[str]:
    """The words for what is passed: its name, or its type where the name says nothing; else nothing."""
    if parameter.flag or parameter.name.startswith("_"):
        return []
    words = [word for word in split(parameter.name) if len(word) > 1]
    if not _tells(words):
        words = split(parameter.type)
    return words if _tells(words) and len(words) <= 3 else []


def _repeats(word: str, other: str) -> bool:
    one, two = sorted((singular(word.lower()), singular(other.lower())), key=len)
    return two.startswith(one) and (len(one) > 2 or one == two)


def _tells(words: Sequence[str]) -> bool:
    joined = "_".join(word.lower() for word in words)
    flag = bool(words) and words[0] in {
        "is",
        "has",
        "no",
        "allow",
        "use",
        "with",
        "include",
        "show",
        "should",
    }
    verb = len(words) == 1 and words[0] in verbs.VERBS and verbs.ends(words[0])
    short = verb or (len(joined) < 3 and joined not in UPPER)
    return bool(words) and joined not in _VAGUE and not short and not flag


def phrase(parameter: Parameter, action: Sequence[str], said: Sequence[str] = ()) -> list[str]:
    """``by width``, ``from file``, ``of lines``: how the parameter relates to what is done.

    Nothing where its words are *said* already, or short forms of such.
    """
    words = about(parameter)
    if not words or any(_repeats(word, other) for word in words for other in said):
        return []
    last = words[-1].lower()
    if words[0] == "on" and len(words) > 1:
        return ["with", *words[1:], "callback"]
    if len(words) > 1 and verbs.starts(words[0], goes_on=True) and verbs.ends(words[0]):
        return ["with", *words[1:], verbs.noun(words[0])]
    if action[-1:] == ("call",) or words[0] in {"maximum", "minimum", "default"}:
        return ["with", *words]
    preposition = _PREPOSITION.get(last)
    if preposition == "from" and (action or is_plural(last)) and not set(action) & _CREATES:
        preposition = "of"
    if last in _PLACES and set(action) & _PUTS:
        preposition = "to"
    if preposition in {None, "of"} and set(action) & _TAKES:
        preposition = "with"
    return [preposition or ("of" if is_plural(last) else "for"), *words]
