"""How likely it is that a hit answers the query, in 0..1; the order of hits rests on the same number.

A logistic model over what does not depend on other hits: the cosine between
query and pattern, and how well the pattern's words answer (``search/scoring.py``).
Their proportion is fitted for order (``benchmarks/tune.py``), the scale and the
constant for honesty (``benchmarks/calibrate.py``, which prints how well the
probability keeps its word). So a better hit never shows a lower relevance, but
for the small priors and for names met exactly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weights:
    """Log-odds: a constant, and per unit of each observation."""

    constant: float
    cosine: float
    words: float


# Written by benchmarks/calibrate.py; run it again after a change of what is observed or embedded.
HYBRID = Weights(constant=-4.10, cosine=4.85, words=3.88)
LEXICAL = Weights(constant=-2.22, cosine=0.00, words=4.36)


@dataclass(frozen=True, slots=True)
class PromptWeights:
    """Log-odds for a prompt: a constant, and per unit of what was seen of it as a whole.

    ``exact`` is for a name that stands in it as the code writes it, ``length`` for each e-fold of its words:
    the longer a prompt, the smaller the share of it that a pattern answers. What was seen of the clause that
    a pattern answers best counts ``clause`` times as much again.
    """

    constant: float
    cosine: float
    words: float
    exact: float
    length: float
    clause: float


# Written by benchmarks/prompts.py, from commits of real projects: right is what stands in files they changed.
PROMPT_HYBRID = PromptWeights(-6.20, cosine=2.74, words=4.45, exact=0.79, length=0.93, clause=0.30)
PROMPT_LEXICAL = PromptWeights(-5.53, cosine=0.00, words=5.02, exact=0.85, length=1.14, clause=0.30)


def log_odds(cosine: float | None, words: float) -> float:
    """That a pattern answers; ``words`` in 0..1, ``cosine`` is ``None`` if not known."""
    weights = LEXICAL if cosine is None else HYBRID
    return weights.constant + weights.cosine * (cosine or 0.0) + weights.words * words


def seen_for_prompt(cosine: float | None, words: float, exact: float, said: int) -> float:
    """What one query of a prompt says for a pattern, without a constant; ``said`` counts its words."""
    weights = PROMPT_LEXICAL if cosine is None else PROMPT_HYBRID
    length = weights.length * math.log(max(said, 1))
    return weights.cosine * (cosine or 0.0) + weights.words * words + weights.exact * exact + length


def prompt_log_odds(whole: float, clause: float, *, hybrid: bool) -> float:
    """Log-odds for a prompt from what was seen for all of it and for a pattern's best clause."""
    weights = PROMPT_HYBRID if hybrid else PROMPT_LEXICAL
    return weights.constant + whole + weights.clause * clause


def relevance(cosine: float | None, words: float) -> float:
    """Probability that a pattern answers the query."""
    return share(log_odds(cosine, words))


def odds_of(share: float) -> float:
    """The log-odds of a probability; of 0 and 1, of what is as good as that."""
    held = min(max(share, 1e-9), 1.0 - 1e-9)
    return math.log(held / (1.0 - held))


def share(odds: float) -> float:
    """A probability from its log-odds, whatever they are."""
    if odds < 0.0:
        likely = math.exp(odds)
        return likely / (1.0 + likely)
    return 1.0 / (1.0 + math.exp(-odds))
