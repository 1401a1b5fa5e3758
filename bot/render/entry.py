"""The parts of a glossary entry as replies and JSON show them."""

import re
from functools import lru_cache
from typing import Any

from bot.glossary.book import Book
from bot.glossary.names import shown_names
from bot.glossary.search import SearchResult
from bot.glossary.term import Term
from bot.render.reply import Button, Choice, Reply, Row

MAX_CHOICES = 8
MENU_HINT = 100
WHY_LENGTH = 210
EXAMPLE, PITFALL, NOW = "Example", "Watch out", "Now"
_SENTENCE = re.compile(r"(?<=[a-z0-9)%'][.?!])\s+(?=['\"A-Z0-9$])(?<!\.[a-z]\.\s)")
_USE = re.compile(
    r"\b(?:traders?|investors?|analysts?|managers?|policymakers|lenders|desks?|matters?|because|so|since|therefore|"
    r"shows?|tells?|lets|helps?|warns?|signals?|reads?|watch(?:es)?|uses?|used|compares?|gauges?|risks?|when)\b",
    re.IGNORECASE,
)


def evidence(term: Term) -> list[Row]:
    """Why it matters, then the formula with its worked line, else the usual confusion: what says more of the term."""
    why = Row("", why_it_matters(term.definition))
    if term.formula is None:
        return [why, Row(PITFALL, term.pitfall)]
    return [why, Row("Formula", term.formula.text), Row(EXAMPLE, term.example)]


def background(term: Term) -> list[Row]:
    """All else that the entry holds, one fact per row."""
    rows = [Row("In full", term.definition)] if why_it_matters(term.definition) != term.definition else []
    if term.formula is None:
        rows.append(Row(EXAMPLE, term.example))
    else:
        symbols = "; ".join(f"{symbol} = {meaning}" for symbol, meaning in term.formula.where.items())
        rows += [Row("Where", symbols), Row(PITFALL, term.pitfall)]
    if names := shown_names(term):
        rows.append(Row("Also called", ", ".join(names)))
    rows.append(Row("Sources", "", tuple((source.title, source.url) for source in term.sources)))
    if term.as_of:
        rows.append(Row("Facts as of", term.as_of))
    return rows


@lru_cache(maxsize=1024)
def why_it_matters(definition: str) -> str:
    """The one or two sentences of a definition that say most of what a term is good for.

    That is the sentence with the most words of use ("traders", "because", "shows"), the first of equals, and the one
    after it, else before it, where both are short.
    """
    sentences = _SENTENCE.split(definition)
    best = max(range(len(sentences)), key=lambda place: (len(_USE.findall(sentences[place])), -place))
    for first, last in ((best, best + 1), (best - 1, best)):
        both = " ".join(sentences[first : last + 1]) if first >= 0 and last < len(sentences) else ""
        if 0 < len(both) <= WHY_LENGTH:
            return both
    return sentences[best]


def term_path(one: str) -> str:
    """The path of a term's page among the pages of the glossary."""
    return f"t/{one}.html"


def related_choices(book: Book, term: Term) -> tuple[Choice, ...]:
    """The select menu: contrasting terms first, then related ones."""
    slugs = dict.fromkeys((*term.contrast, *term.related))
    found = [(slug, book.terms[slug]) for slug in slugs if slug in book.terms]
    return tuple(
        opening(book, other, "often confused with it" if slug in term.contrast else "") for slug, other in found
    )[:MAX_CHOICES]


def opening(book: Book, term: Term, hint: str = "") -> Choice:
    """The line of a menu that opens a term, with the beginning of its sentence unless there is a hint."""
    return Choice(term.term, f"!define {book.asked_by(term.id)}", hint or cut(term.short, MENU_HINT))


def cut(text: str, limit: int) -> str:
    """The text, or its whole words that fit into `limit` characters with an ellipsis."""
    return text if len(text) <= limit else f"{text[: limit - 1].rpartition(' ')[0]}…"


def entry_json(term: Term) -> dict[str, Any]:
    """The entry as JSON, in the glossary file's own fields."""
    formula = None
    if term.formula is not None:
        formula = {"text": term.formula.text, "where": dict(term.formula.where)}
    return {
        "id": term.id,
        "term": term.term,
        "aliases": list(term.aliases),
        "category": term.category,
        "level": term.level,
        "short": term.short,
        "definition": term.definition,
        "formula": formula,
        "example": term.example,
        "pitfall": term.pitfall,
        "related": list(term.related),
        "contrast": list(term.contrast),
        "commands": list(term.commands),
        "sources": [{"title": s.title, "url": s.url, "accessed": s.accessed} for s in term.sources],
        "as_of": term.as_of,
    }


def entry_reply(book: Book, term: Term, verdict: SearchResult, address: str = "", now: str = "") -> Reply:
    """The reply that shows one entry.

    `address` is where the glossary's pages stand, `now` the question that answers with the term's own value; "" for
    neither.
    """
    page = [Row("Page", "", ((term.term, f"{address}/{term_path(term.id)}"),))] if address else []
    return Reply(
        title=term.term,
        headline=term.short,
        rows=tuple(evidence(term)),
        more=(*background(term), *page),
        tone="term",
        data={"match": verdict.match, "score": verdict.score, **entry_json(term)},
        terms=(term.id,),
        understood=term.term if verdict.assumed else None,
        buttons=_buttons(book, term, now),
        choices=related_choices(book, term),
        choices_title="Related terms",
        live=now,
    )


def _buttons(book: Book, term: Term, now: str) -> tuple[Button, ...]:
    """What the entry shows in part, what its term is now, and what it is often taken for."""
    part = PITFALL if term.formula is not None else EXAMPLE
    found = [Button(part, f"!define {book.asked_by(term.id)}", private=True, part=part)]
    found += [Button(NOW, now)] if now else []
    others = [slug for slug in term.contrast if slug in book.terms][:1]
    for slug in others:
        ask = f"!contrast {book.asked_by(term.id)} vs {book.asked_by(slug)}"
        found.append(Button(f"Compare with {book.terms[slug].term}", ask, private=True))
    return tuple(found)
