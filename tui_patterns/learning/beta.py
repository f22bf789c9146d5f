"""The Beta distribution without SciPy, whose import costs the better part of a second.

The distribution function is the regularised incomplete beta function, by the
continued fraction of DLMF 8.17.22 (https://dlmf.nist.gov/8.17.E22), evaluated
with the modified Lentz method (Thompson & Barnett 1986, J. Comput. Phys. 64).
"""

from __future__ import annotations

from collections.abc import Iterator
from math import exp, isfinite, lgamma, log, log1p

_TINY = 1e-300
_CLOSE = 1e-15
_MAX_TERMS = 20_000
_MAX_STEPS = 200


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
    """The x in 0..1 with ``cdf(x) = p``: Newton steps, kept inside a bisection bracket.

    Raises ValueError unless p lies in 0..1 and both parameters are positive and finite.
    """
    _check(alpha, beta)
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"a probability lies in 0..1, not {p!r}")
    if p in (0.0, 1.0):
        return p
    low, high, x = 0.0, 1.0, alpha / (alpha + beta)
    for _ in range(_MAX_STEPS):
        error = cdf(x, alpha, beta) - p
        low, high = (x, high) if error < 0.0 else (low, x)
        following = _newton(x, error, alpha, beta)
        if not low < following < high:
            following = (low + high) / 2.0
        if abs(following - x) <= _CLOSE * x:
            return following
        x = following
    return x


def _newton(x: float, error: float, alpha: float, beta: float) -> float:
    if not 0.0 < x < 1.0:
        return -1.0
    density = exp((alpha - 1.0) * log(x) + (beta - 1.0) * log1p(-x) - _log_beta(alpha, beta))
    return x - error / density if density > _TINY else -1.0


def _tail(x: float, a: float, b: float) -> float:
    front = exp(a * log(x) + b * log1p(-x) - _log_beta(a, b)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """1/(1 + d1/(1 + d2/(1 + …))) by modified Lentz."""
    c, d = 1.0, 0.0
    value = 1.0
    for term in _terms(x, a, b):
        d = 1.0 / _nonzero(1.0 + term * d)
        c = _nonzero(1.0 + term / c)
        value *= c * d
        if abs(c * d - 1.0) < _CLOSE:
            break
    return 1.0 / value


def _terms(x: float, a: float, b: float) -> Iterator[float]:
    """d1, d2, d3 … of DLMF 8.17.23."""
    for m in range(_MAX_TERMS):
        yield -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        k = m + 1
        yield k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))


def _nonzero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def _clamp(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _check(alpha: float, beta: float) -> None:
    if not (alpha > 0.0 and beta > 0.0 and isfinite(alpha) and isfinite(beta)):
        raise ValueError(f"Beta parameters are positive numbers, not {alpha!r} and {beta!r}")
