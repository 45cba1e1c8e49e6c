"""Prices of models, read from a file and rounded up."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from builder.llm.ledger.prices import Price, read_price
from tests.support.chat_calls import write_prices


def test_a_price_is_of_one_model_and_rounded_up(tmp_path: Path) -> None:
    prices = write_prices(tmp_path / "prices.yaml")
    price = read_price(prices, "small-model", in_batch=False)
    assert price == Price(Decimal("150.00"), Decimal("600.0"), date(2026, 1, 2))
    assert price.cost(1_000_000, 1_000_000) == 750_000_000
    halved = read_price(prices, "small-model", in_batch=True)
    assert halved is not None
    assert halved.cost(1, 0) == 75
    assert Price(Decimal("0.3"), Decimal(0), date(2026, 1, 2)).cost(1, 0) == 1
    assert read_price(prices, "small-model-2", in_batch=False) is None
