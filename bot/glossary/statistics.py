"""What a glossary holds, counted: entries, names, sources by kind, old facts, long sentences, and names of others."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from bot.glossary.book import Book
from bot.glossary.checks import count_words
from bot.glossary.normal import normalise
from bot.glossary.search import Search
from bot.glossary.term import Term

OTHER: Final = "other"
ENCYCLOPAEDIA: Final = "encyclopaedia"
_OLD_DAYS: Final = 365
_KINDS: Final = Path(__file__).with_name("data") / "source_kinds.tsv"
_STOP: Final = re.compile(r"[.!?](?=\s|$)")
_TEXTS: Final = ("short", "definition", "example", "pitfall")


class Statistics(NamedTuple):
    """Counts of a book.

    sources: by kind, an authority, a market or index provider, a standard, a project's own documentation, education, an
    encyclopaedia or other; encyclopaedia_alone counts the entries with nothing better. old: entries whose facts were
    last checked over a year ago. longest: the number of words of the longest sentence, and whose it is.
    """

    terms: int
    names: int
    categories: Mapping[str, int]
    levels: Mapping[str, int]
    formulas: int
    sources: Mapping[str, int]
    encyclopaedia_alone: int
    dated: int
    old: int
    longest: tuple[int, str]


class Coverage(NamedTuple):
    """Of names that at least this many other glossaries hold: how many there are, and how many are answered by name."""

    held_by: int
    names: int
    answered: int


def statistics(book: Book, today: date) -> Statistics:
    """Count a book; `today` is what facts are old by."""
    terms = tuple(book.terms.values())
    dated = [date.fromisoformat(term.as_of) for term in terms if term.as_of]
    sources = [[source_kind(source.url) for source in term.sources] for term in terms]
    return Statistics(
        terms=len(terms),
        names=len({normalise(name) for term in terms for name in (term.term, *term.aliases)}),
        categories={slug: len(book.of_category(slug)) for slug in book.categories},
        levels=Counter(term.level for term in terms),
        formulas=sum(term.formula is not None for term in terms),
        sources=Counter(kind for kinds in sources for kind in kinds),
        encyclopaedia_alone=sum(set(kinds) == {ENCYCLOPAEDIA} for kinds in sources),
        dated=len(dated),
        old=sum((today - day).days > _OLD_DAYS for day in dated),
        longest=max(((_longest(term), term.id) for term in terms), default=(0, "")),
    )


def source_kind(url: str) -> str:
    """The kind of who publishes an address: that of its host, or of the longest ending of the host that is listed."""
    parts = (urlsplit(url).hostname or "").split(".")
    endings = (".".join(parts[at:]) for at in range(len(parts)))
    return next((kind for ending in endings if (kind := _kinds().get(ending))), OTHER)


def coverage(search: Search, names: Iterable[tuple[str, int]], held_by: Iterable[int]) -> tuple[Coverage, ...]:
    """How many of other glossaries' names, each with how many hold it, are names here: of an entry, or of several."""
    found = [(held, _is_a_name(search, name)) for name, held in names]
    of_each = ((least, [answered for held, answered in found if held >= least]) for least in held_by)
    return tuple(Coverage(least, len(rows), sum(rows)) for least, rows in of_each)


def _is_a_name(search: Search, name: str) -> bool:
    verdict = search.find(name)
    return verdict.outcome == "ambiguous" or (verdict.outcome == "answered" and verdict.match in {"exact", "alias"})


def _longest(term: Term) -> int:
    return max(count_words(sentence) for name in _TEXTS for sentence in _STOP.split(getattr(term, name)))


@cache
def _kinds() -> Mapping[str, str]:
    rows = (line.split("\t") for line in _KINDS.read_text("utf-8").splitlines())
    return dict(rows)
