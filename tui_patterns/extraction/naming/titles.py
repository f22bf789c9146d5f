"""Titles of three to seven words, composed from role, domain, traits and shape.

A function is named as a noun phrase: *whose* (its class), *what* it works on,
*what is done* as a noun, *how* (the rest of its name, else a parameter), and
what sets it apart (async, cached, with retry): "Async Client Request Sending
with Retry". A title follows from the unit's tree, its labels and the names of
the definitions around it alone. It never sees a path or a docstring.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tui_patterns.extraction.naming import classes, roles
from tui_patterns.extraction.naming.actions import Action, read
from tui_patterns.extraction.naming.domains import about, phrase
from tui_patterns.extraction.naming.facts import TitleFacts
from tui_patterns.extraction.naming.lexicon import PREPOSITIONS, SMALL
from tui_patterns.extraction.naming.verbs import gerund
from tui_patterns.extraction.naming.splitting import is_plural, is_special, singular, split, title, without

FEWEST, MOST = 3, 7
ROOMY = 4  # from so many words on a parameter adds no clarity


def compose(facts: TitleFacts) -> str:
    """The title of a unit."""
    words = classes.words(facts) if facts.is_class else _function(facts)
    return title(_trimmed(words)) or "Anonymous Unit"


def _function(facts: TitleFacts) -> list[str]:
    action = _listed(facts, _action(facts))
    owner = _owner(facts, action)
    if owner and action.noun and owner[-1].lower() == action.noun[-1] and action.verb:
        action = replace(action, noun=(gerund(action.verb),))
    body = [*owner, *action.subject, *action.noun, *action.tail]
    extra = roles.extra([*facts.labels, *facts.tags]).split()
    before = _before(facts, body)
    body = _named(facts, action, owner, body, len(before) + len(extra))
    if len(before) + len(body) + len(extra) > MOST:
        extra = []
    if len(before) + len(body) > MOST:
        body = _shorter(owner, action, MOST - len(before)) or body
    return [*before, *body, *([] if set(extra) <= set(body) else extra)]


def _action(facts: TitleFacts) -> Action:
    """What the function does by its own name, or by that of the function around it."""
    action = read(facts.name, facts.is_async)
    if facts.setter:
        return Action((*action.subject, *action.noun), ("assignment",))
    if facts.outer and _says_nothing(action):
        outer = _around(facts)
        noun = ("inner", "decorator") if facts.name.startswith("decorat") else ("wrapper",)
        return Action((*outer.subject, *outer.noun), noun)
    if "property" in facts.tags and action.noun and not action.subject and not is_special(facts.name):
        return Action(tuple(split(facts.name)))
    if [*action.subject, *action.tail][-1:] and [*action.subject, *action.tail][-1] in PREPOSITIONS:
        return _ending_open(facts, action)
    alone = not action.noun and not action.tail and (not facts.owner or len(action.subject) == 1)
    if alone and action.subject and _is_participle(action.subject[-1]):
        return Action((*action.subject, *_given(facts)))
    if not facts.owner and not action.subject and not action.tail and action.noun:
        return Action(_given(facts), action.noun)
    return action


def _ending_open(facts: TitleFacts, action: Action) -> Action:
    """``url_path_for(name)``: the parameter is what the last word leads to."""
    subject, tail = action.subject, action.tail
    *tail, preposition = tail or subject
    words = next((found for one in facts.parameters if (found := about(one))), [])
    end = (preposition, *words) if words else ()
    if action.tail:
        return replace(action, tail=(*tail, *end))
    return Action(tuple(tail), action.noun, end)


def _is_participle(word: str) -> bool:
    return len(word) > 4 and word.endswith("ed") and not word.endswith("eed")


_NOTHING = frozenset({"wrapper", "wrapped", "inner", "decorator", "decorate", "decoration", "function", "fun", "f",
                      "g", "proxy", "factory", "call", "run", "callback", "result"})  # fmt: skip


def _says_nothing(action: Action) -> bool:
    body = [*action.subject, *action.noun]
    return not action.tail and (not body or (len(body) == 1 and body[0] in _NOTHING))


def _around(facts: TitleFacts) -> Action:
    """What the nearest function around it does whose name says something."""
    actions = [read(name) for name in reversed(facts.outer)]
    return next((action for action in actions if not _says_nothing(action)), actions[-1])


def _given(facts: TitleFacts) -> tuple[str, ...]:
    """What a bare verb is done to: the first parameter that tells."""
    words = next((found for one in facts.parameters if (found := about(one))), [])
    return tuple([*words[:-1], singular(words[-1])] if words else ())


def _owner(facts: TitleFacts, action: Action) -> list[str]:
    """Whose it is: the class, or what the function around it is about; less what is said anyway."""
    said = [*action.subject, *action.tail]
    if facts.owner:
        words = [word for word in split(facts.owner) if word.lower() not in {"mixin", "async"}]
    elif facts.outer and len(said) + len(action.noun) < ROOMY:
        outer = _around(facts)
        words = without([*outer.subject] or [*outer.noun], action.noun)
    else:
        return []
    return without(words, said)


def _before(facts: TitleFacts, body: Sequence[str]) -> list[str]:
    said = {word.lower() for word in body}
    runs_async = facts.is_async or facts.owner_async or facts.owner.lower().lstrip("_").startswith("async")
    found = ["async"] if runs_async and "async" not in said else []
    how = roles.adjective(facts.labels) or ("cached" if "cached" in facts.tags else "")
    return [*found, how] if how and not said & {how, "cache", "caching"} else found


def _named(facts: TitleFacts, action: Action, owner: list[str], body: list[str], around: int) -> list[str]:
    """*body* completed to at least FEWEST words: by a role, by what is given, by its shape."""
    noun = _role(facts)
    if noun and not set(noun.split()) & {word.lower() for word in body}:
        creates = noun.endswith("factory") and action.noun == ("creation",)
        body = [*owner, *action.subject, *(() if creates else action.noun), *noun.split(), *action.tail]
    elif not action.noun and not action.tail:
        body = [*body, *_kind_of_thing(facts, body)]
    if len(body) < ROOMY and not action.tail:
        body = [*body, *_how(facts, action, body)]
    if len(body) + around < FEWEST or body == split(facts.name):
        body = _filled(facts, body)
    return body


def _role(facts: TitleFacts) -> str:
    """What it is for a framework or a pattern, where it is not simply a function."""
    return roles.function_noun(facts.labels, facts.tags) or roles.component_noun(facts.component)


def _kind_of_thing(facts: TitleFacts, body: Sequence[str]) -> list[str]:
    """A function named like a thing: the property, the iteration, the listing of it."""
    if "property" in facts.tags:
        return ["property"] if len(body) < FEWEST else []
    if {"generator", "async-generator"} & set(facts.tags):
        return ["iteration"]
    return ["factory"] if "factory_classmethod" in facts.labels else []


def _listed(facts: TitleFacts, action: Action) -> Action:
    """A method named for many things lists them: ``items()``."""
    several = facts.owner and not action.noun and not action.tail and action.subject
    if not several or "property" in facts.tags or _role(facts) or any(map(about, facts.parameters)):
        return action
    *first, last = action.subject
    return Action((*first, singular(last)), ("listing",)) if is_plural(last) else action


def _how(facts: TitleFacts, action: Action, body: Sequence[str]) -> list[str]:
    """The first parameter that says more than *body* does, as a phrase."""
    for one in facts.parameters:
        words = phrase(one, action.noun, body)
        if words:
            return words
    return []


def _filled(facts: TitleFacts, body: Sequence[str]) -> list[str]:
    """Still too short: what its body shows for certain."""
    return [*body, *next(_shapes(facts, body))]


def _shapes(facts: TitleFacts, body: Sequence[str]) -> Iterator[list[str]]:
    tags = set(facts.tags)
    if {"generator", "async-generator"} & tags:
        yield ["generator"]
    if "error-handling" in tags:
        yield ["with", "error", "handling"]
    words = split(facts.returns)
    if words and without(words, body) == words:
        yield ["returning", *words[-2:]]
    for call in facts.calls:
        words = without(split(call.rpartition(".")[2]), body)
        if len(words) > 1 and words[-1] not in {"error", "exception", "warning"}:
            yield ["using", *words[:3]]
    yield ["method"] if facts.owner else ["helper"] if len(body) > 1 else ["helper", "function"]


def _shorter(owner: Sequence[str], action: Action, room: int) -> list[str]:
    """Within *room*: first the tail gives way from its end, then the owner from its front, then the subject."""
    core = [*action.subject, *action.noun]
    left = max(room - len(core), min(len(owner), 1))
    kept = [*owner[len(owner) - min(left, len(owner)) :]] if left else []
    tail = list(action.tail)[: max(room - len(core) - len(kept), 0)]
    return [*kept, *core[max(len(core) + len(kept) - room, 0) :], *_ended(tail)]


def _ended(words: list[str]) -> list[str]:
    while words and words[-1].lower() in SMALL:
        words.pop()
    return words


def _trimmed(words: Sequence[str]) -> list[str]:
    """At most MOST words, no small word at the end."""
    return _ended([part for word in words for part in word.split()][:MOST])
