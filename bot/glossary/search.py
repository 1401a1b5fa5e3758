"""From what somebody typed to the term they mean, or to the honest answer that none is meant.

Stages, each only when the ones before found nothing: refuse junk; names as they stand; "a vs b"; the name inside a
question; several names of one term; spelling; the beginning of a name; sound; a description or a mention in a sentence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from bot.glossary.book import Book
from bot.glossary.names import CachedNames, Hit, TermNames
from bot.glossary.normal import is_symbols, normalise
from bot.glossary.word_forms import content

if TYPE_CHECKING:
    from bot.glossary.autocomplete import Autocomplete
    from bot.glossary.descriptions import DescriptionMatch, Descriptions
    from bot.glossary.mentions import Mention, Mentions
    from bot.glossary.spelling import Near, Spelling

LONGEST_QUERY: Final = 250
MEMO_SIZE: Final = 4096
SUGGESTIONS: Final = 3
AMBIGUOUS: Final = 5

_SYMBOL_CATEGORIES: Final = frozenset({"index", "crypto", "commodities", "fx"})
_BARE_SYMBOL = re.compile(r"[A-Z]{1,5}")
_JUNK: Final[tuple[tuple[re.Pattern[str], Reason], ...]] = (
    (re.compile(r"<(?:@[!&]?|#|a?:\w+:|t:)\d+"), "mention"),
    (re.compile(r"@(?:everyone|here)\b"), "mention"),
    (re.compile(r"(?:https?://|www\.)\S", re.IGNORECASE), "link"),
    (re.compile(r"```|<script|</\w+>", re.IGNORECASE), "code"),
)


# How sure a description must be to answer: see `_confidence`, whose weights come from a logistic fit on queries.
LEAST_CONFIDENCE: Final = 0.75
# Below this a description is chance, and a name in the same sentence is what it is about.
CHANCE: Final = 0.25
_LEAST_WORDS: Final = 3

# Below this many words a query is no sentence: a name beside a stranger's word is no mention ("delta airlines").
SENTENCE: Final = 5
_CHATTER: Final = frozenset(
    "i im ive id my me we were they theyre he she u this these people guys anyone everyone today tomorrow "
    "yesterday tonight lol just again now finally gonna been keep keeps getting says said sure morning".split()
)
# A named term whose entry holds this much of a short phrase is meant: "bid ask difference".
OWN_COVERAGE: Final = 0.8
_NEAR_ENOUGH: Final = 0.62


Outcome = Literal["answered", "ambiguous", "unknown", "refused"]
Match = Literal["exact", "alias", "spelling", "prefix", "mention", "description"]
Reason = Literal["empty", "too long", "mention", "link", "code"]


class SearchResult(NamedTuple):
    """The decision on one query.

    outcome: answered (`id` is set), ambiguous (`suggestions` are what the name may mean, at most 5), unknown
        (`suggestions` are near misses, best first, at most 3, perhaps none) or refused (`reason` is set).
    match, score: how it was found and how sure that is, 0-1; None and 0 when not answered.
    assumed: the query was not the term's name as it stands: tell the person which term was taken.
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


class Search:
    """Answers queries over one book. Making it costs a dictionary of names; the rest is built on first need.

    `cached` are the names of the same book from an earlier process. Not tied to a thread or a loop, no I/O, no clock:
    equal books and queries give equal results.
    """

    def __init__(self, book: Book, cached: CachedNames | None = None) -> None:
        self.book = book
        self._names = TermNames(book, cached)
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
        return self._by_name(normal) or self._contrast(normal) or self._by_question(query, normal)

    def _by_name(self, normal: str) -> SearchResult | None:
        hit = self._names.resolve(normal)
        return None if hit is None else _named(hit, assumed=hit.inexact)

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
        hit = self._names.resolve(side) or self._names.without_generic(side)
        if hit is not None:
            return hit.ids[0]
        near = self._spelling.near(side)
        return near[0].id if near and near[0].accepted else None

    def _by_question(self, query: str, normal: str) -> SearchResult:
        from bot.glossary.question_wrappers import stripped

        inner = normal
        for inner in stripped(normal):
            if result := self._by_name(inner):
                return result
        if inner.startswith("$"):
            return self._cashtag(inner)
        if (spoken := _spoken(inner)) != inner:
            return self._by_name(spoken) or self._by_question(spoken, spoken) if spoken else SearchResult("unknown")
        if _BARE_SYMBOL.fullmatch(query.strip()):
            return SearchResult("unknown")
        if hit := self._names.without_generic(inner):
            return _named(hit, assumed=True)
        near = self._spelling.near(inner) if len(inner) <= self._spelling.longest + 3 else []
        return self._by_spelling(inner, near) or self._phrases.find(normal, inner, near)

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
    def _spelling(self) -> Spelling:
        from bot.glossary.spelling import Spelling

        return Spelling(self._names)

    @cached_property
    def _mentions(self) -> Mentions:
        from bot.glossary.mentions import Mentions

        return Mentions(self._names)

    @cached_property
    def _phrases(self) -> PhraseSearch:
        from bot.glossary.descriptions import Descriptions

        return PhraseSearch(self._mentions, Descriptions(self.book.terms.values()))

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


class PhraseSearch:
    """Decides between the terms that a phrase names and those that it describes."""

    def __init__(self, mentions: Mentions, descriptions: Descriptions) -> None:
        self._mentions = mentions
        self._descriptions = descriptions

    def find(self, normal: str, inner: str, near: Sequence[Near]) -> SearchResult:
        """Return an answer or up to three suggestions. `inner` is what it asks about, `near` are the names near."""
        words = inner.split()
        mentions = self._mentions.find(words)
        if one := _only(mentions, words):
            return SearchResult("answered", one, "mention", 0.9, assumed=True)
        named = {mention.id for mention in mentions}
        described = self._descriptions.search(content(words), named)
        sure = _confidence(described)
        mention = self._meant(mentions, words, described)
        if mention is not None and (sure < CHANCE or self._is_chat(normal, mention, described)):
            return SearchResult("answered", mention.id, "mention", 0.75, assumed=True)
        if sure >= LEAST_CONFIDENCE:
            return SearchResult("answered", described[0].id, "description", round(sure, 3), assumed=True)
        if len(words) >= SENTENCE and described and {described[0].id} == named:
            return SearchResult("answered", described[0].id, "mention", 0.7, assumed=True)
        return SearchResult("unknown", suggestions=_suggested(near, mentions, described))

    def _meant(
        self, mentions: Sequence[Mention], words: list[str], described: Sequence[DescriptionMatch]
    ) -> Mention | None:
        """Return the mention that a sentence is about: the longest, the first of these."""
        strong = [mention for mention in mentions if not mention.weak]
        if not strong:
            return None
        longest = max(strong, key=lambda mention: len(content(words[mention.start : mention.end])))
        if described and described[0].id == longest.id and described[0].coverage >= OWN_COVERAGE:
            return longest
        rest = words[: longest.start] + words[longest.end :]
        is_phrase = len(words) < SENTENCE and (
            len(content(rest)) == len(rest) or not all(map(self._descriptions.holds, content(rest)))
        )
        return None if is_phrase else longest

    def _is_chat(self, normal: str, mention: Mention, described: Sequence[DescriptionMatch]) -> bool:
        """Whether somebody talks about the named term rather than describing another with its help."""
        if described and described[0].id == mention.id:
            return True
        return not _CHATTER.isdisjoint(normal.split())


def _only(mentions: Sequence[Mention], words: list[str]) -> str | None:
    """Return the term when every word that carries meaning is part of a name of it: "earnings per share EPS"."""
    if len({mention.id for mention in mentions}) != 1:
        return None
    named = {place for mention in mentions for place in range(mention.start, mention.end)}
    rest = content(word for place, word in enumerate(words) if place not in named)
    return mentions[0].id if not rest and len(mentions) > 1 else None


def _confidence(described: Sequence[DescriptionMatch]) -> float:
    """Return how likely the first term is the one described, 0-1: by score, lead over the second, words it holds."""
    if not described or described[0].words < _LEAST_WORDS:
        return 0.0
    best = described[0]
    lead = min(best.score / described[1].score, 3.0) if len(described) > 1 else 3.0
    odds = 1.8 * math.log(lead) + 3.2 * best.coverage + 1.1 * math.log(best.score) + 2.5 * math.log(best.asked) - 9.4
    return 1 / (1 + math.exp(-odds))


def _suggested(
    near: Sequence[Near], mentions: Sequence[Mention], described: Sequence[DescriptionMatch]
) -> tuple[str, ...]:
    ids = [one.id for one in near if one.similarity >= _NEAR_ENOUGH]
    ids += [one.id for one in described[:2]]
    ids += [one.id for one in sorted(mentions, key=lambda mention: (mention.weak, -mention.length))]
    ids += [one.id for one in described[2:]]
    return tuple(dict.fromkeys(ids))[:SUGGESTIONS]
