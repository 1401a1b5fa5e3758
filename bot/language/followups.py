"""Questions that follow on: "and SPY?", "over 20 days?", "why?", "what is that?". They change the asker's last call."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from bot.language.message import Message, Previous, whole_period

_LEAD = (
    r"(?:and |so |ok |what about |how about |then |now |also |same (?:for |with |but )?|but |or |the "
    r"|with |for |on |in |instead |please )*"
)
_WHY = re.compile(
    r"^(?:but |and |so |ok )?(?:why|how come|why is that|why not|how so|how do you know|says who"
    r"|based on what|show (?:me )?(?:the |your )?working|explain|why that|how did you get that"
    r"|where is that from|how is that)(?: that| so| is that| though)?$"
)
_WHAT = re.compile(
    r"^(?:and |so |ok |but )?(?:what is (?:that|this|it)|what does (?:that|this|it) mean|meaning"
    r"|what do you mean|explain (?:that|this|it)|define (?:that|it|this)|what|huh|and that means"
    r"|which means)$"
)
_SYMBOL = re.compile(rf"^{_LEAD}(?:SYM|PAIR)(?: (?:then|too|please|instead|now|though|as well))*$")
_SPAN = re.compile(rf"^{_LEAD}(?:PER|NUM)(?: (?:then|too|please|instead|now|though|as well))*$")
_BOTH = re.compile(rf"^{_LEAD}(?:SYM|PAIR) PER$")
_DATED = re.compile(rf"^{_LEAD}DATE(?: (?:then|too|please|instead))*$")
_TERMS = {
    **{
        "roc": "rate-of-change",
        "compare": "relative-strength",
        "rank": "momentum",
        "rally": "rally",
        "range": "trading-range",
    },
    **{"quote": "spot-price", "chart": "candlestick-chart", "rate": "exchange-rate", "rstar": "r-star"},
    "index": "russell-2000-index",
}
_SPANNED = frozenset({"roc", "chart", "compare", "rank"})
_SINGLE = frozenset({"roc", "rally", "range", "quote", "chart"})
_DATABLE = _SINGLE | {"compare", "rank", "rate", "rstar"}


@dataclass(frozen=True, slots=True)
class Followed:
    """A call made out of the last one; `why`: its working is asked for."""

    command: str
    options: dict[str, Any]
    why: bool = False


def follow_up(message: Message, previous: Previous) -> Followed | None:
    """The call that a short message makes of the last one, or None when it stands on its own."""
    line, options = message.line, dict(previous.options)
    if previous.command == "decline":
        return None
    if _WHY.match(line):
        return Followed(previous.command, options, why=True)
    if _WHAT.match(line):
        term = _TERMS.get(previous.command) or options.get("term")
        return Followed("define", {"term": term}) if isinstance(term, str) else None
    if _SYMBOL.match(line) or _BOTH.match(line):
        return _with_symbol(message, previous.command, options)
    if _SPAN.match(line) and previous.command in _SPANNED:
        return _with_span(message, previous.command, options)
    if _DATED.match(line) and message.as_of is not None and previous.command in _DATABLE:
        return Followed(previous.command, options | {"as_of": message.as_of.isoformat()})
    return None


def _with_symbol(message: Message, command: str, options: dict[str, Any]) -> Followed | None:
    symbol = message.symbols[0].symbol.canonical
    spanned = {"periods": message.period} if message.period is not None and command in _SPANNED else {}
    if command in _SINGLE or command == "alert":
        return Followed(command, options | {"symbol": symbol} | spanned)
    if command == "compare":
        kept = options["symbols"][:1]
        return Followed(command, options | {"symbols": [*kept, symbol]} | spanned) if symbol not in kept else None
    if command == "rank" and symbol not in options["symbols"]:
        return Followed(command, options | {"symbols": [*options["symbols"], symbol]} | spanned)
    return None


def _with_span(message: Message, command: str, options: dict[str, Any]) -> Followed | None:
    numbers = message.words.values("NUM")
    period = message.period or (whole_period(numbers[0]) if numbers else None)
    return None if period is None else Followed(command, options | {"periods": period})
