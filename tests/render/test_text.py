"""Replies as text and as the JSON envelope; numbers and dates as people read them."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError, quoted
from bot.render.envelope import clean, dump, envelope
from bot.render.numbers import age, amount, capital, count, day, moment, percent, plain_percent, price
from bot.render.reply import Freshness, Reply, Row, refusal
from bot.render.text import (
    ADJUSTMENTS,
    ANSWER,
    CHARACTERS,
    DELAYS,
    LINES,
    SESSIONS,
    SIMULATED,
    answer_of,
    closing_lines,
    first_line,
    freshness_lines,
    line,
    shown,
    stamp,
    to_short,
    to_text,
)

FRESH = Freshness(date(2017, 11, 10), "closed", "csv", "split_dividend", "end_of_day")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.6133, "+1.61 %"),
        (-2.1497, "−2.15 %"),
        (0.0, "0.00 %"),
        (-0.001, "0.00 %"),
        (0.004, "0.00 %"),
        (12345.6, "+12,345.60 %"),
    ],
)
def test_percent(value: float, text: str) -> None:
    assert percent(value) == text


@pytest.mark.parametrize(("value", "text"), [(3.55, "3.5 %"), (-3.56, "−3.6 %"), (-0.01, "0.0 %"), (0, "0.0 %")])
def test_plain_percent(value: float, text: str) -> None:
    assert plain_percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((91250.0, "91,250.00"), (10.0, "10.00"), (1.1534, "1.1534"), (1.5, "1.50"), (9.99999, "10.00"), (0.5, "0.5")),
        *(
            (0.000123456789, "0.000123457"),
            (0.0, "0"),
            (-3.25, "−3.25"),
            (1e-9, "0.000000001"),
            (0.0000123456, "0.00001235"),
        ),
    ],
)
def test_price(value: float, text: str) -> None:
    assert price(value) in {text, f"{text}00"}


def test_dates_counts_and_ages() -> None:
    assert day(date(2017, 11, 10)) == "10 Nov 2017"
    assert moment(datetime(2017, 11, 10, 21, 0, tzinfo=UTC)) == "10 Nov 2017 21:00 UTC"
    assert [count(n, "session") for n in (0, 1, 2, 1260)] == ["0 sessions", "1 session", "2 sessions", "1,260 sessions"]
    ages = [age(seconds) for seconds in (-5, 0, 1, 59, 60, 7200, 200_000)]
    assert ages == ["0 seconds", "0 seconds", "1 second", "59 seconds", "1 minute", "2 hours", "2 days"]
    assert (capital("rStar"), capital("")) == ("RStar", "")


def test_freshness_says_whose_when_and_which_kind() -> None:
    assert freshness_lines(FRESH) == [
        "Data: 10 Nov 2017 · end of day · market closed · csv · adjusted for splits and dividends"
    ]
    stale = Freshness(date(2017, 11, 10), "regular", "csv", "raw", "delayed", stale_reason="2 sessions behind")
    assert freshness_lines(stale)[1] == "Stale: 2 sessions behind."
    made_up = Freshness(date(2017, 11, 10), "regular", "demo", "simulated", "simulated")
    assert freshness_lines(made_up)[0] == SIMULATED
    computed = replace(FRESH, basis="computed from six rates", stale_reason="2 sessions behind")
    assert freshness_lines(computed)[1:] == [
        "What the numbers are: computed from six rates.",
        "Stale: 2 sessions behind.",
    ]


def test_every_word_of_the_contract_has_words() -> None:
    assert set(ADJUSTMENTS) == {"raw", "split", "split_dividend", "fix", "index", "simulated"}
    assert set(SESSIONS) == {"pre", "regular", "post", "closed", "holiday", "always_open"}
    assert set(DELAYS) == {"real_time", "delayed", "end_of_day", "fix", "simulated"}


REPLY = Reply(
    "IWM",
    "IWM is down −2.15 %.",
    (Row("Now", "146.62"), Row("", "A sentence."), Row("Sources", "", (("One", "https://a"), ("Two", "https://b")))),
    footer="Describes the past.",
    data={
        "roc_pct": -2.1497,
        "none": float("nan"),
        "n": np.float64(1.5),
        "flag": np.bool_(True),
        "on": date(2017, 1, 2),
    },
    warnings=("short history",),
    terms=("rate-of-change",),
    freshness=FRESH,
    understood="IWM",
).answering("roc", {"symbol": "IWM", "periods": 10, "as_of": date(2017, 11, 10)})


def test_text_has_one_fact_per_line() -> None:
    assert to_text(REPLY).split("\n") == [
        *("IWM is down −2.15 % (as of 10 Nov 2017).", "Understood as: IWM", "", "IWM", "Now: 146.62", "A sentence."),
        *("Sources: One (https://a); Two (https://b)", "", "Note: Short history", *closing_lines(REPLY)[1:]),
    ]
    assert line(Row("Now", "1", (("One", "https://a"),))) == "Now: 1 One (https://a)"
    assert closing_lines(REPLY)[-1] == "Describes the past."


def test_the_envelope_has_the_contracts_fields() -> None:
    found = json.loads(dump(envelope("!roc IWM 10", REPLY, 3.14159)))
    assert found["options"] == {"symbol": "IWM", "periods": 10, "as_of": "2017-11-10"}
    assert found["data"] == {"roc_pct": -2.1497, "none": None, "n": 1.5, "flag": True, "on": "2017-01-02"}
    assert found["freshness"]["as_of"] == "2017-11-10"
    assert list(found["freshness"]) == [
        *("as_of", "session", "provider", "adjustment", "delay", "stale", "stale_reason", "stand_in")
    ]
    assert (found["ok"], found["error"], found["elapsed_ms"]) == (True, None, 3.142)
    assert REPLY.ok


def test_a_refusal_says_why_and_what_next() -> None:
    refused = refusal(UserError("No such symbol.", "unknown_symbol", ["IWM"]), "roc", {"symbol": "x"})
    assert to_text(refused) == "No such symbol."
    found = json.loads(dump(envelope("!roc x", refused, 0)))
    assert found["error"] == {"code": "unknown_symbol", "message": "No such symbol.", "suggestions": ["IWM"]}
    assert (found["ok"], found["data"], found["freshness"]) == (False, None, None)
    assert refused.private
    kept = refusal(UserError("Not served yet.", "unavailable", payload={"state": "rally"}), "alert")
    assert kept.data == {"state": "rally"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        *((2500.0, "2,500"), (900e9, "900 billion"), (1e12, "1 trillion"), (1.25e6, "1.25 million")),
        *((0.5, "0.5"), (3e-7, "0.0000003"), (999_999.0, "999,999"), (5e20, "500,000,000 trillion")),
    ],
)
def test_a_large_amount_has_no_exponent(value: float, text: str) -> None:
    assert amount(value) == text


@given(st.floats(1e-9, 1e15))
def test_no_number_for_people_has_an_exponent(value: float) -> None:
    assert "e" not in price(value)
    assert "e" not in amount(value).replace("trillion", "")


def test_a_new_answer_has_its_date_and_an_old_one_says_so_first() -> None:
    fresh = Reply("IWM", "IWM is in a rally.", freshness=FRESH)
    assert answer_of(fresh) == "IWM is in a rally (as of 10 Nov 2017)."
    asked = replace(fresh, freshness=replace(FRESH, past=True))
    assert answer_of(asked) == "As of 10 Nov 2017: IWM was in a rally."
    stale = replace(fresh, freshness=replace(FRESH, past=True, stale_reason="2 sessions behind"))
    assert answer_of(stale) == "Old data, of 10 Nov 2017: IWM was in a rally."
    dated = replace(asked, headline="1 EUR = 2 USD by the rate of 10 November 2017, which has an inverse.")
    dated = replace(dated, freshness=replace(FRESH, past=True, when="10 November 2017"))
    assert answer_of(dated) == "1 EUR = 2 USD by the rate of 10 November 2017, which had an inverse."
    told = replace(dated, freshness=replace(FRESH, when="10 November 2017"))
    assert answer_of(told) == told.headline
    assert answer_of(replace(fresh, freshness=None)) == "IWM is in a rally."


def test_the_stamp_says_in_one_line_whose_data_of_when() -> None:
    assert stamp(FRESH) == "Data: 10 Nov 2017 · csv · adjusted for splits and dividends"
    assert stamp(replace(FRESH, adjustment="simulated")) == SIMULATED
    estimate = replace(FRESH, priced=False, stale_reason="late")
    assert stamp(estimate) == "Data: 10 Nov 2017 · csv · stale: late"
    assert "adjusted" not in " ".join(freshness_lines(estimate))


@pytest.mark.parametrize(
    ("text", "first", "rest"),
    [
        ("Short enough.", "Short enough.", ""),
        ("One is said here. Two is said there.", "One is said here.", "Two is said there."),
        ("One that goes on and on, and further", "One that goes on…", "…and on, and further"),
        ("x" * 30, "x" * 19 + "…", "…" + "x" * 11),
        ("A. B goes on and on and on", "A. B goes on and…", "…on and on"),
    ],
)
def test_the_first_line_ends_after_a_sentence_or_a_word(text: str, first: str, rest: str) -> None:
    assert first_line(text, 20) == (first, rest)


words = st.text(max_size=400)


@given(words, st.lists(words, max_size=30), st.lists(words, max_size=5), st.booleans())
def test_answer_and_evidence_fit_a_phone(
    headline: str, values: list[str], warnings: list[str], simulated: bool
) -> None:
    fresh = replace(FRESH, adjustment="simulated") if simulated else FRESH
    rows = tuple(Row("Fact", value.replace("\n", " ").replace("\r", " ")) for value in values)
    reply = Reply("t", headline.replace("\n", " ") or "x", rows, warnings=tuple(warnings), freshness=fresh)
    part = shown(reply)
    assert len(part.answer) <= ANSWER
    told = [*filter(None, part[:3]), *map(line, part.rows), *part.closing]
    assert len(told) <= LINES
    assert len("\n".join(told)) <= CHARACTERS
    assert part.left_out or [line(row) for row in part.rows] == [line(row) for row in rows]
    assert shown(reply, "full").rows == rows
    assert not shown(reply, "full").left_out


def test_each_level_of_detail_shows_more() -> None:
    layered = replace(REPLY, more=(Row("Rule", "a rule"),), understood=None)
    brief, normal, full = (shown(layered, detail) for detail in ("brief", "normal", "full"))
    assert (brief.rows, normal.rows, full.rows) == ((), layered.rows, (*layered.rows, *layered.more))
    assert (brief.left_out, normal.left_out, full.left_out) == (True, True, False)
    assert brief.answer == normal.answer == full.answer
    long = replace(layered, headline="word " * 60)
    assert len(shown(long, "normal").answer) <= ANSWER < len(shown(long, "full").answer)
    made_up = replace(layered, rows=(), more=(), warnings=(), freshness=replace(FRESH, adjustment="simulated"))
    assert shown(made_up, "brief").closing == (SIMULATED,)
    assert not shown(made_up, "brief").left_out
    assert shown(replace(made_up, rows=layered.rows[:1]), "normal").left_out is False
    assert to_short(layered).splitlines()[-1] == "Data: 10 Nov 2017 · csv · adjusted for splits and dividends"


def test_warnings_leave_room_for_evidence() -> None:
    warned = replace(REPLY, warnings=("w" * 400, "v" * 400), rows=REPLY.rows[:1])
    part = shown(warned)
    assert [line[:8] for line in part.closing] == ["Note: Ww", "Data: 10"]
    assert part.rows == warned.rows
    assert part.left_out


def test_a_term_is_named_where_no_title_is_shown() -> None:
    entry = Reply("Contango", "Later months cost more.", (Row("", "Why."),), tone="term")
    assert to_short(entry) == "Contango: Later months cost more.\nWhy."
    assert to_text(entry) == "Contango: Later months cost more.\n\nWhy."
    assert shown(entry).answer == "Later months cost more."
    long = replace(entry, headline=f"Later months cost {'much ' * 23}more.")
    assert to_short(long) == f"{long.headline}\n(Contango)\nWhy."
    assert to_text(long).startswith(f"Contango: {long.headline}\n")


def test_a_part_of_an_answer_is_its_rows_of_one_label() -> None:
    part = replace(REPLY, more=(Row("Rule", "a rule"),)).part("Rule")
    assert (part.rows, part.more) == ((Row("Rule", "a rule"),), ())
    assert REPLY.part("Rule") is REPLY


def test_a_reply_that_no_question_led_to_has_none() -> None:
    bare = Reply("t", "h")
    assert (bare.command, bare.options, bare.ask) == ("", {}, "")


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(plain)
def test_anything_clean_is_json(value: object) -> None:
    assert "NaN" not in dump({"x": clean(value)}) or isinstance(value, str | list | dict)
    json.loads(dump({"x": clean(value)}), parse_constant=pytest.fail)
    if isinstance(value, float) and not math.isfinite(value):
        assert clean(value) is None


@given(st.text(max_size=200), st.integers(5, 60))
def test_what_is_quoted_is_short_plain_and_pings_nobody(text: str, limit: int) -> None:
    told = quoted(text, limit)
    assert len(told) <= limit + 2
    assert "@" not in told
    assert told.isprintable()
    assert (told[0], told[-1]) == ("“", "”")
