"""The section as it fills up: what still fits into the budget, and in which form."""

from __future__ import annotations

from collections.abc import Sequence

from tui_patterns.models import Hit
from tui_patterns.prompts.alike import alike
from tui_patterns.prompts.budget import count_tokens
from tui_patterns.prompts.render import Form, Pick, entry, section

_FORMS: tuple[Form, ...] = ("full", "signature")
_JOINT = 1  # the empty line between two entries
_HOPELESS = 40  # more characters a token than any code has: not worth counting


class Tray:
    """Picks within ``budget`` tokens; the cost of an entry counts its code, facts and the line before it."""

    measure = staticmethod(count_tokens)

    def __init__(
        self, budget: int, injection_id: str, max_similarity: float, avoid: Sequence[str] = ()
    ) -> None:
        """``avoid`` are lines that stand in the section whatever else does, as far as they fit."""
        self.budget = budget
        self.max_similarity = max_similarity
        self.injection_id = injection_id
        self.picks: list[Pick] = []
        self.avoid = tuple(avoid)
        while self.avoid and count_tokens(section((), injection_id, self.avoid)) > budget:
            self.avoid = self.avoid[:-1]
        self._used = count_tokens(section((), injection_id, self.avoid))

    def takes(self, hit: Hit) -> bool:
        """Whether ``add`` would take it."""
        return self._as_pick(hit, manual=False, propensity=1.0) is not None

    def add(self, hit: Hit, *, manual: bool = False, propensity: float = 1.0) -> bool:
        """Put it in, whole or else by its signature; False when it is not new or does not fit."""
        pick = self._as_pick(hit, manual=manual, propensity=propensity)
        if pick is None:
            return False
        self.picks.append(pick)
        self._used += pick.tokens
        return True

    def settled(self) -> tuple[Pick, ...]:
        """The picks, with the whole section counted once more: the budget is hard."""
        picks = list(self.picks)
        while picks and count_tokens(section(picks, self.injection_id, self.avoid)) > self.budget:
            picks.pop()
        return tuple(picks)

    def _as_pick(self, hit: Hit, *, manual: bool, propensity: float) -> Pick | None:
        if self._repeats(hit, manual=manual):
            return None
        for form in _FORMS:
            pick = self._draft(hit, form, manual=manual, propensity=propensity)
            if pick is not None and self._used + pick.tokens <= self.budget:
                return pick
        return None

    def _repeats(self, hit: Hit, *, manual: bool) -> bool:
        """The user's own picks may be alike, but not the same twice."""
        shown = [pick.hit.pattern for pick in self.picks]
        if manual:
            return hit.pattern.id in {pattern.id for pattern in shown}
        return any(alike(hit.pattern, pattern, self.max_similarity) for pattern in shown)

    def _draft(self, hit: Hit, form: Form, *, manual: bool, propensity: float) -> Pick | None:
        code = hit.pattern.code if form == "full" else hit.pattern.signature
        if len(code) > _HOPELESS * max(self.budget, 0):
            return None
        rank = len(self.picks) + 1
        pick = Pick(hit=hit, rank=rank, propensity=propensity, tokens=0, form=form, manual=manual)
        tokens = count_tokens(entry(pick, rank)) + _JOINT
        return Pick(hit=hit, rank=rank, propensity=propensity, tokens=tokens, form=form, manual=manual)
