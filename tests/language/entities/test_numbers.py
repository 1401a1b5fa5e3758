"""Numbers in every style that people write and say them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.entities.numbers import (
    decimal_text,
    plain,
    read_digits,
    read_number,
    read_percent,
    read_scaled,
    tag_numbers,
)
from bot.language.tokens import read_words

WHOLE = st.integers(0, 10**9)
CENTS = st.integers(0, 99)
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()


def grouped(whole: int, sign: str) -> str:
    return f"{whole:,}".replace(",", sign)


@given(WHOLE, CENTS, st.sampled_from([(",", "."), (".", ","), ("'", "."), ("'", ","), ("", "."), ("", ",")]))
def test_digits_read_back_in_every_style(whole: int, cents: int, style: tuple[str, str]) -> None:
    thousands, point = style
    text = f"{grouped(whole, thousands)}{point}{cents:02d}"
    assert read_digits(text) == Decimal(whole) + Decimal(cents) / 100
    assert read_number(text) == Decimal(whole) + Decimal(cents) / 100


@given(st.integers(1_000, 10**12), st.sampled_from([",", ".", "'", " ", "_"]))
def test_whole_amounts_read_back_in_every_grouping(whole: int, sign: str) -> None:
    assert read_number(grouped(whole, sign)) == whole


def said(number: int) -> str:
    """A number below a thousand million in words, the long way."""
    for scale, name in ((10**6, "million"), (1_000, "thousand"), (100, "hundred")):
        if number >= scale:
            rest = number % scale
            return f"{said(number // scale)} {name}" + (f" {said(rest)}" if rest else "")
    if number < 20:
        return _ONES[number]
    return _TENS[number // 10 - 2] + (f" {_ONES[number % 10]}" if number % 10 else "")


@given(st.integers(0, 10**9 - 1))
def test_spoken_numbers_read_back(number: int) -> None:
    assert read_number(said(number)) == number


@given(
    st.integers(1, 999), st.sampled_from([("k", 10**3), ("m", 10**6), ("mn", 10**6), ("bn", 10**9), ("lakh", 10**5)])
)
def test_scales_multiply_joined_or_apart(number: int, scale: tuple[str, int]) -> None:
    assert read_number(f"{number}{scale[0]}") == number * scale[1]
    assert read_number(f"{number} {scale[0]}") == number * scale[1]


@pytest.mark.parametrize(
    ("text", "as_amount", "as_price"),
    [("1.234", "1234", "1.234"), ("1,234", "1234", "1234"), ("0.123", "0.123", "0.123"), ("12.50", "12.5", "12.5")],
)
def test_three_digits_after_a_dot_are_thousands_of_an_amount_only(text: str, as_amount: str, as_price: str) -> None:
    assert read_number(text) == Decimal(as_amount)
    assert read_number(text, grouped=False) == Decimal(as_price)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "iwm",
        "1.2.3",
        "1,2,3.4",
        "1'00",
        "12'345,678.9",
        "9" * 40,
        "5%",
        "one two",
        "half",
        "10 20",
        "5 euros",
        "and",
        "one million two million",
        "minus",
        "point",
        "1/0x",
    ],
)
def test_what_is_no_number_is_named(text: str) -> None:
    with pytest.raises(UserError, match="as a number; write it in digits"):
        read_number(text)


@given(st.text(max_size=60))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    for read in (read_number, read_percent):
        try:
            assert isinstance(read(text), Decimal)
        except UserError:
            continue


@given(
    st.lists(
        st.sampled_from(
            "half a an quarter of and one two twenty hundred million point 5 1.5 3/4 / k couple minus".split()
        )
    )
)
def test_any_words_of_numbers_are_a_number_or_refused(words: list[str]) -> None:
    try:
        read_number(" ".join(words))
    except UserError:
        return


@pytest.mark.parametrize(
    ("text", "value"), [("5%", "5"), ("-2,5 %", "-2.5"), ("three percent", "3"), ("7", "7"), ("minus 4 per cent", "-4")]
)
def test_percentages(text: str, value: str) -> None:
    assert read_percent(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3,000", "3000"),
        ("900bn", "9e11"),
        ("$1.5k", "1500"),
        ("-2,5", "-2.5"),
        ("1.5e3", "1500"),
        ("5x", None),
        ("x", None),
    ],
)
def test_one_written_number_with_its_scale(text: str, value: str | None) -> None:
    assert read_scaled(text) == (None if value is None else Decimal(value))


def test_percentages_scales_and_what_is_unreadable_are_tagged() -> None:
    words = tag_numbers(read_words("5% and minus 3 percent, 2 percentage points, 2 million and 40 and 1.2.3"))
    assert words.line == "PCT and PCT PCT NUM and NUM and UNREAD"
    assert words.values("PCT") == (Decimal(5), Decimal(-3), Decimal(2))
    assert words.values("NUM") == (Decimal(2_000_000), Decimal(40))
    assert [unread.text for unread in words.unread] == ["1.2.3"]


def test_small_number_words_of_running_text_stay_words() -> None:
    assert tag_numbers(read_words("which one of the two")).line == "which one of the two"
    assert tag_numbers(read_words("which one of the two"), every=True).line == "which NUM of the NUM"
    assert tag_numbers(read_words("twenty of the twenty five")).line == "NUM of the NUM"
    assert tag_numbers(read_words("the 20th, 2s10s")).line == "the 20th NUM s10s"


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_text_of_a_decimal_is_plain_and_reads_back(number: Decimal) -> None:
    text = decimal_text(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


def test_whole_numbers_stay_whole() -> None:
    assert plain(Decimal("80.00")) == 80
    assert isinstance(plain(Decimal("80.00")), int)
    assert plain(Decimal("1500.5")) == 1500.5


@pytest.mark.parametrize(
    ("text", "value"),
    [("one fifty five", "155"), ("three eighty", "380"), ("one fifty five point five", "155.5"), ("ten fifty", None)],
)
def test_a_digit_before_the_tens_counts_hundreds(text: str, value: str | None) -> None:
    if value is None:
        with pytest.raises(UserError):
            read_number(text)
    else:
        assert read_number(text) == Decimal(value)
