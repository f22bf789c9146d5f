import pytest

from shop.pricing import Line, order_total, parse_amount


@pytest.mark.parametrize(("text", "cents"), [("12", 1200), ("12.5", 1250), ("1,299.00 EUR", 129900)])
def test_parse_amount(text: str, cents: int) -> None:
    assert parse_amount(text) == cents


def test_quantity_must_be_positive() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        order_total([Line("tea", 300, 0)])
