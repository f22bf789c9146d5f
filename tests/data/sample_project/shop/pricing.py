"""Prices, discounts and tax, in whole cents."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One line of an order."""

    name: str
    unit_cents: int
    quantity: int


def discount_percent(total_cents: int, loyal: bool) -> int:
    """Discount in percent for a total: larger orders and loyal customers pay less."""
    if total_cents >= 100_000:
        percent = 15
    elif total_cents >= 20_000:
        percent = 8
    else:
        percent = 0
    return percent + 2 if loyal else percent


def order_total(lines: Iterable[Line], loyal: bool = False, tax_percent: int = 19) -> int:
    """Sum of all lines after discount and with tax, rounded to whole cents.

    Raises ValueError for a quantity below one.
    """
    total = 0
    for line in lines:
        if line.quantity < 1:
            raise ValueError(f"{line.name}: the quantity must be at least 1")
        total += line.unit_cents * line.quantity
    total -= total * discount_percent(total, loyal) // 100
    return round(total * (100 + tax_percent) / 100)


def parse_amount(text: str) -> int:
    """Cents from a price as people write it: "12", "12.5", "1,299.00 EUR"."""
    digits = text.replace("EUR", "").replace(",", "").strip()
    if not digits:
        raise ValueError("no amount given")
    whole, dot, part = digits.partition(".")
    if dot and len(part) > 2:
        raise ValueError(f"{text!r}: more than two decimals")
    return int(whole or "0") * 100 + int(part.ljust(2, "0") if part else 0)


def currency() -> str:
    return "EUR"
