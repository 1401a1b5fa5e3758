"""The small language of the phrase files, and the files themselves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.language
from bot.commands.registry import build_registry
from bot.language.phrases import (
    Phrase,
    PhraseTable,
    any_of,
    phrase_weight,
    read_all,
    read_lines,
    read_sections,
    read_words,
    section,
)

DATA = Path(bot.language.__file__).parent / "data"
FILES = sorted(
    path.relative_to(DATA).as_posix()
    for folder in ("phrases", "declines", "terms")
    for path in (DATA / folder).glob("*.txt")
)


@pytest.mark.parametrize(
    ("phrase", "there", "not_there"),
    [
        ("how much", "so how much is it", "how many how muchly"),
        ("(up|down)", "is it down now", "downward"),
        ("(going up|down) still", "it is going up still", "going still"),
        ("how is [the] SYM", "how is the SYM", "how is a SYM"),
        ("how is [the|my] SYM", "how is SYM", "how SYM"),
        ("alert[s]", "my alerts", "alerted"),
        ("expect[ed|ing] it", "i expected it", "expects it"),
        ("(alert|alarm)[s] on", "two alarms on", "alarmed on"),
        ("outperform*", "it outperformed them", "underperformed"),
        ("a * day", "a good day", "a day"),
        ("is ~2 old", "is it very old", "is it not very old"),
        ("is ~2 old", "is old", "isold"),
        ("^ {and|so} why", "and so and why", "but why"),
        ("why $", "tell me why", "why not"),
        ("target (for|$)", "my target", "target on"),
        ("target (for|$)", "target for it", "target fort"),
        ("buy ... (now|today)", "buy it all today", "buy it"),
        ("too high &(fed|rates)", "too high are the rates", "rates too high"),
        ("up !(or down)", "up now", "up or down"),
        ("up !&(down)", "up now", "up and then down"),
        ("[the] word for", "word for it", "the word of"),
        ("api (key|token)", "the api key", "api and key"),
        ("PCT move", "PCT move", "pct move"),
        ("$token", "my $token here", "my token"),
    ],
)
def test_what_a_phrase_occurs_in(phrase: str, there: str, not_there: str) -> None:
    table = PhraseTable([phrase])
    assert table.occurs(there)
    assert not table.occurs(not_there)


def test_a_last_word_may_have_an_s_more_where_the_table_says_so() -> None:
    phrases = ["buy the dip", "(buy|sell) [some] stock"]
    assert PhraseTable(phrases, plural=True).occurs("should i buy the dips")
    assert PhraseTable(phrases, plural=True).occurs("sell some stocks now")
    assert not PhraseTable(phrases).occurs("should i buy the dips")
    assert not PhraseTable(phrases).occurs("sell some stocks now")


WORDS = st.lists(st.sampled_from("how much is the SYM up down rally in a PER of it".split()), max_size=8).map(" ".join)
PHRASES = sorted({phrase for name in FILES for phrases in read_sections(name).values() for phrase in phrases})


@given(st.sampled_from(PHRASES), WORDS)
def test_what_a_phrase_needs_never_hides_a_match(phrase: str, line: str) -> None:
    occurs = Phrase(phrase).occurs(line, frozenset(line.split()))
    assert occurs == bool(re.search(f"(?<![^ ]){Phrase(phrase).pattern}(?![^ ])", line))


@pytest.mark.parametrize("name", FILES)
def test_every_phrase_of_a_file_can_be_read_and_stands_once(name: str) -> None:
    for title, phrases in read_sections(name).items():
        assert len(set(phrases)) == len(phrases), title
        for phrase in phrases:
            re.compile(any_of([phrase]))
            assert phrase.count("(") == phrase.count(")")
            assert phrase.count("[") == phrase.count("]")
            assert not re.search(r"<(?!term>)\w+>", phrase), phrase


def test_every_file_of_phrases_belongs_to_a_command_that_plain_language_reaches() -> None:
    reached = {intent.command for intent in build_registry().intents.all}
    assert {path.stem for path in (DATA / "phrases").glob("*.txt")} <= reached


def test_lines_lists_and_sections() -> None:
    assert not any(line.startswith((" ", "#")) for line in read_all("declines"))
    things = read_sections("declines/forecast.txt")["things"]
    assert len(things) == 1
    assert things[0].startswith("(SYM|PAIR|")
    assert {"hello", "thanks"} <= read_words("chat_words.txt")
    assert "plz = please" in read_lines("short_forms.txt")


def test_the_heaviest_phrase_counts() -> None:
    line = "how old is the SYM rally PER old"
    assert phrase_weight("rally", line, frozenset(line.split())) == 7
    assert phrase_weight("rally", "SYM rallies", frozenset({"SYM", "rallies"})) == 5
    assert phrase_weight("rally", "SYM", frozenset({"SYM"})) == 0
    assert phrase_weight("no such command", "SYM", frozenset({"SYM"})) == 0


def test_a_section_of_a_command() -> None:
    assert section("rank", "in order").occurs("best to worst please")
    with pytest.raises(KeyError):
        section("rank", "no such title")
