"""From what somebody typed to the term they mean, or to the honest answer that none is meant.

Stages, each only when the ones before found nothing: refuse junk; names as they stand; "a vs b"; the name inside a
question; several names of one term; spelling; the beginning of a name; sound; a description or a mention in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from bot.glossary.book import Book
from bot.glossary.names import CachedNames, Hit, TermNames
from bot.glossary.normal import is_symbols, normalise

if TYPE_CHECKING:
    from bot.glossary.autocomplete import Autocomplete
    from bot.glossary.description_index import DescriptionIndex
    from bot.glossary.known_names import KnownNames
    from bot.glossary.mentions import Mention, Mentions
    from bot.glossary.phrase_search import PhraseSearch
    from bot.glossary.spelling import Near, Spelling

LONGEST_QUERY: Final = 250
MEMO_SIZE: Final = 4096
SUGGESTIONS: Final = 3
AMBIGUOUS: Final = 5
# How sure a term is that a reader of the whole question settled on without the lookup.
NO_NAME: Final = 0.5
# A name this near to a query is offered when nothing was found; one as near as the second, before what is described.
NEAR_ENOUGH: Final = 0.62
NEARER: Final = 0.75

_SYMBOL_CATEGORIES: Final = frozenset({"index", "crypto", "commodities", "fx"})
_BARE_SYMBOL = re.compile(r"[A-Z]{1,5}")
_JUNK: Final[tuple[tuple[re.Pattern[str], Reason], ...]] = (
    (re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:)\d+"), "mention"),
    (re.compile(r"@(?:everyone|here)\b"), "mention"),
    (re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE), "link"),
    (re.compile(r"```|<script|</\w+>", re.IGNORECASE), "code"),
)

Outcome = Literal["answered", "ambiguous", "unknown", "refused"]
Match = Literal["exact", "alias", "loose", "spelling", "prefix", "mention", "description"]
Reason = Literal["empty", "too long", "mention", "link", "code"]


class SearchResult(NamedTuple):
    """The decision on one query.

    outcome: answered (`id` is set), ambiguous (`suggestions` are what the name may mean, at most 5), unknown
        (`suggestions` are near misses, best first, at most 3, perhaps none) or refused (`reason` is set).
    match, score: how it was found and how sure that is, 0-1; None and 0 when not answered.
    assumed: the query was not the term's name as it stands: tell the person which term was taken.
    known: the query is the name of a real term that the glossary lacks.
    contrast: both ids when two terms were to be told apart ("a vs b"); `id` is then the first of them.
    """

    outcome: Outcome
    id: str | None = None
    match: Match | None = None
    score: float = 0.0
    suggestions: tuple[str, ...] = ()
    assumed: bool = False
    contrast: tuple[str, str] | None = None
    reason: Reason | None = None
    known: bool = False


class Search:
    """Answers queries over one book. Making it costs a dictionary of names; the rest is built on first need.

    `cached` are the names of the same book from an earlier process. `index` opens what descriptions are searched in,
    which is otherwise built from the book and the phrases of the program when the first description comes. `known` are
    names of terms whether the book holds them or not, those of the program when not given. Not tied to a thread or a
    loop, no clock: equal books and queries give equal results.
    """

    def __init__(
        self,
        book: Book,
        cached: CachedNames | None = None,
        index: Callable[[], DescriptionIndex] | None = None,
        known: KnownNames | None = None,
    ) -> None:
        self.book = book
        self._known_names = known
        self._names = TermNames(book, cached)
        self._open_index = index or self._build_index
        self._memo: dict[str, SearchResult] = {}

    def find(self, query: str) -> SearchResult:
        """Return the result on what somebody typed. Never raises."""
        result = self._memo.get(query)
        if result is None:
            hit = self._names.exact.get(query)
            result = _named(hit, assumed=False) if hit is not None else self._decide(query)
            if len(self._memo) >= MEMO_SIZE:
                del self._memo[next(iter(self._memo))]
            self._memo[query] = result
        return result

    def is_ordinary(self, text: str) -> bool:
        """Whether a text is a name that is an ordinary word as well, such as "trade"."""
        return normalise(text) in self._names.weak

    def traced(self, text: str, one: str) -> SearchResult:
        """Return how a text leads to a term that a reader of it has settled on: as by `find`, else by a name in it."""
        found = self.find(text)
        if found.id == one:
            return found
        match: Match = "mention" if one in self.mentions(text, len(text)) else "description"
        return SearchResult("answered", one, match, NO_NAME, assumed=True)

    def complete(self, prefix: str, limit: int = 25) -> tuple[str, ...]:
        """Return ids of terms with a name that begins like `prefix`, or has a word that does; best first."""
        return self._completion.find(normalise(prefix[:LONGEST_QUERY]), limit)

    def mentions(self, text: str, limit: int = 25) -> tuple[str, ...]:
        """Return the ids of the terms named in a message, in its order; ordinary words are not taken for terms."""
        found = self._mentions.find(normalise(text).split())
        return tuple(dict.fromkeys(mention.id for mention in found if not mention.weak))[:limit]

    def spans(self, words: Sequence[str]) -> list[Mention]:
        """Return where terms are named among the words of a normal form, ordinary words (`weak`) too."""
        return self._mentions.find(list(words))

    def _decide(self, query: str) -> SearchResult:
        reason = _junk(query)
        if reason is not None:
            return SearchResult("refused", reason=reason)
        normal = normalise(query)
        if not normal:
            return SearchResult("unknown")
        hit = self._names.find(normal)
        return (
            _named(hit, assumed=False)
            if hit is not None
            else self._contrast(normal) or self._by_question(query, normal)
        )

    def _contrast(self, normal: str) -> SearchResult | None:
        from bot.glossary.question_wrappers import comparison_operands  # forty patterns, which a start does not need

        two = comparison_operands(normal)
        if two is None:
            return None
        found = [self._side(side) for side in two]
        if found[0] is None or found[1] is None or found[0] == found[1]:
            return None
        first, second = found[0], found[1]
        return SearchResult("answered", first, "exact", 1.0, assumed=True, contrast=(first, second))

    def _side(self, side: str) -> str | None:
        """Return the term that one side of a comparison names, by name or by spelling."""
        hit = self._names.find(side) or (self._names.near(side) if side not in self._known else None)
        if hit is not None:
            return hit.ids[0]
        near = self._spelling.near(side) if side not in self._known else []
        return near[0].id if near and near[0].accepted else None

    def _by_question(self, query: str, normal: str) -> SearchResult:
        from bot.glossary.question_wrappers import question_layers

        layers = question_layers(normal)
        if result := self._by_name(layers, is_symbol=bool(_BARE_SYMBOL.fullmatch(query.strip()))):
            return result
        inner = layers[-1]
        if inner.startswith("$"):
            return self._cashtag(inner)
        if (spoken := _spoken(inner)) != inner:
            return self._spoken_of(spoken) if spoken else SearchResult("unknown")
        if _BARE_SYMBOL.fullmatch(query.strip()):
            return SearchResult("unknown")
        near = self._near(inner)
        return self._by_spelling(inner, near) or self._by_phrase(normal, inner, near)

    def _by_name(self, layers: Sequence[str], *, is_symbol: bool) -> SearchResult | None:
        """Return what a layer of a question is the name of or near to, or that it is a name that the glossary lacks."""
        for layer in layers:
            if hit := self._names.find(layer):
                return _named(hit, assumed=False)
            if layer in self._known:
                return self._by_phrase(layers[0], layer, self._near(layer), held=False)
            if not is_symbol and (hit := self._names.near(layer)):
                return _named(hit, assumed=True)
        return None

    def _spoken_of(self, spoken: str) -> SearchResult:
        hit = self._names.find(spoken)
        return _named(hit, assumed=False) if hit is not None else self._by_question(spoken, spoken)

    def _near(self, inner: str) -> list[Near]:
        return self._spelling.near(inner) if len(inner) <= self._spelling.longest + 3 else []

    def _by_phrase(self, normal: str, inner: str, near: list[Near], *, held: bool = True) -> SearchResult:
        """Answer what a phrase names or describes; for the name of a term that is not `held`, offer what is near."""
        meant, offered = self._phrases.find(normal, inner) if held else self._phrases.find(normal, inner, 0.0)
        if meant is not None and held:
            return SearchResult("answered", meant.id, meant.match, meant.score, assumed=True)
        first = [meant.id] if meant is not None else [one.id for one in near if one.similarity >= NEARER]
        close = (one.id for one in near if one.similarity >= NEAR_ENOUGH)
        suggestions = tuple(dict.fromkeys((*first, *offered, *close)))[:SUGGESTIONS]
        return SearchResult("unknown", suggestions=suggestions, known=not held)

    def _cashtag(self, inner: str) -> SearchResult:
        """Answer "$VIX" and "$BTC"; any other cashtag is a symbol to quote, not a term."""
        bare = inner[1:]
        hit = self._names.exact.get(bare)
        if hit and bare not in self._names.weak and self.book[hit.ids[0]].category in _SYMBOL_CATEGORIES:
            return _named(hit, assumed=True)
        return SearchResult("unknown")

    def _by_spelling(self, inner: str, near: list[Near]) -> SearchResult | None:
        if near and near[0].accepted:
            return _answer(near[0].id, "spelling", near[0].similarity)
        if completed := self._spelling.completing(inner):
            return _answer(completed[0], "prefix", completed[1])
        sounding = self._spelling.sounding_like(inner)
        return _answer(sounding, "spelling", 0.8) if sounding else None

    @cached_property
    def _known(self) -> KnownNames:
        from bot.glossary.known_names import read_known_names

        return self._known_names if self._known_names is not None else read_known_names()

    @cached_property
    def _spelling(self) -> Spelling:
        from bot.glossary.spelling import Spelling

        return Spelling(self._names, self._known.words)

    @cached_property
    def _mentions(self) -> Mentions:
        from bot.glossary.mentions import Mentions

        return Mentions(self._names)

    @cached_property
    def _phrases(self) -> PhraseSearch:
        from bot.glossary.descriptions import Descriptions
        from bot.glossary.phrase_search import PhraseSearch

        return PhraseSearch(self._mentions, Descriptions(self._open_index()))

    def _build_index(self) -> DescriptionIndex:
        from bot.glossary.description_index import build_index, read_phrases

        phrases = (row for rows in read_phrases().values() for row in rows)
        return build_index(tuple(self.book.terms.values()), phrases, self._known.names)

    @cached_property
    def _completion(self) -> Autocomplete:
        from bot.glossary.autocomplete import Autocomplete

        return Autocomplete(self.book)


def _junk(query: str) -> Reason | None:
    """Return why a query is not one, None when it is."""
    if not query.strip():
        return "empty"
    if len(query) > LONGEST_QUERY:
        return "too long"
    return next((reason for pattern, reason in _JUNK if pattern.search(query)), None)


def _named(hit: Hit, *, assumed: bool) -> SearchResult:
    if len(hit.ids) > 1:
        return SearchResult("ambiguous", suggestions=hit.ids[:AMBIGUOUS])
    return SearchResult("answered", hit.ids[0], hit.match, hit.score, assumed=assumed)


def _answer(one: str, match: Match, score: float) -> SearchResult:
    return SearchResult("answered", one, match, round(score, 3), assumed=True)


def _spoken(inner: str) -> str:
    """Return a query without the emoji beside its words."""
    words = inner.split()
    return " ".join(word for word in words if not is_symbols(word)) if not is_symbols(inner) else inner
