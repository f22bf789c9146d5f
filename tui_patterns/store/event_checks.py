"""What an event must be like to enter the ledger: all else is refused in one clear line."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any, get_args

from tui_patterns.models import Event, EventKind
from tui_patterns.store.fix_folds import prefix

KINDS = frozenset(get_args(EventKind))
AHEAD_S = 86_400.0  # clocks of two machines may differ; by more than a day, one of them is wrong
_OF_PATTERN = frozenset({"use", "unused", "outcome", "retract", "rating", "unrate", "retire", "restore"})
_OF_INJECTION = frozenset({"injection", "use", "unused", "retract", "censored"})
_OF_SESSION = frozenset({"session", "injection", "rating", "unrate"})
_INJECTION_DATA = frozenset({"arm", "prompt_hash", "tokens", "budget", "patterns"})
_FIX_WORDS = frozenset({"found", "attempt", "said"})
_ERROR = frozenset({"type", "message", "class", "shape", "signature"})
_ENTRY = frozenset({"pattern", "version", "position", "score", "relevance", "propensity", "tokens", "why"})


class LedgerError(ValueError):
    """An event that cannot have happened; ``str()`` is one line."""


def check(event: Event, present: float) -> None:
    """Raise LedgerError unless the event is whole and its numbers are possible; ``present`` is now."""
    if event.kind not in KINDS:
        raise LedgerError(f"no event has the kind {event.kind!r}")
    if not event.key:
        raise LedgerError(f"an event of kind {event.kind} needs a key, so that it counts once")
    _check_time(event.at, present)
    for kinds, value, what in (
        (_OF_PATTERN, event.pattern, "pattern"),
        (_OF_INJECTION, event.injection, "injection"),
        (_OF_SESSION, event.session, "session"),
    ):
        if event.kind in kinds and not value:
            raise LedgerError(f"an event of kind {event.kind} names its {what}")
    if not _finite(event.data):
        raise LedgerError(f"an event of kind {event.kind} holds a number that is not finite")
    if special := _SPECIAL.get(event.kind):
        special(event)


def _check_time(at: object, present: float) -> None:
    if isinstance(at, bool) or not isinstance(at, int | float) or not isfinite(at) or at < 0:
        raise LedgerError(f"a time is seconds since 1970, not {at!r}")
    if at > present + AHEAD_S:
        raise LedgerError("the event lies more than a day in the future: check the clock")


def _finite(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_finite, value))
    return not isinstance(value, float) or isfinite(value)


def _check_rating(event: Event) -> None:
    rating = event.data.get("rating")
    if isinstance(rating, bool) or not isinstance(rating, int) or not 1 <= rating <= 5:
        raise LedgerError(f"a rating is a whole number from 1 to 5, not {rating!r}")


def _check_outcome(event: Event) -> None:
    data = event.data
    if not data.get("source") or not data.get("what"):
        raise LedgerError("an outcome says what it is, and its source")
    if not (data.get("success", 0) is None or isinstance(data.get("success", 0), bool)):
        raise LedgerError(f"an outcome's success is true, false or unknown, not {data.get('success')!r}")
    _check_weight(data.get("weight"))


def _check_retract(event: Event) -> None:
    if not event.data.get("source"):
        raise LedgerError("a word is taken back by its source")


def _check_weight(weight: Any) -> None:
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= 1:
        raise LedgerError(f"an outcome's weight lies above 0 and is at most 1, not {weight!r}")


def _check_use(event: Event) -> None:
    similarity = event.data.get("similarity")
    if similarity is None:
        return
    if isinstance(similarity, bool) or not isinstance(similarity, int | float) or not 0 <= similarity <= 1:
        raise LedgerError(f"a similarity lies in 0..1, not {similarity!r}")


def _check_injection(event: Event) -> None:
    entries = event.data.get("patterns")
    whole = event.data.keys() >= _INJECTION_DATA and isinstance(entries, list)
    if not whole or not all(isinstance(one, dict) and one.keys() >= _ENTRY for one in entries or ()):
        raise LedgerError(
            "an injection names its arm, prompt, tokens, budget, and what is known of each pattern"
        )
    if event.key != f"injection:{event.injection}":
        raise LedgerError(f"an injection's key is injection:{event.injection}, not {event.key}")


def _check_fix(event: Event) -> None:
    data, error = event.data, event.data.get("error")
    if data.get("what") not in _FIX_WORDS or not isinstance(data.get("success"), bool):
        raise LedgerError("a fix says what was done (found, attempt, said), and whether it helped")
    if not isinstance(error, dict) or not error.keys() >= _ERROR:
        raise LedgerError("a fix names its error: type, message, class, shape and signature")
    if data["what"] == "found" and not (data.get("fix") and data.get("diff") and "paths" in data):
        raise LedgerError("a fix that was found has an id, a diff and its files")
    if not event.key.startswith(prefix(data.get("fix"))) or not data.get("strategy"):
        raise LedgerError(f"a fix names its strategy, and its key begins with {prefix(data.get('fix'))}")
    if data["what"] == "said" and not (event.session and data.get("fix")):
        raise LedgerError("a word on a fix names the fix and its session")
    _check_weight(data.get("weight"))


_SPECIAL: dict[str, Callable[[Event], None]] = {
    "rating": _check_rating,
    "outcome": _check_outcome,
    "retract": _check_retract,
    "use": _check_use,
    "unused": _check_use,
    "injection": _check_injection,
    "fix": _check_fix,
}
