from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from bot.glossary.checks import run_faults
from bot.glossary.term import Term
from tests.glossary.small_book import term

BASE = [f"w{number}" for number in range(30)]


def sharing(terms: list[Term]) -> set[tuple[str, str]]:
    """The slow and obvious way: every run of eight words of every pair."""
    runs = []
    for one in terms:
        words = one.short.split()
        runs.append({tuple(words[at : at + 8]) for at in range(len(words) - 7)})
    return {
        (terms[second].id, terms[first].id)
        for second in range(len(terms))
        for first in range(second)
        if runs[first] & runs[second]
    }


@st.composite
def entries(draw: st.DrawFn) -> list[Term]:
    made = []
    for number in range(4):
        start, length = draw(st.integers(0, 20)), draw(st.integers(4, 11))
        before, after = draw(st.integers(0, 7)), draw(st.integers(0, 7))
        words = [f"{number}b{place}" for place in range(before)] + BASE[start : start + length]
        words += [f"{number}a{place}" for place in range(after)]
        made.append(term(f"T{number}", short=" ".join(words)))
    return made


@given(entries())
def test_shared_runs_are_those_that_the_slow_way_finds(terms: list[Term]) -> None:
    found = {tuple(re.findall(r"(t\d): shares 8 words with (t\d)", fault)[0]) for fault in run_faults(terms)}
    assert found == sharing(terms)


def test_fault_shows_the_words() -> None:
    words = "these eight words stand in both of them"
    (fault,) = run_faults([term("A", short=f"Here {words}."), term("B", definition=f"There {words}!")])
    assert fault == f"b: shares 8 words with a: {words!r}"
