"""Questions that follow on from the asker's last call."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.language.router import Previous, RouteContext, route

ROC = Previous("roc", {"symbol": "IWM", "periods": 10})
COMPARE = Previous("compare", {"symbols": ["IWM", "QQQ"], "periods": 10})
RANK = Previous("rank", {"symbols": ["IWM", "QQQ", "DIA"]})


@pytest.mark.parametrize(
    ("previous", "text", "command", "options"),
    [
        (ROC, "and SPY?", "roc", {"symbol": "SPY", "periods": 10}),
        (ROC, "<@12> what about apple", "roc", {"symbol": "AAPL", "periods": 10}),
        (ROC, "over 20 days?", "roc", {"symbol": "IWM", "periods": 20}),
        (ROC, "and 30?", "roc", {"symbol": "IWM", "periods": 30}),
        (ROC, "ytd", "roc", {"symbol": "IWM", "periods": "ytd"}),
        (ROC, "and SPY over two weeks?", "roc", {"symbol": "SPY", "periods": 10}),
        (ROC, "on 1 June 2009?", "roc", {"symbol": "IWM", "periods": 10, "as_of": "2009-06-01"}),
        (ROC, "what is that?", "define", {"term": "rate-of-change"}),
        (Previous("rally", {"symbol": "IWM"}), "and SPY over two weeks", "rally", {"symbol": "SPY"}),
        (Previous("rstar", {}), "what is that", "define", {"term": "r-star"}),
        (Previous("define", {"term": "beta"}), "what does that mean", "define", {"term": "beta"}),
        (
            Previous("alert", {"symbol": "IWM", "condition": "rally_ends"}),
            "and QQQ",
            "alert",
            {"symbol": "QQQ", "condition": "rally_ends"},
        ),
        (COMPARE, "and SPY?", "compare", {"symbols": ["IWM", "SPY"], "periods": 10}),
        (RANK, "and SPY?", "rank", {"symbols": ["IWM", "QQQ", "DIA", "SPY"]}),
        (RANK, "over a month", "rank", {"symbols": ["IWM", "QQQ", "DIA"], "periods": 21}),
    ],
)
def test_following_on(
    context: RouteContext, previous: Previous | None, text: str, command: str, options: dict[str, Any]
) -> None:
    found = route(text, _after(context, previous))
    assert (found.command, found.as_json(), found.follow) == (command, options, None)


@pytest.mark.parametrize("text", ["why?", "how come", "show me the working", "how do you know"])
def test_why_asks_for_the_working_of_the_last_answer(context: RouteContext, text: str) -> None:
    found = route(text, _after(context, ROC))
    assert (found.command, found.as_json(), found.follow) == ("roc", ROC.options, "why")


@pytest.mark.parametrize(
    ("previous", "text", "command"),
    [
        (Previous("decline", {"reason": "advice"}), "why?", "decline"),
        (Previous("rally", {"symbol": "IWM"}), "over 20 days", "decline"),
        (Previous("help", {}), "what is that", "decline"),
        (Previous("help", {}), "and SPY?", "quote"),
        (Previous("index", {"name": "RUT"}), "on 1 June 2009", "decline"),
        (COMPARE, "and IWM?", "quote"),
        (RANK, "and IWM?", "quote"),
        (ROC, "1.5?", "decline"),
        (ROC, "should I buy it", "decline"),
        (ROC, "is QQQ in a rally", "rally"),
        (None, "why?", "decline"),
    ],
)
def test_what_does_not_follow_stands_on_its_own(
    context: RouteContext, previous: Previous | None, text: str, command: str
) -> None:
    assert route(text, _after(context, previous)).command == command


def test_the_last_call_is_not_changed(context: RouteContext) -> None:
    previous = Previous.from_json(ROC.command, ROC.options, context.symbols)
    route("and SPY?", replace(context, previous=previous))
    assert previous == Previous.from_json(ROC.command, ROC.options, context.symbols)


def _after(context: RouteContext, previous: Previous | None) -> RouteContext:
    """The context in which a call, its options as JSON, was the last one."""
    typed = previous and Previous.from_json(previous.command, previous.options, context.symbols)
    return replace(context, previous=typed)


def test_a_last_call_of_a_past_day_keeps_its_day(context: RouteContext) -> None:
    dated = Previous("rally", {"symbol": "IWM", "as_of": "2009-06-01"})
    assert route("and SPY?", _after(context, dated)).as_json() == {"symbol": "SPY", "as_of": "2009-06-01"}
