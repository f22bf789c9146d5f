"""The cost of a message, as an estimate: tokens by class times the rates of a table.

The rule is that of ccusage (github.com/ryoppippi/ccusage, cost.rs): each class
for itself; what was written to the cache for an hour costs twice the input
unless the table says otherwise; of a class with more than 200,000 tokens in one
message the rest goes by the higher rate, where there is one; speed *fast* by the
model's multiplier. Tables of ``genai-prices`` have the higher rate for a whole
message instead. A class with tokens but without a rate leaves the message
without a price.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tui_patterns.sessions.prices import OWN_TABLE, LibraryTable, OwnTable, PriceTable, Rates
from tui_patterns.store.session_rows import MessageRow

DAY = 86_400


class Pricer:
    """Prices messages by the first of its tables that knows the model."""

    def __init__(self, tables: Sequence[PriceTable]) -> None:
        self._tables = list(tables)
        self._found: dict[tuple[str, int], Rates | None] = {}

    def price(self, row: MessageRow) -> MessageRow:
        """The row with its cost and the table it comes from, and with the model's window, if known."""
        rates = self._rates(row.model, row.at)
        if rates is None:
            return row
        window = row.context_window or rates.window
        usd = cost(row, rates)
        return row._replace(
            cost_usd=usd, price_table=None if usd is None else rates.table, context_window=window
        )

    def _rates(self, model: str | None, at: float | None) -> Rates | None:
        if not model:
            return None
        key = (model, int((at or 0) // DAY))
        if key not in self._found:
            found = [rates for one in self._tables if (rates := one.rates(model, at)) is not None]
            window = next((rates.window for rates in found if rates.window), None)
            self._found[key] = found[0]._replace(window=window) if found else None
        return self._found[key]


def pricer(data_dir: Path, own: str = "") -> Pricer:
    """Own table (the setting's, else ``prices.json`` in the data folder), then the library's.

    Raises PriceError for an own table that cannot be used.
    """
    path = Path(own).expanduser() if own else data_dir / OWN_TABLE
    tables: list[PriceTable] = [OwnTable(path)] if own or path.exists() else []
    return Pricer([*tables, LibraryTable()])


def cost(row: MessageRow, rates: Rates) -> float | None:
    """USD; ``None`` where a class with tokens has no rate."""
    over = rates.whole and row.input + row.cache_5m + row.cache_1h + row.cache_read > rates.threshold
    parts = (
        (row.input, rates.input, "input"),
        (row.output, rates.output, "output"),
        (row.cache_5m, rates.cache_5m, "cache_create"),
        (row.cache_1h, rates.cache_1h, "cache_create_1h"),
        (row.cache_read, rates.cache_read, "cache_read"),
    )
    total = 0.0
    for tokens, rate, name in parts:
        if tokens and rate is None:
            return None
        if tokens and rate is not None:
            total += _class(tokens, rate, rates.above.get(name), rates, over=over)
    return total * (rates.fast if row.fast else 1.0)


def _class(tokens: int, rate: float, above: float | None, rates: Rates, *, over: bool) -> float:
    if above is None:
        return tokens * rate
    if rates.whole:
        return tokens * (above if over else rate)
    beyond = max(0, tokens - rates.threshold)
    return (tokens - beyond) * rate + beyond * above
