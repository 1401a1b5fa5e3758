"""The glossary to leaf through: a category as people name it, a first letter, and the pages of terms they lead to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.glossary.book import Book
from bot.glossary.normal import normalise
from bot.glossary.term import Term
from bot.glossary.word_forms import singular

ALL = "all"
DIGITS = "#"
PAGE_TERMS = 20
MOST_PAGES = 9_999
_NEAR = 76.0
_EDGES = ".,;:!?()[]\"'`“”‘’"
LEADING = frozenset(
    "of in for about from on under the that start starting begin beginning with letter category".split()
)
_EVERYTHING = frozenset({"all", "everything", "every category", "all term", "all category", "a z"})
# What people call a category beside its slug and its title.
_ALSO = {
    "forex": "fx",
    "stocks": "equities",
    "etfs": "index",
    "indices": "index",
    "ta": "technical-indicators",
    "charts": "chart-patterns",
    "economics": "macro",
    "memes": "slang",
}


def letter_of(text: str) -> str | None:
    """The letter that a word stands for: a to z, or `#`; None when it is no letter."""
    word = text.strip().casefold()
    if word in {"#", "0-9", "0–9"}:
        return DIGITS
    bare = word.strip(_EDGES)
    return bare if len(bare) == 1 and bare.isascii() and bare.isalpha() else None


def category_of(text: str, book: Book) -> str | None:
    """The slug of the category that a text names, `all` for everything, or None.

    In this order: a slug, title or everyday name as it stands; all words (or beginnings of words) of one category
    alone; the nearest spelling.
    """
    typed = _plain(text)
    if typed in _EVERYTHING:
        return ALL
    names = {_plain(name): slug for slug, title in book.categories.items() for name in (slug, title)}
    names |= {_plain(name): slug for name, slug in _ALSO.items() if slug in book.categories}
    words = typed.split()
    if not words or typed in names:
        return names.get(typed)
    vocabulary = {slug: f"{_plain(slug)} {_plain(title)}".split() for slug, title in book.categories.items()}
    for matches in (_among, _begins):
        hits = [slug for slug, known in vocabulary.items() if all(matches(word, known) for word in words)]
        if len(hits) == 1:
            return hits[0]
    return _nearest(typed, names)


def _plain(text: str) -> str:
    """A normal form with every word in the singular."""
    return " ".join(map(singular, normalise(text).split()))


def _among(word: str, known: Iterable[str]) -> bool:
    return word in known


def _begins(word: str, known: Iterable[str]) -> bool:
    return len(word) > 2 and any(one.startswith(word) for one in known)


def _nearest(typed: str, names: dict[str, str]) -> str | None:
    from rapidfuzz import fuzz, process

    hit = process.extractOne(typed, list(names), scorer=fuzz.ratio, score_cutoff=_NEAR)
    return names[hit[0]] if hit else None


@dataclass(frozen=True, slots=True)
class Listing:
    """Some terms of the glossary in the order of their names. `category` and `letter` say which."""

    title: str
    category: str | None
    letter: str | None
    terms: tuple[Term, ...]

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-len(self.terms) // PAGE_TERMS))

    def page(self, number: int) -> tuple[Term, ...]:
        """The terms of a page, counted from 1; none beyond the last."""
        return self.terms[(number - 1) * PAGE_TERMS : number * PAGE_TERMS]

    def ask(self, number: int) -> str:
        """The question that shows a page."""
        where = [self.category or (ALL if self.letter is None else ""), self.letter or ""]
        return " ".join(["!terms", *filter(None, where), *([str(number)] if number > 1 else [])])


def listing(book: Book, category: str | None, letter: str | None) -> Listing:
    """The terms of a category, of all of them (None or `all`), or those of it that begin with a letter."""
    slug = None if category in {None, ALL} else category
    terms = book.of_category(slug) if slug is not None else tuple(book.terms.values())
    chosen = sorted((term for term in terms if letter in {None, first_letter(term)}), key=_place)
    title = book.categories[slug] if slug is not None else "All terms"
    if letter is not None:
        begins = "with a digit" if letter == DIGITS else f"with {letter.upper()}"
        title = f"{title} that begin {begins}" if slug is None else f"{title}: terms that begin {begins}"
    return Listing(title, slug, letter, tuple(chosen))


def first_letter(term: Term) -> str:
    """The letter under which a term stands; `#` where its name begins with a digit."""
    first = normalise(term.term)[:1]
    return first if first.isalpha() else DIGITS


def _place(term: Term) -> str:
    return normalise(term.term)
