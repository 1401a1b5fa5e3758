"""One question, read: its words, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol, cast

from bot.language import tokens as words_
from bot.language.entities.currencies import Money, mark_currencies
from bot.language.entities.dates import mark_dates
from bot.language.entities.lookbacks import LONGEST_SPAN, Period, mark_spans
from bot.language.entities.numbers import mark_numbers
from bot.language.entities.symbols import Found, mark_names, mark_places, names_of
from bot.language.everyday import EVERYDAY
from bot.language.intents import heard
from bot.language.known import CUE_WORDS
from bot.language.spelling import mended
from bot.language.tokens import Words
from bot.language.vocabulary import CHAT, FIELD, PLAIN
from bot.market.symbols import SymbolBook

_FAMILIAR = PLAIN | CHAT | FIELD | CUE_WORDS
_RSTAR = re.compile(
    r"\b(?:(?:the )?(?:r\*|r star|rstar)(?: (?:rate|model))?|(?:the )?(?:hlw |laubach williams "
    r"|fed )?(?:natural|neutral|goldilocks|equilibrium) (?:real )?(?:interest |policy |fed "
    r"|funds )?rate(?: of interest)?)(?= |$)"
)
_NUMBERED_ROC = re.compile(
    r"\b(?:roc|momentum|rate of change)(?: of| over| for| at)? (?P<span>NUM)(?= |$)|(?P<before>NUM) (?:roc"
    r"|rate of change|momentum)\b"
    r"|\b(?:last|past|lookback|look back|previous|n|length|window)(?: the)?(?: last)? (?P<after>NUM)(?= "
    r"|$)(?! (?:of|or))|^(?:\w+ )?(?:SYM|PAIR)(?: (?:SYM|and|vs))* (?P<alone>NUM)$"
    r"|\b(?:roc|momentum|rate of change|chart|rank|compare)(?: (?:of|for|the|on|and|vs|chart|over|please"
    r"|at|by|SYM|PAIR))* (?P<trailing>NUM)$"
)


class Lookup(Protocol):
    """What the lookup of the glossary decided: see `bot.glossary.search`."""

    @property
    def outcome(self) -> str:
        """One of answered, ambiguous, unknown, refused."""

    @property
    def id(self) -> str | None:
        """The term, when answered."""

    @property
    def match(self) -> str | None:
        """How it was found: exact, alias, spelling, prefix, mention, description."""

    @property
    def score(self) -> float:
        """How sure that is, 0 to 1."""

    @property
    def suggestions(self) -> tuple[str, ...]:
        """Near misses, or the readings of an ambiguous name."""


class TermSearch(Protocol):
    """The glossary's lookup, as far as questions need it: see `bot.glossary.search`."""

    def find(self, query: str, /) -> Lookup:
        """The verdict on what somebody typed."""

    def mentions(self, text: str, /) -> tuple[str, ...]:
        """The terms named in a message."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The asker's last call, for questions that follow on."""

    command: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RouteContext:
    """What reading a question needs: the names that are known, today's date, and the asker's last call."""

    symbols: SymbolBook
    search: TermSearch
    today: date
    previous: Previous | None = None


@dataclass(frozen=True)
class Message:
    """A question. `plain` are its words with their spelling mended, `words` those with marks."""

    text: str
    plain: Words
    words: Words
    context: RouteContext = field(repr=False)

    @property
    def line(self) -> str:
        """The marked words as patterns see them."""
        return self.words.line

    @cached_property
    def heard(self) -> Mapping[str, float]:
        """The weight of each command that the message has a phrase of."""
        return heard(self.line)

    @cached_property
    def symbols(self) -> tuple[Found, ...]:
        """The symbols and currency pairs in the message, each once, in order."""
        found = [word.value for word in self.words.words if word.low in {"SYM", "PAIR"}]
        by_canonical = {one.symbol.canonical: one for one in found if isinstance(one, Found)}
        return tuple(by_canonical.values())

    @cached_property
    def money(self) -> tuple[str | Money, ...]:
        """The currencies and amounts of one, in order."""
        return tuple(
            word.value
            for word in self.words.words
            if isinstance(word.value, str | Money) and word.low in {"CUR", "AMT"}
        )

    @cached_property
    def as_of(self) -> date | None:
        """The first date that was named."""
        dates = self.words.values("DATE")
        return dates[0] if dates else None

    @cached_property
    def period(self) -> Period | None:
        """The span that was named; in "roc 12 of QQQ" the number is one. "today" is one session."""
        spans = self.words.values("PER")
        numbered = _NUMBERED_ROC.search(self.line)
        if numbered and (numbered.lastgroup in {"span", "before"} or not spans):
            first, _ = self.words.span(*numbered.span(numbered.lastgroup or 0))
            return whole_period(self.words.words[first].value)
        if spans:
            return cast("Period", spans[0])
        return 1 if re.search(r"\btoday\b", self.line) else None

    @cached_property
    def strangers(self) -> float:
        """How many words have nothing to do with markets or with asking; those of daily life count 1.5."""
        lows = (word.low for word in self.words.words if not word.marked and word.low.isalpha() and len(word.low) > 1)
        return sum(1.5 if low in EVERYDAY else 1.0 for low in lows if low not in _FAMILIAR)


def whole_period(number: object) -> int | None:
    """A number as a span, where it is whole and not absurd."""
    if not isinstance(number, Decimal) or number != number.to_integral_value() or not 1 <= number <= LONGEST_SPAN:
        return None
    return int(number)


def read_message(question: str, context: RouteContext) -> Message:
    """The question as a message, everything that can be marked marked."""
    text = words_.level(question)
    plain = words_.read(text)
    names = names_of(context.symbols).single
    fixed = tuple(
        word if (low := mended(word.low, names)) == word.low else replace(word, low=low) for word in plain.words
    )
    plain = replace(plain, words=fixed) if fixed != plain.words else plain
    marked = plain.mark(_RSTAR, "RSTAR", lambda match: match[0])
    marked = mark_dates(marked, context.today)
    marked = mark_names(marked, context.symbols)
    marked = mark_currencies(marked, context.symbols.currencies)
    marked = mark_numbers(mark_spans(marked))
    marked = mark_places(marked, context.symbols, lambda name: context.search.find(name).outcome == "answered")
    return Message(text, plain, marked, context)
