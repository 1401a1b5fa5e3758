"""`terms [CATEGORY] [LETTER] [PAGE]`: the glossary to leaf through."""

import re
from typing import Annotated, Any, ClassVar

from bot.commands.converter import OptionRefused, ParseContext, without
from bot.commands.converters import EDGES, CategoryConverter, WholeConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.glossary.book import Book
from bot.glossary.listing import DIGITS, MOST_PAGES, PAGE_TERMS, Listing, first_letter, letter_of, listing
from bot.glossary.term import Term
from bot.language.tokens import Words
from bot.render.entry import opening
from bot.render.numbers import count
from bot.render.reply import Button, Choice, Reply, Row

_LONGEST_ACRONYM = 6


class PageConverter(WholeConverter):
    """The number of a page: `2`, `page 2`."""

    order = 1
    metavar = "PAGE"
    noun = "the number of a page"
    help = "The page, counted from 1"
    _number: ClassVar[re.Pattern[str]] = re.compile(r"[-+−]?\d{1,12}")

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """The last word when it is a number, and the word "page" before it."""
        last = words.words[-1:]
        if not last or not self._number.fullmatch(last[0].low.strip(EDGES)):
            return None, words
        before = [word for word in words.words[-2:-1] if word.low in {"page", "p.", "pg"}]
        left = without(words, [*before, *last])
        try:
            return self.convert(last[0].low.strip(EDGES), context), left
        except UserError as error:
            raise OptionRefused(error, last[0].low, left) from None

    def convert(self, text: str, context: ParseContext) -> int:
        """A whole number from 1 on. Raises UserError."""
        number = int(text) if self._number.fullmatch(text) and text.isascii() else 0
        if not 1 <= number <= MOST_PAGES:
            raise UserError(f"Pages are counted from 1; {quoted(text, 20)} is not one.", "bad_input", ("!terms",))
        return number


class LetterConverter(WholeConverter):
    """The first letter of names: `r`; `#` for the names that begin with a digit."""

    order = 2
    metavar = "LETTER"
    noun = "a letter"
    help = "The first letter of the terms; # for those that begin with a digit"

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """The last word when it is a single letter, `#` or `0-9`."""
        last = words.words[-1:]
        letter = letter_of(last[0].low) if last else None
        return (None, words) if letter is None else (letter, without(words, last))

    def convert(self, text: str, context: ParseContext) -> str:
        """The letter in lower case. Raises UserError."""
        letter = letter_of(text)
        if letter is None:
            message = f"One letter from a to z, or # for digits; not {quoted(text, 20)}."
            raise UserError(message, "bad_input", ("!terms a",))
        return letter


@command(
    "terms",
    "The glossary to leaf through: by category, by letter, page by page",
    examples=["!terms", "!terms options", "!terms options 2", "!terms r"],
    aliases=("browse", "categories"),
    order=30,
    group="words",
)
async def terms(
    desk: Desk,
    caller: Caller,
    *,
    category: Annotated[str | None, CategoryConverter()] = None,
    letter: Annotated[str | None, LetterConverter()] = None,
    page: Annotated[int | None, PageConverter()] = None,
) -> Reply:
    """Answer with the categories and how much each holds, or with a page of terms."""
    if category is None and letter is None and page is None:
        return _overview(desk.book)
    return _page(desk.book, listing(desk.book, category, letter), page or 1)


def _overview(book: Book) -> Reply:
    counts = {slug: len(book.of_category(slug)) for slug in book.categories}
    letters = sorted({first_letter(term) for term in book.terms.values()})
    return Reply(
        title=f"The glossary: {count(len(book), 'term')}",
        headline="Ask for a category (!terms options), a letter (!terms r) or everything (!terms all).",
        rows=(
            Row("Categories", " · ".join(f"{title} {counts[slug]}" for slug, title in book.categories.items())),
            Row("Letters", " ".join(letter.upper() for letter in letters)),
        ),
        more=tuple(
            Row(title, f"{count(counts[slug], 'term')} · !terms {slug}") for slug, title in book.categories.items()
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


def _page(book: Book, found: Listing, number: int) -> Reply:
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
        rows=(Row("", " · ".join(map(_name, shown))),),
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
        choices=tuple(opening(book, term) for term in shown),
        choices_title="Open a term",
    )


def _name(term: Term) -> str:
    """The name, with the short form by which people know it."""
    acronyms = (a for a in term.aliases if a.isupper() and a.isalpha() and a.isascii() and len(a) <= _LONGEST_ACRONYM)
    short = next(acronyms, None)
    return f"{term.term} ({short})" if short and short not in term.term else term.term


def _hint(found: Listing, number: int) -> str:
    """How to get on from here."""
    if found.pages == 1:
        return "!define and a name opens a term; !terms lists the categories."
    if found.letter is not None:
        return f"!define and a name opens a term; {found.ask(found.pages)} is the last page."
    ahead = found.page(number + 1) or found.terms
    letter = next(name for name in map(first_letter, reversed(ahead)) if name != DIGITS)
    return f"!define and a name opens a term; {found.ask(1)} {letter} shows those that begin with {letter.upper()}."


def _turns(found: Listing, number: int) -> tuple[Button, ...]:
    """The buttons to the pages beside this one; whoever presses turns the page for themselves alone."""
    turns = (("Previous page", number - 1), ("Next page", number + 1))
    return tuple(Button(label, found.ask(to), private=True) for label, to in turns if 1 <= to <= found.pages)
