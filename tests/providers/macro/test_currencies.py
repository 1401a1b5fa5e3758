"""ECB files and Frankfurter: requests and parsing."""

from __future__ import annotations

from datetime import date

import orjson
import pytest

from bot.errors import BadPayload, ProviderError, RateLimited, Unavailable
from bot.providers.macro.ecb import Ecb
from bot.providers.macro.frankfurter import Frankfurter
from bot.providers.macro.recognise import recognise
from bot.providers.reference_rates import parse_csv, parse_rates, parse_xml, parse_zip
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.macro.files import ECB_CSV, ECB_DAY, ECB_XML, FRANKFURTER, QUERY, of, ok, zipped


def test_the_history_zip_is_read_oldest_first() -> None:
    source = Ecb("https://ecb.example")
    assert source.figure_requests(QUERY)[0].url == "https://ecb.example/stats/eurofxref/eurofxref-hist.zip"
    table = source.parse_figure(QUERY, ok(zipped(ECB_CSV)))
    assert (table.first_day, table.last_day) == (date(2022, 3, 1), date(2026, 10, 30))
    assert table.rate("EUR", "USD").value == 1.1172
    assert table.currencies == ("EUR", "BGN", "GBP", "JPY", "RUB", "USD")


def test_the_one_day_file_and_the_xml_say_the_same() -> None:
    for table in (parse_csv(ECB_DAY.encode()), parse_xml(ECB_XML.encode())):
        assert table.rate("EUR", "USD").value == 1.1172
        assert table.rate("USD", "JPY").value == pytest.approx(157.2503, abs=1e-4)
        assert table.last_day == date(2026, 10, 30)


@pytest.mark.parametrize(
    "body",
    [
        b"PK\x03\x04 cut",
        zipped(ECB_CSV)[:-40],
        zipped("no table", "readme.txt"),
        zipped("Date,USD,\n"),
        zipped("When,USD,JPY,\n2026-10-30,1,2,\n"),
        zipped("Date,USD,JPY,\n2026-10-30,one,2,\n"),
        zipped("Date,USD,JPY,\n2026-13-30,1,2,\n"),
        zipped("Date,USD,JPY,\n2026-10-30,1,2,\n2026-10-30,1,2,\n"),
        zipped("Date,USD,JPY,\n2026-10-30,1,2\n2026-10-29,1\n"),
    ],
)
def test_broken_histories_are_bad_payloads(body: bytes) -> None:
    with pytest.raises(BadPayload):
        parse_zip(body)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"<Cube><Cube time='2026-10-30'></Cube></Cube>"])
def test_broken_tables_are_bad_payloads(body: bytes) -> None:
    with pytest.raises(BadPayload):
        parse_xml(body)
    with pytest.raises(BadPayload):
        parse_csv(body)


def test_frankfurter_is_asked_for_six_weeks_of_every_currency() -> None:
    source = Frankfurter("https://f.example")
    assert source.figure_requests(QUERY)[0].url == "https://f.example/v1/2026-10-07..2026-11-21"
    past = source.figure_requests(of("currencies", date(2015, 12, 31)))[0]
    assert past.url.endswith("/v1/2015-11-16..2015-12-31")
    assert dict(past.params) == {"base": "EUR"}
    table = source.parse_figure(QUERY, ok(FRANKFURTER))
    assert table.rate("GBP", "USD").value == pytest.approx(1.1172 / 0.8338)
    assert table.rate("EUR", "USD", date(2026, 10, 29)).value == 1.1165


def test_frankfurters_single_day() -> None:
    table = parse_rates({"amount": 1.0, "base": "EUR", "date": "2026-10-30", "rates": {"USD": 1.1172, "EUR": 1.0}})
    assert table.currencies == ("EUR", "USD")


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (ok('{"message":"not found"}', 404), Unavailable),
        (ok("", 429, {"retry-after": "30"}), RateLimited),
        (ok("<html>"), BadPayload),
        (ok(FRANKFURTER[:-20]), BadPayload),
        (ok('{"amount":100,"base":"EUR","rates":{}}'), BadPayload),
        (ok('{"amount":1,"base":"USD","rates":{}}'), BadPayload),
        (ok('{"amount":1,"base":"EUR","rates":{}}'), BadPayload),
        (ok('{"amount":1,"base":"EUR","rates":{"2026-10-30":7}}'), BadPayload),
        (ok('{"amount":1,"base":"EUR","rates":{"yesterday":{"USD":1}}}'), BadPayload),
        (ok('{"amount":1,"base":"EUR","rates":{"2026-10-30":{"USD":"?"}}}'), BadPayload),
    ],
)
def test_frankfurters_failures_are_named(response: object, error: type[ProviderError]) -> None:
    with pytest.raises(error) as caught:
        Frankfurter("https://f.example").parse_figure(QUERY, response)  # type: ignore[arg-type]
    assert caught.value.provider == "frankfurter"
    assert type(caught.value) is error


def test_frankfurters_answer_is_what_it_documents() -> None:
    assert set(orjson.loads(FRANKFURTER)) == {"amount", "base", "start_date", "end_date", "rates"}


@pytest.mark.shared
@needs_shared
def test_the_real_files() -> None:
    history = parse_zip((SHARED / "data" / "ecb-eurofxref-hist.zip").read_bytes())
    day = parse_csv((SHARED / "data" / "ecb-eurofxref-latest.csv").read_bytes())
    assert history.days.size == 7126
    for table in (history, day):
        assert table.rate("EUR", "USD", date(2026, 10, 31)).value == 1.1172
        assert table.rate("EUR", "USD").date == date(2026, 10, 30)
    live = day.currencies
    for a, b, c in zip(live, live[1:], live[2:], strict=False):
        product = history.rate(a, b).value * history.rate(b, c).value * history.rate(c, a).value
        assert abs(product - 1) < 1e-9
    assert history.rate("USD", "JPY", date(2015, 12, 31)).value == pytest.approx(120.39, abs=5e-3)


SAVED_AGAIN = {
    "german excel": "Date;USD;JPY;GBP;\n27.11.2026;1,1210;175,10;0,8341;\n26.11.2026;1,1201;174,90;N/A;\n",
    "us excel": "Date,USD,JPY,GBP,\n11/27/2026,1.121,175.1,0.8341,\n11/26/2026,1.1201,174.9,,\n",
    "tabs": "\ufeffDate\tUSD\tJPY\tGBP\n2026-11-27\t1.121\t175.1\t0.8341\n2026-11-26\t1.1201\t174.9\tN/A\n",
    "sdmx": (
        "KEY,FREQ,CURRENCY,CURRENCY_DENOM,EXR_TYPE,EXR_SUFFIX,TIME_PERIOD,OBS_VALUE,OBS_STATUS\n"
        "EXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2026-11-26,1.1201,A\nEXR.D.USD.EUR.SP00.A,D,USD,EUR,SP00,A,2026-11-27,1.1210,A\n"
        "EXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2026-11-26,174.90,A\nEXR.D.JPY.EUR.SP00.A,D,JPY,EUR,SP00,A,2026-11-27,175.10,A\n"
        "EXR.D.GBP.EUR.SP00.A,D,GBP,EUR,SP00,A,2026-11-27,0.8341,A\nEXR.D.GBP.EUR.SP00.A,D,GBP,EUR,SP00,A,2026-11-26,NaN,A\n"
        "EXR.M.USD.EUR.SP00.A,M,USD,EUR,SP00,A,2026-11,1.2,A\nEXR.D.CHF.EUR.SP00.A,D,CHF,EUR,SP00,A,2026-11-27,,A\n"
    ),
    "data portal": (
        '"DATE","TIME PERIOD","US dollar/Euro (EXR.D.USD.EUR.SP00.A)","Yen/Euro (EXR.D.JPY.EUR.SP00.A)",'
        '"Pound/Euro (EXR.D.GBP.EUR.SP00.A)"\n'
        '"2026-11-26","26 Nov 2026","1.1201","174.90",""\n"2026-11-27","27 Nov 2026","1.1210","175.10","0.8341"\n'
    ),
}


@pytest.mark.parametrize("layout", SAVED_AGAIN)
def test_rates_saved_again_in_another_way(layout: str) -> None:
    body = SAVED_AGAIN[layout].encode()
    assert recognise(body).count == 1
    table = parse_csv(body)
    assert (table.first_day, table.last_day) == (date(2026, 11, 26), date(2026, 11, 27))
    assert table.rate("EUR", "USD").value == 1.121
    assert table.rate("EUR", "JPY").value == 175.1
    assert table.rate("EUR", "GBP").value == 0.8341
    assert table.currencies == ("EUR", "GBP", "JPY", "USD")


@pytest.mark.parametrize(
    "text",
    [
        "Date;USD;JPY;\n27.11.2026;1,1210;175.10 *;\n",
        "Date;USD;JPY;\n31.11.2026;1,1210;175,10;\n",
        "Date;USD;JPY;\n27.11.2026;1,1210;175,10;9\n",
        "Date;Mood;Other\n27.11.2026;1,1210;175,10\n",
        SAVED_AGAIN["sdmx"].replace(",D,", ",M,"),
    ],
)
def test_rates_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(BadPayload):
        parse_csv(text.encode())
