"""What tokens cost: an own table first, then the library ``genai-prices`` with the data it ships.

An own table is a JSON file, ``{"source", "prices": {model: rates}}`` or the
models alone, in USD a token, with the keys of LiteLLM's table
(``input_cost_per_token`` …) or short ones (``input``, ``output``,
``cache_create``, ``cache_read``, each also with ``_above_200k``). Nothing here
uses the network. Every price carries the name of its table.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from tui_patterns.sessions.values import count, number, table

OWN_TABLE = "prices.json"
MAX_BYTES = 20_000_000
_MTOK = 1_000_000
_CLASSES = {
    "input": "input_cost_per_token",
    "output": "output_cost_per_token",
    "cache_create": "cache_creation_input_token_cost",
    "cache_read": "cache_read_input_token_cost",
}
_HOUR = "cache_creation_input_token_cost_above_1hr"
_PROVIDER = re.compile(r"^(?:[\w-]+/)+|^(?:\w+\.)?(?:anthropic|openai|google)\.")
_SUFFIX = re.compile(r"(?:\[1m\]|@\d{8}|-\d{8}(?:-v\d(?::\d)?)?|-\d{4}-\d\d-\d\d|-latest|-v\d(?::\d)?|:\d)$")


class PriceError(Exception):
    """An own price table cannot be used; one clear line."""


class Rates(NamedTuple):
    """USD a token; ``above`` are those for the part of a class beyond ``threshold`` tokens.

    A class without a rate is ``None``: its tokens cannot be priced.
    """

    table: str
    input: float | None
    output: float | None
    cache_5m: float | None
    cache_1h: float | None
    cache_read: float | None
    above: dict[str, float]
    threshold: int = 200_000
    whole: bool = False
    fast: float = 1.0
    window: int | None = None


class PriceTable(Protocol):
    """Finds the rates of a model at a time."""

    def rates(self, model: str, at: float | None) -> Rates | None:
        """``None`` for a model that it does not know."""
        ...


class OwnTable:
    """A table from a JSON file. Raises PriceError for a file that is none."""

    def __init__(self, path: Path) -> None:
        raw = _read(path)
        whole = _parsed(raw, path)
        self._prices = table(whole.get("prices")) or whole
        self._fast = table(whole.get("fast_multiplier"))
        self._threshold = count(whole.get("tier_threshold_tokens")) or 200_000
        source = whole.get("version") or whole.get("source")
        name = str(source)[:60] if isinstance(source, str) else path.name
        self.version = f"{name} ({sha256(raw).hexdigest()[:8]})"

    def rates(self, model: str, at: float | None) -> Rates | None:
        """The rates under the model's name, or under it without provider and date."""
        for name in names(model):
            if isinstance(self._prices.get(name), dict):
                return self._rates(name, self._prices[name])
        return None

    def _rates(self, name: str, given: dict[str, Any]) -> Rates | None:
        base = {key: number(given.get(key, given.get(long)), 1.0) for key, long in _CLASSES.items()}
        if base["input"] is None and base["output"] is None:
            return None
        hour = number(given.get("cache_create_1h", given.get(_HOUR)), 1.0)
        return Rates(
            table=self.version,
            input=base["input"],
            output=base["output"],
            cache_5m=base["cache_create"],
            cache_1h=hour if hour is not None else _twice(base["input"]),
            cache_read=base["cache_read"],
            above=_above(given),
            threshold=self._threshold,
            fast=self._multiplier(name),
            window=count(given.get("max_input_tokens")) or None,
        )

    def _multiplier(self, name: str) -> float:
        exact = number(table(self._fast.get("exact")).get(name), 100.0)
        if exact is not None:
            return exact
        prefixes = table(self._fast.get("normalized_prefix"))
        found = [number(value, 100.0) for prefix, value in prefixes.items() if name.startswith(prefix)]
        return next((one for one in found if one is not None), 1.0)


class LibraryTable:
    """The prices that come with the installed ``genai-prices``; its import takes 0.15 s."""

    def __init__(self) -> None:
        from importlib.metadata import version

        from genai_prices.data_snapshot import get_snapshot

        self.version = f"genai-prices {version('genai-prices')}"
        self._snapshot = get_snapshot()

    def rates(self, model: str, at: float | None) -> Rates | None:
        """The rates that held on the day of ``at``, by default today."""
        for name in names(model):
            try:
                _, found = self._snapshot.find_provider_model(name, None, None, None)
            except LookupError:
                continue
            moment = datetime.fromtimestamp(at, UTC) if at is not None else datetime.now(UTC)
            return self._rates(found.get_prices(moment), found.context_window)
        return None

    def _rates(self, prices: Any, window: int | None) -> Rates:
        found = {name: _per_token(getattr(prices, f"{name}_mtok", None)) for name in _LIBRARY}
        above, start = _library_tiers(prices)
        given = found["input"]
        return Rates(
            table=self.version,
            input=given,
            output=found["output"],
            cache_5m=found["cache_write"],
            cache_1h=found["cache_write_1h"] if found["cache_write_1h"] is not None else _twice(given),
            cache_read=found["cache_read"],
            above=above,
            threshold=start,
            whole=True,
            window=window,
        )


_LIBRARY = {
    "input": "input", "output": "output", "cache_write": "cache_create", "cache_write_1h": "cache_create_1h",
    "cache_read": "cache_read",
}  # fmt: skip


def _per_token(price: Any) -> float | None:
    base = getattr(price, "base", price)
    return None if base is None else float(base) / _MTOK


def _library_tiers(prices: Any) -> tuple[dict[str, float], int]:
    """Rates beyond the first threshold; all classes of a model share it."""
    above: dict[str, float] = {}
    start = 200_000
    for name, ours in _LIBRARY.items():
        tiers = getattr(getattr(prices, f"{name}_mtok", None), "tiers", ())
        if tiers:
            start, above[ours] = int(tiers[0].start), float(tiers[0].price) / _MTOK
    return above, start


def _above(given: dict[str, Any]) -> dict[str, float]:
    found = {}
    for key, long in _CLASSES.items():
        rate = number(given.get(f"{key}_above_200k", given.get(f"{long}_above_200k_tokens")), 1.0)
        if rate is not None:
            found[key] = rate
    return found


def _twice(rate: float | None) -> float | None:
    return None if rate is None else 2 * rate


def names(model: str) -> list[str]:
    """A model's name, then without provider, then without date or other suffixes."""
    found = [model]
    bare = _PROVIDER.sub("", model)
    while True:
        if bare not in found:
            found.append(bare)
        shorter = _SUFFIX.sub("", bare)
        if shorter == bare:
            return found
        bare = shorter


def _read(path: Path) -> bytes:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise PriceError(f"{path}: the price table cannot be read ({error.strerror})") from None
    if len(raw) > MAX_BYTES:
        raise PriceError(f"{path}: larger than a price table of {MAX_BYTES // 1_000_000} MB can be")
    return raw


def _parsed(raw: bytes, path: Path) -> dict[str, Any]:
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise PriceError(f'{path}: not a price table: a JSON object {{"prices": {{model: rates}}}} is needed')
    return value
