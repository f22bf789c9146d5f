"""Titles of three to seven words, composed from role, domain, traits and shape.

A function is named as a noun phrase: *whose* (its class), *what* it works on,
*what is done* as a noun, *how* (the rest of its name, else a parameter), and
what sets it apart (async, cached, with retry): "Async Client Request Sending
with Retry". A title follows from the unit's tree, its labels and the names of
the definitions around it alone. It never sees a path or a docstring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tui_patterns.extraction.naming import classes, roles
from tui_patterns.extraction.naming.actions import Action
from tui_patterns.extraction.naming.domains import phrase
from tui_patterns.extraction.naming.facts import TitleFacts
from tui_patterns.extraction.naming.filling import filled
from tui_patterns.extraction.naming.lexicon import SMALL
from tui_patterns.extraction.naming.readings import action_of, around, listed, role
from tui_patterns.extraction.naming.splitting import split, title, without
from tui_patterns.extraction.naming.verbs import gerund

FEWEST, MOST = 3, 7
ROOMY = 4  # from so many words on a parameter adds no clarity


def compose(facts: TitleFacts) -> str:
    """The title of a unit."""
    backend = roles.backend(facts.packages, split(f"{facts.owner}_{facts.name}")).split()
    room = MOST - len(backend)
    words = classes.words(facts) if facts.is_class else _function(facts, room)
    return title([*_trimmed(words, room), *backend]) or "Anonymous Unit"


def _function(facts: TitleFacts, room: int) -> list[str]:
    """At most *room* words, where that can be."""
    action = listed(facts, action_of(facts))
    owner = _owner(facts, action)
    owner, action = _once(owner, action)
    if action.noun == ("handler",) and "handler" in map(str.lower, owner):
        action = replace(action, noun=("callback",))
    if owner and action.noun and owner[-1].lower() == action.noun[-1] and action.verb:
        action = replace(action, noun=(gerund(action.verb),))
    body = [*owner, *action.subject, *action.noun, *action.tail]
    extra = _extra(facts, body)
    before = _before(facts, body)
    body = _named(facts, action, owner, body, (len(before), len(extra) + MOST - room))
    extra = extra if len(before) + len(body) + len(extra) <= room else []
    if len(before) + len(body) > room:
        body = _shorter(owner, action, room - len(before)) or body
    if [*before, *body, *extra] == split(facts.name):
        body = [*body[: room - 1], "helper"]
    return [*before, *body, *extra]


def _once(owner: list[str], action: Action) -> tuple[list[str], Action]:
    """What the class is called for already is not said again: no Rate Limit Enforcer Rate Limit Decorator."""
    subject = list(action.subject)
    lower = [word.lower() for word in owner]
    if subject and lower[-len(subject) - 1 :] == [*subject, action.verb]:
        return owner[: -len(subject) - 1], replace(action, noun=(gerund(action.verb),))
    starts = range(len(lower) - len(subject))
    if len(subject) > 1 and action.noun and any(lower[at : at + len(subject)] == subject for at in starts):
        return owner, replace(action, subject=())
    return owner, action


def _extra(facts: TitleFacts, body: Sequence[str]) -> list[str]:
    """What sets it apart, unless *body* says so: no Validation with Validation, no Retrying with Retry."""
    extra = roles.extra([*facts.labels, *facts.tags]).split()
    said = {word.lower() for word in body}
    return [] if any({word, gerund(word)} & said for word in extra[1:]) else extra


def _owner(facts: TitleFacts, action: Action) -> list[str]:
    """Whose it is: the class, or what the function around it is about; less what is said anyway."""
    said = [*action.subject, *action.tail]
    if facts.owner:
        words = [word for word in split(facts.owner) if word.lower() not in {"mixin", "async"}]
    elif facts.outer and len(said) + len(action.noun) < ROOMY:
        outer = around(facts)
        words = without([*outer.subject] or [*outer.noun], action.noun)
    else:
        return []
    return _unsaid(words, said)


def _unsaid(words: list[str], said: Sequence[str]) -> list[str]:
    """*words* less those at either end that are *said* anyway; one in the middle holds the rest together."""
    start, end = 0, len(words)
    while start < end and not without(words[start : start + 1], said):
        start += 1
    while end > start and not without(words[end - 1 : end], said):
        end -= 1
    return words[start:end]


def _before(facts: TitleFacts, body: Sequence[str]) -> list[str]:
    said = {word.lower() for word in body}
    runs_async = facts.is_async or facts.owner_async or facts.owner.lower().lstrip("_").startswith("async")
    found = ["async"] if runs_async and "async" not in said else []
    found += ["internal"] * facts.twin + ["bulk"] * facts.bulk
    how = roles.adjective(facts.labels) or ("cached" if "cached" in facts.tags else "")
    return [*found, how] if how and not any(word[:5] == how[:5] for word in said) else found


def _named(
    facts: TitleFacts, action: Action, owner: list[str], body: list[str], more: tuple[int, int]
) -> list[str]:
    """*body* completed to at least FEWEST words: by a role, by what is given, by its shape.

    *more* counts the words that come before and after it.
    """
    noun = role(facts)
    if noun and not set(noun.split()) & {word.lower() for word in body}:
        creates = noun.endswith("factory") and action.noun == ("creation",)
        body = [*owner, *action.subject, *(() if creates else action.noun), *noun.split(), *action.tail]
    elif not action.noun and not action.tail:
        body = [*body, *_kind_of_thing(facts, body)]
    if len(body) + more[1] < ROOMY and not action.tail:
        body = [*body, *_how(facts, action, body)]
    if len(body) + sum(more) < FEWEST or body == split(facts.name):
        body = filled(facts, action, owner, body)
    return body


def _kind_of_thing(facts: TitleFacts, body: Sequence[str]) -> list[str]:
    """A function named like a thing: the property, the iteration, the listing of it."""
    if "property" in facts.tags:
        return ["property"] if len(body) < FEWEST else []
    if {"generator", "async-generator"} & set(facts.tags):
        return ["iteration"]
    return ["factory"] if "factory_classmethod" in facts.labels else []


def _how(facts: TitleFacts, action: Action, body: Sequence[str]) -> list[str]:
    """The first parameter that says more than *body* does, as a phrase."""
    for one in facts.parameters:
        words = phrase(one, action.noun, body)
        if words:
            return words
    return []


def _shorter(owner: Sequence[str], action: Action, room: int) -> list[str]:
    """Within *room*: the tail gives way from its end, then the owner from its front, then the subject."""
    core = [*action.subject, *action.noun]
    left = max(room - len(core), min(len(owner), 1))
    kept = [*owner[len(owner) - min(left, len(owner)) :]] if left else []
    tail = list(action.tail)[: max(room - len(core) - len(kept), 0)]
    return [*kept, *core[max(len(core) + len(kept) - room, 0) :], *_ended(tail)]


def _ended(words: list[str]) -> list[str]:
    while words and words[-1].lower() in SMALL:
        words.pop()
    return words


def _trimmed(words: Sequence[str], room: int) -> list[str]:
    """At most *room* words, no small word at the end."""
    return _ended([part for word in words for part in word.split()][:room])
