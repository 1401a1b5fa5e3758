"""The kinds of options: how each finds its value among words, reads it from a named option, and stands in JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from bot.errors import UserError, quoted
from bot.glossary.search import Search, SearchResult
from bot.language.entities.lookbacks import Period
from bot.market.symbols import Symbol, SymbolBook

MAX_PERIODS = 5_000
MAX_SYMBOLS = 25
MAX_TERM = 250

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
_EDGES = ".,;:!?()[]{}\"'`*_~|“”‘’"
FILLERS = frozenset({"over", "for", "in", "last", "past", "the", "and", "&", "vs", "of", "on", "is", "a"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a question needs: the names that are known, and today's date."""

    symbols: SymbolBook
    search: Search
    today: date

    def leftover(self, words: Sequence[str], example: str) -> UserError:
        """The error for words that no option took."""
        return UserError(f"I could not place {quoted(' '.join(words))}. Try it like this: {example}")


class Kind:
    """Base of the kinds. `order` says who takes words first; `sample` stands in usage lines, `noun` in sentences."""

    order: ClassVar[int] = 5
    sample: str = "TEXT"
    noun: str = "some text"
    help: str = "Text"

    def take(self, name: str, words: list[str], reading: Reading) -> tuple[Any, list[str]]:
        """The value found among the words, or None, and the words that are left."""
        if not words:
            return None, words
        return self.read(" ".join(words), reading), []

    def read(self, text: str, reading: Reading) -> Any:
        """The value that a whole text means. Raises UserError."""
        raise NotImplementedError

    def refused(self, name: str, words: list[str]) -> tuple[dict[str, Any], list[str]]:
        """After `take` raised: what the person typed for this option, and the words that are for others."""
        return {}, words

    def as_typed(self, text: str) -> str:
        """The text of a named option as it would be typed after a command."""
        return text

    def to_json(self, name: str, value: Any) -> dict[str, Any]:
        """The option as the JSON contract has it."""
        return {name: value}

    def assumed(self, value: Any) -> str | None:
        """What was assumed to get to the value, when it was not exact."""
        return None


class AsOfKind(Kind):
    """A date to look back from: `asof:2009-06-01`."""

    order = 0
    sample = "asof:DATE"
    noun = "a date"
    help = "Answer as of the close of this date, written YYYY-MM-DD"
    _marker: ClassVar[re.Pattern[str]] = re.compile(r"as_?of[:=]?(.*)", re.IGNORECASE)

    def take(self, name: str, words: list[str], reading: Reading) -> tuple[Any, list[str]]:
        """Take `asof:DATE`, `as_of:DATE`, `asof DATE` or `as of DATE`, wherever it stands."""
        text, left = self._marked(words)
        return (None, words) if text is None else (self.read(text, reading), left)

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

    def read(self, text: str, reading: Reading) -> date:
        """An ISO date that is not in the future."""
        try:
            day = date.fromisoformat(text.strip(_EDGES))
        except ValueError:
            raise UserError(f"Write the date as YYYY-MM-DD: asof:2009-06-01, not {quoted(text)}.") from None
        if day > reading.today:
            raise UserError(f"{day.isoformat()} is in the future; prices are known only up to today.")
        return day

    def as_typed(self, text: str) -> str:
        """The date with what marks it."""
        return f"asof:{text}"

    def to_json(self, name: str, value: date) -> dict[str, Any]:
        """The date as ISO text."""
        return {name: value.isoformat()}


class SymbolsKind(Kind):
    """One or several symbols, by symbol or by name: `IWM`, `$IWM`, `russell 2000`, `apple`."""

    order = 1
    sample = "SYMBOL"
    noun = "a symbol"
    help = "A symbol or a name: IWM, RUT, apple, EUR/USD, bitcoin"

    def __init__(self, most: int = 1) -> None:
        self.most = most

    def take(self, name: str, words: list[str], reading: Reading) -> tuple[Any, list[str]]:
        """Names of the book first, longest first; then words shaped like a symbol."""
        found: list[Symbol | None] = []
        unread: list[str] = []
        i = 0
        while i < len(words):
            length, symbol = self._named(words[i : i + 4], reading)
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
                found.append(reading.symbols.resolve(word.strip(_EDGES) or word))
        symbols = tuple(dict.fromkeys(s for s in found if s is not None))
        if len(symbols) > self.most:
            raise UserError(self._too_many(symbols))
        left = [word for word in left if word.casefold() not in FILLERS]
        return (symbols or None), left

    def _named(self, words: list[str], reading: Reading) -> tuple[int, Symbol | None]:
        for length in range(len(words), 0, -1):
            phrase = " ".join(words[:length]).strip(_EDGES)
            if length == 1 and _is_span(phrase):
                break
            symbol = reading.symbols.named(phrase)
            if symbol is not None:
                return length, symbol
        return 1, None

    def _too_many(self, symbols: Sequence[Symbol]) -> str:
        names = ", ".join(symbol.canonical for symbol in symbols[:4])
        if self.most == 1:
            return f"This command takes one symbol at a time; I read {names}."
        return f"At most {self.most} symbols at a time, please; I read {len(symbols)}."

    def read(self, text: str, reading: Reading) -> tuple[Symbol, ...]:
        """The symbols of a named option."""
        named = reading.symbols.named(text)
        if named is not None:
            return (named,)
        symbols, left = self.take("", re.split(r"[\s,;]+", text.strip()), reading)
        if left or not symbols:
            raise reading.symbols.unknown(text)
        return tuple(symbols)

    def to_json(self, name: str, value: Sequence[Symbol]) -> dict[str, Any]:
        """One symbol stands alone; several make a list under the plural."""
        if len(value) == 1:
            return {"symbol": value[0].canonical}
        return {"symbols": [symbol.canonical for symbol in value]}


class PeriodsKind(Kind):
    """Numbers of sessions: `10`, `10d`, `2 weeks`, `5 10 21`, `ytd`."""

    order = 2
    sample = "PERIODS"
    noun = "a number of sessions"
    help = "Sessions to look back: 10, 21, 63, 252, ytd; several are fine"

    def __init__(self, most: int = 1) -> None:
        self.most = most

    def take(self, name: str, words: list[str], reading: Reading) -> tuple[Any, list[str]]:
        """Every number among the words, with the unit that follows it."""
        found: list[Period] = []
        left: list[str] = []
        i = 0
        while i < len(words):
            word = words[i].strip(_EDGES.replace("-", ""))
            joined = i + 1 < len(words) and words[i + 1].strip(_EDGES).casefold() in _UNITS and word.isdigit()
            if word.casefold() == "ytd":
                found.append("ytd")
            elif _is_span(word):
                found.append(_sessions(word + words[i + 1].strip(_EDGES) if joined else word))
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

    def read(self, text: str, reading: Reading) -> tuple[Period, ...]:
        """The numbers of a named option."""
        periods, left = self.take("", re.split(r"[\s,;]+", text.strip()), reading)
        if left or not periods:
            raise UserError(f"The number of sessions is a whole number such as 10, or ytd; not {quoted(text)}.")
        return tuple(periods)

    def to_json(self, name: str, value: Sequence[Period]) -> dict[str, Any]:
        """One number stands alone; several make a list."""
        return {"periods": value[0] if len(value) == 1 else list(value)}


class TermKind(Kind):
    """A term of the glossary, as well or badly as it may be spelt. The value is the lookup's verdict."""

    sample = "TERM"
    noun = "a term"
    help = "A term: contango, r-star, range-bound…"

    def read(self, text: str, reading: Reading) -> LookedUp:
        """Look the text up. Raises UserError where it is too long to be a term."""
        if len(text) > MAX_TERM:
            raise UserError(f"That is too long for a term; {MAX_TERM} characters are the most.")
        return LookedUp(text, reading.search.find(text))

    def to_json(self, name: str, value: LookedUp) -> dict[str, Any]:
        """The slug where a term was found, else the text as typed."""
        return {name: value.verdict.id or value.text}


class TermsKind(Kind):
    """Two terms to set side by side: `support vs resistance`."""

    sample = "TERM vs TERM"
    noun = "two terms with vs between them"
    help = "Two terms with vs between them: support vs resistance"
    _between: ClassVar[re.Pattern[str]] = re.compile(r"\s+(?:vs\.?|versus|and|or|against)\s+|\s*,\s*", re.IGNORECASE)

    def read(self, text: str, reading: Reading) -> tuple[str, ...]:
        """The ids of two different terms. Raises UserError naming the half that was not found."""
        if len(text) > MAX_TERM:
            raise UserError(f"That is too long for two terms; {MAX_TERM} characters are the most.")
        whole = reading.search.find(text)
        if whole.contrast is not None:
            return whole.contrast
        for match in self._between.finditer(text):
            halves = (text[: match.start()], text[match.end() :])
            found = [reading.search.find(half).id for half in halves]
            if all(found) and found[0] != found[1]:
                return tuple(slug for slug in found if slug)
        wanted = "I need two terms, as in !contrast support vs resistance"
        raise UserError(f"{wanted}; I could not find both in {quoted(text)}.", "unknown_term")


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was typed, and what the lookup made of it."""

    text: str
    verdict: SearchResult


class WordKind(Kind):
    """A name, such as that of a command; `offers` are completed. It takes all words left, or only the first."""

    def __init__(
        self, sample: str = "NAME", help_: str = "A name", offers: Sequence[str] = (), *, rest: bool = True
    ) -> None:
        self.sample = sample
        self.noun = f"a {sample.casefold()}"
        self.help = help_
        self.offers = tuple(offers)
        self._rest = rest

    def take(self, name: str, words: list[str], reading: Reading) -> tuple[Any, list[str]]:
        """The first word, or all of them."""
        if not words:
            return None, words
        return (" ".join(words), []) if self._rest else (words[0], words[1:])

    def read(self, text: str, reading: Reading) -> str:
        """The text itself, trimmed."""
        return text.strip()


def _is_span(word: str) -> bool:
    return bool(_NUMBER.fullmatch(word) or _known_span(word)) or word.casefold() == "ytd"


def _known_span(word: str) -> bool:
    match = _SPAN.fullmatch(word.strip(_EDGES))
    return bool(match and match[2].casefold() in _UNITS)


def _is_unit(word: str, before: str) -> bool:
    return word.strip(_EDGES).casefold() in _UNITS and before.isdigit()


def _sessions(text: str) -> int:
    """The sessions in `10`, `10d` or `2weeks`. Raises UserError outside 1 to MAX_PERIODS."""
    match = _SPAN.fullmatch(text)
    if not match or (match[2] and match[2].casefold() not in _UNITS):
        raise UserError(f"The number of sessions is a whole number from 1 to {MAX_PERIODS:,}, not {quoted(text)}.")
    sessions = int(match[1]) * _UNITS.get(match[2].casefold(), 1)
    if not 1 <= sessions <= MAX_PERIODS:
        raise UserError(f"The number of sessions goes from 1 to {MAX_PERIODS:,}; {quoted(match[1])} is outside.")
    return sessions
