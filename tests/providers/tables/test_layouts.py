"""One series in every layout reads back as that series, or is refused with both of its readings; never as another."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import ProviderError
from bot.market.bars import Bars
from bot.providers.columns import Table
from bot.providers.contract import SuspectSeries
from bot.providers.prices.csv_folder import CsvFolder
from bot.providers.rows import Label, to_bars
from bot.providers.tables.files import UnreadableTable, file_text
from bot.providers.tables.prices import read_prices
from tests.providers.building import IWM, NOW, query
from tests.providers.tables.writing import DAYS, NUMBERS, Series, Written

SERIES: Series = [
    (date(2026, 9, day), price)
    for day, price in (
        (8, "985.25"), (9, "987.75"), (10, "990.25"), (11, "992.75"), (14, "995.25"), (15, "997.50"), (16, "1000.25"),
        (17, "1002.75"), (18, "1005.25"), (21, "1007.75"),
    )
]  # fmt: skip


def table_of(body: bytes, *symbol: str) -> Table:
    return read_prices(file_text(body), symbol or ("IWM",)).table


def assert_is(table: Table, series: Series) -> None:
    found = sorted(zip(table.days.tolist(), table.close.tolist(), strict=True))
    assert found == [(day, float(price)) for day, price in series]


@pytest.mark.parametrize("days", DAYS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_with_every_way_of_writing_days(separator: str, days: str) -> None:
    for newest_first in (False, True):
        assert_is(table_of(Written(separator, days, newest_first=newest_first).write(SERIES)), SERIES)


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_separator_with_every_way_of_writing_numbers(separator: str, numbers: str) -> None:
    for quote_all in (False, True):
        assert_is(table_of(Written(separator, numbers=numbers, quote_all=quote_all).write(SERIES)), SERIES)


AROUND = {
    "a title": Written(before=("iShares Russell 2000 ETF",)),
    "an address with separators": Written(before=("https://example.org/ohlc/,",)),
    "several lines and a blank one": Written(before=("Security;IWM", "Currency;USD", ""), separator=";"),
    "sep=": Written(separator=";", before=("sep=;",)),
    "a note at the end": Written(after=('"Downloaded from example.org as of 09-21-2026"',)),
    "statistics at the end": Written(quote_all=True, after=('"Highest: 1,007.75","Lowest: 985.25"',)),
    "blank lines at the end": Written(after=("", ",", "")),
    "windows lines": Written(newline="\r\n"),
    "old mac lines": Written(newline="\r"),
    "byte order mark": Written(encoding="utf-8-sig"),
    "utf-16": Written(encoding="utf-16"),
    "utf-16 without a mark": Written(encoding="utf-16-le"),
    "utf-32": Written(encoding="utf-32"),
    "cp1252": Written(heading=("Datum", "Schlußkurs"), encoding="cp1252", separator=";"),
    "no heading": Written(heading=()),
    "an index without a name": Written(heading=("", "Close")),
    "a heading shorter by the index": Written(heading=("Close",)),
    "starred": Written(heading=("Date", "Close*"), separator="\t"),
    "angled": Written(heading=("<DATE>", "<CLOSE>"), separator="\t", days="y.m.d"),
    "numbered": Written(heading=("date", "4. close")),
    "with the symbol": Written(heading=("Index", "IWM.Close")),
    "as a tuple": Written(heading=("Date", "('Close', 'IWM')"), quote_all=True),
    "the symbol alone": Written(heading=("Date", "IWM")),
    "any single value": Written(heading=("observation_date", "DGS10")),
    "dollars": Written(sign="$", numbers="1,234.50"),
    "euros": Written(sign="€", numbers="1.234,50", separator=";"),
    "the heading comes again": Written(after=("Date,Close",)),
    "spanish": Written(heading=("Fecha", "Último"), days="d.m.y", numbers="1.234,50", quote_all=True),
    "french": Written(heading=("Date", "Dernier"), days="d/m/y", numbers="1 234,50", separator=";"),
    "portuguese": Written(heading=("Data", "Último"), days="d.m.y", numbers="1.234,50", quote_all=True),
    "polish": Written(heading=("Data", "Zamkniecie")),
    "turkish": Written(heading=("Tarih", "Şimdi"), days="d.m.y", numbers="1.234,50", quote_all=True),
    "russian": Written(heading=("Дата", "Цена"), days="d.m.y", numbers="1.234,50", quote_all=True),
    "japanese": Written(heading=("日付け", "終値"), numbers="1,234.50", quote_all=True),
    "chinese": Written(heading=("日期", "收盘"), days="y/m/d", numbers="1,234.50", quote_all=True),
    "korean": Written(heading=("날짜", "종가"), days="y- m- d", numbers="1,234.50", quote_all=True),
}


@pytest.mark.parametrize("layout", AROUND)
def test_what_stands_around_the_rows(layout: str) -> None:
    assert_is(table_of(AROUND[layout].write(SERIES)), SERIES)


@st.composite
def series(draw: st.DrawFn) -> Series:
    """Days that increase and prices with one number of decimals."""
    steps = draw(st.lists(st.integers(1, 45), min_size=1, max_size=25))
    first = draw(st.dates(date(1990, 1, 1), date(2024, 1, 1)))
    places = draw(st.integers(0, 4))
    prices = draw(st.lists(st.integers(1, 3_000_000), min_size=len(steps), max_size=len(steps)))
    days = [first + timedelta(days=sum(steps[: at + 1])) for at in range(len(steps))]
    return [
        (day, f"{price // 10**places}.{price % 10**places:0{places}}" if places else str(price))
        for day, price in zip(days, prices, strict=True)
    ]


def groups_whole_numbers_by_points(layout: Written, wanted: Series) -> bool:
    """Whether whole numbers are written `1.234` beside commas, tabs or bars: what the reader says nobody writes."""
    return layout.numbers == "1.234,50" and layout.separator != ";" and "." not in wanted[0][1]


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    wanted=series(),
    layout=st.builds(
        Written,
        separator=st.sampled_from(",;\t|"),
        days=st.sampled_from(sorted(DAYS)),
        numbers=st.sampled_from(sorted(NUMBERS)),
        quote_all=st.booleans(),
        newest_first=st.booleans(),
        before=st.sampled_from([(), ("A title",), ("Currency USD", "")]),
        newline=st.sampled_from(["\n", "\r\n"]),
    ),
)
def test_any_layout_reads_back_or_is_refused_with_both_readings(wanted: Series, layout: Written) -> None:
    if groups_whole_numbers_by_points(layout, wanted):
        return
    try:
        table = table_of(layout.write(wanted))
    except UnreadableTable as error:
        assert " can be " in str(error)  # noqa: PT017  either the series or the doubt
    else:
        assert_is(table, wanted)


PIECES = st.sampled_from(
    [
        "Date", "Close", "Open", "date", "Ticker", "2026-09-08", "08/09/2026", "9/8/26", "20260908", "1788825600",
        "Sep 8, 2026",
        "1.5", "1,5", "1.010", "1,010", "1e999", "-1", "0", "nan", "inf", "null", "$1", "1.2M", "5%",
        "\x00", "\ufeff", "“", "é",
        "2026-02-30", "9999-12-31", "0000-01-01", "99999999999999999999", "1'000", "٣", "½", "²",
    ]
)  # fmt: skip
ROWS = st.lists(st.lists(PIECES | st.text(max_size=6), max_size=5), max_size=12)
FILES = st.one_of(
    st.binary(max_size=300),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
    st.builds(
        lambda rows, mark, line, code: line.join(mark.join(cells) for cells in rows).encode(code, "replace"),
        ROWS,
        st.sampled_from([",", ";", "\t", "|", '","']),
        st.sampled_from(["\n", "\r\n", "\r", '"\n']),
        st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252", "utf-8-sig"]),
    ),
    st.builds(
        lambda body, at, piece: body[: at % len(body)] + piece + body[at % len(body) + len(piece) // 2 :],
        st.sampled_from([Written(days=days).write(SERIES) for days in DAYS]),
        st.integers(0, 400),
        st.binary(min_size=1, max_size=4),
    ),
)


@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(body=FILES)
def test_whatever_a_file_holds_it_gives_bars_or_a_reason(body: bytes) -> None:
    label = Label("csv", "IWM", "raw", NOW.date(), checked=False, positive=True)
    try:
        found = to_bars(read_prices(file_text(body), ("IWM",)).table, label)
    except (UnreadableTable, ProviderError) as error:
        assert str(error).strip()  # noqa: PT017  a reason is one of the two outcomes
    else:
        assert isinstance(found, Bars)
        assert found.close.min() > 0


async def test_a_refusal_names_file_row_column_and_text(tmp_path: Path) -> None:
    (tmp_path / "IWM.csv").write_text("Date,Open,Close\n2026-09-08,1,2.5\n2026-09-09,1,2.6 *\n2026-09-10,1,2.7\n")
    with pytest.raises(SuspectSeries, match=r"IWM\.csv: row 3, column “Close”: “2\.6 \*” is no number"):
        await CsvFolder(tmp_path).history(query(IWM))
