"""How what was heard becomes calls."""

from __future__ import annotations

import pytest
from bot.language.readings import alert, calls

from bot.language.router import RouteContext, route
from tests.language.contract import Reader


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("RUT up or down", "roc"),
        ("the RUT members", "index"),
        ("tesla and apple at the picnic with grandma", "decline"),
        ("100 EUR/USD in yen", "rate"),
        ("convert 100 euros to dollars, momentum of it", "rate"),
        ("yen, francs and euro rate", "decline"),
        ("how is the yen rate", "rate"),
        ("EUR/USD rate in yen, francs and pesos", "decline"),
        ("tesla and apple picnic", "decline"),
        ("how do i use this bot to compare IWM and SPY", "compare"),
        ("help with IWM price", "quote"),
        ("r-star vs the fed", "rstar"),
        ("explain r-star", "define"),
        ("chart SPY today", "chart"),
        ("apple pie price", "decline"),
        ("my apple price", "decline"),
    ],
)
def test_commands(context: RouteContext, text: str, command: str) -> None:
    assert route(text, context).command == command


def test_an_alert_needs_a_symbol_and_a_condition(message: Reader) -> None:
    assert alert(message("alert me when IWM breaks out")) is not None
    assert alert(message("alert me when it breaks out")) is None
    assert alert(message("alert me about IWM")) is None
    assert alert(message("IWM breaks out")) is None


def test_calls_come_best_first(message: Reader) -> None:
    fits = [call.fit for call in calls(message("what is the price of IWM, up or down, rally or range"))]
    assert len(fits) >= 4
    assert fits == sorted(fits, reverse=True)
