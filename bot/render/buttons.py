"""Buttons to what an answer rests on, with its date: pressed later, they show the same numbers."""

from __future__ import annotations

from datetime import date

from bot.render.reply import Button

SHOW = "Show working"


def working(what: str, last_day: date, label: str = SHOW) -> Button:
    """The working of `what`, such as `roc IWM 10`, up to a day."""
    return Button(label, f"!working {what} asof:{last_day}", private=True)


def into(currency: str | None) -> str:
    """What a question ends in where its prices are wanted in a currency."""
    return f" in:{currency}" if currency is not None else ""


def then(label: str, ask: str, as_of: date | None) -> Button:
    """Another question about the same symbol, of the date that was asked for."""
    return Button(label, f"{ask} asof:{as_of}" if as_of is not None else ask, private=True)


def states(symbol: str, as_of: date | None) -> tuple[Button, ...]:
    """The rally and range of a symbol, of the date that was asked for."""
    return tuple(then(name, f"!{name.lower()} {symbol}", as_of) for name in ("Rally", "Range"))


def working_of_first(symbol: str, by: str, span: object, last_day: date, currency: str | None = None) -> Button:
    """The working of the first of several in order, by what they are ordered by."""
    what = f"{by} {symbol} {span}" if by == "roc" else f"{by} {symbol}"
    return working(f"{what}{into(currency)}", last_day, f"Working of {symbol}")
