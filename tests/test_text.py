"""Text as names are compared by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import closest, fold, plain_signs, slips, visible, within_slips


@pytest.mark.parametrize(
    ("text", "plain"),
    [("r★", "r*"), ("20–30 − 5", "20-30 - 5"), ("AAPL’s `x`", "AAPL's 'x'"), ("“a”", '"a"'), ("EUR→USD", "EUR>USD")],
)
def test_signs_that_look_alike_are_one(text: str, plain: str) -> None:
    assert plain_signs(text) == plain
    assert visible(text) == plain


def test_hidden_characters_go_and_forms_become_one() -> None:
    assert visible("ze\u200bro ＄１００\x00") == "zero $100"
    assert visible("a\tb") == "a\tb"


@pytest.mark.parametrize(
    ("text", "folded"), [("Café", "cafe"), ("STRASSE", "strasse"), ("straße", "strasse"), ("Ａ’s", "a's")]
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_a_second_pass_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert visible(visible(text)) == visible(text)


def test_slips_count_letters_and_swaps() -> None:
    assert (slips("prcie", "price"), slips("pric", "price"), slips("prise", "price")) == (1, 1, 1)
    assert within_slips("prcie", ["price", "prices", "chart"], 1, 5) == [("price", 1)]


def test_the_closest_come_first() -> None:
    assert closest("nvidea", ["nvidia", "video", "tesla"], 60, 5) == ["nvidia", "video"]
    assert closest("nvidea", [], 60, 5) == []
