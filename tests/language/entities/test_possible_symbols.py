"""Words that may be a symbol where nothing else is one."""

from __future__ import annotations

import pytest

from bot.language.entities.possible_symbols import possible_symbols
from bot.language.entities.symbols import names_of
from bot.language.router import RouteContext, route
from bot.language.tokens import read_words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("is hood rallying", [("HOOD", 1)]),
        ("how big is nvidias rally so far", [("NVDA", 1)]),
        ("bbai past 8 sessions", [("BBAI", 2)]),
        ("bbai past 8 sessions for ABCD", [("ABCD", 0), ("BBAI", 2)]),
        ("BBAI PAST EIGHT SESSIONS PLEASE", [("BBAI", 2)]),
        ("is it up or down now", []),
        ("the wheat price", []),
        ("qwrt zxcv plmk vbnm ghjk", [("QWRT", 2), ("ZXCV", 2), ("PLMK", 2)]),
    ],
)
def test_words_that_may_be_one(text: str, found: list[tuple[str, int]], context: RouteContext) -> None:
    words, names = read_words(text), names_of(context.symbols)
    some = possible_symbols(words, names, {"so", "far", "big"}.__contains__)
    assert [(symbol.canonical, far) for _, symbol, far in some] == found


@pytest.mark.parametrize(
    ("text", "command", "symbol"),
    [
        ("is hood rallying", "rally", "HOOD"),
        ("how big is nvidias rally so far", "rally", "NVDA"),
        ("smh 3 weeks", "roc", "SMH"),
    ],
)
def test_one_is_meant_where_the_question_then_makes_sense(
    text: str, command: str, symbol: str, context: RouteContext
) -> None:
    found = route(text, context)
    assert (found.command, found.as_json()["symbol"]) == (command, symbol)


def test_what_is_listed_beside_it_is_one_too(context: RouteContext) -> None:
    assert route("coin or hood 3 weeks", context).as_json() == {"symbols": ["COIN", "HOOD"], "periods": 15}
    assert route("hood vs zzkq 3 weeks", context).as_json() == {"symbols": ["HOOD", "ZZKQ"], "periods": 15}


@pytest.mark.parametrize("text", ["i love that coin, such a cute hat", "closest driving range that is open past 9"])
def test_talk_has_none(text: str, context: RouteContext) -> None:
    assert route(text, context).command == "decline"
