from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BookError
from bot.glossary.book import parse_book, read_book
from tests.glossary.small_book import raw_book, raw_entry, read_raw


def faults(raw: object) -> tuple[str, ...]:
    with pytest.raises(BookError) as caught:
        read_book(raw)
    return caught.value.faults


def fault_of(**first: Any) -> str:
    found = faults(raw_book(**first))
    assert len(found) == 1, found
    return found[0]


def test_book_without_fault_is_read() -> None:
    book = read_raw()
    assert len(book) == 3
    assert "alpha-thing" in book
    assert book["alpha-thing"].formula is not None
    assert [one.id for one in book.of_category("macro")] == ["alpha-thing", "beta-thing", "gamma-thing"]
    assert book.of_category("none") == ()


def test_book_is_parsed_from_the_content_of_a_file() -> None:
    assert parse_book(orjson.dumps(raw_book())) == read_raw()


def test_broken_json_is_a_fault() -> None:
    with pytest.raises(BookError, match="not JSON"):
        parse_book(b"{", "own.json")


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        ([], "the file must hold an object"),
        ({"terms": [], "ambiguous": {}}, "categories is missing"),
        (raw_book() | {"extra": 1}, "extra is not a field"),
        (raw_book() | {"terms": {}}, "terms: must be a list"),
        (raw_book() | {"categories": []}, "categories must map"),
        (raw_book() | {"categories": {"macro": "M", "Not Slug": "N"}}, "'Not Slug' is not a slug"),
        (raw_book() | {"ambiguous": []}, "ambiguous must map"),
        (raw_book() | {"ambiguous": {"x": "alpha-thing"}}, "'x' must name a list of ids"),
        (raw_book() | {"ambiguous": {"x": ["alpha-thing"]}}, "'x' must name 2 to 5 terms"),
        (raw_book() | {"ambiguous": {"x": ["alpha-thing", "none"]}}, "'none', which does not exist"),
        (raw_book() | {"terms": [1]}, "terms[0]: must be an object"),
        (raw_book() | {"terms": [{"id": 3}]}, "terms[0]: id must be text"),
    ],
)
def test_shape_of_the_file(raw: object, fault: str) -> None:
    assert any(fault in one for one in faults(raw)), faults(raw)


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"term": 5}, "term must be text"),
        ({"aliases": "x"}, "aliases must be a list of texts"),
        ({"hints": [1]}, "hints must be a list of texts"),
        ({"level": "expert"}, "level must be one of"),
        ({"as_of": 5}, "as_of must be a date or null"),
        ({"as_of": "yesterday"}, "is not a date"),
        ({"colour": "red"}, "colour is not a field"),
        ({"formula": "a"}, "formula must be an object or null"),
        ({"formula": {"text": 1, "where": {"a": "b"}}}, "formula.text must be text"),
        ({"formula": {"text": "a", "where": []}}, "formula.where must map"),
        ({"formula": {"where": {"a": "b"}}}, "formula.text is missing"),
        ({"formula": {"text": "", "where": {"a": "b"}}}, "formula.text is empty"),
        ({"formula": {"text": "a", "where": {}}}, "formula.where must name every symbol"),
        ({"formula": {"text": "a", "where": {"a": "b"}, "worked": 1}}, "formula.worked must be an object"),
        ({"sources": "x"}, "sources must be a list"),
        ({"sources": [1]}, "sources[0] must hold texts"),
        ({"sources": []}, "sources must name at least one page"),
        ({"sources": [{"title": "", "url": "https://a.org", "accessed": "2026-01-31"}]}, "has no title"),
        ({"sources": [{"title": "A", "url": "http://a.org", "accessed": "2026-01-31"}]}, "must start with https://"),
        ({"sources": [{"title": "A", "url": "https://a.org", "accessed": "soon"}]}, "accessed is not a date"),
        ({"id": "other"}, "the id must be"),
        ({"category": "none"}, "'none' is not a category"),
        ({"related": ["beta-thing"]}, "related must name 2 to 6 terms"),
        ({"related": ["beta-thing", "gamma-thing", "none"]}, "'none', which does not exist"),
        ({"related": ["beta-thing", "gamma-thing", "alpha-thing"]}, "related names the term itself"),
        ({"contrast": ["beta-thing"]}, "does not name it back"),
        ({"aliases": ["beta thing"]}, "give it to one or list it as ambiguous"),
        ({"aliases": ["--"]}, "has no letter, digit or symbol"),
        ({"short": "Too short."}, "short has 10 characters"),
        ({"short": "It has one sentence. And it has another one after it."}, "short must be one sentence"),
        ({"short": "It has no full stop at its end but runs on and on"}, "short must be one sentence"),
        ({"short": "Alpha Thing is a thing that opens with its own name."}, "short must not open with the term"),
        ({"definition": "Short. Twice."}, "definition has 13 characters"),
        ({"definition": "One sentence " + "on and " * 30 + "on."}, "definition has 1 sentences"),
        ({"hints": ["two words"]}, "must have 3 to 18 words"),
        ({"example": " "}, "example is empty"),
        ({"example": "x" * 1025}, "example is longer than 1024"),
        ({"pitfall": "See https://a.org for it."}, "a text holds mark-up"),
        ({"pitfall": "Is **bold**."}, "a text holds mark-up"),
    ],
)
def test_each_fault_is_named(fields: dict[str, Any], fault: str) -> None:
    found = faults(raw_book(**fields))
    assert any(fault in one for one in found), found


def test_missing_fields_are_all_named() -> None:
    raw = raw_book()
    for field in ("short", "level", "sources", "as_of"):
        del raw["terms"][0][field]
    found = faults(raw)
    assert [one for one in found if "is missing" in one] == [
        f"alpha-thing: {field} is missing" for field in ("as_of", "level", "short", "sources")
    ]


@pytest.mark.parametrize(
    ("worked", "fault"),
    [
        ({"expression": 1, "values": {}, "result": 1}, "expression must be text"),
        ({"expression": "1", "values": {"a": "b"}, "result": 1}, "values must map names to numbers"),
        ({"expression": "1", "values": {}, "result": True}, "result must be a number"),
        ({"expression": "1", "values": {}}, "formula.worked.result is missing"),
        ({"expression": "1 + 1", "values": {}, "result": 3}, "1 + 1 is 2, not 3"),
        ({"expression": "1 / 0", "values": {}, "result": 3}, "cannot be computed"),
    ],
)
def test_worked_example_must_come_out(worked: dict[str, Any], fault: str) -> None:
    assert fault in fault_of(formula={"text": "a", "where": {"a": "b"}, "worked": worked})


def test_abbreviations_end_no_sentence() -> None:
    read_raw(short="A rule of the U.S. market, e.g. for funds, vs. others, at 4 p.m. daily.")


def test_definition_must_not_repeat_short() -> None:
    raw = raw_book()
    short = raw["terms"][0]["short"]
    assert "definition repeats short" in fault_of(definition=f"{short} " + "More of it. " * 3 + "More of it " * 8 + ".")


def test_sentences_are_short_and_signs_are_no_words() -> None:
    words = " ".join(f"w{number}" for number in range(28))
    assert len(read_raw(example=f"{words} = % ÷.")) == 3
    assert "example has a sentence of over 28 words" in fault_of(example=f"Short. {words} more.")


@pytest.mark.parametrize("url", ["https://example.org", "https://example.org/"])
def test_a_home_page_is_no_source(url: str) -> None:
    assert "is a home page" in fault_of(sources=[{"title": "A page", "url": url, "accessed": "2026-01-31"}])


def test_what_a_pitfall_denies() -> None:
    assert "its pitfall says that it is not 'alpha bit', which is one of its names" in fault_of(
        aliases=["Alpha bit"], pitfall="It is not an alpha bit: that is smaller."
    )
    assert "its pitfall says that it is not 'beta thing', and contrast lacks 'beta-thing'" in fault_of(
        pitfall="All fine. Not the same as a fund, a Beta Thing or a loan (both differ)."
    )
    assert len(read_raw(aliases=["Alpha bit"], weak_aliases=["Alpha bit"], pitfall="Not an alpha bit.")) == 3
    assert len(read_raw(pitfall="A beta thing is not this, and nothing else is.")) == 3


def test_long_names_and_entries_are_faults() -> None:
    name = "x" * 300
    found = faults(
        raw_book(id=name, term=name, sources=[{"title": "t" * 7000, "url": "https://a.org", "accessed": "2026-01-31"}])
    )
    assert any("term is longer than 256" in one for one in found)
    assert any("the whole entry is longer than 6000" in one for one in found)


def test_same_id_twice_and_unlinked_entries_are_faults() -> None:
    raw = raw_book()
    raw["terms"] += [
        raw_entry("Beta Thing", "alpha-thing", "gamma-thing"),
        raw_entry("Delta", "alpha-thing", "beta-thing"),
    ]
    found = faults(raw)
    assert "beta-thing: the id stands twice" in found
    assert "delta: no other entry links here" in found


def test_shared_name_is_no_fault_when_it_is_listed() -> None:
    raw = raw_book(aliases=["shared"]) | {"ambiguous": {"Shared": ["alpha-thing", "beta-thing"]}}
    raw["terms"][1]["aliases"] = ["SHARED"]
    assert len(read_book(raw)) == 3


def test_several_faults_come_at_once() -> None:
    assert len(faults(raw_book(short="x", definition="y", category="none", sources=[]))) >= 6


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "terms", "term", "categories", "ambiguous", "formula", "sources", "worked", "where", "x"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_no_json_raises_anything_but_a_book_error(raw: object) -> None:
    try:
        read_book(raw)
    except BookError as error:
        assert error.faults  # noqa: PT017 - a book that is read is as good
    try:
        read_raw(formula=raw, sources=raw)
    except BookError as error:
        assert error.faults  # noqa: PT017
