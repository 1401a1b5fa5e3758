"""The glossary as plain pages for any web host: one for each term and category, all terms by letter, and a search.

Nothing of them asks another host for anything, and they work from a folder as well as from a host. Texts are escaped by
the templates of `pages/`, by default and everywhere; only the list of names for the search is written as it is, as JSON
that can close no tag. Mako renders them: alembic brings it anyway.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson
from mako.lookup import TemplateLookup

from bot.glossary.book import Book
from bot.glossary.listing import DIGITS
from bot.glossary.mentions import Mention
from bot.glossary.names import shown_names
from bot.glossary.normal import normalise
from bot.glossary.term import Term
from bot.render.entry import term_path
from bot.render.numbers import day

PAGES: Final = Path(__file__).with_name("pages")
SITE: Final = "Rangefinder glossary"
_SEARCHED_NAMES: Final = 12
_TAGS: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}

FindMentions = Callable[[list[str]], list[Mention]]


class Page(NamedTuple):
    """A file of the site: its path with `/`, and what it holds."""

    path: str
    content: str


class Part(NamedTuple):
    """A piece of a text, and the id of the term that it leads to, if any."""

    text: str
    id: str | None


def site_pages(book: Book, mentions: FindMentions, today: date, address: str = "") -> Iterator[Page]:
    """Every file of the site. `mentions` finds names among words; `address` is where it will stand, "" unknown."""
    frame = _Frame(len(book), day(today), address)
    yield from _home(book, frame)
    back = _leading_here(book)
    for term in book.terms.values():
        yield frame.page(
            term_path(term.id), "term", f"{term.term}: what it means", term.short, **_entry(book, term, mentions, back)
        )
    for slug, name in book.categories.items():
        terms = _by_name(book.of_category(slug))
        yield frame.page(f"c/{slug}.html", "category", name, f"{len(terms)} terms: {name}", heading=name, terms=terms)
    yield frame.page("a-z.html", "a-z", "All terms", "Every term by its first letter", groups=_by_letter(book))
    yield from (Page(name, (PAGES / name).read_text("utf-8")) for name in ("style.css", "search.js"))
    if address:
        paths = ["index.html", *(term_path(one) for one in book.terms)]
        yield Page("sitemap.txt", "".join(f"{address}/{path}\n" for path in paths))


def linked(text: str, mentions: FindMentions, known: set[str]) -> list[Part]:
    """A text in pieces: the first mention of each term that is not yet among `known` leads to it; they are added."""
    words: list[str] = []
    spans: list[tuple[int, int]] = []
    for start, end in _tokens(text):
        for word in normalise(text[start:end]).split():
            words.append(word)
            spans.append((start, end))
    parts, at = [], 0
    for mention in mentions(words):
        start, end = spans[mention.start][0], _bare_end(text, spans[mention.end - 1][1])
        if mention.weak or mention.id in known or start < at:
            continue
        known.add(mention.id)
        start = _bare_start(text, start)
        parts += [Part(text[at:start], None), Part(text[start:end], mention.id)]
        at = end
    return [part for part in (*parts, Part(text[at:], None)) if part.text]


class _Frame(NamedTuple):
    """What all pages share."""

    terms: int
    today: str
    address: str

    def page(self, path: str, template: str, title: str, description: str, **fields: Any) -> Page:
        shared = {
            "site": SITE,
            "count": f"{self.terms:,}",
            "today": self.today,
            "path": path,
            "up": "../" * path.count("/"),
            "canonical": f"{self.address}/{path}" if self.address else "",
            "title": title if title == SITE else f"{title} · {SITE}",
            "description": description,
        }
        return Page(path, str(_templates().get_template(f"{template}.html").render_unicode(**shared, **fields)))


@cache
def _templates() -> TemplateLookup:
    return TemplateLookup([str(PAGES)], default_filters=["h"], strict_undefined=True, input_encoding="utf-8")


def _home(book: Book, frame: _Frame) -> Iterator[Page]:
    rows = [[one.id, one.term, one.short, one.aliases[:_SEARCHED_NAMES]] for one in book.terms.values()]
    yield frame.page(
        "index.html",
        "home",
        SITE,
        "Terms of trading in plain words",
        categories=[(slug, name, len(book.of_category(slug))) for slug, name in book.categories.items()],
        letters=[letter for letter, _ in _by_letter(book)],
        index=orjson.dumps(rows).decode().translate(_TAGS),
    )


def _entry(book: Book, term: Term, mentions: FindMentions, back: Mapping[str, Sequence[Term]]) -> dict[str, Any]:
    known = {term.id}
    worked = term.formula.worked if term.formula is not None else None
    near = {*term.contrast, *term.related}
    return {
        "term": term,
        "category": book.categories[term.category],
        "names": shown_names(term),
        "definition": linked(term.definition, mentions, known),
        "example": linked(term.example, mentions, known),
        "pitfall": linked(term.pitfall, mentions, known),
        "worked_values": ", ".join(f"{name} = {_figure(value)}" for name, value in worked.values.items())
        if worked
        else "",
        "worked_result": _figure(worked.result) if worked else "",
        "contrast": [book[one] for one in term.contrast],
        "related": [book[one] for one in term.related if one not in term.contrast],
        "back": [other for other in back.get(term.id, ()) if other.id not in near],
    }


def _leading_here(book: Book) -> Mapping[str, Sequence[Term]]:
    found: dict[str, list[Term]] = defaultdict(list)
    for term in _by_name(book.terms.values()):
        for one in dict.fromkeys((*term.contrast, *term.related)):
            found[one].append(term)
    return found


def _by_name(terms: Any) -> list[Term]:
    return sorted(terms, key=lambda term: (normalise(term.term), term.id))


def _by_letter(book: Book) -> list[tuple[str, list[Term]]]:
    groups: dict[str, list[Term]] = defaultdict(list)
    for term in _by_name(book.terms.values()):
        first = normalise(term.term)[:1]
        groups[first.upper() if first.isalpha() else DIGITS].append(term)
    return sorted(groups.items(), key=lambda group: (group[0] == DIGITS, group[0]))


def _figure(value: float) -> str:
    return f"{value:,.10g}"


def _tokens(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for piece in text.split(" "):
        if piece:
            yield at, at + len(piece)
        at += len(piece) + 1


def _bare_start(text: str, start: int) -> int:
    while text[start] in "(“\"'":
        start += 1
    return start


def _bare_end(text: str, end: int) -> int:
    while text[end - 1] in ".,;:!?)”\"'":
        end -= 1
    return end
