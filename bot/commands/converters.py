"""The kinds of options: how each finds its value among words, reads it from a named option, and stands in JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

from bot.errors import UserError, quoted
from bot.glossary.listing import LEADING, category_of
from bot.glossary.search import Search, SearchResult
from bot.language.entities.lookbacks import Lookback, Since
from bot.market.symbols import Symbol, SymbolBook

MAX_PERIODS = 5_000
MAX_SYMBOLS = 25
MAX_TERM = 250
OFFERED = 25
LOOKBACKS = ("5", "10", "21", "63", "126", "252", "wtd", "mtd", "qtd", "ytd", "since ")

_BETWEEN = frozenset({"vs", "vs.", "v", "versus", "against", "with", "÷"})
_COMMAS = re.compile(r"(?<!\d)[,;]+|[,;]+(?!\d)")
_NUMBER = re.compile(r"[-+−]?\d[\d.,_]*(e[-+]?\d+)?", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,12})\s*-?\s*([a-z]*)", re.IGNORECASE)
_UNITS: Mapping[str, int] = {
    unit: sessions
    for sessions, units in {
        1: "d day days session sessions bar bars period periods",
        5: "w wk week weeks",
        21: "mo mth month months",
        63: "q qtr quarter quarters",
        252: "y yr year years",
    }.items()
    for unit in units.split()
}
_NUMBER_WORDS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred"
    " thousand".split()
)
EDGES = ".,;:!?()[]{}\"'`*_~|“”‘’"
FILLERS = frozenset({"over", "for", "in", "last", "past", "the", "and", "&", "vs", "of", "on", "is", "a"})


@dataclass(frozen=True, slots=True)
class ParseContext:
    """What reading a question needs: the names that are known, commands among them, and today's date."""

    symbols: SymbolBook
    search: Search
    today: date
    commands: tuple[str, ...] = ()

    def leftover(self, words: Sequence[str], example: str) -> UserError:
        """The error for words that no option took."""
        return UserError(f"I could not place {quoted(' '.join(words))}. Try it like this: {example}")


class Converter:
    """Base of the converters: how one option is read, completed and written, the same for every face.

    `order` says who takes words first, `whole` that it takes all of them; `metavar` stands in usage lines, `noun` in
    sentences, `help` in descriptions.
    """

    order: ClassVar[int] = 5
    whole: ClassVar[bool] = False
    metavar: str = "TEXT"
    noun: str = "some text"
    help: str = "Text"

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """The value found among typed words, or None, and the words that are left. Raises UserError."""
        if not words:
            return None, words
        return self.convert(" ".join(words), context), []

    def convert(self, text: str, context: ParseContext) -> Any:
        """The value that a whole text means. Raises UserError naming what cannot be read and what would work."""
        raise NotImplementedError

    def convert_table(self, text: str, context: ParseContext) -> Any:
        """The value that an attached table means. Raises UserError."""
        raise UserError("A file cannot be read here.")

    def refused(self, name: str, words: list[str]) -> tuple[dict[str, Any], list[str]]:
        """After `consume` raised: what the person typed for this option, and the words that are for others."""
        return {}, words

    @property
    def completes(self) -> bool:
        """Whether there is anything that it could offer."""
        return type(self).complete is not Converter.complete

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """What the text could become, as labels and values, best first; at most OFFERED, always from memory."""
        return []

    def typed(self, value: Any) -> str:
        """The value as it would be typed after a command."""
        return str(value)

    def to_json(self, name: str, value: Any) -> dict[str, Any]:
        """The option as the JSON contract has it."""
        return {name: value}

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The value among options as JSON has them, or as values already; None where it is not there.

        Raises UserError for a value that is none for this option.
        """
        return options.get(name)


def beginning(text: str, words: Iterable[str]) -> list[tuple[str, str]]:
    """The words that begin with a text, each its own label."""
    start = text.strip().casefold()
    return [(word, word) for word in words if word.casefold().startswith(start)][:OFFERED]


class DateConverter(Converter):
    """A date to look back from: `asof:2009-06-01`."""

    order = 0
    metavar = "asof:DATE"
    noun = "a date"
    help = "Answer as of the close of this date, written YYYY-MM-DD"
    _marker: ClassVar[re.Pattern[str]] = re.compile(r"as_?of[:=]?(.*)", re.IGNORECASE)

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """Take `asof:DATE`, `as_of:DATE`, `asof DATE` or `as of DATE`, wherever it stands."""
        text, left = self._marked(words)
        return (None, words) if text is None else (self.convert(text, context), left)

    def refused(self, name: str, words: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The date as typed, and the other words."""
        text, left = self._marked(words)
        return ({name: text} if text else {}), left

    def _marked(self, words: list[str]) -> tuple[str | None, list[str]]:
        for i, word in enumerate(words):
            if word.casefold() == "as" and [w.casefold() for w in words[i + 1 : i + 2]] == ["of"]:
                start, text, stop = i, "", i + 2
            elif match := self._marker.fullmatch(word):
                start, text, stop = i, match[1], i + 1
            else:
                continue
            if not text and stop < len(words):
                text, stop = words[stop], stop + 1
            return text, words[:start] + words[stop:]
        return None, words

    def convert(self, text: str, context: ParseContext) -> date:
        """An ISO date that is not in the future."""
        try:
            day = date.fromisoformat(text.strip(EDGES))
        except ValueError:
            raise UserError(f"Write the date as YYYY-MM-DD: asof:2009-06-01, not {quoted(text)}.") from None
        return _past(day, context)

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


def _past(day: date, context: ParseContext) -> date:
    if day > context.today:
        raise UserError(f"{day.isoformat()} is in the future; prices are known only up to today.")
    return day


def _firsts(today: date) -> tuple[date, date, date]:
    """The first days of the month, quarter and year of a day."""
    return today.replace(day=1), date(today.year, 3 * ((today.month - 1) // 3) + 1, 1), date(today.year, 1, 1)


class SymbolConverter(Converter):
    """One or several symbols, by symbol or by name: `IWM`, `$IWM`, `russell 2000`, `apple`."""

    order = 1
    metavar = "SYMBOL"
    noun = "a symbol"
    help = "A symbol or a name: IWM, RUT, apple, EUR/USD, bitcoin"

    def __init__(self, most: int = 1) -> None:
        self.most = most

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """Names of the book first, longest first; then words shaped like a symbol."""
        found: list[Symbol | None] = []
        unread: list[str] = []
        i = 0
        while i < len(words):
            length, symbol = self._named(words[i : i + 4], context)
            if symbol is not None:
                found.append(symbol)
            else:
                unread.append(words[i])
            i += length
        left: list[str] = []
        for position, word in enumerate(unread):
            before = unread[position - 1] if position else ""
            taken = len(found) >= self.most == 1
            if taken or _is_span(word) or _is_unit(word, before) or word.casefold() in FILLERS | _NUMBER_WORDS:
                left.append(word)
            else:
                found.append(context.symbols.resolve(word.strip(EDGES) or word))
        symbols = tuple(dict.fromkeys(s for s in found if s is not None))
        if len(symbols) > self.most:
            raise UserError(self._too_many(symbols))
        left = [word for word in left if word.casefold() not in FILLERS]
        return (symbols or None), left

    def _named(self, words: list[str], context: ParseContext) -> tuple[int, Symbol | None]:
        for length in range(len(words), 0, -1):
            phrase = " ".join(words[:length]).strip(EDGES)
            if length == 1 and _is_span(phrase):
                break
            symbol = context.symbols.named(phrase)
            if symbol is not None:
                return length, symbol
        return 1, None

    def _too_many(self, symbols: Sequence[Symbol]) -> str:
        names = ", ".join(symbol.canonical for symbol in symbols[:4])
        if self.most == 1:
            return f"This command takes one symbol at a time; I read {names}."
        return f"At most {self.most} symbols at a time, please; I read {len(symbols)}."

    def convert(self, text: str, context: ParseContext) -> tuple[Symbol, ...]:
        """The symbols of a named option."""
        named = context.symbols.named(text)
        if named is not None:
            return (named,)
        symbols, left = self.consume(re.split(r"[\s,;]+", text.strip()), context)
        if left or not symbols:
            raise context.symbols.unknown(text)
        return tuple(symbols)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The symbols that the last word may become; what stands before it is kept where several may stand."""
        before, last = _before_last(text) if self.most > 1 else ("", text)
        found = context.symbols.complete(last, limit=OFFERED)
        return [(f"{before}{one.canonical} · {one.name}", f"{before}{one.canonical}") for one in found]

    def typed(self, value: Sequence[Symbol]) -> str:
        """The symbols with spaces between."""
        return " ".join(symbol.canonical for symbol in value)

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The symbols under `symbol` or `symbols`."""
        found = options.get("symbol") or options.get("symbols") or ()
        several = (found,) if isinstance(found, str | Symbol) else found
        return tuple(one if isinstance(one, Symbol) else context.symbols.resolve(one) for one in several) or None

    def to_json(self, name: str, value: Sequence[Symbol]) -> dict[str, Any]:
        """One symbol stands alone; several make a list under the plural."""
        if len(value) == 1:
            return {"symbol": value[0].canonical}
        return {"symbols": [symbol.canonical for symbol in value]}


def _before_last(text: str) -> tuple[str, str]:
    """What stands before the last word, and the word."""
    last = re.split(r"[\s,]", text)[-1]
    return text[: len(text) - len(last)], last


class LookbackConverter(Converter):
    """Numbers of sessions: `10`, `10d`, `2 weeks`, `5 10 21`, `ytd`."""

    order = 2
    metavar = "PERIODS"
    noun = "a number of sessions"
    help = "Sessions to look back: 10, 21, 63, 252, ytd; several are fine"

    def __init__(self, most: int = 1) -> None:
        self.most = most

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """Every number among the words, with the unit that follows it."""
        found: list[Lookback] = []
        left: list[str] = []
        i = 0
        while i < len(words):
            word = words[i].strip(EDGES.replace("-", ""))
            joined = i + 1 < len(words) and words[i + 1].strip(EDGES).casefold() in _UNITS and word.isdigit()
            if word.casefold() == "ytd":
                found.append("ytd")
            elif _is_span(word):
                found.append(_sessions(word + words[i + 1].strip(EDGES) if joined else word))
                i += joined
            elif word.casefold() in _NUMBER_WORDS:
                raise UserError(f"Write the number of sessions in digits, as in 10, not {quoted(word)}.")
            else:
                left.append(words[i])
            i += 1
        periods = tuple(dict.fromkeys(found))
        if len(periods) > self.most:
            raise UserError(f"At most {self.most} numbers of sessions here; I read {len(periods)}.")
        return (periods or None), left

    def refused(self, name: str, words: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The numbers as typed, and the other words."""
        spans = [word for word in words if _is_span(word) or word.casefold() in _NUMBER_WORDS]
        typed = [int(word) if re.fullmatch(r"-?\d{1,15}", word) else word[:40] for word in spans]
        left = [word for word in words if word not in spans]
        return ({name: typed[0] if len(typed) == 1 else typed} if typed else {}), left

    def convert(self, text: str, context: ParseContext) -> tuple[Lookback, ...]:
        """The numbers of a named option."""
        periods, left = self.consume(re.split(r"[\s,;]+", text.strip()), context)
        if left or not periods:
            raise UserError(f"The number of sessions is a whole number such as 10, or ytd; not {quoted(text)}.")
        return tuple(periods)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The look-backs that people ask for most."""
        return beginning(text, LOOKBACKS)

    def typed(self, value: Sequence[Lookback]) -> str:
        """The look-backs with spaces between."""
        return " ".join(map(str, value))

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The look-back in `since`, or those in `periods`."""
        if options.get("since") is not None:
            return (Since(date.fromisoformat(options["since"])),)
        found = options.get("periods")
        return found if found is None else tuple(found) if isinstance(found, list | tuple) else (found,)

    def to_json(self, name: str, value: Sequence[Lookback]) -> dict[str, Any]:
        """One number stands alone, several make a list; the date of a start stands in `since`."""
        starts = [one.day.isoformat() for one in value if isinstance(one, Since)]
        numbers = [one for one in value if not isinstance(one, Since)]
        since = {"since": starts[0] if len(starts) == 1 else starts} if starts else {}
        return since | ({"periods": numbers[0] if len(numbers) == 1 else numbers} if numbers else {})


class TermConverter(Converter):
    """A term of the glossary, as well or badly as it may be spelt. The value is the lookup's verdict."""

    whole = True
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
        return None if term is None else self.convert(term.term, context)

    def typed(self, value: LookedUp) -> str:
        """The text as it was typed."""
        return value.text

    def to_json(self, name: str, value: LookedUp) -> dict[str, Any]:
        """The slug where a term was found, else the text as typed."""
        return {name: value.verdict.id or value.text}


def term_names(text: str, context: ParseContext) -> list[str]:
    """The names of terms that begin so, from memory."""
    return [context.search.book.terms[slug].term for slug in context.search.complete(text, limit=OFFERED)]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was typed, and what the lookup made of it."""

    text: str
    verdict: SearchResult


class TextConverter(Converter):
    """Text as it stands, such as the name of a command; `offers` are completed. All words left, or only the first."""

    whole = True

    def __init__(
        self, metavar: str = "NAME", help_: str = "A name", offers: Sequence[str] = (), *, rest: bool = True
    ) -> None:
        self.metavar = metavar
        self.noun = f"a {metavar.casefold()}"
        self.help = help_
        self.offers = tuple(offers)
        self._rest = rest

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """The first word, or all of them."""
        if not words:
            return None, words
        return (" ".join(words), []) if self._rest else (words[0], words[1:])

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


class SymbolsConverter(SymbolConverter):
    """Several symbols in the order typed: `IWM SPY`, `IWM,SPY`, `russell 2000 vs apple`."""

    metavar = "SYMBOLS"
    noun = "two or more symbols"
    help = "Symbols or names with spaces or commas between: IWM SPY QQQ"

    def __init__(self, least: int = 2, most: int = MAX_SYMBOLS) -> None:
        super().__init__(most)
        self.least = least

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """Every symbol among the words, one after the other; numbers and fillers are left."""
        words = [part for word in words for part in _COMMAS.split(word) if part]
        found: list[Symbol] = []
        left: list[str] = []
        i = 0
        while i < len(words):
            length, symbol = self._named(words[i : i + 4], context)
            if symbol is None and _no_symbol(words, i):
                left.append(words[i])
            elif words[i].casefold() not in _BETWEEN:
                found.append(symbol or context.symbols.resolve(words[i].strip(EDGES) or words[i]))
            i += length
        symbols = tuple(dict.fromkeys(found))
        if symbols and not self.least <= len(symbols) <= self.most:
            raise UserError(self._wrong_number(symbols))
        left = [word for word in left if word.casefold() not in FILLERS]
        return (symbols or None), left

    def convert(self, text: str, context: ParseContext) -> tuple[Symbol, ...]:
        """The symbols of a named option, as many as there have to be."""
        symbols = super().convert(text, context)
        if not self.least <= len(symbols) <= self.most:
            raise UserError(self._wrong_number(symbols))
        return symbols

    def _wrong_number(self, symbols: Sequence[Symbol]) -> str:
        names = ", ".join(symbol.canonical for symbol in symbols[:4])
        if self.least == self.most:
            return f"This takes {self.most} different symbols; I read {len(symbols)}: {names}."
        if len(symbols) < self.least:
            return f"This takes {self.least} symbols or more; I read only {names}."
        return f"At most {self.most} symbols at a time, please; I read {len(symbols)}."

    def to_json(self, name: str, value: Sequence[Symbol]) -> dict[str, Any]:
        """One symbol alone where one is enough, else always a list."""
        if self.least == 1 and len(value) == 1:
            return {"symbol": value[0].canonical}
        return {"symbols": [symbol.canonical for symbol in value]}


def _no_symbol(words: Sequence[str], i: int) -> bool:
    """Whether a word is a number, its unit or a filler rather than something shaped like a symbol."""
    word, before = words[i], words[i - 1] if i else ""
    return _is_span(word) or _is_unit(word, before) or word.casefold() in FILLERS | _NUMBER_WORDS


class ChoiceConverter(Converter):
    """One word out of a few, wherever it stands; other spellings by `also`. A word before it may be dropped: `by`."""

    order: ClassVar[int] = 0

    def __init__(self, *choices: str, also: Mapping[str, str] | None = None, before: str = "") -> None:
        self.choices = {choice: choice for choice in choices} | dict(also or {})
        self.before = before
        self.metavar = f"{before} {'|'.join(choices)}".strip()
        self.noun = " or ".join(choices)
        self.help = f"One of {', '.join(choices)}"

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """The first word that is one of the choices; after `before`, any other word is refused."""
        folded = [word.casefold().strip(EDGES) for word in words]
        if self.before in folded[:-1]:
            place = folded.index(self.before)
            return self.convert(words[place + 1], context), words[:place] + words[place + 2 :]
        if self.before:
            return None, words
        for place, word in enumerate(folded):
            if word in self.choices:
                return self.choices[word], words[:place] + words[place + 1 :]
        return None, words

    def convert(self, text: str, context: ParseContext) -> str:
        """The choice that a text names. Raises UserError."""
        found = self.choices.get(text.casefold().strip(EDGES).removeprefix(f"{self.before} "))
        if found is None:
            raise UserError(f"That goes by {self.noun}, not by {quoted(text, 30)}.")
        return found

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The choices that begin so."""
        return beginning(text, dict.fromkeys(self.choices.values()))

    def typed(self, value: str) -> str:
        """The choice after the word that goes before it."""
        return f"{self.before} {value}".strip()


class CategoryConverter(Converter):
    """A category by its slug or title, as well or badly as it may be spelt; `all` is the whole glossary."""

    whole = True
    order: ClassVar[int] = 3
    metavar = "CATEGORY"
    noun = "a category"
    help = "A category of the glossary: options, macro, chart patterns; or all"

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """All words that are left, but for those that only lead to the name: "terms about options"."""
        named = [word for word in words if word.casefold().strip(EDGES) not in LEADING]
        return (self.convert(" ".join(named), context), []) if named else (None, [])

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


def _is_span(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word) or _known_span(word)) or word.casefold() == "ytd"


def _known_span(word: str) -> bool:
    match = _SPAN.fullmatch(word.strip(EDGES))
    return bool(match and match[2].casefold() in _UNITS)


def _is_unit(word: str, before: str) -> bool:
    return word.strip(EDGES).casefold() in _UNITS and before.isdigit()


def _sessions(text: str) -> int:
    """The sessions in `10`, `10d` or `2weeks`. Raises UserError outside 1 to MAX_PERIODS."""
    match = _SPAN.fullmatch(text)
    if not match or (match[2] and match[2].casefold() not in _UNITS):
        raise UserError(f"The number of sessions is a whole number from 1 to {MAX_PERIODS:,}, not {quoted(text)}.")
    sessions = int(match[1]) * _UNITS.get(match[2].casefold(), 1)
    if not 1 <= sessions <= MAX_PERIODS:
        raise UserError(f"The number of sessions goes from 1 to {MAX_PERIODS:,}; {quoted(match[1])} is outside.")
    return sessions
