"""Leafing through the glossary: every term can be reached, every page fits, and a term by chance is one of them."""

from __future__ import annotations

import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.glossary import picked
from bot.commands.reading import read_question, read_slash
from bot.desk import Caller, Desk
from bot.glossary.book import Book
from bot.glossary.listing import ALL, PAGE_TERMS, category_of, first_letter, listing
from bot.render.reply import Reply


async def ask(desk: Desk, registry: Registry, question: str) -> Reply:
    return await answer(desk, registry, Caller(), read_question(desk, registry, question))


async def told(desk: Desk, registry: Registry, question: str) -> Any:
    reply = await ask(desk, registry, question)
    assert reply.ok, reply.headline
    return reply.data


async def test_overview_counts_every_term(desk: Desk, registry: Registry) -> None:
    reply = await ask(desk, registry, "!terms")
    assert reply.data is not None
    held = Counter(term.category for term in desk.book.terms.values())
    assert {one["slug"]: one["terms"] for one in reply.data["categories"]} == held
    assert [reply.data[key] for key in ("category", "page", "pages", "terms")] == [None, 1, 1, []]
    assert [choice.ask for choice in reply.choices] == [f"!terms {slug}" for slug in desk.book.categories]
    for choice in reply.choices:
        assert (await told(desk, registry, choice.ask))["category"] == choice.ask.removeprefix("!terms ")


async def test_the_pages_of_each_category_hold_it_once(desk: Desk, registry: Registry) -> None:
    for slug in desk.book.categories:
        names: list[str] = []
        question, pages = f"!terms {slug}", 0
        while question:
            reply = await ask(desk, registry, question)
            assert reply.data is not None
            pages += 1
            assert reply.data["page"] == pages
            assert 1 <= len(reply.data["terms"]) <= PAGE_TERMS
            names += reply.data["terms"]
            turns = {button.label: button for button in reply.buttons}
            assert ("Previous page" in turns) == (pages > 1)
            assert all(button.private for button in reply.buttons)
            question = turns["Next page"].ask if "Next page" in turns else ""
        assert pages == reply.data["pages"]
        assert sorted(names) == sorted(term.id for term in desk.book.of_category(slug))
        shown = [desk.book.terms[name].term.casefold() for name in names if name[0].isalpha()]
        assert shown[0][0] <= shown[-1][0]


async def test_letters_split_the_glossary(desk: Desk, registry: Registry) -> None:
    letters = {first_letter(term) for term in desk.book.terms.values()}
    assert "#" in letters
    seen: list[str] = []
    for letter in sorted(letters):
        first = await told(desk, registry, f"!terms {letter}")
        assert (first["letter"], first["category"]) == (letter, None)
        for page in range(1, first["pages"] + 1):
            seen += (await told(desk, registry, f"!terms {letter} {page}"))["terms"]
    assert sorted(seen) == sorted(desk.book.terms)


@pytest.mark.parametrize(
    ("question", "options"),
    [
        ("!terms", {}),
        ("!terms options", {"category": "options"}),
        ("!terms options 2", {"category": "options", "page": 2}),
        ("!terms options page 2", {"category": "options", "page": 2}),
        ("!terms r", {"letter": "r"}),
        ("!terms R 2", {"letter": "r", "page": 2}),
        ("!terms chart patterns b", {"category": "chart-patterns", "letter": "b"}),
        ("!terms #", {"letter": "#"}),
        ("!terms 0-9", {"letter": "#"}),
        ("!terms all 3", {"category": "all", "page": 3}),
        ("!terms 3", {"page": 3}),
        ("!terms starting with c", {"letter": "c"}),
        ("!terms about the options", {"category": "options"}),
        ("!browse rates and bonds", {"category": "rates-bonds"}),
    ],
)
async def test_what_can_be_typed(desk: Desk, registry: Registry, question: str, options: dict[str, Any]) -> None:
    reply = await ask(desk, registry, question)
    assert reply.ok
    assert (reply.command, reply.options) == ("terms", options)


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Options", "options"),
        ("option", "options"),
        ("optoins", "options"),
        ("Chart Patterns", "chart-patterns"),
        ("chart paterns", "chart-patterns"),
        ("patterns", "chart-patterns"),
        ("central banks", "macro"),
        ("currency", "fx"),
        ("curency", "fx"),
        ("forex", "fx"),
        ("psych", "psychology"),
        ("psychlogy", "psychology"),
        ("risk", "risk-portfolio"),
        ("technical", "technical-indicators"),
        ("everything", ALL),
        ("all terms", ALL),
        ("a-z", ALL),
        ("", None),
        ("of trade", None),
        ("penguin", None),
        ("and", None),
    ],
)
def test_categories_by_other_names(book: Book, text: str, slug: str | None) -> None:
    assert category_of(text, book) == slug


@pytest.mark.parametrize(
    ("question", "says", "suggests"),
    [
        ("!terms contango", "term, not a category; it stands under Futures", ("!define Contango", "!terms futures")),
        ("!terms penguin", "no category", ("!terms",)),
        ("!terms options 9", "6 pages, no page 9", ("!terms options 6",)),
        ("!terms x", "none", ("!terms all",)),
        ("!terms options 0", "counted from 1", ("!terms",)),
        ("!terms options -1", "counted from 1", ("!terms",)),
        ("!terms options 123456789012", "counted from 1", ("!terms",)),
    ],
)
async def test_what_cannot_be_shown(
    desk: Desk, registry: Registry, question: str, says: str, suggests: tuple[str, ...]
) -> None:
    reply = await ask(desk, registry, question)
    assert reply.error is not None
    assert reply.error.code == "bad_input"
    assert says in reply.headline
    assert reply.error.suggestions == suggests
    for better in suggests:
        assert (await ask(desk, registry, better)).ok


async def test_named_options(desk: Desk, registry: Registry) -> None:
    entry = registry.get("terms")
    assert entry is not None
    call = read_slash(desk, registry, entry, {"category": "Rates and bonds", "letter": "Y", "page": "1"})
    assert call.options == {"category": "rates-bonds", "letter": "y", "page": 1}
    reply = await answer(desk, registry, Caller(), call)
    assert reply.data is not None
    assert "yield-curve" in reply.data["terms"]
    for texts in ({"letter": "ab"}, {"page": "two"}, {"page": "²"}, {"category": "penguin"}):
        assert read_slash(desk, registry, entry, texts).error is not None


async def test_a_plain_sentence_is_not_a_category(desk: Desk, registry: Registry) -> None:
    assert read_question(desk, registry, "terms options").command == "terms"
    trade = read_question(desk, registry, "terms of trade")
    assert trade.command == "define" or trade.error is not None


async def test_every_term_opens_by_its_own_name(desk: Desk, registry: Registry) -> None:
    for term in desk.book.terms.values():
        call = read_question(desk, registry, f"!define {desk.book.asked_by(term.id)}")
        assert (call.command, call.options) == ("define", {"term": term.id})
        assert len(f"!define {desk.book.asked_by(term.id)}") <= 100


def test_a_shelf_of_nothing_has_one_page(book: Book) -> None:
    empty = listing(book, None, "x")
    assert (empty.pages, empty.page(1)) == (1, ())
    assert listing(book, "options", None).pages == math.ceil(len(book.of_category("options")) / PAGE_TERMS)


async def test_glossary_says_how_to_ask(desk: Desk, registry: Registry) -> None:
    reply = await ask(desk, registry, "!glossary")
    assert reply.data == {"terms": len(desk.book), "categories": len(desk.book.categories), "category": None}
    assert "1,730 terms in 19 categories" in reply.headline
    narrowed = await told(desk, registry, "!glossary options")
    assert narrowed["terms"] == len(desk.book.of_category("options"))
    for button in reply.buttons:
        assert (await ask(desk, registry, button.ask)).ok


def test_chance_is_the_moment_alone(book: Book) -> None:
    moment = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
    terms = tuple(book.terms.values())
    assert picked(terms, moment) is picked(terms, moment)
    drawn = {picked(terms, moment + timedelta(microseconds=i)).id for i in range(8000)}
    # 8,000 fair draws out of 1,730 miss about 17 of them.
    assert len(drawn) > 1680


async def test_a_term_by_chance_reads_like_its_definition(desk: Desk, registry: Registry) -> None:
    reply = await ask(desk, registry, "!glossary random")
    assert reply.data is not None
    defined = await ask(desk, registry, f"!define {desk.book.terms[reply.data['id']].term}")
    assert (reply.title, reply.headline, reply.rows, reply.more) == (
        *(defined.title, defined.headline, defined.rows, defined.more),
    )
    assert reply.choices == defined.choices
    assert reply.data == defined.data
    assert (reply.command, reply.options) == ("glossary", {"pick": "random"})
    assert reply.buttons[0].ask == "!glossary random"
    assert reply.buttons[1:] == defined.buttons


async def test_a_term_by_chance_of_one_category(desk: Desk, registry: Registry) -> None:
    reply = await ask(desk, registry, "!glossary random slang")
    assert reply.data is not None
    assert reply.data["category"] == "slang"
    assert reply.options == {"pick": "random", "category": "slang"}
    assert reply.buttons[0].ask == "!glossary random slang"
    entry = registry.get("glossary")
    assert entry is not None
    assert read_slash(desk, registry, entry, {"pick": "Random"}).options == {"pick": "random"}
    assert read_slash(desk, registry, entry, {"pick": "any"}).error is not None
