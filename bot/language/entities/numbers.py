"""Numbers in a message: "2,300", "1.500,50", "100k", "12.5%"."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from bot.language.tokens import Words

LARGEST = Decimal(10) ** 15
TIMES = {
    "k": 1000,
    "grand": 1000,
    "hundred": 100,
    "thousand": 1000,
    "m": 10**6,
    "mm": 10**6,
    "mil": 10**6,
    "mln": 10**6,
    "million": 10**6,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
}
_PERCENT = re.compile(r"(?:(?<= )|^)(?P<number>[-+]?\d+(?:[.,]\d+)*)(?:%| percent| pct| per cent)(?: points?)?(?= |$)")
_PLAIN = re.compile(
    r"(?:(?<= )|^)(?P<number>[-+]?\d+(?:[.,]\d+)*(?:k|m|mm|bn)?)(?: (?P<scale>grand|thousand|million|billion))?(?= |$)"
)
_MINUS = re.compile(r"\b(?:minus|negative) (?P<number>\d+(?:[.,]\d+)*)(?:%| percent| pct)?(?= |$)")


def tag_numbers(words: Words) -> Words:
    """The message with PCT and NUM marks for the numbers that nothing else took."""
    words = words.tag(_MINUS, "PCT", lambda match: value_of(f"-{match['number']}"))
    words = words.tag(_PERCENT, "PCT", lambda match: value_of(match["number"]))
    return words.tag(_PLAIN, "NUM", lambda match: plain_number(match["number"], match["scale"]))


def plain_number(text: str, scale: str | None = None) -> Decimal | None:
    """The number that a text means: "1,500.50", "10.000,50", "2,300", "12,5", "100k"; None when it is none."""
    match = re.fullmatch(r"(?P<number>[-+]?\d+(?:[.,]\d+)*)(?P<times>k|m|mm|bn)?", text)
    return value_of(match["number"], match["times"], scale) if match else None


def value_of(number: str, times: str | None = None, scale: str | None = None) -> Decimal | None:
    """The value of digits with a sign, separators and a scale; None where it is no number or too large."""
    sign, digits = (number[0], number[1:]) if number[0] in "+-" else ("", number)
    if "," in digits and "." in digits:
        last = max(digits.rfind(","), digits.rfind("."))
        digits = re.sub(r"[.,]", "", digits[:last]) + "." + digits[last + 1 :]
    elif re.fullmatch(r"\d{1,3}(,\d{3})+", digits):
        digits = digits.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", digits):
        digits = digits.replace(".", "")
    else:
        digits = digits.replace(",", ".")
    try:
        value = Decimal(f"{sign}{digits}") * TIMES.get(times or "", 1) * TIMES.get(scale or "", 1)
    except InvalidOperation:
        return None
    return value if abs(value) <= LARGEST else None


def plain(amount: Decimal) -> int | float:
    """A number as JSON has it: whole where it is whole."""
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def decimal_text(number: Decimal) -> str:
    """A number without separators, exponent or trailing zeros, as a condition has it: "100000", "12.5", "-3"."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text.removeprefix("+")
