"""Descriptions: the index against a slow and obvious one, the model, the phrases that they are learned from."""

from __future__ import annotations

import math
from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.glossary.book import Book
from bot.glossary.description_index import (
    ALPHA,
    LETTERS,
    PAIR,
    WORD,
    DescriptionIndex,
    build_index,
    documents,
    phrases_digest,
    read_phrases,
)
from bot.glossary.descriptions import NONE_SIGNALS, TERM_SIGNALS, Descriptions, Weights, read_weights
from bot.glossary.mentions import Mentions
from bot.glossary.names import TermNames
from bot.glossary.normal import normalise
from bot.glossary.phrase_search import MENTION_SIGNALS, PhraseSearch
from bot.glossary.term import Term
from bot.glossary.word_forms import canonical, singular, stem
from tests.glossary.small_book import small_book, term

FEW = (
    term("Alpha", short="return above the market", definition="What a manager adds over a benchmark."),
    term("Beta", short="how much a stock moves with the market", example="A stock of beta two doubles each move."),
    term("Gamma", "gam", hints=("how fast delta moves",), short="change of delta when the stock moves"),
)
SAID = [
    ("alpha", "extra return that beats the market"),
    ("beta", "moves twice as much as the market"),
    ("gamma", "delta changes when the price moves up"),
    ("gamma", "delta changes when the price moves up again"),
    ("missing", "a phrase for no entry of this book"),
]


def slow_features(text: str) -> list[tuple[int, str]]:
    """Stems, pairs of stems and runs of three and four letters of a text, one after another."""
    words = normalise(text).split()
    stems = [stem(canonical(word), 3) for word in words]
    found = [(WORD, one) for one in stems] + [(PAIR, f"{a} {b}") for a, b in pairwise(stems)]
    for word in words:
        framed = f" {word} "
        runs = {framed[at : at + size] for size in (3, 4) for at in range(len(framed) - size + 1)}
        found += [(LETTERS, run) for run in runs]
    return found


def slow_evidence(terms: tuple[Term, ...], said: list[tuple[str, str]], query: str) -> dict[str, list[float]]:
    """Naive Bayes with dictionaries: the evidence of each kind of feature for each term, and the term's constant."""
    texts = list(documents(terms, said))
    spread: dict[tuple[int, str], int] = defaultdict(int)
    for row in texts:
        words = normalise(row.text).split()
        for word in set(words):
            for feature in set(slow_features(word)):
                spread[feature] += 1
        for kind, name in slow_features(row.text):
            if kind == PAIR:
                spread[kind, name] += 1
    kept = {one for one, count in spread.items() if count >= 2 or one[0] == WORD}
    size = {WORD: 1.0, PAIR: 1.0, LETTERS: 0.5}
    rarity = {one: (math.log((1 + len(texts)) / (1 + min(spread[one], len(texts)))) + 1) * size[one[0]] for one in kept}
    counts: dict[tuple[int, tuple[int, str]], float] = defaultdict(float)
    for row in texts:
        inside = [one for one in slow_features(row.text) if one in kept]
        length = math.sqrt(sum(rarity[one] ** 2 for one in inside)) or 1.0
        for one in inside:
            counts[row.term, one] += row.weight * rarity[one] / length
    return _weighed(terms, rarity, counts, [one for one in slow_features(query) if one in kept])


def _weighed(
    terms: tuple[Term, ...],
    rarity: dict[tuple[int, str], float],
    counts: dict[tuple[int, tuple[int, str]], float],
    asked: list[tuple[int, str]],
) -> dict[str, list[float]]:
    times = {one: asked.count(one) for one in asked}
    weights = {one: rarity[one] * (1 + math.log(count)) for one, count in times.items()}
    length = math.sqrt(sum(value * value for value in weights.values()))
    out = {}
    for place, entry in enumerate(terms):
        kinds = [0.0, 0.0, 0.0]
        for one, weight in weights.items():
            kinds[one[0]] += weight / length * math.log1p(counts.get((place, one), 0.0) / ALPHA)
        total = sum(count for (holder, _), count in counts.items() if holder == place)
        out[entry.id] = [*kinds, math.log(total + ALPHA * len(rarity))]
    return out


@pytest.mark.parametrize("query", ["the market moves", "how fast does delta move", "beats the benchmark benchmark"])
def test_the_index_is_naive_bayes(query: str) -> None:
    index = build_index(FEW, SAID)
    found = index.evidence(index.query(normalise(query).split()))
    for place, (one, (*kinds, constant)) in enumerate(slow_evidence(FEW, SAID, query).items()):
        # Evidence is kept in steps of a thirty-second.
        assert found[:, place] == pytest.approx(kinds, abs=0.06 * math.sqrt(60)), one
        assert index.constants[place] == pytest.approx(constant, rel=1e-5)


def test_a_feature_speaks_for_those_that_have_it() -> None:
    index = build_index(FEW, SAID)
    place = index.place(index_key("delta"))
    assert place is not None
    row = index.held([place], np.arange(3))
    assert (row[0] > 0).tolist() == [False, False, True]
    assert index.place(index_key("penguin")) is None
    assert index.place(2**32 - 1) is None


def index_key(word: str) -> int:
    from bot.glossary.description_index import word_features

    return word_features(word).stem


def test_an_empty_book_has_an_index() -> None:
    assert Descriptions(build_index((), ())).search(["market"]).matches == ()
    assert build_index((), ()).query(["market"]).places.tolist() == []


def test_the_index_can_be_made_from_its_arrays() -> None:
    index = build_index(FEW, SAID, ["alpha token"])
    again = DescriptionIndex(index.ids, index.arrays())
    words = "delta moves".split()
    assert again.evidence(again.query(words)).tolist() == index.evidence(index.query(words)).tolist()


def test_words_of_talk_and_words_of_names() -> None:
    found = Descriptions(build_index(FEW, SAID, ["market benchmark", "market return"]))
    assert found.spoken(["moves"]) > found.spoken(["market"]) > found.spoken(["penguin"])


def test_a_description_is_found_and_its_probabilities_are_some() -> None:
    found = Descriptions(build_index(FEW, SAID)).search("the change of delta as the stock moves".split())
    assert found.matches[0].id == "gamma"
    assert sum(match.probability for match in found.matches) + found.none == pytest.approx(1)


def test_who_describes_a_term_does_not_name_it() -> None:
    found = Descriptions(build_index(FEW, SAID))
    words = "the return over the market".split()
    free, named = found.search(words), found.search(words, {"alpha"})
    assert dict(named.matches)["alpha"] < dict(free.matches)["alpha"]


def test_terms_can_be_left_out() -> None:
    found = Descriptions(build_index(FEW, SAID))
    signals = found.signals("delta moves".split(), without=["gamma"])
    assert signals is not None
    assert signals.places[-1] == 2
    assert found.signals(["penguin"]) is None


def test_an_opposite_speaks_against_its_twin() -> None:
    twins = (term("One", short="price goes above the line"), term("Other", short="price goes below the line"))
    signals = Descriptions(build_index(twins, ())).signals("price above".split())
    assert signals is not None
    turned = dict(zip(signals.places.tolist(), signals.term[:, TERM_SIGNALS.index("opposites")], strict=True))
    assert turned[0] > 0 > turned[1]


def test_the_weights_have_every_signal() -> None:
    weights = read_weights()
    assert (len(weights.term), len(weights.none)) == (len(TERM_SIGNALS), len(NONE_SIGNALS))
    assert set(weights.mention) == {"always", *MENTION_SIGNALS}


@settings(max_examples=60)
@given(st.lists(st.sampled_from("delta moves market the a penguin up down call put opposite 2".split()), max_size=12))
def test_no_pile_of_words_breaks_the_model(words: list[str]) -> None:
    found = _FOUND.search(words, {"alpha"})
    assert 0 <= found.none <= 1
    assert all(0 <= match.probability <= 1 for match in found.matches)


_FOUND = Descriptions(build_index(FEW, SAID), read_weights())


def test_a_sure_mention_and_an_unsure_one() -> None:
    names = Mentions(TermNames(small_book()))
    index = build_index(tuple(small_book().terms.values()), ())
    always = dict.fromkeys(MENTION_SIGNALS, 0.0)
    nothing = (np.zeros(len(TERM_SIGNALS)), np.zeros(len(NONE_SIGNALS)))
    for value, meant in ((9.0, True), (-9.0, False)):
        phrases = PhraseSearch(names, Descriptions(index, Weights(*nothing, {"always": value, **always})))
        found, offered = phrases.find("i saw inflation eat my lunch", "i saw inflation eat my lunch")
        assert (found is not None) == meant
        assert meant or "inflation" in offered


def test_phrases_are_reviewable_lines(book: Book) -> None:
    """Each of an entry, of a term that it does not name, and no two the same."""
    names = {
        one.id: [" ".join(map(singular, normalise(name).split())) for name in (one.term, *one.aliases)]
        for one in book.terms.values()
    }
    phrases = read_phrases()
    assert len(phrases) >= 3
    seen = set()
    for writer, rows in phrases.items():
        for one, phrase in rows:
            normal = " ".join(map(singular, normalise(phrase).split()))
            assert one in book, (writer, one)
            assert 2 <= len(normal.split()) <= 60, (writer, phrase)
            assert not any(f" {name} " in f" {normal} " for name in names[one] if name), (writer, one, phrase)
            assert normal not in seen, (writer, phrase)
            seen.add(normal)


def test_the_digest_changes_with_a_phrase(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("phrases")
    (folder / "w.tsv").write_text("alpha\tone thing\n", "utf-8")
    first = phrases_digest(folder)
    (folder / "w.tsv").write_text("alpha\tanother thing\n", "utf-8")
    assert phrases_digest(folder) != first
    assert read_phrases(folder) == {"w": [("alpha", "another thing")]}
