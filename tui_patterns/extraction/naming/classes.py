"""The words for a class: its own, what it inherits, what it is, or what it is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tui_patterns.extraction.naming import roles, verbs
from tui_patterns.extraction.naming.actions import read
from tui_patterns.extraction.naming.domains import about
from tui_patterns.extraction.naming.facts import TitleFacts
from tui_patterns.extraction.naming.lexicon import wordset
from tui_patterns.extraction.naming.special import SPECIAL
from tui_patterns.extraction.naming.splitting import DIGITS, is_special, plural, split, without

_ENOUGH = 3
# Bases that say how a class is made, not what it is.
_PLAIN = wordset("""
    ABC ABCMeta Base BaseClass Enum Exception Flag Generic IntEnum IntFlag NamedTuple Protocol StrEnum
    TypedDict object str int float dict list tuple set type BaseException Mixin
""")
# What every other class can do too says nothing of this one.
_COMMON = wordset("""
    get set add update copy make create run call init initialize close open start stop enter exit reset
    to from is has clear setup do use execute pop put append extend insert remove delete iterate next
    yield test name
""")

_UNCOUNTABLE = wordset("""
    access advice alpha auth authentication body code content data debug display feedback focus help
    history html info information input json layout logging media memory metadata metrics output
    progress runtime sql state storage text traffic usage xml yaml
""")
# Modules whose names say nothing of what they hold.
_MODULES = wordset("abc api base common core helper helpers main types utilities wrappers 2 3")

_SAYS_ABSTRACT = frozenset({"abstract", "base", "interface", "protocol"})

_BY_SPECIAL = {
    "getitem": "with item access", "getattr": "with attribute access", "iter": "with iteration",
    "lt": "with ordering", "call": "callable class",
}  # fmt: skip


def words(facts: TitleFacts) -> list[str]:
    """The title's words for a class: three of them where its name, bases, labels or methods give as many."""
    name = split(facts.name)
    name = [word for at, word in enumerate(name) if word != "async" or not (at and facts.owner_async)]
    own = name if len(name) >= _ENOUGH or not facts.owner else [*without(split(facts.owner), name), *name]
    if len(name) < _ENOUGH and facts.outer:
        own = [*without(_subject(facts.outer[-1]), own), *own]
    own = own if not facts.owner_async or "async" in own[:1] else ["async", *own]
    own = own if not facts.abstract or _SAYS_ABSTRACT & {*own} else ["abstract", *own]
    if "exception" in facts.tags:
        return _exception(own, name, facts)
    noun = roles.class_noun(facts.labels).split()
    for more in (noun, _kind(facts)):
        if len(own) < _ENOUGH + 1 and more and not set(more) & set(map(str.lower, own)):
            own = [*own, *more]
            break
    if len(own) < _ENOUGH:
        own = _inherited(own, facts)
    if len(own) < _ENOUGH:
        own = [*own, *(_purpose(facts, own, often=True) or _parts(facts, own) or _purpose(facts, own))]
    if own == name and len(own) <= _ENOUGH:
        own = [*own, *_parts(facts, own)[:3]]
    return own if len(own) >= _ENOUGH and own != name else [*own, *_shape(facts, own)]


def _exception(own: list[str], name: Sequence[str], facts: TitleFacts) -> list[str]:
    """``Invalid Status Exception``, ``Build Error with Endpoint``: an error is called one once."""
    errors = ("error", "exception", "warning", "interrupt", "exit")
    if own[-1].lower() not in errors:
        own = [*own, "exception"]
    if len(own) < _ENOUGH:
        own = [*own, *_parts(facts, own)]
    if len(own) < _ENOUGH:
        own = _inherited(own, facts)
    return own if len(own) >= _ENOUGH and own != name else [*own, "class"]


def _subject(function: str) -> list[str]:
    """What a function that makes classes is about, in at most two words."""
    action = read(function)
    return [*(action.subject or action.noun)][-2:]


def _kind(facts: TitleFacts) -> list[str]:
    """What its component type or its tags say that it is."""
    return (roles.component_noun(facts.component) or roles.tag_noun(facts.tags)).split()


def _inherited(own: list[str], facts: TitleFacts) -> list[str]:
    """``GZipDecoder(ContentDecoder)`` gives GZip Content Decoder, ``Link(TextElement)`` Link Text Element."""
    said = [*own, *(word.rstrip(DIGITS) for word in own)]  # what RESP2Parser has of RESPBase
    for origin in facts.bases:
        package, _, base = origin.rpartition(".")
        if base in _PLAIN or base.endswith(("Mixin", "ABC")):
            continue
        theirs = [
            word for word in split(base) if word.lower() not in {"base", "abstract", "mixin", "generic"}
        ]
        fresh = [word for word in without(theirs, said) if word != "".join(own).lower()]
        if theirs and theirs[-1].lower() == own[-1].lower():
            told = split(package.rpartition(".")[2])
            named = [word for word in told if word not in _MODULES and not word.startswith(own[-1].lower())]
            fresh = fresh or without(named, own)[-1:]
            return [*own[:-1], *fresh[-2:], own[-1]]
        if fresh:
            return [*own, *fresh[-2:]]
    return own


def _parts(facts: TitleFacts, own: Sequence[str]) -> list[str]:
    """``with routes and middleware``: what an instance is made from."""
    given = (about(one) for one in facts.parameters)
    told = [found for found in given if found and without(found, own) == found][:2]
    return [] if not told else ["with", *told[0], *(["and", *told[1]] if len(told) == 2 else [])]


def _purpose(facts: TitleFacts, own: Sequence[str], often: bool = False) -> list[str]:
    """``for adding columns``, ``for rendering and printing``: what its public methods do most.

    With *often*, only what several methods do, and to what.
    """
    done: Counter[str] = Counter()
    objects: dict[str, list[str]] = {}
    for name in facts.methods:
        verb, *rest = split(name) or [""]
        if verbs.starts(verb, bool(rest)) and not name.startswith("__") and (verb not in _COMMON or rest):
            done[verb] += 1
            subject = read(name).subject
            if subject and len(subject) <= 2:
                objects.setdefault(verb, []).append(" ".join([*subject[:-1], _many(subject[-1])]))
    telling = sorted(done, key=lambda verb: (verb in _COMMON, -done[verb]))[:2]
    if not telling:
        return []
    if often and (done[telling[0]] < 2 or telling[0] not in objects):
        return []
    if not often and len(telling) == 2 and telling[1] not in _COMMON:
        return ["for", verbs.gerund(telling[0]), "and", verbs.gerund(telling[1])]
    object_ = next((one for one in objects.get(telling[0], []) if one not in own), "")
    if telling[0] in _COMMON and not object_:
        return []
    return ["for", verbs.gerund(telling[0]), *object_.split()]


def _ability(facts: TitleFacts, own: Sequence[str]) -> list[str]:
    """``with text form``: the first of its methods that says something."""
    for name in facts.methods:
        action = read(name)
        done = [*action.subject, *action.noun]
        if name != "__init__" and len(done) > 1 and without(done, own) == done:
            return ["with", *done[:3]]
    return ["helper", "class"]


def _many(word: str) -> str:
    return word if word in _UNCOUNTABLE else plural(word)


def _shape(facts: TitleFacts, own: Sequence[str]) -> list[str]:
    """What is left to say: what it wraps or holds, else that it is a class."""
    special = [name[2:-2] for name in facts.methods if is_special(name)]
    known = next((text for name, text in _BY_SPECIAL.items() if name in special), "")
    hook = next((name for name in special if name not in SPECIAL), "")
    if hook and not known:
        return ["with", *split(hook), "hook"]
    return known.split() or (_ability(facts, own) if len(own) == 1 else ["class"])
