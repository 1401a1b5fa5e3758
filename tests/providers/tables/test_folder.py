"""Which file is which symbol's, and that every file of a folder can be asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.config import Config
from bot.desk import open_desk
from bot.errors import StartupError, UserError
from bot.providers.tables.folder import PriceFiles
from tests.providers.building import BOOK

TABLE = "Date,Close\n2026-09-08,1.5\n2026-09-09,1.6\n"


def folder_of(path: Path, *names: str) -> PriceFiles:
    for name in names:
        (path / name).write_text(TABLE)
    return PriceFiles(path, BOOK)


@pytest.mark.parametrize(
    ("file", "symbol"),
    [
        ("BRK.B.csv", "BRK-B"),
        ("brk-b.CSV", "BRK-B"),
        ("BRKB.csv", "BRK-B"),
        ("ibm.csv", "IBM"),
        ("iwm.us.csv", "IWM"),
        ("apple.csv", "AAPL"),
        ("EURUSD.csv", "EUR/USD"),
        ("EUR-USD.csv", "EUR/USD"),
        ("eur_usd.tsv", "EUR/USD"),
        ("EURUSD=X.csv", "EUR/USD"),
        ("USDCHF.csv", "USD/CHF"),
        ("BTCUSD.csv", "BTC-USD"),
        ("VIX.csv", "^VIX"),
        ("^VIX.csv.gz", "^VIX"),
        ("VOD.L.csv", "VOD.L"),
        ("7203.T.csv", "7203.T"),
        ("ES=F.csv", "ES=F"),
        ("my-fund.csv", "MY-FUND"),
        ("MYFUND.csv", "MYFUND"),
        ("my fund (1).csv", "MY FUND (1)"),
        ("fønd.csv", "FØND"),
    ],
)
def test_names_whatever_their_case_and_spelling(tmp_path: Path, file: str, symbol: str) -> None:
    files = folder_of(tmp_path, file)
    found = files.of(symbol)
    assert found is not None
    assert (found.file, found.fault) == (file, "")
    known = BOOK.joined(files.symbols()).resolve(symbol)
    assert known.canonical == symbol
    assert files.of("MSFT") is None
    assert files.looked_for("MSFT") == "MSFT.csv"


def test_a_sign_that_makes_another_symbol_is_kept(tmp_path: Path) -> None:
    files = folder_of(tmp_path, "CL=F.csv")
    assert files.of("CL=F") is not None
    assert files.of("CLF") is None


def test_two_files_for_one_symbol(tmp_path: Path) -> None:
    files = folder_of(tmp_path, "BRK.B.csv", "brkb.csv", "IWM.csv", "iwm.us.csv")
    found = files.of("BRK-B")
    assert found is not None
    assert found.fault == "can be BRK.B.csv or brkb.csv; leave one of them"
    exact = files.of("IWM")
    assert exact is not None
    assert (exact.file, exact.fault) == ("IWM.csv", "")


def test_what_leads_out_of_the_folder_is_no_file_of_it(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(TABLE)
    inside = tmp_path / "prices"
    inside.mkdir()
    (inside / "IWM.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "SPY.csv").symlink_to("/dev/zero")
    files = folder_of(inside, "QQQ.csv")
    assert files.of("IWM") is None
    assert files.of("SPY") is None
    assert files.of("../secret") is None
    assert [symbol.canonical for symbol in files.symbols()] == []


def test_a_new_file_is_found_and_a_folder_that_is_gone_has_none(tmp_path: Path) -> None:
    folder = tmp_path / "prices"
    folder.mkdir()
    files = folder_of(folder)
    assert files.of("IWM") is None
    (folder / "IWM.csv").write_text(TABLE)
    os.utime(folder, (1, 1))
    assert files.of("IWM") is not None
    (folder / "IWM.csv").unlink()
    folder.rmdir()
    assert files.of("IWM") is None


def test_an_index_that_is_a_pipe_stops_the_start_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "symbols.csv")
    with pytest.raises(StartupError, match="not an ordinary file"):
        PriceFiles(tmp_path, BOOK)


def test_symbols_of_an_index_and_without_a_book(tmp_path: Path) -> None:
    (tmp_path / "symbols.csv").write_text("symbol,file\nMYINDEX,a.csv\nIWM,b.csv\n")
    files = folder_of(tmp_path, "a.csv", "b.csv", "OWN7.csv")
    assert [symbol.canonical for symbol in files.symbols()] == ["MYINDEX", "OWN7"]
    assert PriceFiles(tmp_path).symbols() == []


def test_the_book_keeps_what_its_names_meant(tmp_path: Path) -> None:
    book = BOOK.joined(folder_of(tmp_path, "gold.csv", "apple.csv", "MYFUND.csv", "MYFUND2.csv").symbols())
    assert book.resolve("gold").canonical == "GOLD"
    assert book.resolve("apple").canonical == "AAPL"
    assert book.resolve("my-fund").canonical == "MYFUND"
    assert [symbol.canonical for symbol in book.complete("myfu")] == ["MYFUND", "MYFUND2"]
    with pytest.raises(UserError, match=r"Did you mean MYFUND2, MYFUND or|Did you mean MYFUND"):
        book.resolve("myfund3x")
    assert BOOK.joined([]) is BOOK


async def test_the_desk_knows_the_files_of_its_folder(tmp_path: Path) -> None:
    prices = tmp_path / "prices"
    prices.mkdir()
    folder_of(prices, "MYFUND.csv")
    config = Config(prices=f"csv:{prices}", offline=True, data_dir=tmp_path / "data")
    async with open_desk(config) as desk:
        symbol = desk.symbols.resolve("myfund")
        assert (await desk.feed.history(symbol)).bars.close.tolist() == [1.5, 1.6]
        with pytest.raises(UserError, match=r"the price folder has no file MSFT\.csv"):
            await desk.feed.history(desk.symbols.resolve("MSFT"))
