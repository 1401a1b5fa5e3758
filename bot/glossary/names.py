"""Exact and nearly exact names: dictionaries from a form of a name to its term."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Final, Literal, NamedTuple

from bot.glossary.book import Book
from bot.glossary.everyday import is_everyday
from bot.glossary.normal import compact, is_symbols, normalise
from bot.glossary.term import Term
from bot.glossary.word_forms import content, forms_key, inflected, light, singular, spelled_letters, words_key

NameMatch = Literal["exact", "alias", "loose"]
_MATCHES: Final[tuple[NameMatch, ...]] = ("exact", "alias")

# Words that say what kind of thing a name is; with or without them it is the same name. What a name is about (a rate, a
# price, a market, an option) is none of them: a currency option is not an option.
GENERIC: Final = frozenset(
    "pattern patterns indicator indicators strategy strategies chart charts candle candles candlestick formula setup "
    "setups trading".split()
)


_ARTICLES: Final = frozenset({"a", "an", "the"})
_SHORTEST_FORM: Final = 5


class Hit(NamedTuple):
    """A name that was found: one term, or the several that an ambiguous name may mean.

    match: exact or alias where the words are the name of the term or another name of it, loose where they are only near
    to one. score: how sure that is, 0-1.
    """

    ids: tuple[str, ...]
    match: NameMatch
    score: float = 1.0


class CachedNames(NamedTuple):
    """Normal forms of names as plain values: twice the place of the term in the book, plus one for an alias."""

    exact: Mapping[str, int]
    weak: tuple[str, ...]


def shown_names(term: Term, most: int = 4) -> tuple[str, ...]:
    """The other names of a term that a reader learns something from: none that only bends another one shown."""
    shown: dict[str, str] = {_bare(term.term): ""}
    for name in term.aliases:
        shown.setdefault(_bare(name), name)
    return tuple(shown.values())[1 : most + 1]


def _bare(name: str) -> str:
    """A name without endings of its words, articles, hyphens and capitals; signs alone, 💎🙌, stand as they are."""
    return "".join(inflected(word) for word in light(normalise(name).split())) or normalise(name)


class TermNames:
    """Every name of a book by its normal form. Building it is cheap; what odd spellings need is built on first use.

    A term's own name beats an alias of another term ("range trading" is not the range that is traded).
    """

    def __init__(self, book: Book, cached: CachedNames | None = None) -> None:
        self.exact: dict[str, Hit] = {}
        self.weak: set[str] = set()
        self._ambiguous = {normalise(name): Hit(ids, "alias") for name, ids in book.ambiguous.items()}
        if cached is None:
            self._collect(book)
        else:
            hits = [Hit((slug,), match) for slug in book.terms for match in _MATCHES]
            self.exact.update((name, hits[place]) for name, place in cached.exact.items())
            self.weak.update(cached.weak)
        self.exact.update(self._ambiguous)

    def _collect(self, book: Book) -> None:
        for ids in book.ambiguous.values():
            for one in ids:
                self.exact.setdefault(normalise(book.asked_by(one)), Hit((one,), "exact"))
        terms = book.terms.values()
        for term in terms:
            self.exact.setdefault(normalise(term.term), Hit((term.id,), "exact"))
        for term in terms:
            hit = Hit((term.id,), "alias")
            for name in term.aliases:
                self.exact.setdefault(normalise(name), hit)
            for name in term.weak_aliases:
                normal = normalise(name)
                self.exact.setdefault(normal, hit)
                self.weak.add(normal)

    def to_cache(self, book: Book) -> CachedNames:
        """Return these names in the form that the constructor takes back, for the same book."""
        places = {slug: 2 * place for place, slug in enumerate(book.terms)}
        exact = {
            name: places[hit.ids[0]] + _MATCHES.index(hit.match)
            for name, hit in self.exact.items()
            if name not in self._ambiguous
        }
        return CachedNames(exact, tuple(sorted(self.weak)))

    def find(self, normal: str) -> Hit | None:
        """Return what a normal form is the name of: as it stands, or but for plurals, an article and spaces."""
        return self.exact.get(normal) or self._but_for_endings(normal)

    def near(self, normal: str) -> Hit | None:
        """Return what a normal form nearly names: other order, other inflections, small or generic words left out."""
        words = normal.split()
        hit = self._reworded(words)
        if hit is None:
            hit = next(filter(None, (self._named_outright(kept) for kept in _trimmed(words))), None)
        return hit

    def _but_for_endings(self, normal: str) -> Hit | None:
        words = normal.split()
        if len(words) > 1 and words[0] in _ARTICLES:
            words = words[1:]
        if len(words) == 1 and is_everyday(words[0]):
            return None
        joined = compact(" ".join(map(singular, words)))
        return self.compacts.get(joined) if len(joined) > 2 or len(words) > 1 else None

    def _named_outright(self, words: list[str]) -> Hit | None:
        name = " ".join(words)
        hit = self.find(name)
        return None if hit is None or name in self.weak else _loose(hit, 0.9)

    def _reworded(self, words: list[str]) -> Hit | None:
        if len(words) == 1:
            return self._one_word(words[0])
        for form, table in ((words_key(words), self._orders), (words_key(light(words)), self._lights)):
            if form and (hit := table.get(form)):
                return _loose(hit, 0.95)
        letters = spelled_letters(words)
        if letters is not None and (hit := self.exact.get(letters) or self.compacts.get(compact(letters))):
            return _loose(hit, 0.9)
        meaningful = light(words)
        hit = self._forms.get(forms_key(meaningful)) if len(meaningful) > 1 else None
        return hit and _loose(hit, 0.93)

    def _one_word(self, word: str) -> Hit | None:
        key = forms_key((word,))
        if is_everyday(word) or len(word) < _SHORTEST_FORM or key in self._weak_forms:
            return None
        hit = self._forms.get(key)
        return hit and _loose(hit, 0.93)

    @cached_property
    def compacts(self) -> dict[str, Hit]:
        """Names in the singular and without spaces."""
        return self._derived(lambda words: compact(" ".join(map(singular, words))), self._lettered)

    @cached_property
    def _orders(self) -> dict[str, Hit]:
        return self._derived(words_key, self._lettered)

    @cached_property
    def _lights(self) -> dict[str, Hit]:
        return self._derived(lambda words: words_key(light(words)), self._several)

    @cached_property
    def _forms(self) -> dict[str, Hit]:
        return self._derived(lambda words: forms_key(light(words)), self._unshortened)

    @cached_property
    def _weak_forms(self) -> set[str]:
        """Forms of weak names, but for those that a name which is not weak has too."""
        strong = {forms_key((name,)) for name, _ in self._lettered() if " " not in name and name not in self.weak}
        return {forms_key((name,)) for name in self.weak if " " not in name} - strong

    def _lettered(self) -> Iterator[tuple[str, Hit]]:
        return ((name, hit) for name, hit in self.exact.items() if not is_symbols(name) and not name.startswith("$"))

    def _unshortened(self) -> Iterator[tuple[str, Hit]]:
        """Yield the names that are one word or keep two without their small words: "risk on" is not any "risk"."""
        return ((name, hit) for name, hit in self._lettered() if " " not in name or len(content(name.split())) > 1)

    def _several(self) -> Iterator[tuple[str, Hit]]:
        return ((name, hit) for name, hit in self._lettered() if len(content(name.split())) > 1)

    def _derived(
        self, form: Callable[[list[str]], str], names: Callable[[], Iterator[tuple[str, Hit]]]
    ) -> dict[str, Hit]:
        """Return the names in another form. A form that two terms share is left out, unless it is one's own name."""
        table: dict[str, Hit] = {}
        clashes: set[str] = set()
        for name, hit in names():
            key = form(name.split())
            held = table.setdefault(key, hit)
            if held.ids != hit.ids and not (held.match == "exact" and hit.match == "alias"):
                clashes.add(key)
        for key in clashes:
            del table[key]
        table.pop("", None)
        return table


def _loose(hit: Hit, score: float) -> Hit:
    return hit._replace(match="loose", score=score)


def _trimmed(words: list[str]) -> Iterator[list[str]]:
    """Yield `words` without a generic last, first, or last two words."""
    if len(words) > 1 and words[-1] in GENERIC:
        yield words[:-1]
        if len(words) > 2 and words[-2] in GENERIC:
            yield words[:-2]
    if len(words) > 1 and words[0] in GENERIC:
        yield words[1:]
