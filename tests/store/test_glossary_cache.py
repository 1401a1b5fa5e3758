"""The kept form of a glossary answers like the file it came from, and is worth nothing for another."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from bot.errors import BookError
from bot.glossary.book import Book, read_book
from bot.glossary.kept import keep, restore
from bot.glossary.search import Search
from bot.store.glossary_cache import forget, open_book

ROOT = Path(__file__).parent.parent.parent
QUERIES = ["r-star", "R*", "EV", "contengo", "rate of change", "call", "support vs resistance", "penguin", "Contango"]


@pytest.fixture(scope="module")
def raw() -> dict[str, object]:
    return dict(orjson.loads((ROOT / "glossary.json").read_bytes()))


@pytest.fixture(scope="module")
def book(raw: dict[str, object]) -> Book:
    return read_book(raw, prose=False)


def test_it_answers_like_the_book_it_was_made_of(raw: dict[str, object], book: Book) -> None:
    kept = restore(keep(raw, book, "d"), "d")
    assert kept is not None
    assert list(kept.book.terms) == list(book.terms)
    assert len(kept.book) == len(book)
    assert "r-star" in kept.book.terms
    assert "penguin" not in kept.book.terms
    assert kept.book["r-star"] == book["r-star"]
    assert kept.book["r-star"] is kept.book["r-star"]
    assert kept.book.ambiguous == book.ambiguous
    first, second = Search(book), Search(kept.book, kept.names)
    assert [first.find(query) for query in QUERIES] == [second.find(query) for query in QUERIES]


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"{", b'{"form": 1, "digest": "d"}'])
def test_what_is_damaged_is_not_used(content: bytes) -> None:
    assert restore(content, "d") is None


def test_another_file_or_form_is_not_used(raw: dict[str, object], book: Book) -> None:
    content = keep(raw, book, "d")
    assert restore(content, "e") is None
    assert restore(content.replace(b'"form":1', b'"form":0'), "d") is None


def test_the_shelf_reads_once_and_notices_a_change(tmp_path: Path) -> None:
    file = tmp_path / "glossary.json"
    file.write_bytes((ROOT / "glossary.json").read_bytes())
    assert open_book(file, tmp_path).fresh
    assert not open_book(file, tmp_path).fresh
    file.write_bytes(file.read_bytes() + b"\n")
    assert open_book(file, tmp_path).fresh
    forget(tmp_path)
    assert open_book(file, tmp_path).fresh


def test_faults_are_told_and_nothing_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "glossary.json"
    for content in (b"{", b'{"terms": []}'):
        file.write_bytes(content)
        with pytest.raises(BookError):
            open_book(file, tmp_path)
    with pytest.raises(BookError):
        open_book(tmp_path / "absent.json", tmp_path)
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_cannot_be_written_to_costs_only_time(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert open_book(ROOT / "glossary.json", blocked).fresh
