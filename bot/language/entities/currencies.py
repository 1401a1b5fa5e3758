"""Currencies and amounts of money: "250 euros", "€80", "5bn EUR", "10 000 jpy", "500 GBp", "swiss franc", "EUR/USD".

What currencies are called stands in `data/currencies.txt`, a code or two a line. A name of several asks back.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from bot.errors import UserError, one_of, quoted
from bot.language.entities.numbers import NUMBER, Counted, counted, read_number, restored
from bot.language.tokens import MONEY_SIGNS, UNREAD, Unread, Word, Words, read_words
from bot.market.symbols import Symbol

CURRENCY = "CUR"
AMOUNT = "AMT"
INTO = "INTO"
_FOLDER = Path(__file__).parent.parent / "data"
_HUNDREDTH = Decimal("0.01")
LARGEST_AMOUNT = Decimal(10) ** 15
_LONGEST_NAME = 4
# Codes that are words: only in capitals, in a message that is not all capitals.
_WORDS_TOO = frozenset("all amd bam cup gel mad mop pen ron rub sos std top try".split())
_BESIDE = frozenset("in to into for from vs against per much many / > =".split())
_OTHER_THINGS = re.compile(
    r"cost|averag\w*|index|tree|stores?|milkshake|cake|menu|land|bull|zone|stocks?|etf|volatility"
)
_UNITS_OF_TIME = re.compile(r"(?:days?|weeks?|months?|years?|sessions?|bars?|percent|%|pct)")
_GLUED = re.compile(r"(?P<code>[a-z]{3})(?P<number>\d.*)")
_CODE = re.compile(r"[A-Za-z]{3}")
# What a "$" can be the sign of.
_DOLLARS = frozenset("USD CAD AUD NZD HKD SGD TWD MXN".split())


class Money(NamedTuple):
    """An amount of a currency, in whole units of it: 500 pence are 5 GBP. It may be zero or less."""

    code: str
    amount: Decimal


class Exchange(NamedTuple):
    """What a question about a rate names: currencies in the order written, and the amount of one if any was."""

    codes: tuple[str, ...]
    amount: Decimal | None = None
    of: str | None = None


class _Unit(NamedTuple):
    """A currency, or the hundredth part of one."""

    code: str
    worth: Decimal = Decimal(1)


class _Table(NamedTuple):
    """The names of currencies as they are tokenized; `weak` are words of other use, `exact` are read as they stand."""

    names: Mapping[str, tuple[_Unit, ...]]
    weak: frozenset[str]
    exact: Mapping[str, _Unit]
    codes: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    names: dict[str, list[_Unit]] = {}
    weak: set[str] = set()
    exact: dict[str, _Unit] = {}
    for line in _lines("currencies.txt"):
        head, _, called = line.partition(":")
        code, _, part = head.partition("/")
        unit = _Unit(code, _HUNDREDTH if part else Decimal(1))
        for entry in called.split(","):
            name = entry.strip().removeprefix("?")
            if name != name.lower():
                exact[name] = unit
                continue
            phrase = read_words(name).line
            names.setdefault(phrase, []).append(unit)
            if entry.strip().startswith("?"):
                weak.add(phrase)
    codes = frozenset(code for line in _lines("currency_codes.txt") for code in line.split())
    return _Table({name: tuple(units) for name, units in names.items()}, frozenset(weak), exact, codes)


def _lines(file: str) -> Iterator[str]:
    for line in (_FOLDER / file).read_text("utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


class _Candidate(NamedTuple):
    first: int
    last: int
    units: tuple[_Unit, ...]
    weak: bool


def tag_currencies(words: Words, known: Collection[str], *, typed: bool = False) -> Words:
    """The words with CUR tags (a code) for currencies and AMT tags (`Money`) for amounts of one.

    A name of several currencies is UNREAD. `known` are the codes that there are rates for; other codes of ISO 4217 are
    read where a number or a currency stands beside. `typed`: nothing but currencies can stand there: "won" is one.
    """
    split = _split_joined(words, known)
    split = counted(split, _tails(known), money=True)
    candidates = list(_candidates(split, known))
    certain = any(not one.weak for one in candidates)
    kept = [one for one in candidates if typed or not one.weak or _is_meant(split, one, certain=certain)]
    if not kept:
        return words
    tagged = split.with_tags((one.first, one.last, CURRENCY, one.units) for one in kept)
    tagged = tagged.with_tags(_amounts(tagged))
    return _settled(restored(_rejoined(tagged, split)))


def _tails(known: Collection[str]) -> frozenset[str]:
    """What may be joined to the end of a number: a code or a name of one word."""
    return _tails_of(frozenset(known))


@lru_cache(maxsize=4)
def _tails_of(known: frozenset[str]) -> frozenset[str]:
    table = _table()
    names = {name for name in table.names if name.isalpha() and len(name) > 2}
    plurals = {f"{name}s" for name in names}
    return frozenset(names | plurals | {code.lower() for code in table.codes | known} | {"p", "gbp", "gbx"})


def _split_joined(words: Words, known: Collection[str]) -> Words:
    """Words that hold two things made two words: "eur100", "usdkzt", and "eurusd=x" without what it ends in."""
    out: list[Word] = []
    at = 0
    while at < len(words.words):
        word = words.words[at]
        match = None if word.is_tag else _GLUED.fullmatch(word.low)
        halves = (word.low[:3].upper(), word.low[3:].upper())
        length = 1
        if match and _is_code(match["code"].upper(), known):
            out += _halved((word,), match["code"], match["number"])
        elif not word.is_tag and _are_codes(halves, known):
            length = 3 if words.text[word.end : word.end + 2].lower() == "=x" else 1
            out += _halved(words.words[at : at + length], word.low[:3], word.low[3:])
        else:
            out.append(word)
        at += length
    return replace(words, words=tuple(out))


class _Half(NamedTuple):
    """One half of a word; `whole` is on the first: the word, and what belongs to it. `paired`: both are currencies."""

    whole: tuple[Word, ...]
    paired: bool


def _halved(whole: tuple[Word, ...], first: str, second: str) -> list[Word]:
    word = whole[0]
    middle, paired = word.start + len(first), second.isalpha()
    return [
        replace(word, low=first, end=middle, stop=False, value=_Half(whole, paired)),
        replace(word, low=second, start=middle, end=whole[-1].end, value=_Half((), paired)),
    ]


def _rejoined(words: Words, split: Words) -> Words:
    """Halves that nothing took put together again."""
    if not any(isinstance(word.value, _Half) for word in split.words):
        return words
    out: list[Word] = []
    for word in words.words:
        covered = word.value.covered[0] if isinstance(word.value, Counted) else word
        out += covered.value.whole if isinstance(covered.value, _Half) else (word,)
    return replace(words, words=tuple(out))


def _are_codes(halves: tuple[str, str], known: Collection[str]) -> bool:
    both = all(_is_code(code, known) for code in halves)
    return both and halves[0] != halves[1] and any(code in known for code in halves)


def _is_code(code: str, known: Collection[str]) -> bool:
    return code in known or code in _table().codes


def _candidates(words: Words, known: Collection[str]) -> Iterator[_Candidate]:
    at = 0
    while at < len(words.words):
        found = None if words.words[at].is_tag else _named_at(words, at, known)
        if found is not None:
            yield found
        at = found.last if found is not None else at + 1


def _named_at(words: Words, at: int, known: Collection[str]) -> _Candidate | None:
    """The currency that begins at a word, by its longest name or its code."""
    word = words.words[at]
    exact = _table().exact.get(_typed(words, at))
    if exact is not None:
        return _Candidate(at, at + 1, (exact,), weak=False)
    if word.low == "p" and at and words.words[at - 1].end == word.end:
        return _Candidate(at, at + 1, (_Unit("GBP", _HUNDREDTH),), weak=False)
    found = _by_name(words, at) or _by_code(words, at, known)
    return None if found is None or _OTHER_THINGS.fullmatch(_low(words, found.last)) else found


def _typed(words: Words, at: int) -> str:
    """What was typed for a word, without the digits that it was joined to."""
    word = words.words[at]
    return words.text[word.start : word.end].lstrip("0123456789.,'")


def _low(words: Words, at: int) -> str:
    return words.words[at].low if 0 <= at < len(words.words) else ""


def _by_name(words: Words, at: int) -> _Candidate | None:
    table = _table()
    for last in range(min(at + _LONGEST_NAME, len(words.words)), at, -1):
        phrase = " ".join(word.low for word in words.words[at:last])
        for name in (phrase, phrase.removesuffix("s")):
            if name in table.names:
                return _Candidate(at, last, table.names[name], weak=name in table.weak)
    return None


def _by_code(words: Words, at: int, known: Collection[str]) -> _Candidate | None:
    word, code = words.words[at], words.words[at].low.upper()
    if not _CODE.fullmatch(code) or not _is_code(code, known):
        return None
    half = isinstance(word.value, _Half) and word.value.paired
    capital = _typed(words, at).isupper() and not words.all_caps
    if word.low in _WORDS_TOO and not (capital or half):
        return None
    return _Candidate(at, at + 1, (_Unit(code),), weak=code not in known and not half)


def _is_meant(words: Words, one: _Candidate, *, certain: bool) -> bool:
    """Whether a word of other use is a currency here: beside a number, or after "in" where another one is named."""
    before, after = _low(words, one.first - 1), _low(words, one.last)
    return before == "N" or (certain and (before in _BESIDE or after in {*_BESIDE, "N"}))


def _amounts(words: Words) -> Iterator[tuple[int, int, str, object]]:
    """AMT tags for each number with a currency beside it, and for hundredths of one that stand alone."""
    every = words.words
    done = 0
    for at, word in enumerate(every):
        if word.low != "N" or not isinstance(word.value, Counted) or at < done:
            continue
        after = _currency_after(every, at)
        before = at - 1 if at > done and every[at - 1].low == CURRENCY else None
        first, last, chosen = _beside(words, before, at, after)
        if chosen is None:
            continue
        units = every[chosen].value
        if not isinstance(units, tuple) or len(units) != 1:
            continue
        money = Money(units[0].code, word.value.value * units[0].worth)
        if abs(money.amount) > LARGEST_AMOUNT:
            yield first, last, UNREAD, _too_much(words.typed(first, last))
        else:
            yield first, last, AMOUNT, money
        done = last


def _too_much(text: str) -> Unread:
    return Unread("amount", text, f"An amount is at most a thousand million million; {quoted(text, 40)} is more.")


def _currency_after(every: tuple[Word, ...], at: int) -> int | None:
    place = at + 1
    while place < len(every) and place - at < 3 and every[place].low in {"of", "the"}:
        place += 1
    return place if place < len(every) and every[place].low == CURRENCY else None


def _beside(words: Words, before: int | None, at: int, after: int | None) -> tuple[int, int, int | None]:
    """From where to where an amount reaches, and the place of its currency: "$40", "40 dollars", "$40 CAD"."""
    if before is not None and _is_sign(words, before):
        return _signed(words, before, at, after)
    if before is not None and after is not None:
        code = _CODE.fullmatch(words.typed(before, before + 1)) and words.words[before].upper
        before = before if code and _low(words, before - 1) not in {"in", "to", "into"} else None
    elif before is not None and _UNITS_OF_TIME.fullmatch(_low(words, at + 1)):
        before = None
    if before is not None:
        return before, at + 1, before
    return at, after + 1 if after is not None else at + 1, after


def _signed(words: Words, sign: int, at: int, after: int | None) -> tuple[int, int, int | None]:
    """An amount with a sign before it, and perhaps the currency besides: "$40", "CAD $40", "$40 CAD"."""
    if _low(words, sign - 1) == CURRENCY and _may_sign(words, sign, sign - 1):
        return sign - 1, at + 1, sign - 1
    if after == at + 1 and _may_sign(words, sign, after):
        return sign, after + 1, after
    return sign, at + 1, sign


def _is_sign(words: Words, at: int) -> bool:
    return words.typed(at, at + 1)[:1] in MONEY_SIGNS or words.typed(at, at + 1)[-1:] in MONEY_SIGNS


def _units(words: Words, at: int) -> tuple[_Unit, ...]:
    return cast("tuple[_Unit, ...]", words.words[at].value)


def _may_sign(words: Words, sign: int, named: int) -> bool:
    """Whether a sign can be that of the currency named beside it: "$40 CAD", "€40 EUR", but not "$40 EUR"."""
    ours, theirs = _units(words, sign), _units(words, named)
    return ours == theirs or (ours == (_Unit("USD"),) and theirs[0].code in _DOLLARS)


def _settled(words: Words) -> Words:
    """CUR tags with their codes; a name of several is UNREAD, and hundredths alone are an amount of one."""
    out: list[Word] = []
    for word in words.words:
        units = word.value
        if word.low != CURRENCY or not isinstance(units, tuple):
            out.append(word)
        elif len(units) > 1:
            text = words.text[word.start : word.end]
            out.append(replace(word, low=UNREAD, value=_several(text, units)))
        elif units[0].worth != 1:
            out.append(replace(word, low=AMOUNT, value=Money(units[0].code, units[0].worth)))
        else:
            out.append(replace(word, value=units[0].code))
    return replace(words, words=tuple(out))


def _several(text: str, units: tuple[_Unit, ...]) -> Unread:
    codes = tuple(unit.code for unit in units)
    return Unread("currency", text, f"{quoted(text, 40)} can be {one_of(codes)}. Which one?", codes, "ambiguous")


def tag_into(words: Words, known: Collection[str]) -> Words:
    """The words with an INTO tag (a code) for each currency that something is wanted in: "in EUR", "in us dollars".

    Three capitals after "in" are a code also where nobody knows it: that there is no rate of it is for others to say.
    """
    return words.with_tags(_wanted_in(words, known))


def _wanted_in(words: Words, known: Collection[str]) -> Iterator[tuple[int, int, str, str]]:
    for at, word in enumerate(words.words[:-1]):
        if word.low not in {"in", "into"} or words.words[at + 1].is_tag:
            continue
        for last in range(min(at + 1 + _LONGEST_NAME, len(words.words)), at + 1, -1):
            inside = replace(words, words=words.words[at + 1 : last])
            read = tag_currencies(inside, known, typed=True).words
            if len(read) == 1 and read[0].low == CURRENCY:
                yield at, last, INTO, str(read[0].value)
                break
        else:
            text = words.typed(at + 1, at + 2)
            if _CODE.fullmatch(text) and text.isupper() and not words.all_caps:
                yield at, at + 2, INTO, text


def exchange(words: Words) -> Exchange:
    """The currencies and the amount in tagged words. "100 EUR/USD" is an amount of the first; a coin is a code too."""
    codes = tuple(dict.fromkeys(code for word in words.words for code in _codes(word)))
    for word in words.words:
        if isinstance(word.value, Money):
            return Exchange(codes, word.value.amount, word.value.code)
    numbers = words.values(NUMBER)
    return Exchange(codes, numbers[0], codes[0]) if numbers and codes else Exchange(codes)


def _codes(word: Word) -> Sequence[str]:
    """The currencies that a tagged word names: a pair has two, a coin its own."""
    if isinstance(word.value, Money):
        return (word.value.code,)
    if word.low == CURRENCY:
        return (str(word.value),)
    symbol = getattr(word.value, "symbol", None)
    if not isinstance(symbol, Symbol):
        return ()
    return re.split(r"[/-]", symbol.canonical)[: 2 if symbol.kind == "fx" else 1]


def read_currency(text: str, known: Collection[str]) -> str:
    """The code of the currency that a whole text names; a code that nobody knows stays as typed. Raises UserError."""
    words = tag_currencies(read_words(text), known, typed=True)
    only = words.words[0] if len(words.words) == 1 else None
    if only is not None and only.low == CURRENCY:
        return str(only.value)
    if only is not None and isinstance(only.value, Unread):
        raise only.value.error()
    if only is not None and isinstance(only.value, Money):
        whole = only.value.code
        raise UserError(f"{quoted(text, 40)} is the hundredth part of {whole}; write the amount in {whole}.")
    bare = text.strip(" .,;:!?\"'")
    if _CODE.fullmatch(bare):
        return bare.upper()
    raise UserError(f"I do not know the currency {quoted(text, 40)}; write its code, such as EUR.", "unknown_symbol")


def read_amount(text: str) -> Decimal:
    """The amount that a whole text means, a sign of money before or after it aside. Raises UserError."""
    return checked_amount(read_number(text.strip().strip(MONEY_SIGNS)))


def checked_amount(amount: Decimal) -> Decimal:
    """The same amount. Raises UserError where it is not more than zero, or above a thousand million million."""
    text = f"{amount:f}"
    if amount <= 0:
        raise UserError(f"The amount must be more than zero, not {quoted(text, 40)}.")
    if amount > LARGEST_AMOUNT:
        raise _too_much(text).error()
    return amount
