"""One question, read: its words, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, Protocol, cast

from bot.errors import UserError, quoted
from bot.glossary.mentions import Mention
from bot.language import tokens as words_
from bot.language.entities.corrections import without_taken_back
from bot.language.entities.currencies import Money, tag_currencies
from bot.language.entities.dates import DATE, named_days, one_date, tag_dates
from bot.language.entities.lookbacks import (
    LONGEST_LOOKBACK,
    Lookback,
    Since,
    tag_lookbacks,
    unread_starts,
)
from bot.language.entities.numbers import tag_numbers
from bot.language.entities.possible_symbols import possible_symbols
from bot.language.entities.symbol_mentions import tag_listed, tag_names, tag_places
from bot.language.entities.symbols import SymbolMention, names_of
from bot.language.intents import Intents
from bot.language.languages import is_foreign
from bot.language.linear_model import LinearModel
from bot.language.phrases import phrase_weight, section
from bot.language.spelling import corrected
from bot.language.tokens import Unread, Word, Words
from bot.language.vocabulary import CUE_WORDS, EVERYDAY, FAMILIAR
from bot.market.symbols import Symbol, SymbolBook, unclear

_RSTAR = re.compile(
    r"\b(?:(?:the )?(?:r\*|r star|rstar)(?: (?:rate|model))?|(?:the )?(?:hlw |laubach williams "
    r"|fed )?(?:natural|neutral|goldilocks|equilibrium) (?:real )?(?:interest |policy |fed "
    r"|funds )?rate(?: of interest)?)(?= |$)"
)
_LONGEST_SYMBOL = 5
_ABOUT = frozenset({"SYM", "PAIR", "CUR", "AMT", "RSTAR"})
_PRESENT = frozenset({"today", "currently"})
_MEASURE = "roc|momentum|rate of change"
_MOVED = re.compile(
    r"\b(?:did|do|done|move[ds]?|gain(?:ed)?|lost|lose|fell|fall|rose|rise|drop(?:ped)?|better|worse|up|down)(?= |$)"
)
_MEASURED = re.compile(rf"\b(?:{_MEASURE})(?= |$)")


@cache
def _numbered(commands: tuple[str, ...]) -> re.Pattern[str]:
    """Where a bare number is a look-back: beside a measure, after "last", and at the end of a short question."""
    measured = "|".join((_MEASURE, *commands))
    return re.compile(
        rf"\b(?:{_MEASURE})(?: of| over| for| at)? (?P<span>NUM)(?= |$)"
        rf"|(?P<before>NUM) (?:(?:SYM|PAIR) )?(?:{_MEASURE})\b"
        r"|\b(?:last|past|lookback|look back|previous|n|length|window)(?: the)?(?: last)? (?P<after>NUM)"
        r"(?= |$)(?! (?:of|or))|^(?:\w+ )?(?:SYM|PAIR)(?: (?:SYM|and|vs))* (?P<alone>NUM)(?: please| thanks)?$"
        rf"|\b(?:{measured})(?: (?:of|for|the|on|and|vs|chart|over|please|at|by|SYM|PAIR))* "
        r"(?P<trailing>NUM)(?: please| thanks)?$"
    )


class Lookup(Protocol):
    """What the lookup of the glossary decided: see `bot.glossary.verdict`."""

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

    @property
    def contrast(self) -> tuple[str, str] | None:
        """Both terms, where two were to be told apart."""


class TermSearch(Protocol):
    """The glossary's lookup, as far as questions need it: see `bot.glossary.search`."""

    def find(self, query: str, /) -> Lookup:
        """The verdict on what somebody typed."""

    def mentions(self, text: str, /) -> tuple[str, ...]:
        """The terms named in a message."""

    def spans(self, words: Sequence[str], /) -> list[Mention]:
        """Where terms are named among words of a normal form, ordinary words (`weak`) too."""


@dataclass(frozen=True, slots=True)
class Previous:
    """The asker's last call, for questions that follow on. `options` are typed, as those of a `Route` are."""

    command: str
    options: Mapping[str, Any]

    @classmethod
    def from_json(cls, command: str, options: Mapping[str, Any], book: SymbolBook) -> Previous:
        """The last call of options as the JSON contract has them."""
        typed = dict(options)
        if isinstance(symbol := options.get("symbol"), str):
            typed["symbol"] = book.stored(symbol)
        if "symbols" in options:
            typed["symbols"] = tuple(book.stored(symbol) for symbol in options["symbols"])
        if isinstance(day := options.get("as_of"), str):
            typed["as_of"] = date.fromisoformat(day)
        if (since := typed.pop("since", None)) is not None:
            typed["periods"] = Since(date.fromisoformat(since))
        return cls(command, typed)


@dataclass(frozen=True, slots=True)
class RouteContext:
    """What reading a question needs: the names that are known, today's date, the intents, and the asker's last call.

    `models` are learned weights in the place of those that come with the program, by the name of their file.
    """

    symbols: SymbolBook
    search: TermSearch
    today: date
    intents: Intents
    previous: Previous | None = None
    models: Mapping[str, LinearModel] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """A question. `plain` are its words with their spelling corrected, `words` those with tags."""

    text: str
    plain: Words
    words: Words
    context: RouteContext = field(repr=False)

    @property
    def line(self) -> str:
        """The tagged words as phrases see them."""
        return self.words.line

    def has(self, *words: str) -> bool:
        """Whether one of these words or tags stands in the message."""
        return not self._tokens.isdisjoint(words)

    def weight_of(self, command: str, line: str | None = None) -> float:
        """The weight of the heaviest phrase of a command in the message, or in a line made of it."""
        return phrase_weight(command, *((self.line, self._tokens) if line is None else (line, frozenset(line.split()))))

    def says(self, command: str, title: str) -> bool:
        """Whether one of the phrases that a command's file has under a title stands in the message."""
        return section(command, title).occurs(self.line, self._tokens)

    @cached_property
    def _tokens(self) -> frozenset[str]:
        return frozenset(self.line.split())

    @cached_property
    def scores(self) -> Mapping[str, float]:
        """The weight of each command that the message has a phrase of."""
        weights = {intent.command: self.weight_of(intent.command) for intent in self.context.intents.all}
        return {command: weight for command, weight in weights.items() if weight}

    @cached_property
    def found(self) -> tuple[SymbolMention, ...]:
        """The symbols and currency pairs in the message with how each was named; each once, in order.

        An index goes by the fund that stands in for it where that is typed: "the small caps fund IWM" is IWM.
        """
        values = [word.value for word in self.words.words if word.low in {"SYM", "PAIR"}]
        by_canonical = {one.symbol.canonical: one for one in values if isinstance(one, SymbolMention)}
        typed = {canonical for canonical, one in by_canonical.items() if one.typed}
        return tuple(one for one in by_canonical.values() if one.typed or one.symbol.stand_in not in typed)

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """The symbols and currency pairs in the message, each once, in order."""
        return tuple(one.symbol for one in self.found)

    @cached_property
    def money(self) -> tuple[str | Money, ...]:
        """The currencies and amounts of one, in order."""
        values = (word.value for word in self.words.words if word.low in {"CUR", "AMT"})
        return tuple(value for value in values if isinstance(value, str | Money))

    @cached_property
    def amounts(self) -> tuple[Money, ...]:
        """The amounts of a currency, in order."""
        return tuple(one for one in self.money if isinstance(one, Money))

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """The codes of the currencies, each once, in order."""
        return tuple(dict.fromkeys(one.code if isinstance(one, Money) else one for one in self.money))

    @cached_property
    def as_of(self) -> date | None:
        """The first date that was named."""
        return self.dates[0] if self.dates else None

    @cached_property
    def dates(self) -> tuple[date, ...]:
        """The dates that were named, but for those of a story around the question.

        A date in a sentence without any symbol or currency is of the story where another sentence has one, and so is a
        past date where "today" is asked for afterwards.
        """
        words = self.words.words
        about = {sentence for sentence, word in zip(self._sentences, words, strict=True) if word.low in _ABOUT}
        last = max((at for at, word in enumerate(words) if word.low in _PRESENT), default=-1)
        dated = ((at, word) for at, word in enumerate(words) if word.low == DATE)
        found = [(at, self._sentences[at], cast("date", word.value)) for at, word in dated]
        kept = [value for at, sentence, value in found if (not about or sentence in about) and at > last]
        return tuple(kept or ([value for *_, value in found] if last < 0 and len(about) != 1 else []))

    @cached_property
    def _sentences(self) -> tuple[int, ...]:
        """The number of the sentence that each word stands in."""
        numbers, number = [], 0
        for word in self.words.words:
            numbers.append(number)
            number += self.text[word.end : word.end + 1] in set(".!?") and word.stop
        return tuple(numbers)

    @cached_property
    def happened(self) -> tuple[Lookback, date] | None:
        """The span that the one date names as a time when something was, and its end: "yesterday", "in March 2016".

        None where a look-back was named, too, and where the date is one to look back from: "as of 24 June 2016", "the
        momentum on 24 June".
        """
        at = [place for place, word in enumerate(self.words.words) if word.low == DATE]
        if len(at) != 1 or self.lookback is not None:
            return None
        days = named_days(self.words.typed(at[0], at[0] + 1), self.context.today)
        if days is None or days[1] != self.as_of:
            return None
        if days[0] == days[1]:
            of_day = not _MEASURED.search(self.line) and (len(self.symbols) < 2 or _MOVED.search(self.line))
            return (1, days[1]) if of_day else None
        return Since(days[0] - timedelta(days=1)), days[1]

    @cached_property
    def lookback(self) -> Lookback | None:
        """The look-back that was named; in "roc 12 of QQQ" the number is one. "today" is one session."""
        spans = self.words.values("PER")
        if self._number is not None and (self._number[1] or not spans):
            return whole_sessions(self._number[0].value)
        if spans:
            return cast("Lookback", spans[0])
        return 1 if self.has("today") else None

    @cached_property
    def _number(self) -> tuple[Word, bool] | None:
        """The bare number that is a look-back, and whether it goes before a span, as one beside a measure does."""
        commands = tuple(intent.command for intent in self.context.intents.all if intent.lookback)
        match = _numbered(commands).search(self.line)
        if match is None:
            return None
        first, _ = self.words.span(*match.span(match.lastgroup or 0))
        return self.words.words[first], match.lastgroup in {"span", "before"}

    @cached_property
    def unread(self) -> tuple[Unread, ...]:
        """What looks like an entity and cannot be read, in order; also a number of sessions that there cannot be."""
        unread = (*self.words.unread, *(one for _, _, one in unread_starts(self.words)))
        if len(set(self.dates)) > 1:
            unread = (*unread, Unread("date", "", one_date(self.dates)))
        if self._number is None or self.lookback is not None:
            return unread
        text = self.words.text[self._number[0].start : self._number[0].end]
        reason = f"A look-back is a whole number of sessions from 1 to {LONGEST_LOOKBACK:,}, not {quoted(text)}."
        return (*unread, Unread("lookback", text, reason))

    def with_symbol_meant(self) -> tuple[Message, UserError] | None:
        """The message with an unclear name taken for a symbol, and what to say of it; None without such a name.

        It is one that was tagged as unread, or, where nothing else is a symbol, a name that several have. The symbol
        goes by the name as it was typed.
        """
        words = self.words.words
        for at, word in enumerate(words):
            if isinstance(word.value, Unread) and word.value.entity == "symbol":
                return self._meant(at, at + 1), word.value.error()
            for last in (at + 2, at + 1):
                name = self.words.typed(at, last)
                meanings = () if word.is_tag or self.found else self.context.symbols.meanings(name)
                if meanings:
                    return self._meant(at, last), unclear(name, meanings)
        return None

    def _meant(self, first: int, last: int) -> Message:
        symbol = Symbol(self.words.typed(first, last), "", "unknown", None, None)
        return replace(self, words=self.words.with_tags([(first, last, "SYM", SymbolMention(symbol, typed=True))]))

    def with_possible_symbols(self, is_word: Callable[[str], bool]) -> Iterator[tuple[Message, int]]:
        """The message with each word in turn that may be a symbol taken for one, and how far-fetched that is.

        `is_word` says which words are ordinary ones.
        """
        names = names_of(self.context.symbols)
        for at, symbol, far in possible_symbols(self.words, names, is_word):
            tagged = self.words.with_tags([(at, at + 1, "SYM", SymbolMention(symbol, typed=True))])
            yield replace(self, words=tag_listed(tagged, names, self.is_term)), far

    def is_term(self, name: str) -> bool:
        """Whether a name is one of the glossary."""
        return self.context.search.find(name).outcome == "answered"

    @cached_property
    def named_terms(self) -> tuple[tuple[int, int], ...]:
        """From where to where terms are named, but for those whose words all steer questions ("rally", "support")."""
        lows = [word.low for word in self.words.words]
        spans = self.context.search.spans(["" if low.isupper() else low for low in lows])
        strong = ((one.start, one.end) for one in spans if not one.weak)
        return tuple((first, last) for first, last in strong if not CUE_WORDS.issuperset(lows[first:last]))

    @cached_property
    def foreign(self) -> bool:
        """Whether it is in another language than English."""
        return is_foreign(self.text, self.plain)

    @cached_property
    def off_topic_score(self) -> float:
        """How many words have nothing to do with markets or with asking; those of daily life count 1.5."""
        lows = (word.low for word in self.words.words if not word.is_tag and word.low.isalpha() and len(word.low) > 1)
        return sum(1.5 if low in EVERYDAY else 1.0 for low in lows if low not in FAMILIAR)


def whole_sessions(number: object) -> int | None:
    """A number as a look-back, where it is whole and not absurd."""
    if not isinstance(number, Decimal) or number != number.to_integral_value() or not 1 <= number <= LONGEST_LOOKBACK:
        return None
    return int(number)


def _mended(word: Word, names: frozenset[str], *, capitals: bool) -> Word:
    """The word with its spelling corrected; short capitals are a symbol or an acronym as they stand."""
    if capitals and word.upper and len(word.low) <= _LONGEST_SYMBOL:
        return word
    low = corrected(word.low, names)
    return word if low == word.low else replace(word, low=low)


def read_message(question: str, context: RouteContext) -> Message:
    """The question as a message, everything that can be tagged tagged."""
    text = words_.normalise(question)
    plain = words_.tokenize(text)
    names = names_of(context.symbols).single
    fixed = tuple(_mended(word, names, capitals=not plain.all_caps) for word in plain.words)
    plain = replace(plain, words=fixed) if fixed != plain.words else plain
    tagged = plain.tag(_RSTAR, "RSTAR", lambda match: match[0])
    tagged = tag_dates(tagged, context.today)
    tagged = tag_names(tagged, context.symbols)
    tagged = tag_currencies(tagged, context.symbols.currencies)
    tagged = tag_numbers(tag_lookbacks(tagged, context.today))
    tagged = tag_places(tagged, context.symbols, lambda name: context.search.find(name).outcome == "answered")
    return Message(text, plain, without_taken_back(tagged), context)
