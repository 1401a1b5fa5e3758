from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.glossary.normal import compact, is_symbols, normalise, slug


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("  Rate   of Change ", "rate of change"),
        ("R-Star", "r star"),
        ("r*", "r star"),
        ("r∗", "r star"),
        ("r★", "r star"),
        ("R ☆", "r star"),
        ("**RSI**", "rsi"),
        ("S&P 500", "s and p 500"),
        ("%R", "percent r"),
        ("10%", "10 percent"),
        ("OPEC+", "opec plus"),
        ("+EV", "plus ev"),
        ("$TICK", "$tick"),
        ("$10", "10"),
        ("us$", "us"),
        ("σ", "sigma"),
        ("Δ", "delta"),
        ("p/e", "p e"),
        ("C.P.I.", "cpi"),
        ("e.g. this", "eg this"),
        ("don't", "dont"),
        ("don’t", "dont"),
        ("ＶＷＡＰ", "vwap"),
        ("𝐄𝐓𝐅", "etf"),
        ("Däýš", "days"),
        ("z̸̡a̷l̶g̵o̸", "zalgo"),
        ("R‑Star", "r star"),
        ("ra\u200bte", "rate"),
        ("rаte", "rate"),
        ("привет", "привет"),
        ("🚀🚀🚀", "🚀"),
        ("💎🏽 🙌🏽", "💎🙌"),
        ("to the moon 🚀", "to the moon 🚀"),
        ("❤️", "❤"),
        ("#1987crash", "1987crash"),
        ("flat_position", "flat position"),
        ("-", ""),
        ("", ""),
    ],
)
def test_spelling_is_levelled(text: str, normal: str) -> None:
    assert normalise(text) == normal


@given(st.text(max_size=120))
def test_second_pass_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(st.text(max_size=120))
def test_normal_form_has_single_spaces_and_no_upper_case(text: str) -> None:
    normal = normalise(text)
    assert normal == " ".join(normal.split())
    assert normal == normal.casefold()


@given(st.text(alphabet="abcXYZ 09", max_size=40))
def test_case_and_spaces_do_not_matter(text: str) -> None:
    assert normalise(text.upper()) == normalise(f" {text.lower()} ")


def test_compact_runs_words_together() -> None:
    assert compact("head and shoulders") == "headandshoulders"


@pytest.mark.parametrize(("normal", "expected"), [("🚀", True), ("r star", False), ("", True)])
def test_symbols_have_neither_letter_nor_digit(normal: str, expected: bool) -> None:
    assert is_symbols(normal) is expected


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("Rate of Change", "rate-of-change"),
        ("S&P 500 Index", "s-p-500-index"),
        ("Williams %R", "williams-r"),
        ("Café", "cafe"),
    ],
)
def test_slug(term: str, expected: str) -> None:
    assert slug(term) == expected
