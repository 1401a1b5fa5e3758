"""`terms [CATEGORY] [LETTER] [PAGE]`: the glossary to leaf through."""

from typing import Annotated

from bot.commands._shelf import DIGITS, PAGE_TERMS, CategoryKind, LetterKind, PageKind, Shelf, first_letter, shelf
from bot.commands.declaration import command
from bot.commands.entries import opening
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.glossary.book import Book
from bot.glossary.term import Term
from bot.render.numbers import count
from bot.render.reply import Button, Choice, Reply, Row

_LONGEST_ACRONYM = 6


@command(
    "terms",
    "The glossary to leaf through: by category, by letter, page by page",
    examples=["!terms", "!terms options", "!terms options 2", "!terms r"],
    aliases=("browse", "categories"),
)
async def terms(
    desk: Desk,
    caller: Caller,
    *,
    category: Annotated[str | None, CategoryKind()] = None,
    letter: Annotated[str | None, LetterKind()] = None,
    page: Annotated[int | None, PageKind()] = None,
) -> Reply:
    """Answer with the categories and how much each holds, or with a page of terms."""
    if category is None and letter is None and page is None:
        return _overview(desk.book)
    return _page(shelf(desk.book, category, letter), page or 1)


def _overview(book: Book) -> Reply:
    counts = {slug: len(book.of_category(slug)) for slug in book.categories}
    letters = sorted({first_letter(term) for term in book.terms.values()})
    return Reply(
        title=f"The glossary: {count(len(book), 'term')}",
        headline="Ask for a category (!terms options), a letter (!terms r) or everything (!terms all).",
        rows=(
            *(Row(title, f"{count(counts[slug], 'term')} · !terms {slug}") for slug, title in book.categories.items()),
            Row("Letters", " ".join(letter.upper() for letter in letters)),
        ),
        tone="term",
        data={
            "category": None,
            "letter": None,
            "page": 1,
            "pages": 1,
            "terms": [],
            "categories": [
                {"slug": slug, "title": title, "terms": counts[slug]} for slug, title in book.categories.items()
            ],
        },
        choices=tuple(
            Choice(title, f"!terms {slug}", count(counts[slug], "term")) for slug, title in book.categories.items()
        ),
        choices_title="Open a category",
    )


def _page(found: Shelf, number: int) -> Reply:
    """One page. Raises UserError where there is no such page, or nothing to show on it."""
    if not found.terms:
        raise UserError(f"{found.title}: there are none.", "bad_input", (f"!terms {found.category or 'all'}",))
    shown = found.page(number)
    if not shown:
        last = found.ask(found.pages)
        raise UserError(f"{found.title}: {count(found.pages, 'page')}, no page {number}.", "bad_input", (last,))
    first = (number - 1) * PAGE_TERMS + 1
    paged = found.pages > 1
    span = f", {first} to {first + len(shown) - 1} here" if paged else ""
    return Reply(
        title=f"{found.title}, page {number} of {found.pages}" if paged else found.title,
        headline=f"{count(len(found.terms), 'term')}{span}.",
        rows=tuple(Row("", _name(term)) for term in shown),
        footer=_hint(found, number),
        tone="term",
        data={
            "category": found.category,
            "letter": found.letter,
            "page": number,
            "pages": found.pages,
            "terms": [term.id for term in shown],
        },
        buttons=_turns(found, number),
        choices=tuple(opening(term) for term in shown),
        choices_title="Open a term",
    )


def _name(term: Term) -> str:
    """The name, with the short form by which people know it."""
    acronyms = (a for a in term.aliases if a.isupper() and a.isalpha() and a.isascii() and len(a) <= _LONGEST_ACRONYM)
    short = next(acronyms, None)
    return f"{term.term} ({short})" if short and short not in term.term else term.term


def _hint(found: Shelf, number: int) -> str:
    """How to get on from here."""
    if found.pages == 1:
        return "!define and a name opens a term; !terms lists the categories."
    if found.letter is not None:
        return f"!define and a name opens a term; {found.ask(found.pages)} is the last page."
    ahead = found.page(number + 1) or found.terms
    letter = next(name for name in map(first_letter, reversed(ahead)) if name != DIGITS)
    return f"!define and a name opens a term; {found.ask(1)} {letter} shows those that begin with {letter.upper()}."


def _turns(found: Shelf, number: int) -> tuple[Button, ...]:
    """The buttons to the pages beside this one; whoever presses turns the page for themselves alone."""
    turns = (("Previous page", number - 1), ("Next page", number + 1))
    return tuple(Button(label, found.ask(to), private=True) for label, to in turns if 1 <= to <= found.pages)
