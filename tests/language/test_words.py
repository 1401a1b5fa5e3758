"""Words, spelling and languages."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.language.languages import asks_price, is_foreign
from bot.language.spelling import corrected
from bot.language.tokens import normalise, tokenize
from bot.language.vocabulary import literal_words

NAMES = frozenset({"tesla", "nvidia", "iwm"})


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("What's IWM at?", "what is iwm at"),
        ("<@123456789012345678> and SPY?", "and spy"),
        ("AAPL’s 20-day move", "aapl 20 day move"),
        ("r★ now", "r* now"),
        ("U.S. stocks", "us stocks"),
        ("eur/usd", "eur / usd"),
        ("Nasdaq-100", "nasdaq 100"),
        ("from -3.5% to 5", "from -3.5% to 5"),
        ("20–30", "20 30"),
        ("2019-06-28", "2019-06-28"),
        ("gonna lmk rn", "going to let me know right now"),
        ("whats up", "what is up"),
        ("ze\u200bro", "zero"),
        ("VOL", "vol"),
        ("", ""),
    ],
)
def test_words_as_patterns_see_them(text: str, line: str) -> None:
    assert tokenize(normalise(text)).line == line


def test_a_mark_keeps_what_was_typed() -> None:
    words = tokenize("What's the Price of Tesla?").tag(re.compile("price of"), "X", lambda match: match[0])
    assert words.line == "what is the X tesla"
    assert words.typed(3, 4) == "Price of"
    assert words.values("X") == ("price of",)
    assert words.words[3].is_tag
    assert words.typed(9, 9) == ""


def test_marks_without_value_or_overlapping_are_left_out() -> None:
    words = tokenize("a b c")
    assert words.tag(re.compile("b"), "X", lambda _: None).line == "a b c"
    assert words.with_tags([(0, 2, "X", 1), (1, 3, "Y", 2)]).line == "X c"


def test_shouting() -> None:
    assert tokenize("WHAT IS IT NOW").all_caps
    assert not tokenize("IWM").all_caps


@example("\x00")
@example("is IWM\x00 in a rally")
@given(st.text(max_size=200))
def test_levelled_text_has_no_hidden_characters_and_words_lie_in_it(text: str) -> None:
    levelled = normalise(text)
    words = tokenize(levelled)
    assert not set(levelled) & set("\u200b\u202e\x00\n")
    assert all(0 <= word.start <= word.end <= len(words.text) for word in words.words)


@pytest.mark.parametrize(
    ("word", "right"),
    [
        ("prcie", "price"),
        ("waht", "what"),
        ("wsa", "was"),
        ("alret", "alert"),
        ("momentem", "momentum"),
        ("reconsitution", "reconstitution"),
        ("telsa", "tesla"),
        ("doin", "doing"),
        ("really", "really"),
        ("quite", "quite"),
        ("orange", "orange"),
        ("iwm", "iwm"),
        ("xy", "xy"),
        ("цена", "цена"),
        ("charts", "charts"),
        ("painted", "painted"),
        ("zzzzzz", "zzzzzz"),
    ],
)
def test_spelling(word: str, right: str) -> None:
    assert corrected(word, NAMES) == right


@given(st.text(max_size=20))
def test_mending_is_stable_and_never_raises(word: str) -> None:
    assert corrected(corrected(word, NAMES), NAMES) == corrected(word, NAMES)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("was ist der Leitzins", True),
        ("que significa bullish", True),
        ("quel est le prix", True),
        ("сколько стоит биткоин", True),
        ("今日の株価は", True),
        ("was IWM in a rally", False),
        ("what is the price of IWM", False),
        ("naïve café price", False),
        ("", False),
        ("12345", False),
        ("α or β", False),
    ],
)
def test_languages(text: str, foreign: bool) -> None:
    assert is_foreign(text, tokenize(normalise(text))) is foreign


def test_price_words_of_other_languages() -> None:
    assert asks_price(tokenize("was kostet tesla"))
    assert not asks_price(tokenize("was bedeutet fomo"))


def test_words_of_the_tables() -> None:
    assert literal_words([r"\b(?P<span>rally) (?:starts|ends)\b", r"\d of"]) == {"rally", "starts", "ends"}
