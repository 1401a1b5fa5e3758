from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.glossary.everyday import is_everyday
from bot.glossary.question_wrappers import bare_question, comparison_operands
from bot.glossary.word_forms import (
    content,
    forms_key,
    inflected,
    light,
    opposites,
    phonetic_key,
    singular,
    spelled_letters,
    stem,
    words_key,
)

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("plural", "expected"),
    [
        ("stocks", "stock"),
        ("equities", "equity"),
        ("losses", "loss"),
        ("basis", "basis"),
        ("gas", "gas"),
        ("ties", "tie"),
    ],
)
def test_singular(plural: str, expected: str) -> None:
    assert singular(plural) == expected


@pytest.mark.parametrize(
    "forms",
    ["trading trader traded trades", "capitulation capitulating capitulated", "bought buy", "volatile volatility"],
)
def test_forms_of_a_word_share_a_stem(forms: str) -> None:
    assert len({stem(form) for form in forms.split()}) == 1


@given(WORDS)
def test_stem_leaves_letters(word: str) -> None:
    assert stem(word)
    assert stem(word, 3)


def test_bags_level_order_numbers_and_short_forms() -> None:
    assert words_key("three white soldiers".split()) == words_key("soldiers white 3".split())
    assert words_key("moving avg".split()) == words_key("averages moving".split())
    assert forms_key("swing trader".split()) == forms_key("swings trading".split())
    assert light("power of the purchasing".split()) == ["power", "purchasing"]


@pytest.mark.parametrize(
    "forms", ["trading trader traded trades", "inflation inflating", "bought buy", "staking stake"]
)
def test_inflections_share_a_form(forms: str) -> None:
    assert len({inflected(form) for form in forms.split()}) == 1


@pytest.mark.parametrize("words", ["money moneyness", "perpetuity perpetual", "real realized", "capital capitalize"])
def test_other_endings_make_other_words(words: str) -> None:
    assert len({inflected(word) for word in words.split()}) == 2


def test_content_leaves_small_words_out() -> None:
    assert content("what is the price of a bond".split()) == ["price", "bond"]


@pytest.mark.parametrize(
    ("words", "letters"),
    [("pee ee ratio", "p e ratio"), ("are star", "r star"), ("why oh why", None), ("moving average", None)],
)
def test_spelled_letters(words: str, letters: str | None) -> None:
    assert spelled_letters(words.split()) == letters


def test_opposites_are_pairs_of_two_words() -> None:
    assert len(set(map(frozenset, opposites()))) == len(opposites()) > 30
    assert all(stem(one, 3) != stem(other, 3) for one, other in opposites())


@pytest.mark.parametrize(
    ("query", "inner"),
    [
        ("whats the definition of bills", "bills"),
        ("could you define tapering please", "tapering"),
        ("how does failure to deliver work", "failure to deliver"),
        ("explain theta to me like im five", "theta"),
        ("what is", "is"),
        ("the", "the"),
        ("eli5 enterprise value", "enterprise value"),
        ("was ist der russell 2000", "russell 2000"),
        ("what counts as a small cap", "small cap"),
        ("pos meaning", "pos"),
    ],
)
def test_question_is_taken_off(query: str, inner: str) -> None:
    assert bare_question(query) == inner


@given(
    st.lists(st.sampled_from("what is the of a mean does explain define rate call how work please".split()), min_size=1)
)
def test_something_is_always_left_and_stays(words: list[str]) -> None:
    inner = bare_question(" ".join(words))
    assert inner
    assert bare_question(inner) == inner


def test_sides() -> None:
    assert comparison_operands("difference between a call and a put") == ("call", "put")
    assert comparison_operands("rate of change") is None


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("likwidity", "liquidity"),
        ("akwizition", "acquisition"),
        ("nikay", "nikkei"),
        ("terrif", "tariff"),
        ("dojee", "doji"),
    ],
)
def test_words_that_sound_alike(heard: str, name: str) -> None:
    assert phonetic_key(heard) == phonetic_key(name)


@pytest.mark.parametrize(
    ("word", "expected"),
    [("broken", True), ("breaking", True), ("vegas", True), ("inflaton", False), ("berr", False), ("doji", False)],
)
def test_everyday_words_are_known_in_their_forms_only(word: str, expected: bool) -> None:
    assert is_everyday(word) is expected
