"""ECB files and Frankfurter: requests and parsing."""

from __future__ import annotations

from datetime import date

import orjson
import pytest

from bot.errors import BadPayload, ProviderError, RateLimited, Unavailable
from bot.providers.macro.ecb import Ecb
from bot.providers.macro.frankfurter import Frankfurter
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
