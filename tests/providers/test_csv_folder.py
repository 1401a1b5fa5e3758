"""The folder of an operator's own files: layouts, index, and what must not be reached through it."""

from __future__ import annotations

import gzip
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.errors import ProviderError, StartupError, UnknownSymbol
from bot.market.bars import Bars
from bot.market.symbols import Symbol
from bot.providers.contract import HistoryQuery
from bot.providers.prices.csv_folder import CsvFolder
from bot.providers.tables.files import MAX_FILE
from tests.providers.building import BOOK, IWM, NOW, query

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
BTC_FILE = "BTC-USD.csv"


async def read(folder: Path, symbol: Symbol = IWM, now: datetime = NOW) -> Bars:
    return await CsvFolder(folder).history(query(symbol, now=now))


async def read_text(folder: Path, text: str, name: str = "IWM.csv") -> Bars:
    (folder / name).write_text(text, encoding="utf-8")
    return await read(folder)


LAYOUTS = {
    "yahoo": "Date,Open,High,Low,Close,Adj Close,Volume\n2026-11-17,1,3,1,2,1.9,100\n2026-11-18,2,4,2,3,2.9,200\n",
    "yahoo with null": (
        "Date,Open,High,Low,Close,Adj Close,Volume\n2026-11-16,null,null,null,null,null,null\n"
        "2026-11-17,1,3,1,2,1.9,100\n2026-11-18,2,4,2,3,2.9,200\n"
    ),
    "stooq": "Date,Open,High,Low,Close,Volume\n2026-11-17,1,3,1,2,100\n2026-11-18,2,4,2,3,200\n",
    "stooq bulk": (
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
        "IWM.US,D,20261117,000000,1,3,1,2,100,0\nIWM.US,D,20261118,000000,2,4,2,3,200,0\n"
    ),
    "nasdaq": (
        "Date,Close/Last,Volume,Open,High,Low\n"
        '11/18/2026,"$3.00","200","$2.00","$4.00","$2.00"\n11/17/2026,$2.00,100,$1.00,$3.00,$1.00\n'
    ),
    "semicolons and decimal commas": "Date;Close;Volume\n17.11.2026;2,00;100\n18.11.2026;3,00;200\n",
    "tabs": "date\tclose\tvolume\n2026-11-17\t2\t100\n2026-11-18\t3\t200\n",
    "byte order mark, blank lines, moments": (
        "\ufeffDate,Close,Volume\n\n2026-11-17 00:00:00,2,100\n,,\n2026-11-18 00:00:00,3,200\n\n"
    ),
    "words for months": 'Date,Close,Volume\n"Nov 17, 2026",2,100\n"Nov 18, 2026",3,200\n',
    "short rows": "Date,Close,Volume\n2026-11-17,2,100\n2026-11-18,3\n",
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_layouts(tmp_path: Path, layout: str) -> None:
    found = await read_text(tmp_path, LAYOUTS[layout])
    assert found.dates.tolist() == [date(2026, 11, 17), date(2026, 11, 18)]
    assert found.close.tolist() == [2.0, 3.0]
    assert found.volume is not None
    assert found.volume[0] == 100
    assert found.adjustment == ("split" if "yahoo" in layout else "raw")
    assert (found.provider, found.symbol, found.delay) == ("csv", "IWM", "end_of_day")


async def test_marks_of_thousands_and_decimals(tmp_path: Path) -> None:
    table = "Date;Close;Volume\n2026-11-17;1.234,50;1.000.000\n2026-11-18;1.240,00;900\n"
    assert (await read_text(tmp_path, table)).close.tolist() == [1234.5, 1240.0]
    english = "Date\tClose\n2026-11-17\t1,234.50\n"
    assert (await read_text(tmp_path, english)).close.tolist() == [1234.5]


async def test_names_of_files(tmp_path: Path) -> None:
    table = "Date,Close\n2026-11-18,3\n"
    for name in ("EUR-USD.csv", "RUT.csv", "^VIX.csv"):
        (tmp_path / name).write_text(table)
    (tmp_path / "BRK-B.csv.gz").write_bytes(gzip.compress(table.encode()))
    folder = CsvFolder(tmp_path)
    for typed in ("EUR/USD", "^RUT", "^VIX", "BRK.B"):
        symbol = BOOK.resolve(typed)
        assert folder.serves(symbol)
        assert (await folder.history(query(symbol))).close.tolist() == [3.0]
    assert not folder.serves(IWM)
    with pytest.raises(UnknownSymbol, match="no file"):
        await folder.history(query(IWM))


INDEX = "symbol,file,date,close,adjustment,open,high,low,volume\n"


async def test_an_index_names_columns_and_kind(tmp_path: Path) -> None:
    (tmp_path / "wide.txt").write_text("When,A,B,Adj Close\n2026-11-18,1,2,3\n")
    (tmp_path / "symbols.csv").write_text(
        INDEX + "IWM,wide.txt,When,B,split_dividend,,,,\nSPY,wide.txt,When,Adj Close,fix,A,,,\n"
    )
    folder = CsvFolder(tmp_path)
    iwm = await folder.history(query(IWM))
    assert (iwm.close.tolist(), iwm.adjustment, iwm.open) == ([2.0], "split_dividend", None)
    spy = await folder.history(query(BOOK.symbols["SPY"]))
    assert (spy.close.tolist(), spy.adjustment, spy.delay) == ([3.0], "fix", "fix")
    assert spy.open is not None


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ("IWM,../secret.csv,,,raw,,,,\n", "outside the folder"),
        ("IWM,/etc/passwd,,,raw,,,,\n", "outside the folder"),
        ("IWM,a.csv,,,guessed,,,,\n", "no adjustment kind"),
        ("IWM,,,,raw,,,,\n", "has no file"),
        ("IWM,a.csv,,,raw,,,,\niwm,b.csv,,,raw,,,,\n", "named twice"),
    ],
)
async def test_a_faulty_row_of_an_index_costs_its_symbol_alone(tmp_path: Path, rows: str, fault: str) -> None:
    (tmp_path / "IWM.csv").write_text("Date,Close\n2026-11-18,1\n")
    (tmp_path / "ok.csv").write_text("Date,Close\n2026-11-18,3\n")
    (tmp_path / "symbols.csv").write_text(INDEX + rows + ",gone.csv,,,raw,,,,\nSPY,ok.csv,,,raw,,,,\n")
    folder = CsvFolder(tmp_path)
    assert folder.serves(IWM)
    with pytest.raises(ProviderError, match=fault):
        await folder.history(query(IWM))
    assert (await folder.history(query(BOOK.symbols["SPY"]))).close.tolist() == [3.0]


async def test_an_index_with_another_separator_and_no_kind(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("day;last\n2026-11-18;3,5\n2026-11-17;2,5\n")
    (tmp_path / "b.csv").write_text("Date,Close,Adj Close\n2026-11-18,3,2\n")
    (tmp_path / "symbols.csv").write_text(
        "Symbol;File;Date;Close;Adjustment\nIWM;a.csv;day;last;Split_Dividend\nSPY;b.csv;;;\n"
    )
    folder = CsvFolder(tmp_path)
    iwm, spy = await folder.history(query(IWM)), await folder.history(query(BOOK.symbols["SPY"]))
    assert (iwm.close.tolist(), iwm.adjustment) == ([2.5, 3.5], "split_dividend")
    assert (spy.close.tolist(), spy.adjustment) == ([3.0], "split")


def test_an_index_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "symbols.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StartupError, match="cannot be read"):
        CsvFolder(tmp_path)
    with pytest.raises(StartupError, match="does not exist"):
        CsvFolder(tmp_path / "nowhere")


async def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("Date,Close\n2026-11-18,3\n")
    inside = tmp_path / "prices"
    inside.mkdir()
    (inside / "IWM.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "symbols.csv").write_text(INDEX)
    folder = CsvFolder(inside)
    assert not folder.serves(IWM)
    for canonical in ("../secret", "symbols", "..-secret", "/etc/passwd"):
        assert not folder.serves(Symbol(canonical, "", "unknown", None, None))


BAD = {
    "empty": (b"", "empty"),
    "heading only": (b"Date,Close\n", "empty"),
    "no close": (b"Date,Mood\n2026-11-18,good\n", "number beside its day"),
    "no date": (b"Date,Close\nsoon,3\n", "readable day.*“soon,3”"),
    "not text": (b"\xff\xfe\xfd,\x00", "IWM.csv: it is not text"),
    "conflicting": (b"Date,Close\n2026-11-16,1\n2026-11-16,2\n2026-11-17,3\n", "two different rows"),
    "unordered": (b"Date,Close\n2026-11-17,1\n2026-11-16,2\n2026-11-18,3\n", "out of order"),
    "future": (b"Date,Close\n2027-11-17,1\n", "in the future"),
    "an open quotation": (b'Date,Close\n"' + b"2" * 200_000, "."),
}


@pytest.mark.parametrize("case", BAD)
async def test_bad_files_say_what_is_wrong(tmp_path: Path, case: str) -> None:
    content, reason = BAD[case]
    (tmp_path / "IWM.csv").write_bytes(content)
    with pytest.raises(ProviderError, match=reason) as caught:
        await read(tmp_path)
    assert caught.value.code == "bad_payload"


async def test_damaged_and_huge_archives(tmp_path: Path) -> None:
    good = gzip.compress(b"Date,Close\n2026-11-18,3\n")
    path = tmp_path / "IWM.csv.gz"
    for content in (good[:-9], b"\x1f\x8b" + b"\x08" + bytes(30), b"not gzip", gzip.compress(b"1" * (MAX_FILE + 1))):
        path.write_bytes(content)
        with pytest.raises(ProviderError, match=r"cannot be unpacked|is empty|larger than 32 MiB"):
            await read(tmp_path)


async def test_a_named_column_must_be_there_and_a_named_file_too(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Date,Close\n2026-11-18,3\n")
    (tmp_path / "symbols.csv").write_text(INDEX + "IWM,a.csv,,Last,raw,,,,\nSPY,gone.csv,,,raw,,,,\n")
    folder = CsvFolder(tmp_path)
    with pytest.raises(ProviderError, match=r"a\.csv: it has no column “Last”"):
        await folder.history(query(IWM))
    with pytest.raises(ProviderError, match="FileNotFoundError"):
        await folder.history(query(BOOK.symbols["SPY"]))


async def test_a_file_is_read_again_only_when_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "IWM.csv"
    path.write_text("Date,Close\n2026-11-18,3\n")
    folder = CsvFolder(tmp_path)
    first = await folder.history(query(IWM))
    assert await folder.history(query(IWM)) is first
    path.write_text("Date,Close\n2026-11-18,4\n")
    os.utime(path, (1, 1))
    assert (await folder.history(query(IWM))).close.tolist() == [4.0]


async def test_a_pipe_is_no_file_of_prices(tmp_path: Path) -> None:
    """Opening one would wait for a writer for ever."""
    os.mkfifo(tmp_path / "IWM.fifo")
    (tmp_path / "symbols.csv").write_text(INDEX + "IWM,IWM.fifo,,,raw,,,,\n")
    with pytest.raises(ProviderError, match="not an ordinary file"):
        await CsvFolder(tmp_path).history(query(IWM))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
class TestSharedData:
    """Expected values are those of ../shared/data/SOURCES.md."""

    async def of(self, typed: str) -> Bars:
        asked = HistoryQuery(BOOK.resolve(typed), date(1990, 1, 1), NOW.date(), NOW)
        return await CsvFolder(SHARED).history(asked)

    @pytest.mark.parametrize(
        ("typed", "rows", "last", "adjustment"),
        [
            ("IWM", 3201, "2017-11-10", "split_dividend"),
            ("SPY", 3201, "2017-11-10", "split_dividend"),
            ("IWB", 3201, "2017-11-10", "split_dividend"),
            ("QQQ", 4701, "2017-11-10", "split_dividend"),
            ("^GSPC", 8313, "2022-12-28", "index"),
            ("^VIX", 9235, "2026-07-23", "index"),
            ("WTI", 10226, "2026-08-18", "raw"),
            ("EUR/USD", 7126, "2026-10-30", "fix"),
            ("MTUM", 2264, "2022-12-28", "split_dividend"),
        ],
    )
    async def test_rows(self, typed: str, rows: int, last: str, adjustment: str) -> None:
        found = await self.of(typed)
        assert (len(found), str(found.last_day), found.adjustment) == (rows, last, adjustment)

    @pytest.mark.parametrize(
        ("typed", "roc_pct"), [("IWM", -2.1497), ("SPY", 0.1475), ("IWB", 0.1046), ("QQQ", 1.6133)]
    )
    async def test_ten_session_rate_of_change(self, typed: str, roc_pct: float) -> None:
        close = (await self.of(typed)).close
        assert (close[-1] / close[-11] - 1) * 100 == pytest.approx(roc_pct, abs=5e-5)

    async def test_oil_below_zero_is_a_price(self) -> None:
        found = await self.of("WTI")
        assert found.close.min() == -36.98
        assert found.day(int(found.close.argmin())) == date(2020, 4, 20)

    async def test_the_missing_session(self) -> None:
        found = await self.of("IWM")
        assert date(2011, 2, 17) not in found.dates.tolist()
        assert datetime(2011, 2, 17, tzinfo=UTC).weekday() < 5
