"""What an alert waits for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.entities.conditions import condition_of, read_condition
from tests.language.contract import Reader


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("alert me when IWM starts to rally", "rally_starts"),
        ("alert me when IWM rallies", "rally_starts"),
        ("shout if MSTR is down more than 10 percent", "roc_below:-10"),
        ("2.05 is my stop in LCID, 100 shares. alert me if it goes under", "price_below:2.05"),
        ("heads up if META is under 5 hundred, I am at work until 6", "price_below:500"),
        ("AMZN sub 80k, buzz me", "price_below:80000"),
        ("always red. notify me the day the IWM roc turns positive", "roc_above:0"),
        ("sold XOM at 112, so ping me if it clears 120", "price_above:120"),
        ("alert for IWM above one fifty five", "price_above:155"),
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


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("rally_ends", "rally_ends"),
        ("Range breaks.", "range_breaks"),
        ("roc_above:5", "roc_above:5"),
        ("roc_above: 5%", "roc_above:5"),
        ("roc below -2,5", "roc_below:-2.5"),
        ("price_above:2,300", "price_above:2300"),
        ("price above $100k", "price_above:100000"),
        ("price_below=half a million", "price_below:500000"),
        ("goes above 200", "price_above:200"),
        ("drops 5%", "roc_below:-5"),
        ("the rally is over", "rally_ends"),
    ],
)
def test_a_whole_text(text: str, condition: str) -> None:
    assert read_condition(text) == condition


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "as a condition; write one like rally_starts"),
        ("whenever", "as a condition"),
        ("roc_above:banana", "as a percentage"),
        ("price_above:1.2.3", "as a number"),
        ("above 1.2.3", "as a number"),
    ],
)
def test_what_is_no_condition_is_named(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_condition(text)


@given(st.text(max_size=60))
def test_any_text_is_a_condition_or_refused(text: str) -> None:
    try:
        assert read_condition(text)
    except UserError:
        return
