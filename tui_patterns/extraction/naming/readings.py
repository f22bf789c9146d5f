"""What a function does, by its own name and, where that says little, by what stands around it."""

from __future__ import annotations

from dataclasses import replace

from tui_patterns.extraction.naming import roles
from tui_patterns.extraction.naming.actions import Action, read
from tui_patterns.extraction.naming.domains import about
from tui_patterns.extraction.naming.facts import TitleFacts
from tui_patterns.extraction.naming.lexicon import PREPOSITIONS, wordset
from tui_patterns.extraction.naming.splitting import is_plural, is_special, singular, split


def action_of(facts: TitleFacts) -> Action:
    """What the function does by its own name, or by that of the function around it."""
    action = read(facts.name, facts.is_async)
    if is_special(facts.name) and not facts.owner:
        return replace(action, subject=("module", *action.subject))
    if facts.setter:
        return Action((*action.subject, *action.noun), ("assignment",))
    if facts.outer and says_nothing(action):
        return _nested(facts)
    if action.subject[:1] and action.subject[0] in _HOW and action.noun + action.subject[1:]:
        return _beginning_open(facts)
    if "property" in facts.tags and action.noun and not action.subject and not is_special(facts.name):
        return Action(tuple(split(facts.name)))
    if (action.tail or action.subject)[-1:] and (action.tail or action.subject)[-1] in PREPOSITIONS:
        return _ending_open(facts, action)
    if _tells_an_event(facts, action):
        return replace(action, noun=("callback",))
    alone = not action.noun and not action.tail and (not facts.owner or len(action.subject) == 1)
    if alone and action.subject and is_participle(action.subject[-1]):
        return Action((*action.subject, *_given(facts)))
    if not facts.owner and not action.subject and not action.tail and action.noun:
        return replace(action, subject=_given(facts))
    return action


_HOW = frozenset({"by", "in", "of", "per"})


def _beginning_open(facts: TitleFacts) -> Action:
    """``by_words(text) -> list[Match]``: what it returns is had by words."""
    generates = bool({"generator", "async-generator"} & set(facts.tags))
    thing = tuple(split(facts.returns)[-2:])
    noun = ("iteration",) if generates else () if thing else ("lookup",)
    return Action(thing, noun, tuple(split(facts.name)))


def _ending_open(facts: TitleFacts, action: Action) -> Action:
    """``url_path_for(name)``: the parameter is what the last word leads to."""
    *before, preposition = action.tail or action.subject
    words = next((found for one in facts.parameters if (found := about(one))), [])
    end = (preposition, *words) if words else ()
    if action.tail:
        return replace(action, tail=(*before, *end))
    return Action(tuple(before), action.noun, end)


def _nested(facts: TitleFacts) -> Action:
    """``wrapper`` and ``decorator``, named by the function around them; what that makes is said once."""
    outer = around(facts)
    inner = facts.name.startswith("decorat")
    made = outer.subject if outer.verb in {"make", "create"} else (*outer.subject, *outer.noun)
    said = made[-1:] == ("decorator",)
    return Action(made, ("inner", "function" if said else "decorator") if inner else ("wrapper",))


_HAPPENED = frozenset({"lost", "made", "sent", "done", "begun", "gone"})


def _tells_an_event(facts: TitleFacts, action: Action) -> bool:
    """``data_received``, ``connection_lost``: a method that is told of it."""
    words = action.subject
    told = (
        facts.owner
        and len(words) == 2
        and not action.noun
        and not action.tail
        and "property" not in facts.tags
    )
    return bool(told) and (words[-1] in _HAPPENED or is_participle(words[-1]))


def is_participle(word: str) -> bool:
    """``received``, ``cached``: what was done, or was done to it."""
    return len(word) > 4 and word.endswith("ed") and not word.endswith("eed")


_NOTHING = wordset("""
    call callback decorate decoration decorator f factory fun function g inner proxy result run
    wrapped wrapper
""")


def says_nothing(action: Action) -> bool:
    """Whether it is named for its place alone: ``wrapper``."""
    body = [*action.subject, *action.noun]
    return not action.tail and (not body or (len(body) == 1 and body[0] in _NOTHING))


def around(facts: TitleFacts) -> Action:
    """What the nearest function around it does whose name says something."""
    actions = [read(name) for name in reversed(facts.outer)]
    return next((action for action in actions if not says_nothing(action)), actions[-1])


def _given(facts: TitleFacts) -> tuple[str, ...]:
    """What a bare verb is done to: the first parameter that tells."""
    words = next((found for one in facts.parameters if (found := about(one))), [])
    return tuple([*words[:-1], singular(words[-1])] if words else ())


def listed(facts: TitleFacts, action: Action) -> Action:
    """A method named for many things lists them: ``items()``."""
    several = facts.owner and not action.noun and not action.tail and action.subject
    if not several or "property" in facts.tags or role(facts) or any(map(about, facts.parameters)):
        return action
    *first, last = action.subject
    return Action((*first, singular(last)), ("listing",)) if is_plural(last) else action


def role(facts: TitleFacts) -> str:
    """What it is for a framework or a pattern, where it is not simply a function."""
    return roles.function_noun(facts.labels, facts.tags) or roles.component_noun(facts.component)
