"""What somebody takes back in the same breath."""

from __future__ import annotations

import pytest

from bot.language.entities.corrections import without_taken_back
from tests.language.contract import Reader


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("is there a rally in apple no wait microsoft yeah microsoft", ["MSFT"]),
        ("nvda versus amd no versus QQQ 30 days", ["NVDA", "QQQ"]),
        ("support for the Dow no not the Dow sorry the russell", ["^RUT"]),
        ("whats apple at no wait not apple amazon", ["AMZN"]),
        ("best to worst minus tsla and amzn: AAPL MSFT NVDA, ytd", ["AAPL", "MSFT", "NVDA"]),
        ("not IWM, SPY", ["SPY"]),
        ("is IWM in a rally or not", ["IWM"]),
        ("not IWM", ["IWM"]),
        ("no idea, wait, is IWM in a rally", ["IWM"]),
        ("is it a range, no? SPY vs QQQ", ["SPY", "QQQ"]),
    ],
)
def test_symbols_that_are_left(text: str, symbols: list[str], message: Reader) -> None:
    assert [symbol.canonical for symbol in message(text).symbols] == symbols


def test_look_backs_and_amounts_are_taken_back_too(message: Reader) -> None:
    assert message("nvda last 10 days no wait 15 days, up how much").lookback == 15
    assert message("tell me the damage on AMD over half a year jk just 3 months").lookback == 63
    money = message("four hundred canadian dollars no wait she said five hundred canadian dollars in us dollars")
    assert [amount.amount for amount in money.amounts] == [500]


def test_words_without_any_entity_stay(message: Reader) -> None:
    words = message("sorry, no, wait").words
    assert without_taken_back(words) == words
