"""The pages of the glossary: every link leads somewhere, nothing is asked of another host, and texts stay texts."""

from __future__ import annotations

import json
import posixpath
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from bot.glossary.book import Book, read_book
from bot.glossary.mentions import Mentions
from bot.glossary.names import TermNames
from bot.render.entry import term_path
from bot.render.site import Part, linked, site_pages
from tests.glossary.small_book import raw_book, small_book

TODAY = date(2026, 12, 1)
POLICY = "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'"


class Read(HTMLParser):
    """Tags with their attributes, ids, and the text of a page."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(content)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in {"meta", "link", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [fields for tag, fields in self.tags if tag == name]


def site(book: Book, address: str = "") -> dict[str, str]:
    pages = list(site_pages(book, Mentions(TermNames(book)).find, TODAY, address))
    assert len({page.path for page in pages}) == len(pages)
    return {page.path: page.content for page in pages}


@pytest.fixture(scope="module")
def real(book: Book) -> dict[str, str]:
    return site(book)


def test_every_link_of_every_page_leads_somewhere(real: dict[str, str]) -> None:
    pages = {path: Read(content) for path, content in real.items() if path.endswith(".html")}
    for path, page in pages.items():
        assert page.open == []
        ids = [fields["id"] for _, fields in page.tags if "id" in fields]
        assert len(set(ids)) == len(ids)
        for name in ("a", "link", "script", "form"):
            for fields in page.of(name):
                to = fields.get("href") or fields.get("src") or fields.get("action")
                if to is None or to.startswith(("data:", "https://")):
                    assert name in {"a", "script"} or fields.get("rel") == "icon"
                    continue
                file, _, place = to.partition("#")
                target = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
                assert target in real, (path, to)
                assert not place or any(found.get("id") == place for _, found in pages[target].tags), (path, to)


def test_pages_have_what_a_reader_without_sight_or_script_needs(real: dict[str, str]) -> None:
    for path, content in real.items():
        if not path.endswith(".html"):
            continue
        page = Read(content)
        assert page.of("html") == [{"lang": "en"}]
        assert all(len(page.of(name)) == 1 for name in ("header", "nav", "main", "footer", "h1", "title"))
        [policy] = [fields["content"] for fields in page.of("meta") if fields.get("http-equiv")]
        assert policy == POLICY
        assert "style" not in {name for _, fields in page.tags for name in fields}
        assert {fields["for"] for fields in page.of("label")} == {fields["id"] for fields in page.of("input")}


def test_a_page_holds_the_whole_entry(book: Book, real: dict[str, str]) -> None:
    term = book["r-star"]
    page = Read(real[term_path("r-star")])
    for text in (term.term, term.short, term.definition, term.example, term.pitfall, book.categories[term.category]):
        assert text in page.text
    assert term.formula is not None
    assert all(text in page.text for text in (term.formula.text, *term.formula.where.values()))
    addresses = {fields.get("href") for fields in page.of("a")}
    assert {source.url for source in term.sources} <= addresses
    assert {f"{one}.html" for one in (*term.contrast, *term.related)} <= addresses
    leading = {one.id for one in book.terms.values() if "r-star" in (*one.related, *one.contrast)}
    assert {f"{one}.html" for one in leading} <= addresses


def test_what_an_entry_says_is_text_and_nothing_else() -> None:
    evil = "<script>alert(1)</script> & \"x\" 'y' </title> ${1} <%x%>"
    content = raw_book(
        example=evil,
        pitfall=evil,
        aliases=[evil],
        commands=[evil],
        formula={"text": evil, "where": {evil: evil}, "worked": None},
        sources=[{"title": evil, "url": 'https://example.org/"><script>', "accessed": "2026-01-31"}],
    )
    content["categories"]["macro"] = evil
    pages = site(read_book(content))
    read = Read(pages["t/alpha-thing.html"])
    assert read.of("script") == []
    assert read.text.count(evil) >= 6
    home = Read(pages["index.html"])
    assert [fields.get("src", fields.get("type")) for fields in home.of("script")] == ["application/json", "search.js"]
    found: Any = json.loads(pages["index.html"].partition('id="names">')[2].partition("</script>")[0])
    assert found[0] == ["alpha-thing", "Alpha Thing", read_book(content)["alpha-thing"].short, [evil]]


def test_addresses_are_named_where_they_are_known() -> None:
    book = read_book(raw_book())
    assert "canonical" not in site(book)["t/alpha-thing.html"]
    pages = site(book, "https://example.org/words")
    assert '<link rel="canonical" href="https://example.org/words/t/alpha-thing.html">' in pages["t/alpha-thing.html"]
    assert "https://example.org/words/t/gamma-thing.html\n" in pages["sitemap.txt"]
    assert "sitemap.txt" not in site(book)


def test_the_first_mention_of_a_term_leads_to_it() -> None:
    mentions = Mentions(TermNames(small_book())).find
    text = "When (inflation) rises, a short squeeze or a call may come; inflation, the short squeeze's cause."
    assert linked(text, mentions, {"r-star"}) == [
        Part("When (", None),
        Part("inflation", "inflation"),
        Part(") rises, a ", None),
        Part("short squeeze", "short-squeeze"),
        Part(" or a call may come; inflation, the short squeeze's cause.", None),
    ]
    assert linked("Inflation.", mentions, {"inflation"}) == [Part("Inflation.", None)]
    assert linked("", mentions, set()) == []
    assert "".join(part.text for part in linked(text, mentions, set())) == text


def test_letters_of_all_terms() -> None:
    content = raw_book()
    page = Read(site(read_book(content))["a-z.html"])
    assert [fields["href"] for fields in page.of("a") if str(fields["href"]).startswith("#")] == [
        "#content",
        "#0",
        "#1",
        "#2",
    ]
