"""The Beta distribution without SciPy, whose import costs the better part of a second.

The distribution function is the regularised incomplete beta function, by the
continued fraction of DLMF 8.17.22 (https://dlmf.nist.gov/8.17.E22), evaluated
with the modified Lentz method (Thompson & Barnett 1986, J. Comput. Phys. 64).
A quantile starts from the approximation of Abramowitz & Stegun 26.5.22 and is
made exact by Halley's steps.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, isfinite, lgamma, log, log1p, sqrt
from statistics import NormalDist

_TINY = 1e-300
_CLOSE = 1e-15
_NEAR = 1e-8
_MAX_TERMS = 20_000
_MAX_STEPS = 200
_FURTHEST = 30.0  # of the exponent that a first guess may have


def cdf(x: float, alpha: float, beta: float) -> float:
    """P(X <= x) for X ~ Beta(alpha, beta); 0 below the support and 1 above it.

    Raises ValueError unless both parameters are positive and finite.
    """
    _check(alpha, beta)
    if x <= 0.0:
        return 0.0
    if x >= 1.0:
        return 1.0
    # The fraction converges quickly on this side only (DLMF 8.17.22); 8.17.4 mirrors the other.
    if x <= (alpha + 1.0) / (alpha + beta + 2.0):
        return _clamp(_tail(x, alpha, beta))
    return _clamp(1.0 - _tail(1.0 - x, beta, alpha))


def quantile(p: float, alpha: float, beta: float) -> float:
    """The x in 0..1 with ``cdf(x) = p``: Halley's steps, kept inside a bisection bracket.

    Raises ValueError unless p lies in 0..1 and both parameters are positive and finite.
    """
    _check(alpha, beta)
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"a probability lies in 0..1, not {p!r}")
    if p in (0.0, 1.0):
        return p
    low, high, x = 0.0, 1.0, _guess(p, alpha, beta)
    for _ in range(_MAX_STEPS):
        error = cdf(x, alpha, beta) - p
        low, high = (x, high) if error < 0.0 else (low, x)
        following = _halley(x, error, alpha, beta)
        if low < following < high:
            if abs(following - x) <= _NEAR * x:  # the step after it would be its cube
                return following
        elif (following := (low + high) / 2.0) in (low, high):
            return following
        x = following
    return x


def _guess(p: float, alpha: float, beta: float) -> float:
    """Abramowitz & Stegun 26.5.22, which holds from one on; else the mean."""
    if alpha < 1.0 or beta < 1.0:
        return alpha / (alpha + beta)
    # Parameters of exactly one half would divide by zero; from one on they cannot.
    a, b = 1.0 / (2.0 * alpha - 1.0), 1.0 / (2.0 * beta - 1.0)
    z = _normal_quantile(p)
    curve, harmonic = (z * z - 3.0) / 6.0, 2.0 / (a + b)
    w = z * sqrt(max(curve + harmonic, 0.0)) / harmonic
    w += (a - b) * (curve + 5.0 / 6.0 - 2.0 / (3.0 * harmonic))
    return alpha / (alpha + beta * exp(max(min(-2.0 * w, _FURTHEST), -_FURTHEST)))


@lru_cache(maxsize=64)
def _normal_quantile(p: float) -> float:
    return NormalDist().inv_cdf(p)


def _halley(x: float, error: float, alpha: float, beta: float) -> float:
    if not 0.0 < x < 1.0:
        return -1.0
    density = exp((alpha - 1.0) * log(x) + (beta - 1.0) * log1p(-x) - _log_beta(alpha, beta))
    if density <= _TINY:
        return -1.0
    step = error / density
    bend = step * ((alpha - 1.0) / x - (beta - 1.0) / (1.0 - x))
    # Far from the root the bend is large: bounded, a step stays between 2/3 and 2 of Newton's.
    return x - step / (1.0 - 0.5 * min(max(bend, -1.0), 1.0))


def _tail(x: float, a: float, b: float) -> float:
    front = exp(a * log(x) + b * log1p(-x) - _log_beta(a, b)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """1/(1 + d1/(1 + d2/(1 + …))) by modified Lentz, with the terms of DLMF 8.17.23."""
    c, d, value = 1.0, 0.0, 1.0
    for m in range(_MAX_TERMS):
        twice = a + 2 * m
        for term in (
            -(a + m) * (a + b + m) * x / (twice * (twice + 1.0)),
            (m + 1) * (b - m - 1) * x / ((twice + 1.0) * (twice + 2.0)),
        ):
            d, c = 1.0 + term * d, 1.0 + term / c
            d = 1.0 / (d if abs(d) > _TINY else _TINY)
            c = c if abs(c) > _TINY else _TINY
            value *= c * d
            if abs(c * d - 1.0) < _CLOSE:
                return 1.0 / value
    return 1.0 / value


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _clamp(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _check(alpha: float, beta: float) -> None:
    if not (alpha > 0.0 and beta > 0.0 and isfinite(alpha) and isfinite(beta)):
        raise ValueError(f"Beta parameters are positive numbers, not {alpha!r} and {beta!r}")
