"""What one request meets: every fault becomes one of the seven errors, within its time and memory."""

from __future__ import annotations

import re
import socket
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import BadPayload, ProviderError, Unavailable, UnknownSymbol
from bot.market.bars import Bars
from bot.providers.contract import Busy, HistoryQuery, Pace, Quote, QuoteQuery, Request, Response
from bot.providers.http import MAX_BODY, ConnectedProvider, Http, redirected, short_wait, spans
from bot.providers.macro.frankfurter import Frankfurter
from bot.providers.prices.cboe import Cboe
from bot.providers.response_checks import answered_at, remaining, retry_after
from tests.providers.building import EURUSD, IWM, NOW, fields_of, query
from tests.providers.upstream import Fault, Upstream, upstream

PACE = Pace(1_000, 1.0)


class Paced(Cboe):
    """A provider of which only name and pace matter."""

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._pace = pace

    @property
    def pace(self) -> Pace:
        return self._pace


CBOE = Paced(PACE)
PATIENT, HASTY = 20.0, 0.05


@pytest.fixture
async def host() -> AsyncIterator[Upstream]:
    async with upstream() as found:
        yield found


@pytest.fixture
async def http(host: Upstream) -> AsyncIterator[Http]:
    found = Http([host.address], PATIENT, wait=lambda: 0.0)
    yield found
    await found.close()


def closed_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


async def test_an_answer_comes_whole_whatever_its_status(host: Upstream, http: Http) -> None:
    host.headers = {"X-RateLimit-Remaining": "7"}
    found = await http.get(CBOE, Request(f"{host.address}/a/b", {"q": "1"}))
    assert (found.status, found.body) == (200, host.body)
    assert found.content_type == "application/json"
    assert found.headers["x-ratelimit-remaining"] == "7"
    host.fault = "limited_for"
    found = await http.get(CBOE, Request(f"{host.address}/a"))
    assert (found.status, found.headers["retry-after"]) == (429, "90")
    assert host.asked == {"/a/b": 1, "/a": 1}


ENDINGS: list[tuple[Fault, type[ProviderError], str, int]] = [
    ("reset", Unavailable, "connection broke", 2),
    ("too_short", BadPayload, "broke off", 1),
    ("too_long", BadPayload, "malformed", 1),
    ("gzip_bomb", BadPayload, "too large", 1),
    ("huge", BadPayload, "too large", 1),
    ("redirect", Unavailable, "redirects to 127.0.0.1", 1),
]


@pytest.mark.parametrize(("fault", "kind", "detail", "requests"), ENDINGS)
async def test_faults(
    host: Upstream, http: Http, fault: Fault, kind: type[ProviderError], detail: str, requests: int
) -> None:
    host.fault = fault
    tracemalloc.start()
    try:
        with pytest.raises(kind, match=detail):
            await http.get(CBOE, Request(host.address))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MAX_BODY
    assert host.total == requests


@pytest.mark.parametrize("fault", ["hang", "hang_in_body"])
async def test_a_host_that_hangs_ends_with_the_timeout(host: Upstream, fault: Fault) -> None:
    host.fault = fault
    http = Http([host.address], HASTY)
    with pytest.raises(Unavailable, match="no answer in time"):
        await http.get(CBOE, Request(host.address))
    await http.close()


@pytest.mark.parametrize("fault", ["reset_once", "error_once"])
async def test_a_blip_is_tried_once_more(host: Upstream, http: Http, fault: Fault) -> None:
    host.fault = fault
    found = await http.get(CBOE, Request(host.address))
    assert (found.status, host.total) == (200, 2)


async def test_a_lasting_gateway_error_is_the_answer_after_two_tries(host: Upstream, http: Http) -> None:
    host.fault = "error"
    found = await http.get(CBOE, Request(host.address))
    assert (found.status, host.total) == (502, 2)


@pytest.mark.parametrize("fault", ["limited", "limited_for", "html", "unknown"])
async def test_what_a_repeat_cannot_help_is_not_repeated(host: Upstream, http: Http, fault: Fault) -> None:
    host.fault = fault
    await http.get(CBOE, Request(host.address))
    assert host.total == 1


async def test_a_refused_port_is_unavailable_at_once() -> None:
    where = closed_port()
    http = Http([where], PATIENT)
    with pytest.raises(Unavailable, match="cannot be reached"):
        await http.get(CBOE, Request(where))
    await http.close()


async def test_a_name_that_does_not_resolve_is_unavailable() -> None:
    """`.invalid` never resolves; the socket guard of the tests forbids real look-ups as a resolver would fail them."""
    http = Http(["http://prices.invalid"], PATIENT)
    with pytest.raises(Unavailable, match="cannot be reached"):
        await http.get(CBOE, Request("http://prices.invalid/x"))
    await http.close()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/x", "http://{host}@evil.invalid/", "http://evil.invalid/{host}", "x"]
)
async def test_only_configured_hosts_are_asked(host: Upstream, http: Http, url: str) -> None:
    target = url.format(host=host.address.removeprefix("http://"))
    with pytest.raises(Unavailable, match="configured"):
        await http.get(CBOE, Request(target))
    assert host.total == 0


async def test_an_address_that_is_none_is_unavailable() -> None:
    http = Http(["http://127.0.0.1:999999"], PATIENT)
    with pytest.raises(Unavailable):
        await http.get(CBOE, Request("http://127.0.0.1:999999/x"))
    await http.close()


async def test_a_host_is_not_asked_faster_than_its_pace(host: Upstream) -> None:
    http = Http([host.address], PATIENT)
    slow = Paced(Pace(2, 3_600.0))
    for _ in range(2):
        await http.get(slow, Request(host.address))
    with pytest.raises(Busy, match="as often as it allows"):
        await http.get(slow, Request(host.address))
    assert host.total == 2
    await http.close()


async def test_a_short_wait_for_the_pace_is_waited(host: Upstream) -> None:
    http = Http([host.address], PATIENT)
    for _ in range(3):
        await http.get(Paced(Pace(2, 0.001)), Request(host.address))
    assert host.total == 3
    await http.close()


def test_the_wait_before_a_repeat_is_short_and_varies() -> None:
    waits = {short_wait() for _ in range(20)}
    assert len(waits) > 1
    assert all(0.1 <= wait <= 0.4 for wait in waits)


async def test_a_provider_over_http(host: Upstream, http: Http) -> None:
    provider = ConnectedProvider(Cboe(host.address), http)
    host.headers = {"X-RateLimit-Remaining": "7"}
    found = await provider.history(query())
    assert (found.provider, str(found.last_day)) == ("cboe", "2026-11-18")
    assert (provider.name, provider.remaining, provider.serves(IWM)) == ("cboe", 7, True)
    host.fault = "unknown"
    with pytest.raises(UnknownSymbol):
        await provider.history(query())
    with pytest.raises(UnknownSymbol):
        await provider.quote(QuoteQuery(IWM, NOW))


def frankfurter_body(*days: str) -> bytes:
    rates = ",".join(f'"{day}": {{"USD": 1.1}}' for day in days)
    return ('{"amount": 1.0, "base": "EUR", "rates": {' + rates + "}}").encode()


async def test_a_long_span_is_asked_in_parts_and_joined(host: Upstream, http: Http) -> None:
    provider = ConnectedProvider(Frankfurter(host.address), http)
    asked = query(EURUSD, start=date(2024, 11, 19))
    parts = list(spans(asked, 365))
    assert [(part.start, part.end) for part in parts] == [
        (date(2024, 11, 19), date(2025, 11, 18)),
        (date(2025, 11, 19), date(2026, 11, 18)),
        (date(2026, 11, 19), date(2026, 11, 19)),
    ]
    host.body = frankfurter_body("2025-11-17", "2025-11-18", "2025-11-19")
    found = await provider.history(asked)
    assert [str(day) for day in found.dates] == ["2025-11-17", "2025-11-18", "2025-11-19"]
    assert host.total == 3, "the last part has no day of its own and is left out"
    host.body = frankfurter_body("2026-11-18")
    assert len(await provider.history(asked)) == 1
    host.body = frankfurter_body()
    with pytest.raises(UnknownSymbol):
        await provider.history(asked)
    with pytest.raises(Unavailable, match="no quotes"):
        await provider.quote(QuoteQuery(EURUSD, NOW))
    assert list(spans(asked, None)) == [asked]


class TestRedirects:
    """One redirect, to a host that the provider's file lists; whatever else is named."""

    @pytest.fixture
    async def elsewhere(self) -> AsyncIterator[Upstream]:
        async with upstream() as found:
            yield found

    def moved(self, *hosts: str) -> Cboe:
        class Moved(Cboe):
            declaration = replace(Cboe.declaration, moved_to=frozenset(hosts))

        return Moved()

    async def test_to_a_listed_host_it_is_followed_once(self, host: Upstream, elsewhere: Upstream, http: Http) -> None:
        host.fault, host.elsewhere = "redirect", f"{elsewhere.address}/new?a=1"
        provider = self.moved(elsewhere.address.removeprefix("http://"))
        found = await http.get(provider, Request(f"{host.address}/old", {"a": "1"}))
        assert (found.status, found.body) == (200, elsewhere.body)
        assert (dict(host.asked), dict(elsewhere.asked)) == ({"/old": 1}, {"/new": 1})

    async def test_a_second_one_is_not(self, host: Upstream, elsewhere: Upstream, http: Http) -> None:
        host.fault, host.elsewhere = "redirect", elsewhere.address
        elsewhere.fault, elsewhere.elsewhere = "redirect", host.address
        both = self.moved(*(one.address.removeprefix("http://") for one in (host, elsewhere)))
        with pytest.raises(Unavailable, match="redirects twice"):
            await http.get(both, Request(host.address))
        assert (host.total, elsewhere.total) == (1, 1)

    @pytest.mark.parametrize(
        ("location", "told"),
        [
            ("http://evil.invalid/", "redirects to evil.invalid"),
            ("https://{listed}/", "redirects to 127.0.0.1"),
            ("http://{listed}@evil.invalid/", "redirects to evil.invalid"),
            ("http://evil.invalid/{listed}", "redirects to evil.invalid"),
            ("//evil.invalid", "redirects to evil.invalid"),
            ("/elsewhere", "redirects to 127.0.0.1"),
            ("http://[", "redirects to nowhere"),
            ("http://a%20b/", "redirects to nowhere"),
            ("", "redirects to 127.0.0.1"),
            ("file:///etc/passwd", "redirects to nowhere"),
        ],
    )
    async def test_to_any_other_it_is_not(
        self, host: Upstream, elsewhere: Upstream, http: Http, location: str, told: str
    ) -> None:
        listed = elsewhere.address.removeprefix("http://")
        response = Response(302, b"", "", {"location": location.format(listed=listed)})
        with pytest.raises(Unavailable, match=f"{re.escape(told)}$"):
            redirected(self.moved(listed), Request(f"{host.address}/x"), response)
        assert elsewhere.total == 0


HEADERS = ("x-ratelimit-remaining", "api-credits-left", "retry-after", "date", "content-type")
ODD = (
    "²",
    "1" * 5_000,
    "-1",
    "1e308",
    "Thu, 01 Jan 0000 00:00:00 GMT",
    "Fri, 31 Dec 9999 23:59:59 -2359",
    "99999999999",
)
CRASHES: list[Exception] = [
    ValueError("2 digits"), OverflowError(), OSError(), RecursionError(), ZeroDivisionError(), KeyError("x"),
    AttributeError(), UnicodeDecodeError("utf-8", b"", 0, 1, "x"), MemoryError(), AssertionError(), StopIteration(),
]  # fmt: skip


class Crashing(Cboe):
    """A provider whose reader trips over whatever it gets."""

    crash: Exception = ValueError()

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        raise self.crash

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        raise self.crash


class TestBoundary:
    @pytest.mark.parametrize("crash", CRASHES, ids=lambda crash: type(crash).__name__)
    async def test_whatever_a_reader_raises_the_answer_was_a_bad_one(
        self, host: Upstream, http: Http, crash: Exception, caplog: pytest.LogCaptureFixture
    ) -> None:
        remote = Crashing(host.address)
        remote.crash = crash
        provider = ConnectedProvider(remote, http)
        for asked in (provider.history(query()), provider.history(query()), provider.quote(QuoteQuery(IWM, NOW))):
            with pytest.raises(BadPayload, match="not the documented shape"):
                await asked
        (record,) = caplog.records
        assert record.message == "provider answer unreadable"
        assert fields_of(record) == {"provider": "cboe", "error": type(crash).__name__}

    @settings(max_examples=300, deadline=None)
    @given(st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=20) | st.sampled_from(ODD)), st.integers(0, 999))
    def test_no_header_and_no_status_is_more_than_a_provider_error(self, headers: dict[str, str], status: int) -> None:
        for body in (b"[]", b"{}", b"\x00", b'{"data": [{"date": "0000-01-01"}]}'):
            for remote in (Cboe(), Frankfurter()):
                answer = Response(status, body, "application/json", headers)
                remaining(answer)
                retry_after(answer, NOW)
                assert answered_at(answer, NOW) <= NOW
                with pytest.raises(ProviderError):
                    remote.parse(query(EURUSD), answer)
