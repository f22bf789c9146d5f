"""Every number that decides an order, in one place, with what it is for.

The weights of fields are round numbers and hardly matter (halving or doubling
any one moves NDCG@10 by less than .01). The two weights of ``EVIDENCE`` are
fitted by ``benchmarks/tune.py`` on questions with known answers, each
repository predicted by what was fitted without it; ``docs/benchmarks.md`` says
what else was tried. No number was chosen by looking at a single query.
"""

from __future__ import annotations

from typing import Final

FIELDS: Final = {
    "title": 4.0,
    "names": 4.0,
    "path": 2.0,
    "prose": 2.0,
    "tags": 1.0,
    "context": 0.5,
    "body": 1.0,
}
"""What a word counts in each field: a name says what a thing is, a word of its code only what it touches.

The context is what class and module say of themselves, the names of those who call the pattern, and those
that its code gives to values."""

SATURATION: Final = 1.2
"""BM25's k1: how soon a word met in more, or heavier, fields adds no more (the customary value)."""
LENGTH: Final = 0.4
"""BM25's b, 0..1: how much a long document is held against its words; less than the customary .75, since
long code is no vice."""
USUAL_WORDS: Final = 85.0
"""Distinct words of a pattern of middling length: fixed, so that no hit's score depends on the others."""

RARITY: Final = 0.75
"""The power of a word's inverse document frequency that is its worth: 1 would let a single rare word outweigh
all that a question says otherwise, ½ costs where the name says little of it."""

KIN: Final = 0.5
"""What a word in a name counts for that means a word of the query (``kin.py``): of what that word itself
would, times how strongly it means it."""

EXACT: Final = 1.0
"""Log-odds for a name asked for just as the code writes it; half of it when only its case differs. Only where
the whole query is a name, or an error names it: a name within a sentence is seldom what is looked for."""
HALF_TYPED: Final = 0.01
"""The share of patterns that a word still being typed is taken to stand in, when no pattern has it whole."""

POOL: Final = 60
"""Candidates by words, and as many by meaning, that are ranked for every query; 40 or 100 do as well."""
CLAUSE_POOL: Final = 12
"""As many by words, and by meaning, for each clause of a prompt besides those for all of it; twice as many of
those for all of it are looked at again for each clause. Each costs a third of a millisecond."""
FILE_POOL: Final = 100
"""As many where files are ranked, by all that was found in them: fewer cost .002 to .01."""
POSTINGS: Final = 5_000
"""Rows that the full-text index may rank for one query; the commonest words stay out of its search beyond
that, and count again when candidates are ranked. 2,500 to 20,000 find the same, at a price in time."""

PRIOR: Final = 0.2
"""Log-odds between the best and the worst in quality and success rate together: enough to order what is
equally relevant (1 % of relevance is .04 to .2), too little to bury a better answer."""
AFFINITY: Final = 0.1
"""Log-odds for a pattern of the project that the question comes from."""

RERANKED: Final = 24
"""Hits that a reranker reads, if one is set: each costs a run of its model."""
RERANK: Final = 1.0
"""Most log-odds that a reranker adds or takes: as much as a name met exactly. Not fitted: there was no
cross-encoder to measure with."""

FILE_HEAT: Final = 0.6
"""In log-odds: how much a file's further hits add to its best one; 0 would be nothing."""
FILE_PATH: Final = 0.7
"""Log-odds for a file whose path says the whole query; a part of it counts in proportion."""
