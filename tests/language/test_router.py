"""Whole questions to routes: the table of phrasings, the contract on any text, and the dev set beside the project."""

from __future__ import annotations

import dataclasses
import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.language.intents import Intent, Intents
from bot.language.phrases import read_sections
from bot.language.router import Previous, Route, RouteContext, route
from bot.language.vocabulary import CUE_WORDS
from tests.language.contract import agrees, expected, faults

PHRASINGS = [
    tuple(line.rsplit(" | ", 1))
    for line in (Path(__file__).parent / "phrasings.txt").read_text(encoding="utf-8").splitlines()
    if line
]
DEV = Path(__file__).parents[3] / "shared" / "questions-dev.jsonl"


def is_right(question: str, wanted: str, context: RouteContext) -> bool:
    found = route(question, context)
    return any(agrees(found.command, found.as_json(), one) for one in expected(wanted))


def test_nearly_every_phrasing_of_the_table_is_routed_right(context: RouteContext) -> None:
    missed = [(question, wanted) for question, wanted in PHRASINGS if not is_right(question, wanted, context)]
    assert len(missed) <= 0.02 * len(PHRASINGS), missed
    lines, wrong = (Counter(wanted.split()[0] for _, wanted in some) for some in (PHRASINGS, missed))
    poor = {command for command in wrong if wrong[command] > 0.05 * lines[command]}
    assert not poor, [one for one in missed if one[1].split()[0] in poor]


@pytest.mark.parametrize("reason", ["unsafe", "advice"])
def test_every_unsafe_or_advice_phrasing_is_declined(reason: str, context: RouteContext) -> None:
    answered = [
        question
        for question, wanted in PHRASINGS
        if wanted == f"decline {reason}" and route(question, context).command != "decline"
    ]
    assert answered == []


def test_every_command_that_plain_words_reach_has_phrasings(context: RouteContext) -> None:
    commands = {wanted.split()[0] for _, wanted in PHRASINGS}
    assert commands == {intent.command for intent in context.intents.all} | {"decline"}


SAID = "IWM $NOW spy tesla EUR € 250 10% 12/31/2018 1 June 2009 last friday ytd two weeks vs r* should will @everyone"
WORDS = st.sampled_from(sorted(CUE_WORDS)) | st.sampled_from([*SAID.split(), "?", ",", "<@1>"])


# No deadline: a phrase is compiled when a message first has its words.
@settings(deadline=None)
@given(st.text(max_size=300) | st.lists(WORDS, max_size=12).map(" ".join))
def test_any_text_gives_one_valid_route(context: RouteContext, text: str) -> None:
    found = route(text, context)
    assert found.error is not None or faults(found.command, found.as_json()) == []
    assert found == route(text, context)
    assert 0 <= found.certainty <= 1
    assert found.understood.startswith(found.command)
    for other in found.alternatives:
        assert faults(other.command, other.as_json()) == []
    json.dumps(found.as_json())


@settings(deadline=None)
@given(st.sampled_from(["advice", "forecast", "unsafe"]), st.data())
def test_text_made_of_the_tables_never_raises(context: RouteContext, reason: str, data: st.DataObject) -> None:
    phrases = read_sections(f"declines/{reason}.txt")[""]
    words = data.draw(st.lists(st.sampled_from(phrases), min_size=1, max_size=8))
    assert isinstance(route(" ".join(words), context), Route)


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "SYM " * 200,
        "1 " * 500,
        "@" * 400,
        "vs " * 300,
        "how much " * 60,
        "IWM, " * 90,
        "ignore " * 80,
        "is it " * 90,
    ],
)
def test_hostile_text_is_quick(context: RouteContext, text: str) -> None:
    start = time.process_time()
    route(text, context)
    assert time.process_time() - start < 1


def test_understood_names_the_command_and_its_options(context: RouteContext) -> None:
    assert route("is the russell in a rally?", context).understood == "rally ^RUT"
    assert route("compare IWM and SPY over two weeks", context).understood == "compare IWM SPY 10"


def test_a_close_second_reading_is_offered(context: RouteContext) -> None:
    found = route("what is the price of IWM, up or down", context)
    assert {found.command, *(other.command for other in found.alternatives)} >= {"roc", "quote"}


def test_certainty_falls_where_words_of_another_topic_stand(context: RouteContext) -> None:
    plain = route("is IWM in a range", context)
    odd = route("is IWM in a range like my guitar", context)
    assert plain.certainty > odd.certainty


@pytest.mark.shared
@pytest.mark.skipif(not DEV.exists(), reason="the dev set is not beside the project")
def test_dev_set_stays_above_the_gate(context: RouteContext) -> None:
    items = [json.loads(line) for line in DEV.read_text(encoding="utf-8").splitlines()]
    right = answered = 0
    for item in items:
        wanted = item["expected"] if isinstance(item["expected"], list) else [item["expected"]]
        found = route(item["question"], context)
        right += any(_matches(found, one) for one in wanted)
        answered += all(one["command"] == "decline" for one in wanted) and found.command != "decline"
    assert right / len(items) >= 0.95
    assert answered == 0


def _matches(found: Route, wanted: dict[str, Any]) -> bool:
    options = dict(wanted["options"])
    for name in ("symbols", "terms"):
        choices = options.get(name)
        if choices and isinstance(choices[0], list):
            return any(
                agrees(found.command, found.as_json(), wanted | {"options": options | {name: choice}})
                for choice in choices
            )
    return agrees(found.command, found.as_json(), wanted)


@pytest.mark.parametrize(
    ("text", "command", "words"),
    [
        ("is gold in a rally", "rally", ("XAU/USD", "GC=F")),
        ("is oil in a rally", "rally", ("WTI", "CL=F")),
        ("how has gold moved in two weeks", "roc", ("XAU/USD", "GC=F")),
        ("price of oil", "quote", ("WTI", "CL=F")),
        ("alert me when gold drops below 100", "alert", ("XAU/USD", "GC=F")),
    ],
)
def test_a_name_of_several_symbols_asks_back(
    text: str, command: str, words: tuple[str, ...], context: RouteContext
) -> None:
    found = route(text, context)
    assert found.command == command
    assert found.error is not None
    assert found.error.code == "ambiguous"
    assert found.error.suggestions[:2] == words


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("gold", "define"),
        ("what is gold", "define"),
        ("gold medal for the swimmer, what a race", "decline"),
        ("should i buy gold now", "decline"),
        ("what percent of my money should be in bonds", "decline"),
        ("the north sea oil that everyone prices off what's it called", "define"),
    ],
)
def test_a_name_of_several_symbols_that_is_not_asked_about_as_one(
    text: str, command: str, context: RouteContext
) -> None:
    found = route(text, context)
    assert (found.command, found.error) == (command, None)


@pytest.mark.parametrize(
    ("text", "command", "said"),
    [
        ("chart btc last 15 minutes", "chart", "15 minutes"),
        ("roc IWM 0", "roc", "“0”"),
        ("roc 1.5 IWM", "roc", "“1.5”"),
        ("how much did SPY move over 9000 sessions", "roc", "9000 sessions"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, command: str, said: str, context: RouteContext) -> None:
    found = route(text, context)
    assert found.command == command
    assert found.error is not None
    assert said in found.error.message
    assert not {"periods", "since"} & set(found.as_json())


def test_what_was_read_and_is_not_used_is_said(context: RouteContext) -> None:
    assert route("is IWM in a rally over 20 days", context).notes == (
        "rally takes no look-back, so “over 20 days” is not used",
    )
    assert route("is IWM in a rally", context).notes == ()
    assert route("when does the russell 2000 get reconstituted this year?", context).notes == ()


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("how much is 1 btc in eur", {"base": "BTC", "quote": "EUR", "amount": 1}),
        ("btc in yen", {"base": "BTC", "quote": "JPY"}),
        ("how many eth for 100 euros", {"base": "EUR", "quote": "ETH", "amount": 100}),
        ("how much is 2 bitcoin in dollars", {"base": "BTC", "quote": "USD", "amount": 2}),
    ],
)
def test_a_coin_in_a_currency_is_a_rate(text: str, options: dict[str, Any], context: RouteContext) -> None:
    found = route(text, context)
    assert (found.command, found.as_json()) == ("rate", options)


def test_a_coin_in_the_currency_of_its_price_is_a_price(context: RouteContext) -> None:
    found = route("how much is btc in usd", context)
    assert (found.command, found.as_json()) == ("quote", {"symbol": "BTC-USD"})


@pytest.mark.parametrize("text", ["is __TSLA__ in a rally", "is **TSLA** in a rally", "is `TSLA` in a rally"])
def test_markup_changes_nothing(text: str, context: RouteContext) -> None:
    found = route(text, context)
    assert (found.command, found.as_json()) == ("rally", {"symbol": "TSLA"})


def test_python_between_underscores_is_unsafe(context: RouteContext) -> None:
    assert route("().__class__.__subclasses__()", context).as_json() == {"reason": "unsafe"}


def test_a_look_back_from_a_day_stands_in_since(context: RouteContext) -> None:
    found = route("how much has nvda moved since 3 november 2025", context)
    assert found.as_json() == {"symbol": "NVDA", "since": "2025-11-03"}
    assert found.understood == "roc NVDA since 2025-11-03"
    after = Previous.from_json(found.command, found.as_json(), context.symbols)
    assert route("and SPY?", dataclasses.replace(context, previous=after)).as_json() == {
        "symbol": "SPY",
        "since": "2025-11-03",
    }


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("could you tell me if IWM is in a rally", "rally"),
        ("tell me if IWM is up today", "roc"),
        ("tell me if IWM rallies", "alert"),
        ("tell me if IWM is above 200", "alert"),
        ("tell me when IWM is in a rally", "alert"),
    ],
)
def test_whether_it_is_so_is_no_order_to_watch(text: str, command: str, context: RouteContext) -> None:
    assert route(text, context).command == command


@pytest.mark.parametrize("text", ["since nobody answers, how much is SPY up", "hey, since you ask, how much is SPY up"])
def test_a_since_that_gives_a_reason_is_no_start(text: str, context: RouteContext) -> None:
    found = route(text, context)
    assert (found.command, found.as_json(), found.error) == ("roc", {"symbol": "SPY"}, None)


def test_a_start_that_the_command_has_no_use_for_is_said(context: RouteContext) -> None:
    found = route("is IWM in a rally since the crash", context)
    assert (found.command, found.error) == ("rally", None)
    assert found.notes == ("rally takes no look-back, so “since the crash” is not used",)


def test_without_commands_nothing_is_answered(context: RouteContext) -> None:
    bare = dataclasses.replace(context, intents=Intents(()))
    for text in ("", "∑", "what is contango", "contango", "support vs resistance", "is IWM in a rally", "was ist FOMO"):
        assert route(text, bare).command == "decline"
    assert route("what is that", dataclasses.replace(bare, previous=Previous("roc", {}))).command == "decline"


def test_a_date_that_a_command_has_no_use_for_is_said(context: RouteContext) -> None:
    undated = dataclasses.replace(context, intents=Intents([Intent("quote", symbols=(1, 1))]))
    found = route("price of IWM on 1 June 2009", undated)
    assert found.as_json() == {"symbol": "IWM"}
    assert found.notes == ("quote takes no date, so “on 1 June 2009” is not used",)


def test_advice_about_a_name_of_several_symbols_is_declined(context: RouteContext) -> None:
    assert route("buy oil now", context).as_json() == {"reason": "advice"}


@pytest.mark.parametrize("text", ["is qwerty.x in a rally", "compare IWM and VOD.XX", "rank IWM SPY and VOD.XX"])
def test_a_symbol_that_cannot_be_read_is_said(text: str, context: RouteContext) -> None:
    found = route(text, context)
    assert found.error is not None
    assert found.error.code == "unknown_symbol"


def test_what_a_symbol_that_cannot_be_read_means_is_no_question_about_its_price(context: RouteContext) -> None:
    assert route("what does btc.d mean on tradingview", context).command != "quote"


def test_a_date_of_the_story_around_a_question_is_none(context: RouteContext) -> None:
    told = "I hold 60 Microsoft which I got for 212 apiece back in 2020. What is the price today?"
    assert route(told, context).as_json() == {"symbol": "MSFT"}
    assert route("We sail on Saturday. How many euros are 600 pounds?", context).as_json() == {
        "base": "GBP",
        "quote": "EUR",
        "amount": 600,
    }
    found = route("price of AAPL on 3 May 2024 and on 5 June 2024", context)
    assert found.error is not None
    assert "One date at a time" in found.error.message


def test_an_index_goes_by_the_fund_that_is_typed_beside_it(context: RouteContext) -> None:
    assert route("how far did the small caps fund IWM go in two months", context).as_json() == {
        "symbol": "IWM",
        "periods": 42,
    }


@pytest.mark.parametrize(
    ("text", "command", "others"),
    [
        ("price of IWM and SPY", "quote", ["SPY"]),
        ("Is IWM or SPY in a rally", "rally", ["SPY"]),
        ("support and resistance for AAPL and MSFT", "range", ["MSFT"]),
    ],
)
def test_a_command_of_one_symbol_says_which_it_leaves_out(
    text: str, command: str, others: list[str], context: RouteContext
) -> None:
    found = route(text, context)
    assert found.command == command
    assert found.notes == tuple(f"{command} takes no second symbol, so {one} is not used" for one in others)
    assert [(other.command, other.as_json()["symbol"]) for other in found.alternatives] == [(command, others[0])]


def test_a_span_beside_a_condition_is_said_not_to_be_used(context: RouteContext) -> None:
    found = route("tell me when IWM is up 10 % this month", context)
    assert found.as_json() == {"symbol": "IWM", "condition": "roc_above:10"}
    assert found.notes == ("alert takes no look-back, so “this month” is not used",)


def test_two_currencies_over_a_span_are_a_change(context: RouteContext) -> None:
    assert route("euro vs pound over 3 months", context).as_json() == {"symbol": "EUR/GBP", "periods": 63}
    found = route("Please tell me when the pound is over 1.35 dollars.", context)
    assert found.as_json() == {"symbol": "GBP/USD", "condition": "price_above:1.35"}


@pytest.mark.parametrize(
    "text", ["naira against dollar over 3 months", "NGN to USD this week?", "5000 naira in dollars"]
)
def test_a_currency_without_prices_is_no_crash(text: str, context: RouteContext) -> None:
    assert route(text, context).command in {"decline", "rate"}


@pytest.mark.parametrize(
    ("text", "command", "options"),
    [
        ("toyota in dollars", "quote", {"symbol": "7203.T", "currency": "USD"}),
        ("price of nat gas", "quote", {"symbol": "NG=F"}),
        ("is vodafone up this month", "roc", {"symbol": "VOD.L", "periods": 21}),
    ],
)
def test_a_name_of_the_world_whose_price_is_asked(
    text: str, command: str, options: dict[str, Any], context: RouteContext
) -> None:
    found = route(text, context)
    assert (found.command, found.as_json()) == (command, options)


@pytest.mark.parametrize("text", ["how is the weather doing", "how is flurblewick doing", "price of hamburgers"])
def test_a_name_that_no_instrument_bears_is_none(text: str, context: RouteContext) -> None:
    assert route(text, context).command == "decline"


def test_other_languages_words_around_a_term_or_none(context: RouteContext) -> None:
    assert route("quiero saber de covered calls", context).as_json() == {"term": "covered-call"}
    assert route("quiero saber de algo", context).command == "decline"
