"""The cached form of a glossary answers like the file it came from, and is worth nothing for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import BookError
from bot.glossary.book import Book, parse_book
from bot.glossary.search import Search
from bot.store.glossary_cache import CACHE_FILE, INDEX_FILE, forget, from_cache, index_from_cache, open_book, to_cache

ROOT = Path(__file__).parent.parent.parent
QUERIES = ["r-star", "R*", "EV", "contengo", "rate of change", "call", "support vs resistance", "penguin", "Contango"]


@pytest.fixture(scope="module")
def content() -> bytes:
    return (ROOT / "glossary.json").read_bytes()


@pytest.fixture(scope="module")
def book(content: bytes) -> Book:
    return parse_book(content)


def test_it_answers_like_the_book_it_was_made_of(content: bytes, book: Book) -> None:
    cached = from_cache(to_cache(content, book, "d"), "d")
    assert cached is not None
    assert list(cached.book.terms) == list(book.terms)
    assert len(cached.book) == len(book)
    assert "r-star" in cached.book.terms
    assert "penguin" not in cached.book.terms
    assert cached.book["r-star"] == book["r-star"]
    assert cached.book["r-star"] is cached.book["r-star"]
    assert cached.book.ambiguous == book.ambiguous
    first, second = Search(book), Search(cached.book, cached.names)
    assert [first.find(query) for query in QUERIES] == [second.find(query) for query in QUERIES]


@pytest.mark.parametrize("damaged", [b"", b"[]", b"{}", b"{", b'{"form": 1, "digest": "d"}'])
def test_what_is_damaged_is_not_used(damaged: bytes) -> None:
    assert from_cache(damaged, "d") is None


def test_another_file_or_form_is_not_used(content: bytes, book: Book) -> None:
    cached = to_cache(content, book, "d")
    assert from_cache(cached, "e") is None
    assert from_cache(cached.replace(b'"form":2', b'"form":0'), "d") is None


def test_the_file_is_read_once_and_notices_a_change(tmp_path: Path) -> None:
    file = tmp_path / "glossary.json"
    file.write_bytes((ROOT / "glossary.json").read_bytes())
    assert open_book(file, tmp_path).fresh
    assert not open_book(file, tmp_path).fresh
    file.write_bytes(file.read_bytes() + b"\n")
    assert open_book(file, tmp_path).fresh
    forget(tmp_path)
    assert open_book(file, tmp_path).fresh


def test_any_changed_byte_of_the_cached_form_reads_the_file_again(tmp_path: Path) -> None:
    file, cached = tmp_path / "glossary.json", tmp_path / CACHE_FILE
    file.write_bytes((ROOT / "glossary.json").read_bytes())
    open_book(file, tmp_path)
    whole = cached.read_bytes()
    for place in range(0, len(whole), len(whole) // 5):
        cached.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert open_book(file, tmp_path).fresh
        assert not open_book(file, tmp_path).fresh


def test_faults_are_told_and_nothing_is_cached(tmp_path: Path) -> None:
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


def test_the_index_of_descriptions_is_kept_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "glossary.json"
    file.write_bytes((ROOT / "glossary.json").read_bytes())
    asked = "bitcoin reward cut in half every four years"
    first = open_book(file, tmp_path).search.find(asked)
    assert (tmp_path / INDEX_FILE).exists()
    again = open_book(file, tmp_path)
    assert not again.fresh
    assert again.search.find(asked) == first
    (tmp_path / INDEX_FILE).write_bytes(b"damaged")
    assert open_book(file, tmp_path).search.find(asked) == first
    forget(tmp_path)
    assert not (tmp_path / INDEX_FILE).exists()


@pytest.mark.parametrize("content", [b"", b"PK no archive", b"\x93NUMPY"])
def test_an_index_that_cannot_be_read_is_none(content: bytes) -> None:
    assert index_from_cache(content, ("a",)) is None
