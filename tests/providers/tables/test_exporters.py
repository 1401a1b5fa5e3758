"""The layouts of well-known exporters, each with numbers of its own: what is read from it, or why it is refused."""

# ruff: noqa: E501  a line of a file is a line here

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pytest

from bot.providers.tables.files import UnreadableTable, file_text
from bot.providers.tables.prices import read_prices


@dataclass(frozen=True)
class Export:
    """A file and what it says: its days in September 2026, its closes, its adjustment kind and first volume."""

    text: str
    closes: tuple[float, ...]
    days: tuple[int, ...] = (8, 9)
    adjustment: str = "raw"
    volume: float | None = None


EXPORTS = {
    "investing.com, english": Export(
        '\ufeff"Date","Price","Open","High","Low","Vol.","Change %"\n'
        '"09/15/2026","1,011.20","1,000.10","1,012.00","999.50","1.20K","1.10%"\n'
        '"09/14/2026","1,000.20","990.10","1,001.00","989.50","3.40M","-0.50%"\n',
        (1000.2, 1011.2), (14, 15), volume=3.4e6,
    ),
    "investing.com, spanish, three decimals": Export(
        '"Fecha","Último","Apertura","Máximo","Mínimo","Vol.","% var."\n'
        '"22.09.2026","10,074","10,060","10,148","9,987","10,36M","-0,08%"\n'
        '"21.09.2026","10,082","10,050","10,111","9,999","9,10M","0,18%"\n',
        (10.082, 10.074), (21, 22), volume=9.1e6,
    ),
    "investing.com, portuguese, an index without decimals": Export(
        '"Data","Último","Abertura","Máxima","Mínima","Vol.","Var%"\n'
        '"17.09.2026","114.982","115.592","116.610","114.859","12,75M","-0,53%"\n'
        '"16.09.2026","115.592","116.171","117.338","115.534","18,86M","-0,50%"\n',
        (115_592.0, 114_982.0), (16, 17),
    ),
    "investing.com, french": Export(
        '"Date","Dernier","Ouv."," Plus Haut","Plus Bas","Vol.","Variation %"\n'
        '"17/09/2026","1,1345","1,1300","1,1360","1,1290","","0,40%"\n'
        '"16/09/2026","1,1300","1,1280","1,1310","1,1270","","0,18%"\n',
        (1.13, 1.1345), (16, 17),
    ),
    "investing.com, korean": Export(
        '"날짜","종가","시가","고가","저가","거래량","변동 %"\n'
        '"2026- 09- 09","1,434.95","1,413.50","1,444.65","1,405.50","18.45K","1.77%"\n'
        '"2026- 09- 08","999.95","996.40","1,001.05","990.00","","-0.55%"\n',
        (999.95, 1434.95),
    ),
    "investing.com, chinese": Export(
        '"日期","收盘","开盘","高","低","交易量","涨跌幅"\n'
        '"2026-9-9","13.75","13.80","13.89","13.65","3.21M","-0.07%"\n'
        '"2026-9-8","13.76","13.69","13.77","13.55","3.04M","0.00%"\n',
        (13.76, 13.75), volume=3.04e6,
    ),
    "stooq, polish": Export(
        "Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen\n"
        "2026-09-08,357.73,358.1,357,357.9,1200\n2026-09-09,358,359,357,358.5,1300\n",
        (357.9, 358.5), volume=1200.0,
    ),
    "stooq, bulk": Export(
        "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
        "IWM.US,D,20260908,000000,1,3,1,2.5,100,0\nIWM.US,D,20260909,000000,2,4,2,3.5,200,0\n",
        (2.5, 3.5), volume=100.0,
    ),
    "ariva": Export(
        "Datum;Erster;Hoch;Tief;Schlusskurs;Stuecke;Volumen\n"
        "15.09.26;4,50;4,55;3,10;3,65;3.500;12.000\n14.09.26;6,40;6,99;4,20;4,22;2.000;8.500\n",
        (4.22, 3.65), (14, 15), volume=2000.0,
    ),
    "onvista": Export(
        "ISHARES TECDAX (DE)(WKN: 593397 Börse: LT)\n\nDatum;Eröffnung;Hoch;Tief;Schluss;Volumen\n"
        "14.09.2026;14,384;14,389;14,192;14,235;0,00\n15.09.2026;14,235;14,300;14,200;14,290;0,00\n",
        (14.235, 14.29), (14, 15),
    ),
    "nasdaq nordic": Export(
        "sep=;\nDate;Bid;Ask;Opening price;High price;Low price;Closing price;Average price;Total volume;Turnover;Trades;\n"
        "2026-09-09;174,0;175,0;180,0;180,0;172,5;174,0;175,84;48128;8451395,5;488;\n"
        "2026-09-08;170,0;171,0;170,0;172,0;169,5;171,0;170,90;30100;5144090,0;300;\n",
        (171.0, 174.0), volume=30100.0,
    ),
    "euronext": Export(
        '"Historical Data"\n"From 2026-09-01 to 2026-09-15"\n"NL0000000000"\n'
        "Date;Open;High;Low;Last;Close;Number of Shares;Number of Trades;Turnover;VWAP\n"
        "15/09/2026;10.10;10.30;10.00;10.25;10.20;1200;30;12240;10.2\n"
        "14/09/2026;10.00;10.20;9.90;10.15;10.10;1100;28;11110;10.1\n",
        (10.1, 10.2), (14, 15),
    ),
    "bloomberg": Export(
        "Security,IWM US Equity,,,\nStart Date,09/01/26 0:00,,,\nEnd Date,09/15/26 0:00,,,\nPeriod,D,,,\nCurrency,USD,,,\n"
        ",,,,\nDate,PX_LAST,PX_OPEN,PX_HIGH,PX_LOW\n"
        "09/14/26,100.5,99.5,101,99\n09/15/26,101.5,100.5,102,100\n",
        (100.5, 101.5), (14, 15),
    ),
    "refinitiv": Export(
        "IWM.P,,,,\nHistory,,,,\n\nExchange Date,Close,Net,%Chg,Open,Low,High,Volume,Turnover - USD,Flow,,,,,,\n"
        '09-Sep-2026,101.5,1,0.99%,100.5,100,102,"1,200",120000,1,,,,,,\n'
        '08-Sep-2026,100.5,-1,-0.98%,99.5,99,101,"1,100",110000,1,,,,,,\n',
        (100.5, 101.5), volume=1100.0,
    ),
    "alpha vantage, adjusted": Export(
        "timestamp,open,high,low,close,adjusted_close,volume,dividend_amount,split_coefficient\n"
        "2026-09-09,96.56,97.56,95.92,97.22,48.61,113607,0.0000,1.0\n"
        "2026-09-08,95.56,96.56,94.92,96.22,48.11,103607,0.0000,1.0\n",
        (96.22, 97.22), volume=103607.0,
    ),
    "eodhd": Export(
        "Date,Open,High,Low,Close,Adjusted_close,Volume\n"
        "2026-09-08,288.15,288.5,285.44,286.37,284.8579,2943900.99\n2026-09-09,286.45,287.12,284.58,285.92,284.4103,2262100\n",
        (286.37, 285.92),
    ),
    "quandl": Export(
        "Date,Open,High,Low,Close,Volume,Ex-Dividend,Split Ratio,Adj. Open,Adj. High,Adj. Low,Adj. Close,Adj. Volume\n"
        "2026-09-08,10,11,9,10.5,100,0,1,5,5.5,4.5,5.25,200\n2026-09-09,11,12,10,11.5,110,0,1,5.5,6,5,5.75,220\n",
        (10.5, 11.5), volume=100.0,
    ),
    "tiingo": Export(
        "date,close,high,low,open,volume,adjClose,adjHigh,adjLow,adjOpen,adjVolume,divCash,splitFactor\n"
        "2026-09-08T00:00:00.000Z,98,99,97,98,9,24.5,24.7,24.2,24.5,36,0,1\n"
        "2026-09-09T00:00:00.000Z,99,100,98,98,9,24.75,25,24.5,24.5,36,0,1\n",
        (98.0, 99.0),
    ),
    "yahoo, before 2024": Export(
        "Date,Open,High,Low,Close,Adj Close,Volume\n2026-09-08,1,3,1,2.5,1.9,100\n2026-09-09,2,4,2,3.5,2.9,200\n",
        (2.5, 3.5), adjustment="split", volume=100.0,
    ),
    "yahoo, copied from its page": Export(
        "Date\tOpen\tHigh\tLow\tClose*\tAdj Close**\tVolume\nSep 9, 2026\t2\t4\t2\t1,003.50\t2.9\t200\n"
        "Sep 9, 2026\t0.25 Dividend\nSep 8, 2026\t1\t3\t1\t1,002.50\t1.9\t-\n",
        (1002.5, 1003.5), adjustment="split",
    ),
    "yfinance, one symbol": Export(
        "Price,Adj Close,Close,High,Low,Open,Volume\nTicker,IWM,IWM,IWM,IWM,IWM,IWM\nDate,,,,,,\n"
        "2026-09-08,1.9,2.5,3,1,1,100\n2026-09-09,2.9,3.5,4,2,2,200\n",
        (2.5, 3.5), adjustment="split", volume=100.0,
    ),
    "yfinance, several symbols": Export(
        ",Close,Close,Volume,Volume\nTicker,SPY,IWM,SPY,IWM\nDate,,,,\n"
        "2026-09-08,601,2.5,9,100\n2026-09-09,602,3.5,9,200\n",
        (2.5, 3.5), volume=100.0,
    ),
    "yfinance, history": Export(
        "Date,Open,High,Low,Close,Volume,Dividends,Stock Splits\n"
        "2026-09-08 00:00:00-04:00,1,3,1,2.5,100,0.0,0.0\n2026-09-09 00:00:00-04:00,2,4,2,3.5,200,0.0,0.0\n",
        (2.5, 3.5), adjustment="split_dividend",
    ),
    "quantmod": Export(
        '"","IWM.Open","IWM.High","IWM.Low","IWM.Close","IWM.Volume","IWM.Adjusted"\n'
        '"2026-09-08",1,3,1,2.5,100,1.9\n"2026-09-09",2,4,2,3.5,200,2.9\n',
        (2.5, 3.5), adjustment="split", volume=100.0,
    ),
    "nasdaq.com": Export(
        "Date,Close/Last,Volume,Open,High,Low\n09/15/2026,$3.50,200,$2.00,$4.00,$2.00\n09/14/2026,$2.50,100,$1.00,$3.00,$1.00\n",
        (2.5, 3.5), (14, 15), volume=100.0,
    ),
    "barchart": Export(
        "Time,Open,High,Low,Last,Change,%Chg,Volume\n09/15/2026,48.1,48.99,45.69,47.44,-1.06,-2.19%,359500\n"
        '09/14/2026,48,49,47,48.5,0.5,1.04%,300000\n"Downloaded from Barchart.com as of 09-15-2026 04:30pm CDT"\n',
        (48.5, 47.44), (14, 15), volume=300_000.0,
    ),
    "google sheets": Export(
        "Date,Open,High,Low,Close,Volume\n9/14/2026 16:00:00,1,3,1,2.5,100\n9/15/2026 16:00:00,2,4,2,3.5,200\n",
        (2.5, 3.5), (14, 15), volume=100.0,
    ),
    "metatrader 5": Export(
        "<DATE>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n"
        "2026.09.08\t157.100\t157.900\t156.800\t157.123\t900\t0\t12\n2026.09.09\t157.123\t158.000\t157.001\t157.777\t800\t0\t12\n",
        (157.123, 157.777), volume=0.0,
    ),
    "metatrader 4": Export(
        "2026.09.08,00:00,1.1010,1.1090,1.1000,1.1050,1234\n2026.09.09,00:00,1.1050,1.1100,1.1020,1.1080,1300\n",
        (1.105, 1.108), volume=1234.0,
    ),
    "dukascopy": Export(
        "Local time,Open,High,Low,Close,Volume\n14.09.2026 00:00:00.000 GMT+0900,146.851,146.878,146.851,146.876,192000000\n"
        "15.09.2026 00:00:00.000 GMT+0900,146.876,146.9,146.7,146.8,182000000\n",
        (146.876, 146.8), (14, 15),
    ),
    "binance, milliseconds": Export(
        "1788825600000,62.1,63.0,61.5,62.9,12.5,1788911999999,780.1,900,6.1,380.2,0\n"
        "1788912000000,62.9,64.0,62.0,63.5,11.5,1788998399999,730.1,800,5.1,330.2,0\n",
        (62.9, 63.5), volume=12.5,
    ),
    "binance, microseconds": Export(
        "1788825600000000,62.1,63.0,61.5,62.9,12.5,1788911999999999,780.1,900,6.1,380.2,0\n"
        "1788912000000000,62.9,64.0,62.0,63.5,11.5,1788998399999999,730.1,800,5.1,330.2,0\n",
        (62.9, 63.5), volume=12.5,
    ),
    "binance, both in one file": Export(
        "1788825600000,62.1,63.0,61.5,62.9,12.5,1788911999999,780.1,900,6.1,380.2,0\n"
        "1788912000000000,62.9,64.0,62.0,63.5,11.5,1788998399999999,730.1,800,5.1,330.2,0\n",
        (62.9, 63.5),
    ),
    "kraken": Export(
        "1788825600,62.1,63.0,61.5,62.9,12.5,300\n1788912000,62.9,64.0,62.0,63.5,11.5,310\n", (62.9, 63.5), volume=12.5
    ),
    "cryptodatadownload": Export(
        "https://www.CryptoDataDownload.com\nUnix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount\n"
        "1788912000000,2026-09-09 00:00:00,BTCUSDT,62.9,64.0,62.0,63.5,11.5,730.1,310\n"
        "1788825600000,2026-09-08 00:00:00,BTCUSDT,62.1,63.0,61.5,62.9,12.5,780.1,300\n",
        (62.9, 63.5), volume=12.5,
    ),
    "coinmarketcap": Export(
        "timeOpen;timeClose;timeHigh;timeLow;name;open;high;low;close;volume;marketCap;circulatingSupply;timestamp\n"
        '"2026-09-09T00:00:00.000Z";"2026-09-09T23:59:59.999Z";"2026-09-09T15:53:00.000Z";"2026-09-09T00:34:00.000Z";"2781";'
        '62.9;64.0;62.0;63.52;11.5;1;1;"2026-09-09T23:59:59.999Z"\n'
        '"2026-09-08T00:00:00.000Z";"2026-09-08T23:59:59.999Z";"2026-09-08T15:53:00.000Z";"2026-09-08T00:34:00.000Z";"2781";'
        '62.1;63.0;61.5;62.91;12.5;1;1;"2026-09-08T23:59:59.999Z"\n',
        (62.91, 63.52), volume=12.5,
    ),
    "coingecko": Export(
        "snapped_at,price,market_cap,total_volume\n2026-09-08 00:00:00 UTC,62.9,1,12\n2026-09-09 00:00:00 UTC,63.5,1,11\n",
        (62.9, 63.5), volume=12.0,
    ),
    "tradingview": Export(
        "time,open,high,low,close,Volume,Volume MA\n"
        + "".join(
            f"{1788874200 + 86_400 * step},1,3,1,{closes},100,\n"
            for step, closes in ((0, "2.5"), (1, "3.5"), (2, "3.6"), (3, "3.7"), (6, "3.8"), (7, "3.9"))
        ),
        (2.5, 3.5, 3.6, 3.7, 3.8, 3.9), (8, 9, 10, 11, 14, 15),
    ),
    "nse india": Export(
        '"Date ","series ","OPEN ","HIGH ","LOW ","PREV. CLOSE ","ltp ","close ","vwap ","VOLUME ","VALUE ","No of trades "\n'
        '"09-Sep-2026","EQ","1,02,000.00","1,03,000.00","1,01,000.35","1,01,502.15","1,02,522.00","1,02,516.75","1,02,413.91",'
        '1547819,"79,54,34,488.60",34547\n'
        '"08-Sep-2026","EQ","1,01,000.00","1,02,000.00","1,00,000.35","1,00,502.15","1,01,500.00","1,01,502.15","1,01,413.91",'
        '1447819,"69,54,34,488.60",33547\n',
        (101_502.15, 102_516.75), volume=1447819.0,
    ),
    "netfonds": Export(
        "quote_date;paper;exch;open;high;low;close;volume;value\n"
        "20260909;ET1;NBB;10.1;10.4;10.0;10.25;1200;12300\n20260908;ET1;NBB;10.0;10.2;9.9;10.1;1100;11110\n",
        (10.1, 10.25), volume=1100.0,
    ),
    "sgx, six digits for a day": Export(
        "COUNTER\n260909,1.1,1.2,1.0,1.15,1000\n260908,1.0,1.1,0.9,1.05,900\n260814,1.0,1.1,0.9,1.00,900\n",
        (1.0, 1.05, 1.15), (14, 8, 9),
    ),
    "kaggle, several symbols below each other": Export(
        "date,open,high,low,close,volume,Name\n2026-09-08,6,7,6,6.5,10,SPY\n2026-09-09,6,7,6,6.6,10,SPY\n"
        "2026-09-08,1,3,1,2.5,100,IWM\n2026-09-09,2,4,2,3.5,200,IWM\n",
        (2.5, 3.5), volume=100.0,
    ),
    "fred": Export("observation_date,DGS10\n2026-09-07,\n2026-09-08,4.28\n2026-09-09,4.31\n", (4.28, 4.31)),
    "r, write.table": Export('"Open","Close"\n"2026-09-08",1,2.5\n"2026-09-09",2,3.5\n', (2.5, 3.5)),
}  # fmt: skip


@pytest.mark.parametrize("exporter", EXPORTS)
def test_exporters(exporter: str) -> None:
    wanted = EXPORTS[exporter]
    found = read_prices(file_text(wanted.text.encode()), ("IWM",))
    order = found.table.days.argsort()
    days, closes = found.table.days[order].tolist(), found.table.close[order]
    kept = np.isfinite(closes)
    assert [day.day for day, there in zip(days, kept, strict=True) if there] == list(wanted.days)
    assert days[-1].replace(day=1) == date(2026, 9, 1)
    assert closes[kept].tolist() == list(wanted.closes)
    assert found.adjustment == wanted.adjustment
    if wanted.volume is not None:
        assert found.table.volume is not None
        assert found.table.volume[order][0] == wanted.volume


REFUSED = {
    "hours": (
        '"Дата","Цена","Откр.","Макс.","Мин.","Объём","Изм. %"\n"13.08.2026 12:00","3.412,50","3.400,10","3.425,80","3.396,00","-","0,37%"\n'
        '"13.08.2026 08:00","3.400,00","3.380,20","3.405,40","3.375,10","-","0,58%"\n"13.08.2026 04:00","3.400,00","3.380,20","3.405,40","3.375,10","-","0,58%"\n',
        "several bars a day \\(12:00 and 08:00 of 2026-08-13\\)",
    ),
    "thousands without quotation marks": (
        "Date,Close\n2026-09-08,998.5\n2026-09-09,1,000.25\n", "row 3 has more cells than the heading",
    ),
    "decimal commas between commas": ("Date,Close\n2026-09-08,98,5\n2026-09-09,99,25\n", "more cells than the heading"),
    "days that can be months": ("Date,Close\n01/09/2026,1.5\n02/09/2026,1.6\n", "1 Sep 2026 or 9 Jan 2026"),
    "a comma that can be either": ("Date;Close\n2026-09-08;1,010\n2026-09-09;1,011\n", "1.01 or 1,010"),
    "a point that can be either": ("Date;Close\n2026-09-08;1.010\n2026-09-09;1.011\n", "1,010 or 1.01"),
    "two decimal marks": ("Date;Close\n2026-09-08;1,5\n2026-09-09;1.6\n2026-09-10;1,7\n", "row 3, column “Close”: “1.6”"),
    "a mark on a price": ("Date,Close\n2026-09-08,1.5\n2026-09-09,1.26 *\n", "row 3, column “Close”: “1.26 \\*” is no number"),
    "a word for a price": ("Date,Close\n2026-09-08,1.5\n2026-09-09,closed\n", "row 3, column “Close”: “closed”"),
    "two currencies": ("Date,Close\n2026-09-08,$1.5\n2026-09-09,€1.6\n", "another unit"),
    "percents among prices": ("Date,Close\n2026-09-08,1.5\n2026-09-09,1.6%\n", "another unit"),
    "a day that is none": ("Date,Close\n2026-09-08,1.5\n2026-09-31,1.6\n", "row 3, column “Date”: “2026-09-31” is no day"),
    "a broken first day": ("Date,Close\n2026-9x-07,1.4\n2026-09-08,1.5\n", "row 2 has no readable day"),
    "a missing day": ("Date,Close\n2026-09-08,1.5\n,1.6\n2026-09-10,1.7\n", "row 3, column “Date”: the day is missing"),
    "a day written otherwise": ("Date,Close\n2026-09-08,1.5\n09.09.2026,1.6\n", "row 3.*unlike the days above"),
    "several closes": ("Date,Close,Close\n2026-09-08,1.5,1.6\n2026-09-09,1.5,1.6\n", "several columns.*“Close”"),
    "no close": ("Date,Bid,Ask\n2026-09-08,1.5,1.6\n2026-09-09,1.5,1.6\n", "no column in it is called close"),
    "no heading": ("2026-09-08,1.5,1.6\n2026-09-09,1.5,1.6\n", "no heading"),
    "no heading, another order": ("2026-09-08,9,1,8,5\n2026-09-09,9,1,8,5\n", "not open, high, low and close"),
    "rows of other symbols": ("date,close,Name\n2026-09-08,1,SPY\n2026-09-08,2,QQQ\n", "several symbols.*“QQQ”, “SPY”"),
    "an open quotation": ('Date,Close\n2026-09-08,1.5\n"2026-09-09,1.6\n', "quotation never ends|more cells|no day"),
    "a page": ("<!DOCTYPE html><html><body>Forbidden</body></html>", "web page"),
    "a workbook": ("PK\x03\x04", "save it as CSV"),
    "moments on either side of midnight": (
        "Date,Close\n2026-09-08 23:00:00+00:00,1.5\n2026-09-09 23:00:00+00:00,1.6\n", "of that day or of the next",
    ),
    "too many columns": ("Date,Close" + ",x" * 5_000 + "\n2026-09-08,1" + ",1" * 5_000 + "\n", "over 4,096 columns"),
    "too many lines": ("\n" * 400_001, "more than 400,000 lines"),
    "too large a number": ("Date,Close\n2026-09-08,1e300\n2026-09-09,1e999\n", "“1e999” is too large"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_a_reason(case: str) -> None:
    text, reason = REFUSED[case]
    with pytest.raises(UnreadableTable, match=reason):
        read_prices(file_text(text.encode()), ("IWM",))


def test_midnight_further_east_is_told_by_the_weekdays() -> None:
    evenings = [(6, "23:00"), (7, "23:00"), (8, "23:00"), (9, "23:00"), (10, "23:00"), (13, "23:00"), (14, "23:00")]
    text = "Date,Close\n" + "".join(f"2026-09-{day:02} {at}:00+00:00,1.5\n" for day, at in evenings)
    days = read_prices(text, ("^GDAXI",)).table.days.tolist()
    assert [day.day for day in days] == [7, 8, 9, 10, 11, 14, 15]
