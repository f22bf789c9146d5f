"""What completes a title of two words, so that it is never a bare "Update Method" where more can be said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tui_patterns.extraction.naming.actions import Action, read
from tui_patterns.extraction.naming.facts import TitleFacts
from tui_patterns.extraction.naming.lexicon import SMALL
from tui_patterns.extraction.naming.readings import is_participle
from tui_patterns.extraction.naming.splitting import is_special, singular, split, without

_STEM = 4  # letters that a doer shares with what it does: encoder, encoding


def filled(facts: TitleFacts, action: Action, owner: Sequence[str], body: Sequence[str]) -> list[str]:
    """Still too short: what its body shows for certain, else turned round, else what kind of thing it is."""
    shape = next(_shapes(facts, body), None)
    if shape is not None:
        return [*body, *shape]
    kind = ["method"] if facts.owner else ["helper"] if len(body) > 1 else ["helper", "function"]
    return _turned_round(facts, action, owner, body) or [*body, *kind]


def _turned_round(facts: TitleFacts, action: Action, owner: Sequence[str], body: Sequence[str]) -> list[str]:
    """Update of Headers, Encoding by Encoder, Status of Watcher; several where the name has several."""
    whose = [*owner, *action.subject] if action.noun else [*owner]
    what = action.noun or action.subject
    told = whose and [*whose, *what] == [*body] and (owner or action.verb)
    if not (what and told) or is_participle(what[-1]):
        return []
    does_it = owner and whose[-1][:_STEM].lower() == what[-1][:_STEM]
    written = {singular(word): word for word in split(facts.name)}
    return [*what, "by" if does_it else "of", *whose[:-1], written.get(whose[-1], whose[-1])]


def _shapes(facts: TitleFacts, body: Sequence[str]) -> Iterator[list[str]]:
    tags = set(facts.tags)
    if {"generator", "async-generator"} & tags and not {"iteration", "generation"} & set(body):
        yield ["generator"]
    if "error-handling" in tags:
        yield ["with", "error", "handling"]
    words = split(facts.returns)
    if words and words[-1] not in SMALL and without(words, body) == words:
        yield ["returning", *words[-2:]]
    for call in facts.calls:
        told = _called(call, body)
        if told:
            yield ["using", *told]


def _called(call: str, body: Sequence[str]) -> list[str]:
    """What a call does, as a noun of two or three words that *body* has not; else nothing."""
    name = call.rpartition(".")[2]
    words = split(name)
    if len(words) < 2 or words[0] in {"is", "has", "to", "as", "from"} or is_special(name):
        return []
    action = read(name)
    told = [*action.subject, *action.noun]
    fresh = without(told, body) == told and not {*words} & {*body}
    return told if 1 < len(told) < 4 and action.verb and not action.tail and fresh else []
