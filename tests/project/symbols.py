"""Build `bot/market/data/listings.tsv.gz` anew from its public sources, and show what changes.

Run `python -m tests.project.symbols --sec FILE --directory FILE [FILE] --world FOLDER [--write]` from the root.

- `--sec`: `company_tickers_exchange.json` of the SEC (public domain): every US share. https://www.sec.gov/files/
- `--directory`: `nasdaqlisted.txt` and `otherlisted.txt` of Nasdaq: only a filter, which US funds are still listed;
  nothing of them goes into the file. https://www.nasdaqtrader.com/dynamic/symdir/
- `--world`: the CSV files of FinanceDatabase (MIT), `equities` and `etfs`: home listings abroad, names of US funds.
- `listings_by_hand.tsv` beside this: what the others lack. It is added, and wins.

Fetch the files yourself (the SEC wants a User-Agent with a contact, and at most ten requests a second); nothing is
fetched here. Without `--write` the differences are printed, and nothing is changed: read them first.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from bot.market.listings import ListedRow
from bot.market.venues import DATA, rows_of, venues

FILE = DATA / "listings.tsv.gz"
HAND = Path(__file__).with_name("listings_by_hand.tsv")
EXCHANGES = {"NYSE": "XNYS", "Nasdaq": "XNAS", "CBOE": "BATS"}
SIZES = {"Nano Cap": 0, "Micro Cap": 2, "Small Cap": 3, "Mid Cap": 4, "Large Cap": 5, "Mega Cap": 6}
LARGE_ENOUGH = 4
US_VENUES = {"PCX": "ARCX", "BTS": "BATS", "NMS": "XNAS", "NGM": "XNAS", "NCM": "XNAS", "NYQ": "XNYS", "ASE": "XASE"}
COUNTRIES = {
    "United Kingdom": "GB", "Ireland": "IE", "Germany": "DE", "France": "FR", "Netherlands": "NL", "Belgium": "BE",
    "Portugal": "PT", "Italy": "IT", "Spain": "ES", "Switzerland": "CH", "Austria": "AT", "Greece": "GR",
    "Sweden": "SE", "Denmark": "DK", "Finland": "FI", "Iceland": "IS", "Norway": "NO", "Estonia": "EE", "Latvia": "LV",
    "Lithuania": "LT", "Poland": "PL", "Czech Republic": "CZ", "Hungary": "HU", "Romania": "RO", "Turkey": "TR",
    "Israel": "IL", "Saudi Arabia": "SA", "Qatar": "QA", "Kuwait": "KW", "United Arab Emirates": "AE", "Egypt": "EG",
    "South Africa": "ZA", "Japan": "JP", "South Korea": "KR", "Taiwan": "TW", "Hong Kong": "HK", "China": "CN",
    "India": "IN", "Singapore": "SG", "Malaysia": "MY", "Indonesia": "ID", "Thailand": "TH", "Philippines": "PH",
    "Vietnam": "VN", "Pakistan": "PK", "Sri Lanka": "LK", "Australia": "AU", "New Zealand": "NZ", "Canada": "CA",
    "Brazil": "BR", "Mexico": "MX", "Argentina": "AR", "Chile": "CL", "Colombia": "CO", "Peru": "PE",
}  # fmt: skip
_FUND = re.compile(r"\b(?:ETF|ETN)\b|(?:Gold|Silver|Bitcoin|Ethereum|Ether|Solana|XRP)\b.* Trust\b")
_NO_SHARE = re.compile(r"-(?:WT|WS|W|U|UN|R|RT|P[A-Z]?)$")


def line_of(row: ListedRow) -> str:
    """A row as the file has it."""
    return "\t".join(map(str, row))


def canonical(symbol: str) -> str:
    """A symbol of the sources as ours: dots inside the ticker are hyphens, Hong Kong has four digits."""
    ticker, dot, suffix = symbol.upper().rpartition(".")
    if not dot or suffix not in venues():
        return symbol.upper().replace(".", "-").replace("/", "-")
    ticker = ticker.replace(".", "-")
    return f"{ticker.zfill(4) if suffix == 'HK' and ticker.isdigit() else ticker}.{suffix}"


def title(name: str) -> str:
    """A name in capitals as one that is read: `MCDONALDS CORP` is `Mcdonalds Corp`."""
    return name.title() if name.isupper() else name


def us_shares(sec: Mapping[str, list[list[object]]], sizes: Mapping[str, int]) -> Iterator[ListedRow]:
    """The US shares of the SEC's file, a fund where the name says so; no warrants, units and rights."""
    at = {name: place for place, name in enumerate(sec["fields"])}  # type: ignore[arg-type]
    for cells in sec["data"]:
        symbol, exchange = canonical(str(cells[at["ticker"]])), str(cells[at["exchange"]])
        if exchange in EXCHANGES and not _NO_SHARE.search(symbol):
            name = title(str(cells[at["name"]])).strip()
            kind = "F" if _FUND.search(name) else "S"
            yield ListedRow(symbol, name, EXCHANGES[exchange], kind, sizes.get(symbol, 1))


def listed_funds(directory: Iterable[str]) -> set[str]:
    """The symbols that a Nasdaq symbol directory calls funds."""
    rows = csv.DictReader(directory, delimiter="|")
    return {canonical(row.get("Symbol") or row.get("ACT Symbol") or "") for row in rows if row.get("ETF") == "Y"}


def world(rows: Iterable[Mapping[str, str]], funds: set[str]) -> Iterator[ListedRow]:
    """Listings abroad of middling size and more, in their home market, and the US funds that are still listed."""
    for row in rows:
        symbol, name = canonical(row["symbol"]), (row.get("name") or "").strip()
        if not name or row.get("delisted") == "True" or symbol.startswith("^"):
            continue
        if "." not in symbol:
            if symbol in funds:
                yield ListedRow(symbol, name, US_VENUES.get(row.get("exchange", ""), "ARCX"), "F", 3)
            continue
        size, venue = SIZES.get(row.get("market_cap", ""), 0), venues().get(symbol.rpartition(".")[2])
        if venue is not None and size >= LARGE_ENOUGH and COUNTRIES.get(row.get("country", "")) == venue.country:
            yield ListedRow(symbol, name, venue.mic, "S", size)


def by_hand() -> Iterator[ListedRow]:
    """The rows that no source has."""
    for row in rows_of(HAND.read_text("utf-8")):
        yield ListedRow(row["symbol"], row["name"], row["mic"], row["kind"], int(row["size"]))


def built(*parts: Iterable[ListedRow]) -> dict[str, str]:
    """The lines of the file by symbol; of two rows of one symbol the later part has it."""
    return dict(
        sorted((row.symbol, line_of(row)) for row in {one.symbol: one for part in parts for one in part}.values())
    )


def kept() -> dict[str, str]:
    """The lines of the file as it is."""
    lines = gzip.decompress(FILE.read_bytes()).decode().splitlines()
    return {line.partition("\t")[0]: line for line in lines}


def differences(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[str]:
    """What is gone, new and changed, one line each."""
    for symbol in sorted({*old, *new}):
        if old.get(symbol) != new.get(symbol):
            yield from (f"{sign} {line}" for sign, line in (("-", old.get(symbol)), ("+", new.get(symbol))) if line)


def write(rows: Mapping[str, str], file: Path = FILE) -> None:
    """Put the file in place: sorted, the same bytes for the same rows."""
    text = "".join(f"{rows[symbol]}\n" for symbol in sorted(rows))
    file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sec", type=Path, required=True)
    parser.add_argument("--directory", type=Path, nargs="+", required=True)
    parser.add_argument("--world", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    tables = [csv.DictReader(path.open(encoding="utf-8")) for path in sorted(given.world.rglob("*.csv"))]
    abroad = [row for table in tables for row in table]
    sizes = {canonical(row["symbol"]): SIZES.get(row.get("market_cap", ""), 1) for row in abroad}
    funds = {name for path in given.directory for name in listed_funds(path.read_text("utf-8").splitlines())}
    new = built(world(abroad, funds), us_shares(json.loads(given.sec.read_bytes()), sizes), by_hand())
    sys.stdout.writelines(f"{line}\n" for line in differences(kept(), new))
    if given.write:
        write(new)


if __name__ == "__main__":
    main()
