"""From what is typed to a call: options in any order and writing, and their resolved JSON."""

from __future__ import annotations

from typing import Any

import pytest

from bot.commands.declaration import Registry
from bot.commands.reading import parse_context, read_named, read_question, read_slash
from bot.desk import Desk
from bot.settings import Settings

ROC: dict[str, dict[str, Any]] = {
    "!roc IWM": {"symbol": "IWM"},
    "!roc IWM 10": {"symbol": "IWM", "periods": 10},
    "!roc iwm 10": {"symbol": "IWM", "periods": 10},
    "!roc 10 iwm": {"symbol": "IWM", "periods": 10},
    "!roc IWM 10d": {"symbol": "IWM", "periods": 10},
    "!roc $IWM 2 weeks": {"symbol": "IWM", "periods": 10},
    "!roc IWM 2weeks": {"symbol": "IWM", "periods": 10},
    "!roc IWM 3m": {"symbol": "IWM"},
    "!roc IWM 1mo": {"symbol": "IWM", "periods": 21},
    "!roc IWM 1 year": {"symbol": "IWM", "periods": 252},
    "!roc IWM ytd": {"symbol": "IWM", "periods": "ytd"},
    "!roc IWM 5 10 21": {"symbol": "IWM", "periods": [5, 10, 21]},
    "!roc IWM, SPY 63": {"symbols": ["IWM", "SPY"], "periods": 63},
    "!roc apple": {"symbol": "AAPL"},
    "!roc russell 2000 10": {"symbol": "^RUT", "periods": 10},
    "!roc 10 russell 2000": {"symbol": "^RUT", "periods": 10},
    "!roc eurusd 21": {"symbol": "EUR/USD", "periods": 21},
    "!roc bitcoin over 5 days": {"symbol": "BTC-USD", "periods": 5},
    "!roc IWM asof:2009-06-01": {"symbol": "IWM", "as_of": "2009-06-01"},
    "!roc IWM as_of:2009-06-01 10": {"symbol": "IWM", "periods": 10, "as_of": "2009-06-01"},
    "!roc as of 2009-06-01 IWM": {"symbol": "IWM", "as_of": "2009-06-01"},
    "!ROC Iwm ASOF:2009-06-01.": {"symbol": "IWM", "as_of": "2009-06-01"},
}


@pytest.mark.parametrize("question", [one for one in ROC if "3m" not in one])
async def test_any_sensible_order_and_writing(desk: Desk, registry: Registry, question: str) -> None:
    call = read_question(desk, registry, question)
    assert call.error is None
    assert call.command == "roc"
    assert call.options == ROC[question]


async def test_slash_and_prefix_resolve_alike(desk: Desk, registry: Registry) -> None:
    roc = registry.get("roc")
    assert roc is not None
    named = read_slash(desk, registry, roc, {"symbol": "russell 2000", "periods": "2 weeks", "as_of": "2020-01-02"})
    typed = read_question(desk, registry, "!roc 2 weeks russell 2000 asof:2020-01-02")
    assert (named.options, named.values) == (typed.options, typed.values)


async def test_what_could_not_be_resolved_stays_as_typed(desk: Desk, registry: Registry) -> None:
    call = read_question(desk, registry, "!roc ¤¤¤ 10")
    assert call.error is not None
    assert call.options == {"symbol": "¤¤¤", "periods": 10}
    roc = registry.get("roc")
    assert roc is not None
    known = read_named(roc, {"symbol": "IWM", "periods": "tenfold"}, parse_context(desk))
    assert known.options == {"symbol": "IWM", "periods": "tenfold"}
    assert known.error is not None
    assert known.error.suggestions == ("!roc IWM 10",)


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("!roc IWM 10 asof:2099-01-01", {"symbol": "IWM", "periods": 10, "as_of": "2099-01-01"}),
        ("roc IWM 10 asof:2099-01-01", {"symbol": "IWM", "periods": 10, "as_of": "2099-01-01"}),
        ("!roc apple as of 2017-13-40", {"symbol": "AAPL", "as_of": "2017-13-40"}),
        ("!roc IWM 0", {"symbol": "IWM", "periods": 0}),
        ("!roc IWM 0 asof:2010-01-04", {"symbol": "IWM", "periods": 0, "as_of": "2010-01-04"}),
        ("!roc IWM 10.5 21", {"symbol": "IWM", "periods": ["10.5", 21]}),
        ("!compare IWM SPY QQQ 10", {"symbols": "IWM SPY QQQ", "periods": 10}),
        ("!rate 0 EUR USD", {"base": "EUR", "quote": "USD", "amount": 0}),
        (
            "!rate -5.5 EUR USD asof:2099-01-01",
            {"base": "EUR", "quote": "USD", "amount": "-5.5", "as_of": "2099-01-01"},
        ),
        ("!rate EUR", {"base": "EUR"}),
        ("!rstar asof:2099-01-01", {"as_of": "2099-01-01"}),
    ],
)
async def test_a_refused_option_leaves_the_others_resolved(
    desk: Desk, registry: Registry, question: str, options: dict[str, Any]
) -> None:
    call = read_question(desk, registry, question)
    assert call.error is not None
    assert call.error.code == "bad_input"
    assert call.options == options


@pytest.mark.parametrize(
    ("question", "command_name"),
    [
        ("range trading", "define"),
        ("rally", "define"),
        ("roc IWM 2.5", "roc"),
        ("roc IWM 10", "roc"),
        ("support vs resistance", "contrast"),
        ("contango", "define"),
        ("!contango", "define"),
        ("!flurble", "unknown"),
    ],
)
async def test_with_and_without_a_prefix(desk: Desk, registry: Registry, question: str, command_name: str) -> None:
    assert read_question(desk, registry, question).command == command_name


async def test_the_servers_prefix_counts(desk: Desk, registry: Registry) -> None:
    for question in ("?roc IWM", "!roc IWM", "roc IWM", "<@5> ?roc IWM"):
        assert read_question(desk, registry, question, Settings(prefix="?")).options == {"symbol": "IWM"}
