"""Reference rates: the bank's files from the network and from a folder."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest

from bot.errors import BadPayload, StartupError, Unavailable, UnknownSymbol
from bot.providers.contract import HistoryQuery
from bot.providers.macro.folder import FolderRates, MacroFolder
from bot.providers.reference_rates import parse_file
from bot.providers.unpacking import MAX_UNPACKED
from tests.providers.building import BOOK, EURUSD, NOW, query

REPLIES = Path(__file__).with_name("replies")
SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
GOOD = (REPLIES / "ecb" / "good.zip").read_bytes()
PLAIN = (REPLIES / "ecb" / "plain_csv.csv").read_bytes()


def folder_rates(folder: Path) -> FolderRates:
    return FolderRates(MacroFolder(folder, recheck=0.0))


def zipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref-hist.csv", content)
    return buffer.getvalue()


def test_a_zip_that_unpacks_to_too_much_is_refused() -> None:
    with pytest.raises(BadPayload, match="too large"):
        parse_file(zipped(b"1" * (MAX_UNPACKED + 1)))


def test_the_file_of_one_day() -> None:
    names = ["USD", "JPY", "CZK", "DKK", "GBP", "HUF", "PLN", "RON", "SEK", "CHF"]
    text = "Date, " + ", ".join(names) + ", \n30 October 2026, 1.1172, " + "1.0, " * 9 + "\n"
    rates = parse_file(text.encode())
    assert [str(day) for day in rates.days] == ["2026-10-30"]
    assert rates.per_euro["USD"].tolist() == [1.1172]


class TestFolder:
    async def test_the_file_that_goes_on_longest_is_used_whatever_its_name(self, tmp_path: Path) -> None:
        (tmp_path / "a.csv").write_bytes(PLAIN)
        newer = PLAIN.replace(b"2026-11-18", b"2026-11-19")
        (tmp_path / "b.ZIP").write_bytes(zipped(newer))
        (tmp_path / "other.csv").write_text("date,value\n2026-01-01,3\n")
        (tmp_path / "damaged.zip").write_bytes(GOOD[:100])
        (tmp_path / "notes.txt").write_text("Date")
        folder = folder_rates(tmp_path)
        found = await folder.history(query(EURUSD))
        assert (found.last_day, found.provider, found.delay) == (date(2026, 11, 19), "ecb", "fix")
        assert folder.serves(EURUSD)
        assert folder.capabilities.local

    async def test_it_is_read_again_when_the_folder_changed(self, tmp_path: Path) -> None:
        path = tmp_path / "rates.csv"
        path.write_bytes(PLAIN)
        folder = folder_rates(tmp_path)
        assert str((await folder.history(query(EURUSD))).last_day) == "2026-11-18"
        assert str((await folder.history(query(EURUSD))).last_day) == "2026-11-18"
        path.write_bytes(PLAIN.replace(b"2026-11-18", b"2026-11-19"))
        os.utime(path, (1, 1))
        assert str((await folder.history(query(EURUSD))).last_day) == "2026-11-19"

    async def test_without_such_a_file_or_folder(self, tmp_path: Path) -> None:
        with pytest.raises(Unavailable, match="holds no ECB file"):
            await folder_rates(tmp_path).history(query(EURUSD))
        with pytest.raises(StartupError, match="does not exist"):
            folder_rates(tmp_path / "nowhere")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
class TestSharedData:
    """Expected values are those of ../shared/data/SOURCES.md and of the bank's one-day file beside it."""

    async def of(self, pair: str, start: date = date(1999, 1, 1)) -> tuple[str, float, int]:
        asked = HistoryQuery(BOOK.resolve(pair), start, NOW.date(), NOW)
        found = await folder_rates(SHARED).history(asked)
        return str(found.last_day), float(found.close[-1]), len(found)

    async def test_euro_in_dollars(self) -> None:
        assert await self.of("EUR/USD") == ("2026-10-30", 1.1172, 7126)

    async def test_inverse_and_cross(self) -> None:
        assert (await self.of("USD/EUR"))[1] == 1 / 1.1172
        assert (await self.of("USD/JPY"))[1] == 175.68 / 1.1172
        assert (await self.of("GBP/USD"))[1] == 1.1172 / 0.8338

    async def test_a_currency_that_ended_ends(self) -> None:
        assert (await self.of("EUR/BGN"))[0] == "2025-12-31"
        assert (await self.of("BGN/USD"))[0] == "2025-12-31"
        with pytest.raises(UnknownSymbol):
            await self.of("EUR/BGN", start=date(2026, 1, 1))

    async def test_every_rate_is_that_of_the_derived_file(self) -> None:
        lines = (SHARED / "derived-eurusd-ecb-daily.csv").read_text().split()[1:]
        asked = HistoryQuery(EURUSD, date(1999, 1, 1), NOW.date(), NOW)
        found = await folder_rates(SHARED).history(asked)
        ours = [f"{day},{close!r}" for day, close in zip(found.dates.tolist(), found.close.tolist(), strict=True)]
        assert [line.split(",")[0] for line in lines] == [line.split(",")[0] for line in ours]
        assert [float(line.split(",")[1]) for line in lines] == found.close.tolist()
