"""Currencies and amounts in a message: "250 euros", "€80", "10 000 jpy", "swiss franc"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.language.entities.numbers import TIMES, value_of
from bot.language.tokens import Words

_WORDS: dict[str, str] = {
    name: code
    for code, spellings in {
        "USD": (
            "dollar|dollars|us dollar|us dollars|american dollar|american dollars|american money|buck|bucks"
            "|greenback|greenbacks|$|usd|us$|yankee dollars|u s dollars"
        ),
        "EUR": "euro|euros|eur|eurs|€",
        "GBP": (
            "pound|pounds|quid|sterling|pound sterling|pounds sterling|british pound|british pounds|gbp|£"
            "|uk pounds|uk pound|gb pounds"
        ),
        "JPY": "yen|yens|japanese yen|jpy|¥",
        "CHF": "swiss franc|swiss francs|franc|francs|swiss|swissie|swissy|chf",
        "CAD": "canadian dollar|canadian dollars|canadian|loonie|loonies|cad|canadian bucks|canada dollars",
        "AUD": "australian dollar|australian dollars|aussie|aussies|aussie dollar|aussie dollars|aud|australian",
        "NZD": "new zealand dollar|new zealand dollars|kiwi dollar|kiwi dollars|nzd",
        "MXN": "mexican peso|mexican pesos|peso|pesos|mxn",
        "CNY": "yuan|renminbi|rmb|chinese yuan|cny",
        "HKD": "hong kong dollar|hong kong dollars|hkd",
        "SGD": "singapore dollar|singapore dollars|sgd",
        "SEK": "swedish krona|swedish kronor|swedish kronas|swedish crown|swedish crowns|krona|kronor|sek",
        "NOK": "norwegian krone|norwegian kroner|norwegian krona|nok",
        "DKK": "danish krone|danish kroner|dkk",
        "PLN": "zloty|zlotys|polish zloty|polish zlotys|pln",
        "CZK": "czech koruna|korunas|koruna|czech crown|czech crowns|czk",
        "HUF": "forint|forints|hungarian forint|hungarian forints|huf",
        "RON": "romanian leu|romanian lei|ron",
        "BGN": "bulgarian lev|bgn",
        "TRY": "turkish lira|lira|liras|try",
        "BRL": "brazilian real|brazilian reais|reais|brl",
        "INR": "rupee|rupees|indian rupee|indian rupees|inr",
        "KRW": "south korean won|korean won|krw",
        "ZAR": "rand|south african rand|zar",
        "THB": "baht|thai baht|thb",
        "MYR": "ringgit|malaysian ringgit|myr",
        "IDR": "rupiah|indonesian rupiah|idr",
        "PHP": "philippine peso|philippine pesos|php",
        "ILS": "shekel|shekels|israeli shekel|israeli shekels|ils",
        "ISK": "icelandic krona|isk",
    }.items()
    for name in spellings.split("|")
}
# Ordinary words, and names of things that are no currency there.
_ONLY_CAPITALS = frozenset({"try", "php", "ron", "all"})
_PHRASES = "|".join(re.escape(name) for name in sorted(_WORDS, key=len, reverse=True))
_NAME = re.compile(
    rf"(?:(?<= )|^)(?P<name>{_PHRASES})(?= |$)(?! (?:cost averag|index|tree|store|milkshake|cake|menu|land"
    r"|bull|zone\b|stock\b|etf|volatility))"
)
_NUMBER = r"(?P<number>[-+]?\d+(?:[.,]\d+)*)"
_SIGNED = re.compile(
    r"(?:(?<= )|^)(?P<sign>[€£¥$])(?P<number>\d+(?:[.,]\d+)*)(?P<times>k|m|mm|mil|mln|bn"
    r"|b)?(?: (?P<scale>grand|thousand|million|billion))?(?: CUR)?(?= |$)"
)
_AFTER = re.compile(
    rf"(?:(?<= )|^)(?:{_NUMBER}(?P<groups>(?: \d{{3}})*)(?P<times>k|m|mm|mil|mln|bn|b)?(?: (?P<scale>grand"
    r"|hundred|thousand|million|billion))?"
    r"|(?P<spoken>(?:(?:a|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety) )?"
    r"(?:hundred|thousand|grand|million|ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|one|two"
    r"|three|four|five|six|seven|eight|nine|hundred thousand)))"
    r" (?:of )?(?:the )?CUR(?= |$)"
)
_BEFORE = re.compile(
    rf"(?:(?<= )|^)CUR {_NUMBER}(?P<groups>(?: \d{{3}})*)(?P<times>k|m|mm|bn)?(?= |$)(?! (?:day|week|month"
    r"|year|session|bar|percent))"
)
_GLUED = re.compile(r"(?:(?<= )|^)(?P<number>\d+(?:[.,]\d+)*)(?P<times>k|m)?(?P<code>[a-z]{3,7}|[€£¥$])(?= |$)")
_SPOKEN = {
    **{
        "a": 1,
        "one": 1,
        "two": 2,
        "three": 3,
        "four": 4,
        "five": 5,
        "six": 6,
        "seven": 7,
        "eight": 8,
        "nine": 9,
        "ten": 10,
    },
    **{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90},
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of a currency."""

    code: str
    amount: Decimal


def tag_currencies(words: Words, known: Mapping[str, str]) -> Words:
    """The message with CUR marks for currencies and AMT marks for amounts of one."""
    words = words.tag(_GLUED, "AMT", lambda match: _glued(match, known))
    words = words.tag(_NAME, "CUR", lambda match: _named(match, words, known))
    words = words.tag(_SIGNED, "AMT", lambda match: _signed(match, words))
    for pattern in (_AFTER, _BEFORE):
        words = words.tag(pattern, "AMT", lambda match, words=words: _money(match, words))  # type: ignore[misc]
    return words


def _named(match: re.Match[str], words: Words, known: Mapping[str, str]) -> str | None:
    code = _WORDS[match["name"]]
    word = words.words[words.span(*match.span("name"))[0]]
    if match["name"] in _ONLY_CAPITALS and not (word.upper and not words.all_caps):
        return None
    return code if code in known else None


def _glued(match: re.Match[str], known: Mapping[str, str]) -> Money | None:
    code = _WORDS.get(match["code"])
    amount = value_of(match["number"], match["times"])
    return Money(code, amount) if code in known and code is not None and amount is not None else None


def _signed(match: re.Match[str], words: Words) -> Money | None:
    amount = value_of(match["number"], match["times"], match["scale"])
    code = _WORDS[match["sign"]]
    if match[0].endswith(" CUR"):
        code = str(words.words[words.span(*match.span())[1] - 1].value)
    return None if amount is None else Money(code, amount)


def _money(match: re.Match[str], words: Words) -> Money | None:
    first, last = words.span(*match.span())
    code = next(str(word.value) for word in words.words[first:last] if word.low == "CUR")
    parts = match.groupdict()
    if parts.get("spoken"):
        return Money(code, _spoken(parts["spoken"]))
    amount = value_of(parts["number"] + (parts["groups"] or "").replace(" ", ""), parts["times"], parts.get("scale"))
    return None if amount is None else Money(code, amount)


def _spoken(text: str) -> Decimal:
    total = 0
    for word in text.split():
        total = max(total, 1) * TIMES[word] if word in TIMES else total + _SPOKEN[word]
    return Decimal(total)
