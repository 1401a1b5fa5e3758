"""The converters that several commands share: of dates, symbols, look-backs, choices, text, terms and categories."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, get_args

from bot.analysis.ranking import By
from bot.commands.converter import OFFERED, Converter, OptionRefused, ParseContext, beginning, without
from bot.errors import UserError, quoted
from bot.glossary.listing import LEADING, category_of
from bot.glossary.search import SearchResult
from bot.language.entities.currencies import INTO, read_currency, tag_into
from bot.language.entities.dates import DATE, one_date, read_date, tag_dates
from bot.language.entities.lookbacks import (
    LOOKBACK,
    Lookback,
    Since,
    read_lookback,
    read_lookbacks,
    tag_bare_lookbacks,
    tag_ends,
    tag_lookbacks,
    tag_unbounded,
    unread_starts,
)
from bot.language.entities.numbers import tag_numbers
from bot.language.entities.symbols import (
    PAIR,
    SYMBOL,
    SymbolMention,
    read_symbol,
    read_symbols,
    tag_typed_names,
    tag_typed_symbols,
)
from bot.language.intents import Intent, Options
from bot.language.tokens import UNREAD, Unread, Word, Words
from bot.market.symbols import Symbol, SymbolBook

if TYPE_CHECKING:
    from bot.language.message import Message

MAX_SYMBOLS = 25
MAX_TERM = 250
LOOKBACKS = ("5", "10", "21", "63", "126", "252", "wtd", "mtd", "qtd", "ytd", "since ")
EDGES = ".,;:!?()[]{}\"'`*_~|“”‘’"
CHOICE = "CHOICE"
_SPAN_OF_DATES = r"\b(?:since|from|between) DATE(?: (?:to|until|till|through|and) DATE)?(?= |$)"
_TODAY = r"(?:\bfor )?\btoday(?= |$)"
_UNDATED = re.compile(r"\b(?:as of|asof)(?: (?P<text>[^A-Z ]\S*))?(?= |$)(?! DATE)")
_SMALL_NUMBER = re.compile(r"\d{1,3}(?:d|days?|w|m|mo|y)?")


class DateConverter(Converter):
    """A date to look back from: `asof:2009-06-01`, `as of yesterday`, `1 June 2009`."""

    order = 0
    tags = frozenset({DATE})
    reads = frozenset({"date"})
    metavar = "asof:DATE"
    noun = "a date"
    help = "Answer as of the close of this date: 2009-06-01, yesterday, end of March 2020"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """Every date, also those that a look-back starts from; and what is written in the place of one."""
        words = tag_dates(words, context.today)
        return words.tag(_UNDATED, UNREAD, lambda match: _no_date(match["text"] or ""))

    def tag_rest(self, words: Words, context: ParseContext) -> Words:
        """What is left of a span of dates: no look-back took it."""
        words = words.tag(_SPAN_OF_DATES, UNREAD, lambda match: _no_span(words.typed(*words.span(*match.span()))))
        words = words.with_tags((first, last, UNREAD, one) for first, last, one in unread_starts(words))
        return tag_ends(words)

    def settle(self, values: Sequence[date], context: ParseContext) -> date:
        """One date that is not in the future."""
        if len(set(values)) > 1:
            raise UserError(one_date(values))
        return _past(values[0], context)

    def convert(self, text: str, context: ParseContext) -> date:
        """A date that is not in the future."""
        return _past(read_date(text, context.today), context)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """Today, and the last days of the month, quarter and year before."""
        today = context.today
        ends = (today, *(first - timedelta(days=1) for first in _firsts(today)))
        return beginning(text, dict.fromkeys(day.isoformat() for day in ends))

    def typed(self, value: date) -> str:
        """The date with what marks it."""
        return f"asof:{value.isoformat()}"

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The date, which must not be in the future."""
        found = options.get(name)
        day = date.fromisoformat(found) if isinstance(found, str) else found
        return None if day is None else _past(day, context)

    def to_json(self, name: str, value: date) -> dict[str, Any]:
        """The date as ISO text."""
        return {name: value.isoformat()}


def _no_date(text: str) -> Unread:
    read = f"I cannot read {quoted(text, 40)} as a date; write it" if text else "After asof goes a date, written"
    reason = f"{read} as YYYY-MM-DD: asof:2009-06-01."
    return Unread("date", text, reason)


def _no_span(text: str) -> Unread:
    return Unread(
        "date", text, f"This looks at one day, not at a span such as {quoted(text, 40)}: write asof:2016-06-24."
    )


def _past(day: date, context: ParseContext) -> date:
    if day > context.today:
        raise UserError(f"{day.isoformat()} is in the future; prices are known only up to today.")
    return day


def _firsts(today: date) -> tuple[date, date, date]:
    """The first days of the month, quarter and year of a day."""
    return today.replace(day=1), date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), date(today.year, 1, 1)


class IntoConverter(Converter):
    """The currency that prices are wanted in: `in EUR`, `in dollars`, `in:chf`."""

    order = -2
    tags = frozenset({INTO})
    reads = frozenset({"currency"})
    metavar = "in CURRENCY"
    noun = "a currency"
    help = "Prices in this currency, by the ECB's reference rates: EUR, USD, yen"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """The currency after "in"; what is in capitals there stands for one, known or not."""
        return tag_into(words, context.symbols.currencies)

    def settle(self, values: Sequence[str], context: ParseContext) -> str:
        """One currency."""
        if len(set(values)) > 1:
            raise UserError(f"One currency at a time, please; I read {' and '.join(values)}.")
        return values[0]

    def convert(self, text: str, context: ParseContext) -> str:
        """The code of the currency. Raises UserError."""
        return read_currency(text.strip().removeprefix("in "), context.symbols.currencies)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The currencies whose code or name begins so."""
        start, known = text.strip().casefold(), context.symbols.currencies
        found = [
            code for code in known if code.casefold().startswith(start) or known[code].casefold().startswith(start)
        ]
        return [(f"{code} · {known[code]}", code) for code in found[:OFFERED]]

    def typed(self, value: str) -> str:
        """The code after what marks it."""
        return f"in:{value}"


def with_currency(message: Message, intent: Intent) -> Options:
    """The options of a plain question, as any intent's are, and the currency that its prices are asked for in."""
    from bot.language.scoring import about, dated, with_lookback

    options = dated(message, with_lookback(message, about(message, intent), intent), intent)
    words = tag_into(message.plain, message.context.symbols.currencies)
    wanted = words.values(INTO)
    own = len(message.symbols) == 1 and wanted[:1] == (message.symbols[0].currency,)
    return options | ({"currency": wanted[0]} if wanted and not own else {})


def _numbers_after(words: Words) -> Iterator[tuple[int, int, str, Unread]]:
    """Where numbers of at most three digits, perhaps of days, follow something else."""
    for place, word in enumerate(words.words[1:], 1):
        if not word.is_tag and _SMALL_NUMBER.fullmatch(word.low):
            reason = f"A number of sessions has no place here; leave out {quoted(word.low)}."
            yield place, place + 1, UNREAD, Unread("symbol", word.low, reason)


class SymbolConverter(Converter):
    """One or several symbols, by symbol or by name: `IWM`, `$IWM`, `russell 2000`, `apple`."""

    order = 1
    tags = frozenset({SYMBOL, PAIR})
    reads = frozenset({"symbol"})
    metavar = "SYMBOL"
    noun = "a symbol"
    help = "A symbol or a name: IWM, RUT, apple, EUR/USD, bitcoin"

    def __init__(self, most: int = 1, least: int = 1) -> None:
        self.most = most
        self.least = least

    def tag(self, words: Words, context: ParseContext) -> Words:
        """Names of the book, the longest first. After one symbol a small "now" is only a word, and "max" a span."""
        words = tag_unbounded(words) if self.least == 1 else words
        if self.least == 1 and len(words.words) > 1 and words.words[-1].low == "now" and not words.words[-1].upper:
            words = replace(words, words=words.words[: -2 if words.words[-2].low in {"right", "just"} else -1])
        return tag_typed_names(words, context.symbols)

    def tag_rest(self, words: Words, context: ParseContext) -> Words:
        """Every word that nothing else took and that joins none; where there is none, signs that are no word at all.

        A small number after the one symbol that there may be is none: "rally IWM 10".
        """
        words = tag_typed_symbols(words if self.most > 1 else words.with_tags(_numbers_after(words)), context.symbols)
        if self.tags.isdisjoint(word.low for word in words.words) and not words.unread:
            words = replace(words, words=(*_signs(words, context.symbols), *words.words))
        return words

    def as_typed(self, words: Words, some: Sequence[Word]) -> Any:
        """The symbols with spaces between."""
        return " ".join(words.text[word.start : word.end] for word in some)

    def settle(self, values: Sequence[Any], context: ParseContext) -> Any:
        """As many different symbols as there may be, in the order typed."""
        symbols = tuple(dict.fromkeys(value.symbol for value in values))
        if not self.least <= len(symbols) <= self.most:
            raise UserError(self._wrong_number(symbols))
        return symbols

    def _wrong_number(self, symbols: Sequence[Symbol]) -> str:
        names = ", ".join(symbol.canonical for symbol in symbols[:4])
        if self.most == 1:
            return f"This command takes one symbol at a time; I read {names}."
        if self.least == self.most:
            return f"This takes {self.most} different symbols; I read {len(symbols)}: {names}."
        if len(symbols) < self.least:
            return f"This takes {self.least} symbols or more; I read only {names}."
        return f"At most {self.most} symbols at a time, please; I read {len(symbols)}."

    def convert(self, text: str, context: ParseContext) -> Any:
        """The symbols of a named option, and nothing beside them."""
        book = context.symbols
        symbols = [read_symbol(text, book)] if self.most == 1 else read_symbols(text, book)
        return self.settle([SymbolMention(one, typed=True) for one in symbols], context)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The symbols that the last word may become; what stands before it is kept where several may stand."""
        from bot.market.spellings import certain

        before, last = _before_last(text) if self.most > 1 else ("", text)
        found = context.symbols.complete(last, limit=OFFERED)
        return [(f"{before}{one.canonical} · {one.name}", f"{before}{certain(one.canonical)}") for one in found]

    def typed(self, value: Sequence[Symbol]) -> str:
        """The symbols with spaces between."""
        from bot.market.spellings import certain

        return " ".join(certain(symbol.canonical) for symbol in value)

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The symbols under `symbol` or `symbols`."""
        found = options.get("symbol") or options.get("symbols") or ()
        several = (found,) if isinstance(found, str | Symbol) else found
        return tuple(one if isinstance(one, Symbol) else context.symbols.stored(one) for one in several) or None

    def to_json(self, name: str, value: Sequence[Symbol]) -> dict[str, Any]:
        """One symbol stands alone where one is enough; several make a list under the plural."""
        if len(value) == 1 and self.least == 1:
            return {"symbol": value[0].canonical}
        return {"symbols": [symbol.canonical for symbol in value]}


class SymbolsConverter(SymbolConverter):
    """Several symbols in the order typed: `IWM SPY`, `IWM,SPY`, `russell 2000 vs apple`."""

    metavar = "SYMBOLS"
    noun = "two or more symbols"
    help = "Symbols or names with spaces or commas between: IWM SPY QQQ"

    def __init__(self, least: int = 2, most: int = MAX_SYMBOLS) -> None:
        super().__init__(most, least)


def _signs(words: Words, book: SymbolBook) -> Iterator[Word]:
    """What is neither a word nor punctuation, as a symbol that cannot be read."""
    covered = {at for word in words.words for at in range(word.start, word.end)}
    for match in re.finditer(r"\S+", words.text):
        text = match[0].strip(EDGES)
        if text and covered.isdisjoint(range(*match.span())):
            yield Word(UNREAD, *match.span(), value=_unknown(text, book))
            return


def _unknown(text: str, book: SymbolBook) -> Unread:
    return Unread("symbol", text, book.unknown(text).message, code="unknown_symbol")


def _before_last(text: str) -> tuple[str, str]:
    """What stands before the last word, and the word."""
    last = re.split(r"[\s,]", text)[-1]
    return text[: len(text) - len(last)], last


class LookbackConverter(Converter):
    """Look-backs: `10`, `10d`, `two weeks`, `5 10 21`, `ytd`, `since 3 November`."""

    order = 2
    tags = frozenset({LOOKBACK})
    reads = frozenset({"lookback", "number", "date"})
    metavar = "PERIODS"
    noun = "a look-back"
    help = "How far to look back: 10 (sessions), two weeks, 3mo, ytd, since 3 November"

    def __init__(self, most: int = 1, *, today: bool = True) -> None:
        """`today`: the word is a look-back of one session, and not only the day that anything ends on."""
        self.most = most
        self._today = today

    def tag(self, words: Words, context: ParseContext) -> Words:
        """Every span and start, and every number that is left."""
        words = tag_lookbacks(tag_dates(words, context.today), context.today)
        if self._today:
            words = words.tag(_TODAY, LOOKBACK, lambda _: 1)
        words = words.with_tags((first, last, UNREAD, one) for first, last, one in unread_starts(words))
        return tag_bare_lookbacks(tag_numbers(words, every=True))

    def settle(self, values: Sequence[Lookback], context: ParseContext) -> tuple[Lookback, ...]:
        """As many different look-backs as there may be, none from the future."""
        found = tuple(dict.fromkeys(values))
        if len(found) > self.most:
            raise UserError(f"At most {self.most} look-back{'s' * (self.most > 1)} here; I read {len(found)}.")
        for one in found:
            if isinstance(one, Since):
                _past(one.day, context)
        return found

    def convert(self, text: str, context: ParseContext) -> tuple[Lookback, ...]:
        """The look-backs of a named option."""
        one = self.most == 1
        return self.settle(
            [read_lookback(text, context.today)] if one else read_lookbacks(text, context.today), context
        )

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The look-backs that people ask for most."""
        return beginning(text, LOOKBACKS)

    def typed(self, value: Sequence[Lookback]) -> str:
        """The look-backs with spaces between."""
        return " ".join(map(str, value))

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The look-back in `since`, or those in `periods`."""
        if options.get("since") is not None:
            return self.settle([Since(date.fromisoformat(options["since"]))], context)
        found = options.get("periods")
        if found is None:
            return None
        return self.settle(found if isinstance(found, list | tuple) else (found,), context)

    def to_json(self, name: str, value: Sequence[Lookback]) -> dict[str, Any]:
        """One number stands alone, several make a list; the date of a start stands in `since`."""
        starts = [one.day.isoformat() for one in value if isinstance(one, Since)]
        numbers = [one for one in value if not isinstance(one, Since)]
        since = {"since": starts[0] if len(starts) == 1 else starts} if starts else {}
        return since | ({"periods": numbers[0] if len(numbers) == 1 else numbers} if numbers else {})


class ChoiceConverter(Converter):
    """One word out of a few, wherever it stands; other spellings by `also`. A word before it may be dropped: `by`.

    `unsaid` are words for what holds without a choice: they are read, and leave the option out.
    """

    order = -1
    tags = frozenset({CHOICE})

    def __init__(
        self, *choices: str, also: Mapping[str, str] | None = None, before: str = "", unsaid: Sequence[str] = ()
    ) -> None:
        self.choices = {choice: choice for choice in choices} | dict(also or {})
        self.unsaid = frozenset(unsaid)
        self.before = before
        self.metavar = f"{before} {'|'.join(choices)}".strip()
        self.noun = " or ".join(choices)
        self.help = f"One of {', '.join(choices)}"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """The first choice after `before`, else the word after it; without `before`, the first choice there is.

        What stands between, as in `by 3 month momentum`, is left for others.
        """
        lows = [word.low for word in words.words]
        if self.before in lows[:-1]:
            place = lows.index(self.before)
            named = self.choices.keys() | self.unsaid
            chosen = next((at for at in range(place + 1, len(lows)) if lows[at] in named), place + 1)
            if chosen == place + 1:
                return words.with_tags([(place, place + 2, CHOICE, lows[chosen])])
            left = Words(words.text, (*words.words[:place], *words.words[place + 1 :]), words.all_caps)
            return left.with_tags([(chosen - 1, chosen, CHOICE, lows[chosen])])
        if self.before and lows[-1:] == [self.before]:
            return words.with_tags([(len(lows) - 1, len(lows), CHOICE, "")])
        if self.before:
            return words
        place = next((at for at, low in enumerate(lows) if low in self.choices), -1)
        return words if place < 0 else words.with_tags([(place, place + 1, CHOICE, lows[place])])

    def settle(self, values: Sequence[str], context: ParseContext) -> str | None:
        """The choice that the word names; None where it names what holds anyway."""
        return None if values[0] in self.unsaid else self.convert(values[0], context)

    def convert(self, text: str, context: ParseContext) -> str:
        """The choice that a text names. Raises UserError."""
        found = self.choices.get(text.casefold().strip(EDGES).removeprefix(f"{self.before} "))
        if found is None:
            wrong = f", not by {quoted(text, 30)}" if text else ""
            raise UserError(f"That goes by {self.noun}{wrong}.")
        return found

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The choices that begin so."""
        return beginning(text, dict.fromkeys(self.choices.values()))

    def typed(self, value: str) -> str:
        """The choice after the word that goes before it."""
        return f"{self.before} {value}".strip()


BY = ChoiceConverter(*get_args(By), before="by", unsaid=("momentum", "momo"))
"""What several symbols are put in order by."""


class WholeConverter(Converter):
    """Base of the converters that take text as it stands: all words that are left."""

    whole = True

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """The value of all words that are left."""
        if not words.words:
            return None, words
        text, left = words.typed(0, len(words.words)), Words(words.text, (), words.all_caps)
        try:
            return self.convert(text, context), left
        except UserError as error:
            raise OptionRefused(error, text[:MAX_TERM], left) from None


class TextConverter(WholeConverter):
    """Text as it stands, such as the name of a setting; `offers` are completed. All words left, or only the first."""

    def __init__(
        self, metavar: str = "NAME", help_: str = "A name", offers: Sequence[str] = (), *, rest: bool = True
    ) -> None:
        self.metavar = metavar
        self.noun = f"a {metavar.casefold()}"
        self.help = help_
        self.offers = tuple(offers)
        self._rest = rest

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """The first word, or all of them."""
        if self._rest or not words.words:
            return super().consume(words, context)
        return words.typed(0, 1), without(words, words.words[:1])

    def convert(self, text: str, context: ParseContext) -> str:
        """The text itself, trimmed."""
        return text.strip()

    @property
    def completes(self) -> bool:
        """Whether it has offers."""
        return bool(self.offers)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The offers that begin so."""
        return beginning(text, self.offers)


class TermConverter(WholeConverter):
    """A term of the glossary, as well or badly as it may be spelt. The value is what the lookup found."""

    metavar = "TERM"
    noun = "a term"
    help = "A term: contango, r-star, range-bound…"

    def convert(self, text: str, context: ParseContext) -> LookedUp:
        """Look the text up. Raises UserError where it is too long to be a term."""
        if len(text) > MAX_TERM:
            raise UserError(f"That is too long for a term; {MAX_TERM} characters are the most.")
        return LookedUp(text, context.search.find(text))

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The terms that a beginning may become."""
        return [(name, name) for name in term_names(text, context)]

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The lookup of the term that an id names."""
        term = context.search.book.terms.get(options.get(name, ""))
        return None if term is None else self.convert(context.search.book.asked_by(term.id), context)

    def typed(self, value: LookedUp) -> str:
        """The text as it was typed."""
        return value.text

    def to_json(self, name: str, value: LookedUp) -> dict[str, Any]:
        """The slug where a term was found, else the text as typed."""
        return {name: value.verdict.id or value.text}


def term_names(text: str, context: ParseContext) -> list[str]:
    """The names of terms that begin so, from memory."""
    return [context.search.book.asked_by(slug) for slug in context.search.complete(text, limit=OFFERED)]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was typed, and what the lookup made of it."""

    text: str
    verdict: SearchResult


class CategoryConverter(WholeConverter):
    """A category by its slug or title, as well or badly as it may be spelt; `all` is the whole glossary."""

    order = 6
    metavar = "CATEGORY"
    noun = "a category"
    help = "A category of the glossary: options, macro, chart patterns; or all"

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """All words that are left, but for those that only lead to the name: "terms about options"."""
        named = [word for word in words.words if word.low.strip(EDGES) not in LEADING]
        if not named:
            return None, replace(words, words=())
        return super().consume(replace(words, words=tuple(named)), context)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The categories with the text in their title."""
        start, titles = text.strip().casefold(), context.search.book.categories.items()
        return [(title, slug) for slug, title in titles if start in slug or start in title.casefold()][:OFFERED]

    def convert(self, text: str, context: ParseContext) -> str:
        """The slug of the category. Raises UserError naming what was near."""
        book = context.search.book
        found = category_of(text, book)
        if found is not None:
            return found
        verdict = context.search.find(text)
        if verdict.id is not None and verdict.match in {"exact", "alias", "spelling"}:
            term = book.terms[verdict.id]
            raise UserError(
                f"{quoted(text, 40)} is a term, not a category; it stands under {book.categories[term.category]}.",
                "bad_input",
                (f"!define {term.term}", f"!terms {term.category}"),
            )
        raise UserError(f"There is no category {quoted(text, 40)}. !terms lists them.", "bad_input", ("!terms",))
