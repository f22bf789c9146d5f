"""A function's name read as a sentence: what is done, to what, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tui_patterns.extraction.naming import verbs
from tui_patterns.extraction.naming.lexicon import PREPOSITIONS, wordset
from tui_patterns.extraction.naming.special import SPECIAL
from tui_patterns.extraction.naming.splitting import is_special, singular, split

_QUESTIONS = frozenset(
    {"is", "has", "should", "can", "needs", "was", "are", "supports", "must", "does", "will"}
)
_EMPTY = frozenset({"do", "did", "inner", "internal", "helper", "the", "maybe", "async"})
_LITTLE = frozenset({"the", "a", "all", "any"})
# They belong to the verb: ``skip_back``, ``write_out_rows``.
_PARTICLES = frozenset({"out", "up", "away", "back", "down", "off", "forward"})
# At the end of a name they ask: ``notifications_supported``.
_STATES = wordset("""
    supported enabled disabled allowed required needed expected installed permitted configured
""")
# Third persons ask, as ``is`` does: ``owns_connection``.
_ASKS = wordset("""
    accepts allows applies contains depends differs equals exists expects fits happens includes intersects
    knows looks matches overlaps owns requires satisfies seems takes wants works
""")
_ASYNC_VERBS = frozenset({"call", "close", "connect", "enter", "exit", "get", "invoke", "iterate", "next",
                          "read", "run", "send", "write", "iter"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Action:
    """``subject`` is worked on, ``noun`` is what is done, ``tail`` how; an empty ``noun`` names a thing.

    ``verb`` is what ``noun`` was made from, where it was.
    """

    subject: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    verb: str = ""


def read(name: str, is_async: bool = False) -> Action:
    """The action that a function's name tells of."""
    if is_special(name):
        return _special(name[2:-2])
    words = _told(split(_without_a(name) if is_async else name))
    return _read(words) if words else Action()


def _special(inner: str) -> Action:
    """A method that Python, or a framework in the same way, calls: ``__get_validators__``."""
    if inner in SPECIAL:
        return Action(noun=tuple(SPECIAL[inner].split()))
    words = split(inner)
    action = _read(words) if len(words) > 1 else Action(tuple(words))
    return Action((*action.subject, *action.noun), ("hook",), action.tail)


def _without_a(name: str) -> str:
    """``aiter_text`` without the letter that says async."""
    first, joint, rest = name.lstrip("_").partition("_")
    bare = first[1:] if first.startswith("a") and first[1:] in _ASYNC_VERBS else first
    return f"{bare}{joint}{rest}"


def _told(words: list[str]) -> list[str]:
    """*words* less those at either end that say nothing, as long as one is left."""
    kept = list(words)
    while len(kept) > 1 and kept[0] in _EMPTY:
        kept.pop(0)
    while len(kept) > 1 and (kept[-1] in _EMPTY or kept[-1].isdigit()):
        kept.pop()
    return kept


def _read(words: list[str]) -> Action:
    head, rest = words[0], words[1:]
    if words[-1] == "nowait" and rest:
        return _without_waiting(words[:-1])
    if head in _QUESTIONS and rest:
        return _with_subject(rest, ("check",))
    if head in {"pre", "post"} and rest and rest[0] in verbs.VERBS:
        return Action((f"{head}-{rest[0]}", *rest[1:]), ("hook",))
    if len(words) > 1 and words[-1] in _STATES and not verbs.starts(head, goes_on=True):
        return Action(tuple(words), ("check",))
    if head in _ASKS and rest:
        return Action((head, *rest), ("check",))
    if head == "on" and rest:
        return Action(tuple(rest), ("handler",))
    if head in {"to", "as", "from", "with"} and rest:
        return _turned(head, rest)
    if len(words) > 3 and words[1] in {"or", "and"} and head in verbs.VERBS and words[2] in verbs.VERBS:
        return _with_subject(words[3:], (verbs.noun(head), words[1], verbs.noun(words[2])))
    if len(words) == 3 and words[1] in {"or", "and"} and head in verbs.VERBS and words[2] in verbs.VERBS:
        return Action(noun=(verbs.noun(head), words[1], verbs.noun(words[2])))
    if verbs.starts(head, bool(rest)):
        return replace(_with_subject(rest, (verbs.noun(head),)), verb=head)
    return _verb_inside(words)


def _without_waiting(words: list[str]) -> Action:
    """``get_nowait``."""
    action = _read(words)
    return replace(action, noun=("immediate", *action.noun))


def _turned(head: str, rest: list[str]) -> Action:
    """``to_json``, ``from_file``, ``with_options``."""
    noun = {"from": "creation", "with": "copy"}.get(head, "conversion")
    return Action(noun=(noun,), tail=("to" if head == "as" else head, *rest))


def _with_subject(rest: Sequence[str], noun: tuple[str, ...]) -> Action:
    """The words after the verb: up to a preposition what is worked on, then how."""
    cut = next((at for at, word in enumerate(rest) if word in PREPOSITIONS and at + 1 < len(rest)), len(rest))
    if rest[:cut] == ["all"]:
        return Action((), noun, ("of", "all", *rest[cut:]))
    subject, particle = _without_particle([word for word in rest[:cut] if word not in _LITTLE])
    noun = (*noun, particle) if particle else noun
    open_end = [subject.pop()] if subject and subject[-1] in PREPOSITIONS else []
    if subject:
        subject[-1] = singular(subject[-1])
    return Action(tuple(subject), noun, (*rest[cut:], *open_end))


def _without_particle(subject: list[str]) -> tuple[list[str], str]:
    """The particle at either end of *subject*, which belongs to the verb."""
    if subject[:1] and subject[0] in _PARTICLES:
        return subject[1:], subject[0]
    return (subject[:-1], subject[-1]) if len(subject) > 1 and subject[-1] in _PARTICLES else (subject, "")


def _verb_inside(words: list[str]) -> Action:
    """``ratio_resolve``, ``path_to_url``; else the name of a thing."""
    cut = next((at for at, w in enumerate(words) if at and w in PREPOSITIONS and at + 1 < len(words)), None)
    if cut is not None and words[cut] == "to":
        return Action((*words[: cut - 1], singular(words[cut - 1])), ("conversion",), tuple(words[cut:]))
    body, tail = (words, []) if cut is None else (words[:cut], words[cut:])
    if len(body) > 2 and verbs.ends(body[1]):
        return Action((body[0], *body[2:-1], singular(body[-1])), (verbs.noun(body[1]),), tuple(tail))
    if len(body) > 1 and verbs.ends(body[-1]):
        return Action((*body[:-2], singular(body[-2])), (verbs.noun(body[-1]),), tuple(tail))
    return Action(tuple(body), (), tuple(tail))
