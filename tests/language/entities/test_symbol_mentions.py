"""Which words are symbols."""

from __future__ import annotations

import pytest

from tests.language.contract import Reader


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("price of iwm", ["IWM"]),
        ("$NOW", ["NOW"]),
        ("$zzzq price", ["ZZZQ"]),
        ("$toolong1 price", []),
        ("$abcdefgh price", []),
        ("^RUT and ^ABC", ["^RUT", "^ABC"]),
        ("the russell 2000 and the nasdaq composite", ["^RUT", "^IXIC"]),
        ("nasdaq 100", ["^NDX"]),
        ("brk.b or BRK-B", ["BRK-B"]),
        ("is NOW stock in a rally", ["NOW"]),
        ("I want it NOW", []),
        ("what do we do now", []),
        ("price of NOW", ["NOW"]),
        ("compare KEY and LOW", ["KEY", "LOW"]),
        ("rank JPM, BAC, WFC, C over 20 days", ["JPM", "BAC", "WFC", "C"]),
        ("IBM and QXQ", ["IBM", "QXQ"]),
        ("roc of qxz", ["QXZ"]),
        ("roc of mush", []),
        ("price of eggs", []),
        ("shares of PLZX", ["PLZX"]),
        ("stock a penny stock", []),
        ("ALL OF IT NOW", []),
        ("PRICE OF IWM", ["IWM"]),
        ("eurusd rate", ["EUR/USD"]),
        ("EUR/USD chart", ["EUR/USD"]),
        ("usdusd", []),
        ("tsla f gm ranked", ["TSLA", "F", "GM"]),
        ("how much does tesla cost", ["TSLA"]),
        ("tesla vs xqzt", ["TSLA", "XQZT"]),
        ("tesla vs spoons", ["TSLA"]),
        ("IWM ROC", ["IWM"]),
        ("the FTSE and IWM", ["^FTSE", "IWM"]),
        ("is RUT in a range", ["^RUT"]),
        ("how is 3M doing", ["MMM"]),
        ("how is the market in 3m", []),
        ("IWM over 3m", ["IWM"]),
        ("how is VOD.L doing", ["VOD.L"]),
        ("how is VOD.QQ doing", []),
        ("is the nikkei 225 in a rally", ["^N225"]),
        ("the dollar index this week", ["^DXY"]),
        ("is $ES up", ["ES"]),
        ("is $LTC up", ["LTC"]),
        ("is $BTC up", ["BTC-USD"]),
        ("set a target, move on and sugar coat it", []),
        ("i bought corn and copper pans for airbus staff", []),
        ("how is NASDAQ:IWM doing", ["IWM"]),
    ],
)
def test_symbols(text: str, symbols: list[str], message: Reader) -> None:
    assert [symbol.canonical for symbol in message(text).symbols] == symbols


def test_a_symbol_typed_is_told_from_a_name(message: Reader) -> None:
    assert [found.typed for found in message("IWM and apple").found] == [True, False]
