from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.glossary.book import Book
from bot.glossary.search import MEMO_SIZE, Match, Reason, Search
from tests.glossary.small_book import TERMS, small_book, term

NAMES = [(one.id, name) for one in TERMS for name in (one.term, *one.aliases) if name != "EV"]


@pytest.fixture(scope="module")
def small() -> Search:
    return Search(small_book())


@pytest.mark.parametrize(("one", "name"), NAMES)
def test_every_name_answers_exactly(small: Search, one: str, name: str) -> None:
    for query in (name, name.upper(), f"  {name} ", f"what is {name}?"):
        verdict = small.find(query)
        assert (verdict.outcome, verdict.id, verdict.match in {"exact", "alias"}) == ("answered", one, True), query
    assert not small.find(name).assumed


@pytest.mark.parametrize(
    ("query", "one", "match"),
    [
        ("rate of change", "rate-of-change", "exact"),
        ("roc", "rate-of-change", "alias"),
        ("r.s.i.", "relative-strength-index", "alias"),
        ("r★", "r-star", "exact"),
        ("are star", "r-star", "loose"),
        ("pee ee ratio", "price-to-earnings-ratio", "loose"),
        ("headandshoulders", "head-and-shoulders", "exact"),
        ("shoulders and head", "head-and-shoulders", "loose"),
        ("heads and shoulders", "head-and-shoulders", "exact"),
        ("c&h pattern", "cup-and-handle", "loose"),
        ("pattern c&h", "cup-and-handle", "loose"),
        ("hammer candle pattern indicator", "hammer", "loose"),
        ("hammers", "hammer", "exact"),
        ("spoofed", "spoofing", "loose"),
        ("range trading", "range-trading", "exact"),
        ("trading range", "trading-range", "exact"),
        ("$tick", "nyse-tick", "alias"),
        ("$VIX", "cboe-volatility-index", "alias"),
        ("🚀🚀🚀", "to-the-moon", "alias"),
        ("diamond hands 💎🙌", "diamond-hands", "exact"),
        ("explain inflation to me like i'm five", "inflation", "exact"),
        ("qué es el RSI", "relative-strength-index", "alias"),
        ("inflaton", "inflation", "spelling"),
        ("balnce shet", "balance-sheet", "spelling"),
        ("sheet balnce", "balance-sheet", "spelling"),
        ("likwidity", "liquidity", "spelling"),
        ("quantitative tighteni", "quantitative-tightening", "spelling"),
        ("balance she", "balance-sheet", "prefix"),
        ("statement of financial pos", "balance-sheet", "prefix"),
        ("relative strength index RSI", "relative-strength-index", "mention"),
        ("i think the balance sheet of this company looks bad", "balance-sheet", "mention"),
        ("inflation will kill us all this summer", "inflation", "mention"),
    ],
)
def test_each_stage_finds_its_kind(small: Search, query: str, one: str, match: Match) -> None:
    verdict = small.find(query)
    assert (verdict.outcome, verdict.id, verdict.match) == ("answered", one, match)
    assert 0.5 <= verdict.score <= 1


@pytest.mark.parametrize(
    "query",
    [
        "difference between a call and a put",
        "call vs put",
        "calls versus puts",
        "is a call the same as a put",
        "how is a call different from a put",
        "compare call option with put optoin",
        "call and put difference",
    ],
)
def test_two_terms_are_told_apart(small: Search, query: str) -> None:
    verdict = small.find(query)
    assert verdict.contrast == ("call-option", "put-option")
    assert verdict.id == "call-option"


@pytest.mark.parametrize("query", ["call vs banana", "call vs calls", "banana vs call"])
def test_half_a_comparison_is_none(small: Search, query: str) -> None:
    assert small.find(query).contrast is None


@pytest.mark.parametrize("query", ["EV", "ev", "what does EV mean?"])
def test_ambiguous_name_asks_back(small: Search, query: str) -> None:
    verdict = small.find(query)
    assert verdict.outcome == "ambiguous"
    assert verdict.suggestions == ("enterprise-value", "expected-value")
    assert verdict.id is None
    assert verdict.score == 0


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("x" * 251, "too long"),
        ("<@123456789012345678>", "mention"),
        ("hello @everyone", "mention"),
        ("<#998877665544332211>", "mention"),
        ("<:pepe:998877665544332211>", "mention"),
        ("https://example.com/rsi", "link"),
        ("www.example.com", "link"),
        ("```print(1)```", "code"),
        ("<script>alert(1)</script>", "code"),
    ],
)
def test_junk_is_refused(small: Search, query: str, reason: Reason) -> None:
    verdict = small.find(query)
    assert (verdict.outcome, verdict.reason, verdict.id, verdict.suggestions) == ("refused", reason, None, ())


@pytest.mark.parametrize(
    "query",
    [
        "-",
        "TSLA",
        "RSJ",
        "$NVDA",
        "$RANGE",
        "$MOON",
        "penguin",
        "call me maybe",
        "nasdaq 1000000",
        "hammer time",
        "range hood",
        "🍕🍕",
        "😂 🍕",
        "spoon 🍕",
        "putter",
        "xqzvkw",
        "hi",
        "inflation balloons",
    ],
)
def test_other_things_are_not_answered(small: Search, query: str) -> None:
    verdict = small.find(query)
    assert verdict.outcome == "unknown", verdict
    assert len(verdict.suggestions) <= 3


def test_bare_symbol_offers_nothing(small: Search) -> None:
    assert small.find("RSJ").suggestions == ()


def test_weak_name_is_suggested_but_not_guessed(small: Search) -> None:
    verdict = small.find("wheeilng")
    assert verdict.outcome == "unknown"
    assert verdict.suggestions[0] == "wheel-strategy"


def test_two_terms_as_near_as_each_other_are_suggested() -> None:
    search = Search(Book({one.id: one for one in (term("Blorfing"), term("Plorfing"))}, {}, {}))
    verdict = search.find("dlorfing")
    assert verdict.outcome == "unknown"
    assert set(verdict.suggestions) == {"blorfing", "plorfing"}


def test_names_that_sound_alike_are_not_guessed_by_sound() -> None:
    search = Search(Book({one.id: one for one in (term("Kwartet"), term("Quortat"))}, {}, {}))
    assert search.find("qwirtitte").outcome == "unknown"


def test_memo_does_not_change_answers(small: Search) -> None:
    fresh = Search(small_book())
    for query in ("inflaton", "what is roc", "penguin", "", "inflaton"):
        assert small.find(query) == small.find(query) == fresh.find(query)


def test_memo_is_bounded() -> None:
    search = Search(Book({"a": term("A")}, {}, {}))
    for number in range(MEMO_SIZE + 10):
        search.find(f"${number}")
    assert len(search._memo) == MEMO_SIZE


def test_empty_book_answers_nothing() -> None:
    search = Search(Book({}, {}, {}))
    assert search.find("inflation").outcome == "unknown"
    assert search.complete("a") == ()
    assert search.mentions("inflation") == ()


@given(st.text(max_size=60))
@example("\ud800")
@example("\x00")
@example("r" * 250)
@example("a vs b")
@example("the the the")
@example("what is")
def test_no_text_raises_and_every_verdict_is_whole(text: str) -> None:
    search = _SHARED
    verdict = search.find(text)
    assert (verdict.outcome == "answered") == (verdict.id is not None) == (verdict.match is not None)
    assert (verdict.outcome == "refused") == (verdict.reason is not None)
    assert 0 <= verdict.score <= 1
    assert set(verdict.suggestions) <= set(search.book.terms)
    assert len(set(verdict.suggestions)) == len(verdict.suggestions) <= 5
    assert search.complete(text, 3) == search.complete(text)[:3]
    assert set(search.mentions(text)) <= set(search.book.terms)


@given(
    st.lists(
        st.sampled_from("what is the of a call put vs range moon does mean trading rate fed like to".split()),
        max_size=9,
    )
)
def test_no_pile_of_small_words_raises(words: list[str]) -> None:
    _SHARED.find(" ".join(words))


_SHARED = Search(small_book())


@pytest.mark.parametrize(
    ("typed", "ids"),
    [
        ("rel", ["relative-strength-index"]),
        ("RAT", ["rate-of-change", "r-star", "natural-rate-of-unemployment", "price-to-earnings-ratio"]),
        ("strength", ["relative-strength-index"]),
        ("call", ["call-option"]),
        ("zzz", []),
    ],
)
def test_completion_offers_names_that_begin_so(small: Search, typed: str, ids: list[str]) -> None:
    found = small.complete(typed)
    assert sorted(found) == sorted(ids)
    assert not ids or found[0] == ids[0]


def test_completion_of_nothing_is_the_start_of_the_book(small: Search) -> None:
    assert small.complete("", 2) == ("r-star", "natural-rate-of-unemployment")


def test_mentions_of_a_message_come_in_its_order(small: Search) -> None:
    text = "RSI says oversold, but inflation and a short squeeze could move the range; call me. RSI again! " + "EV"
    assert small.mentions(text) == ("relative-strength-index", "inflation", "short-squeeze")
    assert small.mentions(text, limit=1) == ("relative-strength-index",)


def test_mention_may_be_a_form_of_a_verb(small: Search) -> None:
    assert small.mentions("they were spoofing all day") == ("spoofing",)
    assert Search(Book({"c": term("Capitulation")}, {}, {})).mentions("holders capitulated") == ("capitulation",)
