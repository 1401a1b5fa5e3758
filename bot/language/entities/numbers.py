"""Numbers as people write and say them: "2,300", "1.500,50", "1'000", "100k", "half a million", "one point five".

A comma or a dot before exactly three digits can be a thousands sign or a decimal one. "1,234" is always 1234. "1.234"
is 1234 where amounts of money or sessions are counted (`grouped`), and 1.234 elsewhere: as a price it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.errors import quoted
from bot.language.tokens import MONEY_SIGNS, UNREAD, Unread, Word, Words, read_words

LARGEST = Decimal(10) ** 18
NUMBER = "NUM"
PERCENT = "PCT"
SCALES: dict[str, int] = {
    name: value
    for value, names in {
        100: "hundred hundreds",
        1_000: "k thousand thousands grand",
        100_000: "lakh lakhs lac lacs",
        10**6: "m mm mil mln mio mn million millions",
        10**7: "crore crores",
        10**9: "b bn bln billion billions milliard milliards",
        10**12: "t tn trn trillion trillions",
    }.items()
    for name in names.split()
}
_SPOKEN_SCALES = frozenset(name for name in SCALES if len(name) > 3 and name != "milliards")
_SMALL: dict[str, int] = {
    name: value
    for value, name in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
        " seventeen eighteen nineteen".split()
    )
}
_TENS: dict[str, int] = {
    name: 10 * value
    for value, name in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
} | {"fourty": 40}
_GROUPS = {"couple": 2, "dozen": 12}
_PARTS = {"half": Decimal("0.5"), "quarter": Decimal("0.25"), "quarters": Decimal("0.25"), "third": Decimal(1) / 3}
_NOUGHTS = {"oh": 0, "nought": 0, "nil": 0} | _SMALL
_SIGNS = frozenset({"minus", "negative"})
_BEGINNINGS = frozenset({"a", "an", "the", "point", *_SIGNS, *_SMALL, *_TENS, *_GROUPS, *_PARTS, *_SPOKEN_SCALES})
_CHEAP = frozenset("one two three four five six seven eight nine ten zero couple dozen".split())
_LITERAL = re.compile(
    rf"(?P<sign>[-+])?(?P<money>[{MONEY_SIGNS}])?(?P<minus>[-+])?(?P<digits>[\d.,'_]*\d)"
    rf"(?:(?P<exponent>e[-+]?\d{{1,3}})|(?P<tail>[a-z]+|%|[{MONEY_SIGNS}]))?"
)
_KNOWN_TAILS = frozenset({"", "%", *MONEY_SIGNS, *SCALES})
_JOINED_SCALES = ("", "k", "bn", "b", "mio", "mn", "mm", "m")
_GROUP = re.compile(r"\d{3}(?:[.,]\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Counted:
    """A number among words that are being looked at, and the words that it was. See `counted`."""

    value: Decimal
    covered: tuple[Word, ...]


def read_digits(digits: str, *, grouped: bool = False) -> Decimal | None:
    """The value of digits with separators of any style and no sign; None where they are no number.

    `grouped`: "1.234" is 1234, as it is for amounts and sessions.
    """
    plain = digits
    if re.search(r"['_]", plain):
        if not re.fullmatch(r"\d{1,3}(?:(?P<sign>['_])\d{3})(?:(?P=sign)\d{3})*(?:[.,]\d+)?", plain):
            return None
        plain = re.sub(r"['_]", "", plain).replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?", plain):
        zero = plain.startswith("0") and plain.count(",") == 1 and "." not in plain
        plain = plain.replace(",", "." if zero else "")
    elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}", plain):
        plain = plain.replace(".", "").replace(",", ".")
    elif grouped and re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", plain):
        plain = plain.replace(".", "")
    elif re.fullmatch(r"\d+,\d+", plain):
        plain = plain.replace(",", ".")
    return Decimal(plain) if re.fullmatch(r"\d*\.?\d+", plain) else None


def read_scaled(text: str) -> Decimal | None:
    """The value of one written number with its sign, scale or sign of money: "3,000", "900bn", "$1.5k", "-2,5"."""
    literal = _LITERAL.fullmatch(text.lower())
    if literal is None:
        return None
    tail = literal["tail"] or ""
    value = read_digits(literal["digits"])
    if value is None or tail not in {"", *SCALES, *MONEY_SIGNS}:
        return None
    value = value.scaleb(int((literal["exponent"] or "e0")[1:])) * SCALES.get(tail, 1)
    return -value if "-" in {literal["sign"], literal["minus"]} else value


class _Cursor:
    """Reads one number from a place among words on. `at` is the word after what was read."""

    def __init__(self, words: Sequence[Word], at: int, *, grouped: bool, money: bool) -> None:
        self.words = words
        self.at = at
        self.grouped = grouped or money
        self.money = money

    def low(self, ahead: int = 0) -> str:
        """The word at the cursor or after it; "" past the end and for tags."""
        place = self.at + ahead
        return self.words[place].low if place < len(self.words) and not self.words[place].is_tag else ""

    def number(self) -> Decimal | None:
        """The number at the cursor."""
        if self.low() in _SIGNS:
            self.at += 1
            value = self.number()
            return None if value is None else -value
        literal = _LITERAL.fullmatch(self.low())
        value = self._written(literal) if literal else self._spoken()
        return value if value is not None and abs(value) <= LARGEST else None

    def _written(self, literal: re.Match[str]) -> Decimal | None:
        """Digits, with their scale: "1,500", "5bn", "5 bn", "10 000", "3 1/2", "2 million 500 thousand"."""
        digits, tail = literal["digits"], literal["tail"] or ""
        value = read_digits(digits, grouped=self.grouped and tail not in SCALES and not self._scaled(1))
        if value is None or tail not in _KNOWN_TAILS:
            return None
        self.at += 1
        if literal["exponent"]:
            value = value.scaleb(int(literal["exponent"][1:]))
        elif not tail:
            value = self._continued(value, digits)
        value *= SCALES.get(tail, 1)
        return -value if "-" in {literal["sign"], literal["minus"]} else value

    def _scaled(self, ahead: int) -> bool:
        return self.low(ahead) in SCALES

    def _continued(self, value: Decimal, digits: str) -> Decimal:
        if self.grouped and re.fullmatch(r"[1-9]\d{0,2}", digits):
            value = self._grouped_by_spaces(value, digits)
        if re.fullmatch(r"[1-9]", self.low()) and self.low(1) == "/" and re.fullmatch(r"[2-9]|10", self.low(2)):
            value += Decimal(self.low()) / Decimal(self.low(2))
            self.at += 3
        elif self.low() == "/" and re.fullmatch(r"[2-9]|10", self.low(1)) and value < int(self.low(1)):
            value /= Decimal(self.low(1))
            self.at += 2
        value += self._and_a_part()
        return self._times_scales(value)

    def _grouped_by_spaces(self, value: Decimal, digits: str) -> Decimal:
        """The number with the groups after it: "10 000". Where no money is counted a group must begin with a nought."""
        joined, taken = digits, 0
        while (
            (self.money or self.low(taken).startswith("0"))
            and not self.words[self.at + taken - 1].stop
            and _GROUP.fullmatch(self.low(taken))
        ):
            joined, taken = joined + self.low(taken), taken + 1
            if not joined[-3:].isdigit():
                break
        self.at += taken
        return (read_digits(joined) or value) if taken else value

    def _and_a_part(self) -> Decimal:
        """What "and a half", "and three quarters" adds."""
        if self.low() != "and":
            return Decimal(0)
        times = {"a": 1, "one": 1, "three": 3}.get(self.low(1))
        part = _PARTS.get(self.low(2))
        if times is None or part is None:
            return Decimal(0)
        self.at += 3
        return times * part

    def _times_scales(self, value: Decimal) -> Decimal:
        """The number with the scales after it, and the smaller numbers after those: "2 million 500 thousand"."""
        total, largest = Decimal(0), Decimal("Infinity")
        following: Decimal | None = value
        start = self.at
        while following is not None:
            scale = self._scale()
            if scale >= largest:
                self.at = start
                return total
            if scale == SCALES["hundred"]:
                following = following * scale + (self._smaller(Decimal(scale)) or 0)
                scale = self._scale()
            total, largest, start = total + following * scale, Decimal(scale), self.at
            following = self._smaller(largest) if scale > 1 else None
        return total

    def _scale(self) -> int:
        """The product of the scale words at the cursor, 1 for none: "hundred thousand"."""
        product = 1
        while self.low() in SCALES and (len(self.low()) > 1 or self.money or self.low() == "k"):
            product *= SCALES[self.low()]
            self.at += 1
        return product

    def _smaller(self, largest: Decimal) -> Decimal | None:
        """What follows a scale word and is smaller: "(one hundred) and fifty", "(two million) five hundred"."""
        start = self.at
        if self.low() == "and":
            self.at += 1
        literal = _LITERAL.fullmatch(self.low())
        if literal and not literal["tail"] and self._scaled(1) and SCALES[self.low(1)] < largest:
            value = read_digits(literal["digits"])
            self.at += 1
        else:
            value = self._small()
        if value is None or value >= largest:
            self.at = start
            return None
        return value

    def _spoken(self) -> Decimal | None:
        """A number in words: "twenty five", "twelve hundred", "half a million", "one point five million"."""
        start = self.at
        if self.low() in {"a", "an", "the"}:
            self.at += 1
            article = True
        else:
            article = False
        value = self._part_of_a_scale()
        if value is not None:
            return value
        if self.low() in _SPOKEN_SCALES and not self.low().endswith("s"):
            return self._times_scales(Decimal(1))
        value = self._group() if self.low() in _GROUPS else None if article else self._small()
        if value is None:
            self.at = start
            return None
        value += self._and_a_part()
        return self._times_scales(value)

    def _group(self) -> Decimal:
        value = Decimal(_GROUPS[self.low()])
        self.at += 2 if self.low(1) == "of" else 1
        return value

    def _part_of_a_scale(self) -> Decimal | None:
        """What "half a million", "a quarter million", "three quarters of a billion" mean."""
        start, times = self.at, 1
        if self.low() in {"one", "three"} and self.low(1) in _PARTS:
            times = _SMALL[self.low()]
            self.at += 1
        part = _PARTS.get(self.low())
        if part is not None:
            self.at += 1
            self.at += self.low() == "of"
            self.at += self.low() in {"a", "an"}
            if self.low() in _GROUPS:
                return times * part * self._group()
            scale = self._scale()
            if scale > 1:
                return times * part * scale
        self.at = start
        return None

    def _small(self) -> Decimal | None:
        """A number in one breath, perhaps with decimals: "five", "twenty five", "two point five", "one fifty five"."""
        start, value = self.at, self._below_a_thousand()
        if self.low() == "point" and self.low(1) in _NOUGHTS:
            self.at += 1
            decimals = ""
            while self.low() in _NOUGHTS:
                decimals += str(_NOUGHTS[self.low()])
                self.at += 1
            return Decimal(f"{value or 0}.{decimals}")
        if value is None:
            self.at = start
            return None
        return Decimal(value)

    def _below_a_thousand(self) -> int | None:
        """The whole number of `_small`: a digit before the tens counts hundreds."""
        digit = _SMALL.get(self.low())
        if digit is not None:
            self.at += 1
            if not 0 < digit < 10 or self.low() not in _TENS:
                return digit
        if self.low() not in _TENS:
            return None
        value = 100 * (digit or 0) + _TENS[self.low()]
        self.at += 1
        if 0 < _SMALL.get(self.low(), 0) < 10:
            value += _SMALL[self.low()]
            self.at += 1
        return value


def number_at(
    words: Sequence[Word], at: int, *, grouped: bool = False, money: bool = False
) -> tuple[int, Decimal] | None:
    """How many words from `at` on make up a number, and its value; None where none begins there.

    `grouped`: "1.234" is 1234. `money`: so it is, "10 000" is one number, and "5 m" is five million.
    """
    low = words[at].low if at < len(words) else ""
    if low not in _BEGINNINGS and not any(map(str.isdigit, low)):
        return None
    cursor = _Cursor(words, at, grouped=grouped, money=money)
    value = cursor.number()
    return None if value is None else (cursor.at - at, value)


def counted(words: Words, tails: frozenset[str], *, money: bool = False) -> Words:
    """The words with an `N` tag, of value `Counted`, for each number: for patterns that say what is counted.

    A sign of money before a number, and one of `tails` after it, become words of their own: "$5", "20d", "100eur".
    `restored` undoes what no pattern took.
    """
    out: list[Word] = []
    at = 0
    while at < len(words.words):
        word = words.words[at]
        before, bare, after = _split(word, tails)
        found = None if word.is_tag else number_at([bare, *words.words[at + 1 :]], 0, grouped=True, money=money)
        if found is None:
            out.append(word)
            at += 1
            continue
        length, value = found
        covered = words.words[at : at + length]
        last = covered[-1]
        out += before
        out.append(Word("N", word.start, last.end, stop=last.stop, value=Counted(value, covered)))
        out += after if length == 1 else ()
        at += length
    return replace(words, words=tuple(out))


def _split(word: Word, tails: frozenset[str]) -> tuple[list[Word], Word, list[Word]]:
    """A word as what stands before its digits, the digits, and what stands after: only with a known tail."""
    literal = _LITERAL.fullmatch(word.low)
    if literal is None:
        return [], word, []
    tail = literal["tail"] or ""
    known = {"", "%", *MONEY_SIGNS, *tails}
    scale = next((name for name in _JOINED_SCALES if tail.startswith(name) and tail[len(name) :] in known), None)
    if scale is None:
        return [], word, []
    after = tail[len(scale) :]
    digits = "".join(literal[part] or "" for part in ("sign", "minus", "digits", "exponent"))
    before = [replace(word, low=literal["money"], end=word.start, value=_SPLIT)] if literal["money"] else []
    return before, replace(word, low=digits + scale), [replace(word, low=after, value=_SPLIT)] if after else []


_SPLIT = object()


def restored(words: Words) -> Words:
    """The words with what `counted` made of them undone, where nothing took it."""
    out: list[Word] = []
    for word in words.words:
        if isinstance(word.value, Counted) and word.low == "N":
            out += word.value.covered
        elif word.value is not _SPLIT:
            out.append(word)
    return replace(words, words=tuple(out))


def tag_numbers(words: Words, *, every: bool = False) -> Words:
    """The words with PCT and NUM tags for the numbers that nothing else took, and UNREAD for digits that are none.

    A single number word up to ten is left alone in running text ("which one", "the two") unless `every` is set.
    """
    return words.with_tags(_numbers(words, every=every))


def _numbers(words: Words, *, every: bool) -> Iterator[tuple[int, int, str, object]]:
    at = 0
    while at < len(words.words):
        word = words.words[at]
        found = None if word.is_tag else number_at(words.words, at)
        if found is None:
            if not word.is_tag and _is_digits(word.low):
                yield at, at + 1, UNREAD, _unreadable(words.typed(at, at + 1))
            at += 1
            continue
        length, value = found
        percent = _percent(words, at + length)
        if percent or _is_percent(word, every=every):
            yield at, at + length + percent, PERCENT, value
        elif every or length > 1 or word.low not in _CHEAP:
            yield at, at + length, NUMBER, value
        at += length + percent


def _is_digits(low: str) -> bool:
    literal = _LITERAL.fullmatch(low)
    return literal is not None and (literal["tail"] or "") in _KNOWN_TAILS


def _is_percent(word: Word, *, every: bool) -> bool:
    """Whether a number is of percent by its own sign; in running text "minus three" is, too."""
    return word.low.endswith("%") or (word.low in _SIGNS and not every)


def _percent(words: Words, at: int) -> int:
    """How many words at a place say that the number before is of percent."""
    following = [word.low for word in words.words[at : at + 3]]
    took = 0
    if following[:1] in (["percent"], ["pct"], ["%"], ["percentage"]):
        took = 1
    elif following[:2] == ["per", "cent"]:
        took = 2
    elif not words.words[at - 1].low.endswith("%"):
        return 0
    return took + (following[took : took + 1] in (["point"], ["points"]))


def read_number(text: str, *, grouped: bool = True) -> Decimal:
    """The number that a whole text means: "1,500.50", "half a million", "-3". Raises UserError.

    `grouped`: "1.234" is 1234 and "10 000" one number, as for amounts; else "1.234" has decimals.
    """
    words = read_words(text)
    found = number_at(words.words, 0, money=grouped)
    if found is None or found[0] != len(words.words) or words.words[0].low.endswith("%"):
        raise _unreadable(text).error()
    return found[1]


def read_percent(text: str) -> Decimal:
    """The number of percent that a whole text means, with or without its sign: "5%", "-2.5", "three percent"."""
    words = tag_numbers(read_words(text), every=True)
    values = [word.value for word in words.words if word.low in {NUMBER, PERCENT}]
    if len(words.words) != 1 or len(values) != 1 or not isinstance(values[0], Decimal):
        raise Unread("number", text, f"I cannot read {quoted(text)} as a percentage; write it like 2.5%.").error()
    return values[0]


def _unreadable(text: str) -> Unread:
    return Unread(
        "number", text, f"I cannot read {quoted(text)} as a number; write it in digits, as in 250 or 1500.50."
    )


def plain(amount: Decimal) -> int | float:
    """A number as JSON has it: whole where it is whole."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def decimal_text(number: Decimal) -> str:
    """A number without separators, exponent or trailing zeros, as a condition has it: "100000", "12.5", "-3"."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text.removeprefix("+")
