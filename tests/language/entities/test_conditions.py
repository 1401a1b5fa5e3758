"""What an alert waits for."""

from __future__ import annotations

import pytest

from bot.language.entities.conditions import condition_of
from tests.language.contract import Reader


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("alert me when IWM starts to rally", "rally_starts"),
        ("alert me when IWM rallies", "rally_starts"),
        ("alert me when the IWM rally ends", "rally_ends"),
        ("alert me when IWM stops rallying", "rally_ends"),
        ("alert me when IWM breaks out", "range_breaks"),
        ("alert me when IWM loses support", "range_breaks"),
        ("alert me when IWM is above 200", "price_above:200"),
        ("alert me when IWM falls below $2,300.50", "price_below:2300.5"),
        ("alert me when BTC hits 100k", "price_above:100000"),
        ("alert me when IWM is at 5% roc", "roc_above:5"),
        ("alert me when IWM roc is below -3", "roc_below:-3"),
        ("alert me when IWM drops 5%", "roc_below:-5"),
        ("alert me when IWM roc drops below 5%", "roc_below:5"),
        ("alert me when IWM roc drops by 5%", "roc_below:-5"),
        ("alert me when IWM momentum goes negative", "roc_below:0"),
        ("alert me when IWM momentum turns positive", "roc_above:0"),
        ("alert me when IWM momentum falls through zero", "roc_below:0"),
        ("alert me when IWM momentum passes zero", "roc_above:0"),
        ("alert me when IWM falls from above 200 to below 190", "price_below:190"),
        ("alert me when IWM rises from below 190 back above 200", "price_above:200"),
        ("alert me about IWM", None),
    ],
)
def test_conditions(text: str, condition: str | None, message: Reader) -> None:
    assert condition_of(message(text).words) == condition
