"""What people say about each term, as numbers: for a word of a description, how far it speaks for which terms.

The documents are the entries' own texts and the phrases of `data/phrases/`: one file for each writer, one line for each
phrase, the term's id and a tab before it. Each is cut into features: stems, pairs of stems that stand side by side, and
runs of three and four letters, so that a slip of the pen costs little. A feature counts in a term by its TF-IDF weight
summed over the documents of the term; the evidence is multinomial naive Bayes over these sums: log(1 + count / ALPHA)
for each feature that a term has, less a constant of the term.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from bot.glossary.normal import normalise
from bot.glossary.term import Term
from bot.glossary.word_forms import canonical, stem

PHRASES: Final = Path(__file__).with_name("data") / "phrases"

# What a feature counts by its kind: a stem, a pair of stems, a run of letters.
WORD, PAIR, LETTERS = 0, 1, 2
_KINDS: Final = np.array([1.0, 1.0, 0.5], np.float32)
ALPHA: Final = 0.01
_EXAMPLE: Final = 0.5
_RUNS: Final = (3, 4)
# Evidence is kept in bytes: this many steps to a unit of it.
_STEPS: Final = 32.0
_MIX: Final = np.uint32(0x9E3779B1)

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint32]


class WordFeatures(NamedTuple):
    """The features of one word: its stem, and its runs of letters."""

    stem: int
    letters: tuple[int, ...]


@lru_cache(maxsize=4096)
def word_features(word: str) -> WordFeatures:
    """The features of a word of a normal form, as 32-bit hashes."""
    framed = f" {word} ".encode()
    runs = {framed[start : start + size] for size in _RUNS for start in range(len(framed) - size + 1)}
    return WordFeatures(stem_key(stem(canonical(word), 3)), tuple(sorted(zlib.crc32(b"~" + run) for run in runs)))


def stem_key(one: str) -> int:
    """The hash of a stem."""
    return zlib.crc32(one.encode())


def _pairs(first: Keys, second: Keys) -> Keys:
    """The hashes of pairs of stems: the order counts."""
    return (first * _MIX) ^ (second + np.uint32(1))


class Query(NamedTuple):
    """The features of a description that the index holds.

    places: where each stands in the index. weights: TF-IDF, of length 1 together. words: the places of its stems, each
    once; `stems` is how many different ones it has, known or not.
    """

    places: Ints
    weights: Floats
    words: Ints
    stems: int


class DescriptionIndex:
    """Features and the terms that have them, as arrays in the order of the features' hashes.

    keys: hashes, ascending. kinds: WORD, PAIR or LETTERS. rarity: inverse document frequency times the weight of the
    kind. starts: where the terms of a feature begin in `terms` (places in `ids`) and `counts` (evidence, `_STEPS` to a
    unit); one more than there are features. constants: what a unit of a query costs each term. in_entries: whether an
    entry, not only a phrase, holds the feature. spoken: for a stem, how much more it occurs in phrases than in names of
    terms, as a logarithm; 0 for other features.
    """

    def __init__(self, ids: Sequence[str], arrays: Mapping[str, npt.NDArray[np.generic]]) -> None:
        self.ids = tuple(ids)
        self.keys = arrays["keys"].astype(np.uint32, copy=False)
        self.kinds = arrays["kinds"].astype(np.uint8, copy=False)
        self.rarity = arrays["rarity"].astype(np.float32, copy=False)
        self.starts = arrays["starts"].astype(np.int32, copy=False)
        self.terms = arrays["terms"].astype(np.uint16, copy=False)
        self.counts = arrays["counts"].astype(np.uint8, copy=False)
        self.constants = arrays["constants"].astype(np.float32, copy=False)
        self.in_entries = arrays["in_entries"].astype(np.bool_, copy=False)
        self.spoken = arrays["spoken"].astype(np.float16, copy=False)

    def arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """The arrays by name, as the index is made from them."""
        names = ("keys", "kinds", "rarity", "starts", "terms", "counts", "constants", "in_entries", "spoken")
        return {name: getattr(self, name) for name in names}

    def place(self, key: int) -> int | None:
        """Where a feature stands, None when no text has it."""
        at = int(np.searchsorted(self.keys, np.uint32(key)))
        return at if at < len(self.keys) and int(self.keys[at]) == key else None

    def query(self, words: Sequence[str]) -> Query:
        """The features of a description, given as the words of a normal form."""
        features = [word_features(word) for word in words]
        stems = np.array([one.stem for one in features], np.uint32)
        letters = np.array([run for one in features for run in one.letters], np.uint32)
        wanted, times = np.unique(np.concatenate((stems, _pairs(stems[:-1], stems[1:]), letters)), return_counts=True)
        places = np.searchsorted(self.keys, wanted)
        places[places == len(self.keys)] = 0
        held = self.keys[places] == wanted if len(self.keys) else np.zeros(len(wanted), np.bool_)
        places, times = places[held], times[held]
        weights = self.rarity[places] * (1 + np.log(times)).astype(np.float32)
        weights /= np.sqrt((weights * weights).sum()) + np.float32(1e-9)
        return Query(places, weights, places[self.kinds[places] == WORD], len(set(stems.tolist())))

    def evidence(self, query: Query) -> Floats:
        """What the features of each kind add to each term: three rows, a column for each term."""
        begins, ends = self.starts[query.places], self.starts[query.places + 1]
        lengths = ends - begins
        shifts = begins - np.concatenate((np.zeros(1, lengths.dtype), np.cumsum(lengths)[:-1]))
        at = np.repeat(shifts, lengths) + np.arange(lengths.sum(), dtype=np.int32)
        rows = np.repeat(self.kinds[query.places].astype(np.int32) * len(self.ids), lengths) + self.terms[at]
        adds = self.counts[at] * np.repeat(query.weights / np.float32(_STEPS), lengths)
        total = np.bincount(rows, adds, len(_KINDS) * len(self.ids))
        return total.reshape(len(_KINDS), len(self.ids)).astype(np.float32)

    def held(self, places: Sequence[int], terms: Ints) -> Floats:
        """How far each of these features speaks for each of some terms, a row a feature; 0 where a term lacks it."""
        rows = np.zeros((len(places), len(self.ids)), np.float32)
        for row, place in zip(rows, places, strict=True):
            begin, end = self.starts[place], self.starts[place + 1]
            row[self.terms[begin:end]] = self.counts[begin:end]
        return rows[:, terms] / np.float32(_STEPS)


class Document(NamedTuple):
    """One text about the term at this place of the book."""

    term: int
    text: str
    weight: float
    of_entry: bool


def documents(terms: Sequence[Term], phrases: Iterable[tuple[str, str]]) -> Iterator[Document]:
    """The texts of entries, and the phrases about them; those of terms that the book lacks are left out."""
    places = {term.id: place for place, term in enumerate(terms)}
    for place, term in enumerate(terms):
        for text in (" ".join((term.term, *term.aliases)), *term.hints, term.short, term.definition):
            yield Document(place, text, 1.0, of_entry=True)
        yield Document(place, term.example, _EXAMPLE, of_entry=True)
    for one, phrase in phrases:
        if one in places:
            yield Document(places[one], phrase, 1.0, of_entry=False)


def read_phrases(folder: Path = PHRASES) -> dict[str, list[tuple[str, str]]]:
    """Ids and phrases by writer."""
    return {
        file.stem: [(one, phrase) for one, _, phrase in map(_split, file.read_text("utf-8").splitlines())]
        for file in sorted(folder.glob("*.tsv"))
    }


def phrases_digest(folder: Path = PHRASES) -> str:
    """What changes when a phrase does."""
    whole = hashlib.blake2b(digest_size=16)
    for file in sorted(folder.glob("*.tsv")):
        whole.update(file.name.encode() + b"\0" + file.read_bytes())
    return whole.hexdigest()


def _split(line: str) -> tuple[str, str, str]:
    return line.partition("\t")


def build_index(
    terms: Sequence[Term], phrases: Iterable[tuple[str, str]], names: Iterable[str] = ()
) -> DescriptionIndex:
    """Make the index of a book and of phrases about its terms, as (id, phrase); `names` are normal forms."""
    texts = _Texts(documents(terms, phrases))
    features = _Features(texts)
    weight = features.document_weights(texts)
    held, count = features.counts(texts, weight, len(terms))
    feature, term = held // max(1, len(terms)), held % max(1, len(terms))
    totals = np.bincount(term, count, len(terms))
    return DescriptionIndex(
        [one.id for one in terms],
        {
            "keys": features.keys,
            "kinds": features.kinds,
            "rarity": features.rarity,
            "starts": np.searchsorted(feature, np.arange(len(features.keys) + 1)),
            "terms": term,
            "counts": np.clip(np.rint(np.log1p(count / ALPHA) * _STEPS), 1, 255),
            "constants": np.log(totals + ALPHA * len(features.keys) + 1e-9),
            "in_entries": features.in_entries,
            "spoken": features.spoken(texts, names),
        },
    )


class _Texts:
    """Documents as numbers: the word at each position, the document of each, the features of each different word."""

    def __init__(self, found: Iterable[Document]) -> None:
        numbers: dict[str, int] = {}
        words: list[int] = []
        lengths: list[int] = []
        rows: list[Document] = []
        for row in found:
            split = normalise(row.text).split()
            words.extend(numbers.setdefault(word, len(numbers)) for word in split)
            lengths.append(len(split))
            rows.append(row)
        self.words = np.array(words, np.int64)
        self.documents = np.repeat(np.arange(len(rows)), np.array(lengths, np.int64))
        self.terms = np.array([row.term for row in rows], np.int64)
        self.weights = np.array([row.weight for row in rows])
        self.of_entry = np.array([row.of_entry for row in rows], np.bool_)
        features = [word_features(word) for word in numbers]
        self.stems = np.array([one.stem for one in features], np.uint32)
        self.letters = np.array([run for one in features for run in one.letters], np.uint32)
        self.letters_of = np.repeat(np.arange(len(features)), [len(one.letters) for one in features])

    def pairs(self) -> tuple[Keys, Ints]:
        """The pairs of stems side by side in one document, and their documents."""
        stems = self.stems[self.words]
        within = self.documents[1:] == self.documents[:-1]
        return _pairs(stems[:-1], stems[1:])[within], self.documents[1:][within]


class _Features:
    """The features of all documents: those of words by the number of the word, pairs by position."""

    def __init__(self, texts: _Texts) -> None:
        pairs, self.pair_documents = texts.pairs()
        keys, places = np.unique(np.concatenate((texts.stems, texts.letters, pairs)), return_inverse=True)
        stems, letters, pair_places = np.split(places, (len(texts.stems), len(texts.stems) + len(texts.letters)))
        kinds = np.zeros(len(keys), np.uint8)
        kinds[pair_places], kinds[letters] = PAIR, LETTERS
        kinds[stems] = WORD
        # One text after another: (word or document) -> its features. A word's document is counted once.
        word_of = np.concatenate((np.arange(len(stems)), texts.letters_of))
        feature_of = np.concatenate((stems, letters))
        seen = np.unique(texts.words * len(texts.terms) + texts.documents)
        word_documents = np.bincount(seen // max(1, len(texts.terms)), minlength=len(stems))
        spread = np.bincount(feature_of, word_documents[word_of], len(keys))
        spread += np.bincount(pair_places, minlength=len(keys))
        entry_words = np.bincount(texts.words, texts.of_entry[texts.documents], len(stems)) > 0
        kept = (spread >= 2) | (kinds == WORD)
        number = np.cumsum(kept) - 1
        self.keys, self.kinds = keys[kept], kinds[kept]
        holders = np.minimum(spread[kept], len(texts.terms))
        self.rarity = ((np.log((1 + len(texts.terms)) / (1 + holders)) + 1) * _KINDS[self.kinds]).astype(np.float32)
        in_entries = np.zeros(len(keys), np.bool_)
        in_entries[stems[entry_words]] = True
        self.in_entries = in_entries[kept]
        use = kept[feature_of]
        order = np.argsort(word_of[use], kind="stable")
        self._words, self._of_words = word_of[use][order], number[feature_of[use]][order]
        use = kept[pair_places]
        self._pairs, self.pair_documents = number[pair_places[use]], self.pair_documents[use]

    def spoken(self, texts: _Texts, names: Iterable[str]) -> npt.NDArray[np.float64]:
        """How much more often each stem occurs in phrases than in `names`, as a logarithm."""
        named = np.array([word_features(word).stem for name in names for word in name.split()], np.uint32)
        held, times = np.unique(named, return_counts=True)
        places = np.searchsorted(self.keys, held)
        places[places == len(self.keys)] = 0
        known = self.keys[places] == held if len(self.keys) else np.zeros(0, np.bool_)
        in_names = np.bincount(places[known], times[known], len(self.keys))
        said = texts.stems[texts.words[~texts.of_entry[texts.documents]]]
        in_phrases = np.bincount(np.searchsorted(self.keys, said), minlength=len(self.keys))
        ratio = np.log((in_phrases + 1) / max(1, len(said))) - np.log((in_names + 1) / max(1, len(named)))
        return np.where(self.kinds == WORD, ratio, 0.0)

    def document_weights(self, texts: _Texts) -> npt.NDArray[np.float64]:
        """What a feature counts in each document: its weight over the length of the document's TF-IDF vector."""
        of_word = np.bincount(self._words, self.rarity[self._of_words] ** 2, len(texts.stems))
        squares = np.bincount(texts.documents, of_word[texts.words], len(texts.terms))
        squares += np.bincount(self.pair_documents, self.rarity[self._pairs] ** 2, len(texts.terms))
        return texts.weights / np.sqrt(np.maximum(squares, 1e-9))

    def counts(
        self, texts: _Texts, weight: npt.NDArray[np.float64], terms: int
    ) -> tuple[Ints, npt.NDArray[np.float64]]:
        """Feature times `terms` plus term, ascending, and what the feature counts in that term."""
        words, inverse = np.unique(texts.words * terms + texts.terms[texts.documents], return_inverse=True)
        of_words = np.bincount(inverse, weight[texts.documents])
        word, term = words // max(1, terms), words % max(1, terms)
        begins = np.searchsorted(self._words, word)
        lengths = np.searchsorted(self._words, word, side="right") - begins
        shifts = begins - np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths)[:-1]))
        at = self._of_words[np.repeat(shifts, lengths) + np.arange(lengths.sum())]
        held = np.concatenate(
            (at * terms + np.repeat(term, lengths), self._pairs * terms + texts.terms[self.pair_documents])
        )
        adds = np.concatenate((np.repeat(of_words, lengths), weight[self.pair_documents]))
        keys, inverse = np.unique(held, return_inverse=True)
        total: npt.NDArray[np.float64] = np.bincount(inverse, adds * self.rarity[held // max(1, terms)]).astype(float)
        return keys.astype(np.int64), total
