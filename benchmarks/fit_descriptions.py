"""How well descriptions find their term, each writer left out once; and the weights that `!define` reads.

    python benchmarks/fit_descriptions.py [--write] [--astray]

For each writer of `bot/glossary/data/phrases/` an index is built from the others' phrases and the entries, and the
candidates for the writer's own phrases are weighed by a model that is fitted on the other writers': these are the
figures that count. One phrase in eight is asked without its term among the candidates: then "none" is right. So it is
for names of `known_names.txt` that the glossary lacks: a third of them is held aside, and it is told how many of these
get an answer when the list does not hold them.

`--write` fits the weights on all writers and writes `description_weights.json`. `--astray` lists phrases that the
others' phrases put with another term, for review. The model is a conditional logit, convex; the sample goes by hashes:
equal data give equal weights.
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.glossary.book import Book, parse_book  # noqa: E402
from bot.glossary.description_index import DescriptionIndex, build_index, read_phrases  # noqa: E402
from bot.glossary.descriptions import (  # noqa: E402
    NONE_SIGNALS,
    TERM_SIGNALS,
    WEIGHTS,
    Descriptions,
    Weights,
)
from bot.glossary.known_names import KnownNames, read_known_names  # noqa: E402
from bot.glossary.mentions import Mentions  # noqa: E402
from bot.glossary.names import TermNames  # noqa: E402
from bot.glossary.normal import normalise  # noqa: E402
from bot.glossary.phrase_search import LEAST_MEANT, MENTION_SIGNALS, PhraseSearch  # noqa: E402
from bot.glossary.question_wrappers import bare_question  # noqa: E402
from bot.glossary.search import Search  # noqa: E402

MOST_OF_A_WRITER = 1500
MOST_LOOKED_UP = 500
MOST_NAMES = 4000
# A wrong entry for a real name is worse than a description that is asked back.
NAME_WEIGHT = 3.0
WITHOUT_TERM = 8
PENALTY = 1e-3
# Nobody describes a term by its name; but a phrase that names one may still be about it.
LEAST_NAMED = -1.0
MOST_WRONG = 0.02
SENTENCES = ROOT / "benchmarks" / "mention_sentences.tsv"
SENTENCE_WEIGHT = 5
UNMEANT_NAME_WEIGHT = 2.0


NOTHING = Weights(np.zeros(len(TERM_SIGNALS)), np.zeros(len(NONE_SIGNALS)), {})


@dataclass(frozen=True)
class Weighed:
    """The signals of phrases. term: phrases x candidates x signals; right: phrases x (candidates + none)."""

    phrases: list[tuple[str, str]]
    ids: list[list[str]]
    term: np.ndarray
    none: np.ndarray
    right: np.ndarray
    asked_without: np.ndarray
    weight: np.ndarray


def chance(text: str, salt: str) -> int:
    return zlib.crc32(f"{salt} {text}".encode())


def sample(rows: Sequence[Any], most: int, text: Any = str) -> list[Any]:
    return sorted(rows, key=lambda row: chance(text(row), "sample"))[:most]


def weigh(index: Any, search: Search, phrases: list[tuple[str, str]]) -> Weighed:
    """`phrases` are (id, phrase); "" is a phrase for no term."""
    descriptions = Descriptions(index, NOTHING)
    kept, ids, term, none, right, without, weight = [], [], [], [], [], [], []
    for one, phrase in phrases:
        left_out = not one or chance(phrase, "without") % WITHOUT_TERM == 0
        words = bare_question(normalise(phrase)).split()
        signals = descriptions.signals(words, search.mentions(phrase), without=[one] if one and left_out else [])
        if signals is None:
            continue
        found = [index.ids[place] for place in signals.places]
        hits = [other == one for other in found]
        kept.append((one, phrase))
        ids.append(found)
        term.append(signals.term)
        none.append(signals.none)
        right.append([*hits, not any(hits)])
        without.append(left_out)
        weight.append(1.0 if one else NAME_WEIGHT)
    arrays = (np.array(values) for values in (term, none, right, without, weight))
    return Weighed(kept, ids, *arrays)


def joined(parts: Sequence[Weighed]) -> Weighed:
    names = ("term", "none", "right", "asked_without", "weight")
    arrays = [np.concatenate([getattr(part, name) for part in parts]) for name in names]
    return Weighed(
        [row for part in parts for row in part.phrases], [row for part in parts for row in part.ids], *arrays
    )


def probabilities(part: Weighed, weights: Weights) -> np.ndarray:
    odds = np.concatenate((part.term @ weights.term, (part.none @ weights.none)[:, None]), axis=1)
    share = np.exp(odds - odds.max(axis=1, keepdims=True))
    return share / share.sum(axis=1, keepdims=True)


def fit(part: Weighed) -> Weights:
    """The weights of least log loss, with a small penalty on their size in units of each signal's spread."""
    spread = part.term.reshape(-1, len(TERM_SIGNALS)).std(axis=0) + 1e-9
    centre, width = part.none.mean(axis=0), part.none.std(axis=0) + 1e-9
    centre[0], width[0] = 0.0, 1.0
    term, none = part.term / spread, (part.none - centre) / width
    split = len(TERM_SIGNALS)
    scaled = Weighed(part.phrases, part.ids, term, none, part.right, part.asked_without, part.weight)
    shares = part.weight[:, None] / part.weight.sum()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        share = probabilities(scaled, Weights(flat[:split], flat[split:], {}))
        hit = (share * part.right).sum(axis=1, keepdims=True) + 1e-12
        slope = (share - share * part.right / hit) * shares
        gradient = np.concatenate((np.einsum("nk,nkd->d", slope[:, :-1], term), slope[:, -1] @ none))
        return float(-(np.log(hit) * shares).sum() + PENALTY * flat @ flat), gradient + 2 * PENALTY * flat

    start = np.zeros(split + len(NONE_SIGNALS))
    bounds = [(LEAST_NAMED * spread[-1], None) if at == split - 1 else (None, None) for at in range(len(start))]
    flat = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 1000}).x
    weights = flat[split:] / width
    weights[0] -= (weights[1:] * centre[1:]).sum()
    return Weights(flat[:split] / spread, weights, {})


@dataclass(frozen=True)
class Figures:
    """Shares of the phrases whose term was a candidate to find; the rest only of those that were asked without."""

    first: float
    three: float
    right: float
    wrong: float
    cut: float
    false: float


def figures(part: Weighed, weights: Weights, cut: float | None = None) -> Figures:
    """Right and wrong are those above `cut`; the lowest one with at most MOST_WRONG wrong when it is not given."""
    share = probabilities(part, weights)[:, :-1]
    order = np.argsort(-share, axis=1, kind="stable")
    hits = np.take_along_axis(part.right[:, :-1], order, axis=1) > 0
    best = share.max(axis=1)
    asked = ~part.asked_without
    if cut is None:
        ranked = np.argsort(-best[asked])
        wrong = np.cumsum(~hits[asked, 0][ranked]) / asked.sum()
        cut = float(best[asked][ranked][max(0, np.searchsorted(wrong, MOST_WRONG, side="right") - 1)])
    given = best >= cut
    return Figures(
        hits[asked, 0].mean(),
        hits[asked, :3].any(axis=1).mean(),
        (hits[:, 0] & given)[asked].mean(),
        (~hits[:, 0] & given)[asked].mean(),
        cut,
        given[~asked].mean() if (~asked).any() else 0.0,
    )


def calibration(parts: Sequence[tuple[Weighed, Weights]]) -> list[tuple[float, float, int]]:
    """By tenths of the probability: what was said, what was right, of how many."""
    said = np.concatenate([probabilities(part, weights)[:, :-1].max(axis=1) for part, weights in parts])
    best = [probabilities(part, weights)[:, :-1].argmax(axis=1) for part, weights in parts]
    right = np.concatenate([part.right[np.arange(len(at)), at] for (part, _), at in zip(parts, best, strict=True)])
    rows = []
    for low in np.arange(0, 1, 0.1):
        within = (said >= low) & (said < low + 0.1 + 1e-9)
        if within.any():
            rows.append((float(said[within].mean()), float(right[within].mean()), int(within.sum())))
    return rows


class _Recorder(Descriptions):
    """Descriptions that note what a mention is judged by, and call none meant."""

    def __init__(self, index: Any, weights: Weights) -> None:
        super().__init__(index, weights)
        self.seen: list[dict[str, float]] = []

    def meant(self, signals: Any) -> float:
        self.seen.append(dict(signals))
        return 0.0


@dataclass(frozen=True)
class Mentioned:
    """Texts that name a term: sentences about it, and descriptions and names of something else."""

    book: Book
    indexes: dict[str, DescriptionIndex]
    whole: DescriptionIndex
    phrases: dict[str, list[tuple[str, str]]]
    names: list[str]

    def fit(self, weights: Weights, without: str = "", *, tell: bool = False) -> dict[str, float]:
        sentences = [line.partition("\t")[2] for line in SENTENCES.read_text("utf-8").splitlines()]
        about = self._signals(self.whole, weights, sentences)
        other = [
            row
            for writer, own in self.phrases.items()
            if writer != without
            for row in self._signals(self.indexes[writer], weights, [phrase for _, phrase in own])
        ]
        names = self._signals(self.whole, weights, self.names)
        rows = [[row[name] for name in MENTION_SIGNALS] for row in (*about, *other, *names)]
        hits = [True] * len(about) + [False] * (len(other) + len(names))
        importance = [SENTENCE_WEIGHT] * len(about) + [1.0] * len(other) + [UNMEANT_NAME_WEIGHT] * len(names)
        model = LogisticRegression(C=1.0, max_iter=5000).fit(rows, hits, sample_weight=importance)
        if tell:
            said = model.predict_proba(rows)[:, 1] >= LEAST_MEANT
            parts = np.split(said, (len(about), len(about) + len(other)))
            print("taken to be about the term that they name (fitted on these):")
            for what, part in zip(("sentences that are", "other descriptions", "other names"), parts, strict=True):
                print(f"  {part.mean():.3f} of {len(part)} {what}")
        return {
            "always": float(model.intercept_[0]),
            **dict(zip(MENTION_SIGNALS, model.coef_[0].tolist(), strict=True)),
        }

    def _signals(self, index: DescriptionIndex, weights: Weights, texts: list[str]) -> list[dict[str, float]]:
        recorder = _Recorder(index, weights)
        phrases = PhraseSearch(Mentions(TermNames(self.book)), recorder)
        for text in texts:
            normal = normalise(text)
            phrases.find(normal, bare_question(normal))
        return recorder.seen


def write(weights: Weights) -> None:
    table = {
        "term": dict(zip(TERM_SIGNALS, np.round(weights.term, 4).tolist(), strict=True)),
        "none": dict(zip(NONE_SIGNALS, np.round(weights.none, 4).tolist(), strict=True)),
        "mention": {name: round(value, 4) for name, value in weights.mention.items()},
    }
    WEIGHTS.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")


def report(weighed: dict[str, Weighed], names: Weighed) -> None:
    print(
        "writer left out   phrases   first  in three  right at <= 2 % wrong (cut)"
        "   at the common cut: right, wrong, term absent"
    )
    parts = []
    for writer, part in weighed.items():
        others = [other for name, other in weighed.items() if name != writer]
        parts.append((part, fit(joined([*others, names]))))
    low = figures(joined([part for part, _ in parts]), fit(joined([part for part, _ in parts])))
    for writer, (part, weights) in zip(weighed, parts, strict=True):
        own, common = figures(part, weights), figures(part, weights, low.cut)
        print(
            f"{writer:16} {len(part.phrases):8} {own.first:8.3f} {own.three:9.3f} {own.right:12.3f} ({own.cut:.2f})"
            f" {common.right:28.3f} {common.wrong:8.3f} {common.false:8.3f}"
        )
    print(f"common cut: {low.cut:.3f} (at most {MOST_WRONG:.0%} wrong over all writers)")
    print("calibration: said, right, phrases")
    for said, right, count in calibration(parts):
        print(f"  {said:.2f} {right:.2f} {count:6}")


def astray(weighed: dict[str, Weighed], weights: Weights) -> None:
    """Phrases whose own term is not among the best three though another is sure: fit for another pair of eyes."""
    for writer, part in weighed.items():
        share = probabilities(part, weights)[:, :-1]
        for row, (one, phrase) in enumerate(part.phrases):
            order = np.argsort(-share[row])[:3]
            best = [part.ids[row][at] for at in order]
            if one and not part.asked_without[row] and one not in best and share[row].max() >= 0.6:
                print(f"{writer}\t{one}\t{best[0]}\t{share[row].max():.2f}\t{phrase}")


def is_aside(name: str) -> bool:
    return chance(name, "aside") % 3 == 0


class _Trial(Search):
    """The lookup with other names and other descriptions than the program's."""

    def __init__(self, book: Book, known: KnownNames, descriptions: Descriptions) -> None:
        super().__init__(book, known=known)
        self._phrases = PhraseSearch(Mentions(TermNames(book)), descriptions)


@dataclass(frozen=True)
class Material:
    """What everything is fitted and measured on: phrases by writer, and names of real terms but for the third aside."""

    book: Book
    phrases: dict[str, list[tuple[str, str]]]
    names: list[str]
    aside: list[str]

    def index(self, without: str | None = None) -> DescriptionIndex:
        rows = [row for writer, own in self.phrases.items() if writer != without for row in own]
        return build_index(list(self.book.terms.values()), rows, self.names)

    def search(self, index: DescriptionIndex, weights: Weights) -> Search:
        """The whole lookup with this index and these weights, and only the names that are not aside."""
        return _Trial(self.book, KnownNames(self.names), Descriptions(index, weights))


def read_material() -> Material:
    book = parse_book((ROOT / "glossary.json").read_bytes())
    names = read_known_names().names
    phrases = {writer: [row for row in rows if row[0] in book] for writer, rows in read_phrases().items()}
    return Material(
        book, phrases, [name for name in names if not is_aside(name)], [name for name in names if is_aside(name)]
    )


def lookup_figures(search: Search, rows: Sequence[tuple[str, str]]) -> tuple[float, float, float]:
    """Right, right or offered among three, and wrong, of descriptions given to the whole lookup."""
    right = three = wrong = 0
    for one, phrase in rows:
        found = search.find(phrase)
        given = found.outcome == "answered"
        right += given and found.id == one
        wrong += given and found.id != one
        three += (given and found.id == one) or (not given and one in found.suggestions)
    return right / len(rows), three / len(rows), wrong / len(rows)


def wrong_entries(search: Search, names: Sequence[str]) -> None:
    """How often a real name that neither the glossary nor the list holds gets an entry, and how it came to it."""
    guessed = Counter(
        found.match
        for found in map(search.find, names)
        if found.outcome == "answered" and found.match not in {"exact", "alias"}
    )
    total = guessed.total()
    share = total / len(names)
    print(f"real names held aside: {total} of {len(names)} get an entry by a guess ({share:.4f}): {dict(guessed)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument("--astray", action="store_true", help="list phrases that are nearer to another term")
    arguments = parser.parse_args()
    material = read_material()
    plain = Search(material.book)
    indexes = {writer: material.index(writer) for writer in material.phrases}
    samples = {writer: sample(own, MOST_OF_A_WRITER, itemgetter(1)) for writer, own in material.phrases.items()}
    weighed = {writer: weigh(index, plain, samples[writer]) for writer, index in indexes.items()}
    whole, owned = material.index(), TermNames(material.book)
    lacking = [name for name in sample(material.names, len(material.names)) if owned.find(name) is None][:MOST_NAMES]
    names = weigh(whole, plain, [("", name) for name in lacking])
    if arguments.astray:
        astray(weighed, fit(joined([*weighed.values(), names])))
        return
    report(weighed, names)
    mentions = Mentioned(material.book, indexes, whole, samples, lacking)
    for writer, index in indexes.items():
        weights = fit(joined([*(part for name, part in weighed.items() if name != writer), names]))
        weights = weights._replace(mention=mentions.fit(weights, without=writer))
        found = lookup_figures(material.search(index, weights), samples[writer][:MOST_LOOKED_UP])
        print("whole lookup, {:8} left out: right {:.3f}, in three {:.3f}, wrong {:.3f}".format(writer, *found))
    everything = fit(joined([*weighed.values(), names]))
    everything = everything._replace(mention=mentions.fit(everything, tell=True))
    wrong_entries(material.search(whole, everything), material.aside)
    if arguments.write:
        write(everything)


if __name__ == "__main__":
    main()
