"""Files are recognised by what they hold; a folder is read again when it changes."""

from __future__ import annotations

import io
import logging
import shutil
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bot.errors import BadPayload, StartupError, Unavailable
from bot.market.rates import Quarter
from bot.providers.macro.folder import MacroFolder
from bot.providers.macro.recognise import fingerprints, recognise, told_by_values
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.macro.desk import write
from tests.providers.macro.files import (
    ECB_CSV,
    ECB_DAY,
    ECB_XML,
    EFFR,
    FRANKFURTER,
    HLW_2019,
    HLW_2023,
    HOLDINGS,
    LM_BOOK,
    LW_BOOK,
    NOW,
    PCE_CSV,
    workbook,
    zipped,
)

EFFR_CSV = (
    "Effective Date,Rate Type,Rate (%),1st Percentile (%)\n11/19/2026,EFFR,3.62,3.6\n2026-11-18,EFFR,3.63,3.6\n"
    "11/18/2026,OBFR,3.5,3\n,,,\n"
)
FEDFUNDS = "date,value\n2022-12-01,4.1\n2023-01-01,4.33\n2024-01-01,5.33\n"
TWO_SERIES = "observation_date,DFF,UNRATE\n2026-11-18,3.63,4.4\n2026-11-19,3.62,\n"


@pytest.mark.parametrize("body", [zipped(ECB_CSV), ECB_CSV, "\ufeff" + ECB_CSV, ECB_DAY, ECB_XML, FRANKFURTER])
def test_tables_of_rates_are_recognised(body: str | bytes) -> None:
    found = recognise(body.encode() if isinstance(body, str) else body)
    assert found.count == 1
    assert found.tables[0].rate("EUR", "USD").value == 1.1172


@pytest.mark.parametrize(
    ("text", "name", "newest", "value", "monthly"),
    [
        (EFFR, "EFFR", date(2026, 11, 19), 3.62, False),
        (EFFR_CSV, "EFFR", date(2026, 11, 19), 3.62, False),
        (PCE_CSV, "PCEPILFE", date(2026, 9, 1), 130.764, True),
        (FEDFUNDS, "FEDFUNDS", date(2024, 1, 1), 5.33, True),
        (TWO_SERIES, "DFF", date(2026, 11, 19), 3.62, False),
        ('{"observations":[{"date":"2023-01-01","value":"4.33"}]}', "FEDFUNDS", date(2023, 1, 1), 4.33, True),
    ],
)
def test_series_are_recognised(text: str, name: str, newest: date, value: float, monthly: bool) -> None:
    (series,) = recognise(text.encode()).series
    assert (series.name, max(series.values), series.values[newest], series.monthly) == (name, newest, value, monthly)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "date,eurusd\n1999-01-04,1.1789\n",
        "Date,Price\n2026-08-18,60.1\n",
        "date,value\n2023-01-01,299.17\n",
        "date,value\n2023-02-01,4.57\n",
        "date,value\n2023-01-02,4.33\n",
        "quarter_start,rstar\n1961-01-01,5.49\n",
        "{not json",
        '{"other":1}',
        "<html>not found</html>",
        "# Notes\n",
    ],
)
def test_other_files_hold_nothing(text: str) -> None:
    assert recognise(text.encode()).count == 0


def test_zips_without_a_table_hold_nothing() -> None:
    assert recognise(zipped("x", "readme.txt")).count == 0


@pytest.mark.parametrize("body", [b"PK broken", EFFR_CSV.replace("11/19", "19.11.").encode(), b"date,value\nnever,1\n"])
def test_broken_known_kinds_are_bad_payloads(body: bytes) -> None:
    with pytest.raises(BadPayload):
        recognise(body)


def test_january_values_tell_the_series_apart() -> None:
    for name, values in fingerprints().items():
        assert told_by_values({date(int(year), 1, 1): value for year, value in values.items()}) == name
    assert told_by_values({date(2023, 1, 1): 4.33, date(2024, 1, 1): 1.0}) is None


async def test_a_folder_is_read_by_content(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    files = {
        "a": zipped(ECB_CSV),
        "b.txt": ECB_DAY,
        "c.csv": HLW_2019,
        "d": HLW_2023,
        "e.json": EFFR,
        "f": PCE_CSV,
        "g.csv": HOLDINGS,
        "h": LW_BOOK,
        "i": LM_BOOK,
        "j": b"PK broken",
        "k.xlsx": HLW_2023[:-200],
        "l.csv": "Ticker,Name\nA,B\n",
        "m.xlsx": workbook([["Nothing", "here"]]),
    }
    folder = MacroFolder(write(tmp_path, files))
    assert folder.state(NOW).last_success is None
    with caplog.at_level(logging.INFO):
        rates = await folder.rates()
        figures = await folder.figures()
        holdings = await folder.holdings()
    assert (rates.provider, rates.value.rate("EUR", "RUB", date(2022, 3, 1)).value) == ("ecb", 117.201)
    assert [(e.model, str(e.vintage)) for e in figures.editions] == [
        ("HLW", "2019Q2"),
        ("HLW", "2023Q2"),
        ("LW", "2023Q2"),
        ("Lubik-Matthes", "2023Q2"),
    ]
    assert [series.name for series in figures.policy] == ["EFFR"]
    assert (figures.bundled, figures.missing, figures.provider) == (False, (), "newyorkfed")
    assert holdings.value.day == date(2026, 11, 18)
    assert folder.state(NOW).last_success == NOW
    assert len([record for record in caplog.records if record.getMessage() == "macro folder read"]) == 1
    assert await folder.rates() is not rates
    assert (await folder.rates()).value is rates.value, "joined once"


def with_a_broken_part(book: bytes, part: str, content: bytes) -> bytes:
    """A workbook one part of which is replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as whole, zipfile.ZipFile(buffer, "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, content if name.endswith(part) else whole.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        '"' + "9" * 140_000 + '",USD,JPY\n',  # a cell longer than csv reads
        "Date,USD,JPY\n" + "9" * 140_000 + ",1,1\n",
        '{"rates": [], "base": []}',
        '{"refRates": [{"type": "EFFR", "percentRate": 1e999, "effectiveDate": 7}]}',
        "[" * 100_000,
        '{"a":' * 100_000,
        with_a_broken_part(HLW_2023, "sheet1.xml", b"<worksheet><sheetData><row r='x'><c r='1'/></row></sheetData>"),
        with_a_broken_part(HLW_2023, "workbook.xml", b"<workbook/>"),
        with_a_broken_part(HLW_2023, "workbook.xml.rels", b"\x00"),
    ],
)
async def test_one_broken_file_takes_no_other_down(tmp_path: Path, damage: str | bytes) -> None:
    folder = MacroFolder(write(tmp_path, {"a": damage, "b": ECB_CSV, "c": HLW_2019, "d": HOLDINGS}))
    assert (await folder.rates()).value.days.size == 3
    assert [str(edition.vintage) for edition in (await folder.figures()).editions] == ["2019Q2"]
    assert (await folder.holdings()).value.day == date(2026, 11, 18)


async def test_a_changed_folder_is_read_again(tmp_path: Path) -> None:
    folder = MacroFolder(write(tmp_path, {"day": ECB_DAY}), recheck=0.0)
    assert (await folder.rates()).value.days.size == 1
    assert (await folder.rates()).value.days.size == 1
    write(tmp_path, {"history": ECB_CSV})
    assert (await folder.rates()).value.days.size == 3


async def test_an_empty_folder_has_the_bundled_estimate_alone(tmp_path: Path) -> None:
    folder = MacroFolder(tmp_path)
    figures = await folder.figures()
    assert (figures.bundled, figures.provider, len(figures.missing)) == (True, "bundled", 2)
    assert figures.editions[0].values[Quarter(2023, 2)] == pytest.approx(0.569, abs=5e-4)
    for one in (folder.rates, folder.holdings):
        with pytest.raises(Unavailable, match="the macro folder holds no"):
            await one()


async def test_a_folder_that_goes_away_is_unavailable(tmp_path: Path) -> None:
    folder = MacroFolder(write(tmp_path / "gone", {}))
    shutil.rmtree(tmp_path / "gone")
    with pytest.raises(Unavailable, match="cannot be read"):
        await folder.figures()


def test_no_folder_no_start(tmp_path: Path) -> None:
    with pytest.raises(StartupError, match="does not exist"):
        MacroFolder(tmp_path / "none")


@pytest.mark.shared
@needs_shared
async def test_the_real_folder() -> None:
    folder = MacroFolder(SHARED / "data")
    figures = await folder.figures()
    assert {series.name for series in figures.policy} == {"FEDFUNDS"}
    assert figures.prices is not None
    assert max(figures.prices.values) == date(2025, 9, 1)
    assert sorted(str(edition.vintage) for edition in figures.editions) == ["2019Q2", "2023Q2"]
    assert (await folder.rates()).value.days.size == 7126
