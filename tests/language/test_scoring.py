"""How what was heard becomes candidates, and what the commands' hooks make of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.language.router import RouteContext, route
from bot.language.scoring import candidates, settled
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


def test_an_order_needs_a_symbol_and_a_condition(message: Reader) -> None:
    found = settled(message("alert me when IWM breaks out"))
    assert found is not None
    assert (found.command, found.options["condition"]) == ("alert", "range_breaks")
    assert settled(message("alert me when it breaks out")) is None
    assert settled(message("alert me about IWM")) is None
    assert settled(message("IWM breaks out")) is None


def test_candidates_come_best_first(message: Reader) -> None:
    fits = [one.fit for one in candidates(message("what is the price of IWM, up or down, rally or range"))]
    assert len(fits) >= 4
    assert fits == sorted(fits, reverse=True)


@pytest.mark.parametrize(
    ("text", "command", "options"),
    [
        ("rank IWM and SPY", "rank", {"symbols": ["IWM", "SPY"]}),
        ("IWM or SPY", "compare", {"symbols": ["IWM", "SPY"]}),
        ("IWM SPY QQQ", "rank", {"symbols": ["IWM", "SPY", "QQQ"]}),
        ("chart of the euro against the dollar", "chart", {"symbol": "EUR/USD"}),
        ("is the euro in a rally against the dollar", "rally", {"symbol": "EUR/USD"}),
        ("how much has the euro moved against the dollar in two weeks", "roc", {"symbol": "EUR/USD", "periods": 10}),
        ("chart SPY today", "chart", {"symbol": "SPY"}),
        ("how many dollars for a euro", "rate", {"base": "EUR", "quote": "USD"}),
        ("is the euro above 1.10 dollars", "rate", {"base": "EUR", "quote": "USD"}),
        ("250 EUR in USD", "rate", {"base": "EUR", "quote": "USD", "amount": 250}),
        ("when is the next reconstitution", "index", {"name": "RUT"}),
        ("how is the neutral rate now", "rstar", {}),
        ("r-star vs the fed", "rstar", {}),
    ],
)
def test_hooks_of_commands(text: str, command: str, options: dict[str, Any], context: RouteContext) -> None:
    found = route(text, context)
    assert (found.command, found.as_json()) == (command, options)
