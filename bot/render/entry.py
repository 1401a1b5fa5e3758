"""The parts of a glossary entry as replies and JSON show them."""

from typing import Any

from bot.glossary.book import Book
from bot.glossary.search import SearchResult
from bot.glossary.term import Term
from bot.render.reply import Button, Choice, Reply, Row

MAX_CHOICES = 8
MENU_HINT = 100


def entry_rows(term: Term) -> list[Row]:
    """The evidence of an entry, one fact per row."""
    rows = [Row("", term.definition)]
    if term.formula is not None:
        symbols = "; ".join(f"{symbol} = {meaning}" for symbol, meaning in term.formula.where.items())
        rows += [Row("Formula", term.formula.text), Row("Where", symbols)]
    rows += [Row("Example", term.example), Row("Watch out", term.pitfall)]
    if term.aliases:
        rows.append(Row("Also called", ", ".join(term.aliases[:8])))
    rows.append(Row("Sources", "", tuple((source.title, source.url) for source in term.sources)))
    if term.as_of:
        rows.append(Row("Facts as of", term.as_of))
    return rows


def related_choices(book: Book, term: Term) -> tuple[Choice, ...]:
    """The select menu: contrasting terms first, then related ones."""
    slugs = dict.fromkeys((*term.contrast, *term.related))
    found = [(slug, book.terms[slug]) for slug in slugs if slug in book.terms]
    return tuple(opening(other, "often confused with it" if slug in term.contrast else "") for slug, other in found)[
        :MAX_CHOICES
    ]


def opening(term: Term, hint: str = "") -> Choice:
    """The line of a menu that opens a term, with the beginning of its sentence unless there is a hint."""
    return Choice(term.term, f"!define {term.term}", hint or cut(term.short, MENU_HINT))


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


def entry_reply(book: Book, term: Term, verdict: SearchResult) -> Reply:
    """The reply that shows one entry."""
    return Reply(
        title=term.term,
        headline=term.short,
        rows=tuple(entry_rows(term)),
        tone="term",
        data={"match": verdict.match, "score": verdict.score, **entry_json(term)},
        terms=(term.id,),
        understood=term.term if verdict.assumed else None,
        buttons=tuple(Button(question.removeprefix("!"), question) for question in term.commands),
        choices=related_choices(book, term),
        choices_title="Related terms",
    )
