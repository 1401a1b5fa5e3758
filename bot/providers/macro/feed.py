"""The macro feed: which source to ask for a figure, for how long, and what to do when all of them fail.

Equal questions at once are one fetch. Good answers are kept in memory and on disk until they can have changed, and
the last good one on disk is served with its age when no source answers. An outage is logged when it starts and when
it ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from weakref import WeakValueDictionary

from bot.errors import ProviderError, RateLimited, Unavailable, UnknownSymbol
from bot.providers.macro.cache import KeptAnswer, KeptAnswers
from bot.providers.macro.figures import Figures, Found, SourceState, last_known
from bot.providers.macro.source import MacroQuery, Source
from bot.providers.macro.wire import Busy, Response, Sender
from bot.providers.macro.workbooks import HLW, LUBIK_MATTHES, LW

if TYPE_CHECKING:
    from bot.market.index import Holdings
    from bot.market.rates import Estimates, RateTable, Readings
    from bot.providers.macro.folder import MacroFolder

log = logging.getLogger(__name__)
T = TypeVar("T")
KEPT_FIGURES = 64
PAUSE = timedelta(seconds=60)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD_FOR: Mapping[str, timedelta] = {"policy": HOUR, "currencies": HOUR, "currencies-history": 12 * HOUR}
LABELS: Mapping[str, str] = {"policy": "policy rate", "core-pce": "core PCE"}
Chains = Mapping[str, Sequence[Source[Any]]]


class MacroFeed(Protocol):
    """Macro and currency figures for commands: from a folder or from the network. Raises ProviderError subclasses."""

    async def rates(self, codes: frozenset[str], as_of: date | None = None) -> Found[RateTable]:
        """Reference rates up to a date, with these currencies if anybody has them."""

    async def figures(self, as_of: date | None = None) -> Figures:
        """What the r-star answer is made of. Never raises for want of sources: the last known r-star is bundled."""

    async def holdings(self) -> Found[Holdings]:
        """What IWM holds."""

    @property
    def states(self) -> Mapping[str, SourceState]:
        """How each source has been doing."""


class FolderFeed:
    """A macro feed from a folder alone."""

    def __init__(self, folder: MacroFolder, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    async def rates(self, codes: frozenset[str], as_of: date | None = None) -> Found[RateTable]:
        """The folder's ECB files."""
        return await self._folder.rates()

    async def figures(self, as_of: date | None = None) -> Figures:
        """The folder's figures."""
        return await self._folder.figures()

    async def holdings(self) -> Found[Holdings]:
        """The folder's holdings."""
        return await self._folder.holdings()

    @property
    def states(self) -> Mapping[str, SourceState]:
        """The folder as the one source."""
        state = self._folder.state(self._clock())
        return {state.name: state}


@dataclass(frozen=True, slots=True)
class _Held:
    found: Found[Any] | None
    until: datetime
    failures: str = ""


class NetworkFeed:
    """A macro feed from the network's sources, with a memory on disk.

    `chains` are the sources by figure, in the order they are asked; `open_sender` gives what sends their requests, when
    first needed, and is None when the network may not be used.
    """

    def __init__(
        self,
        chains: Chains,
        open_sender: Callable[[], Sender] | None,
        answers: KeptAnswers,
        clock: Callable[[], datetime],
        budget: float = 20.0,
    ) -> None:
        self._chains = chains
        self._open_sender = open_sender
        self._sender: Sender | None = None
        self._answers = answers
        self._clock = clock
        self._budget = budget
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._flights: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._states: dict[str, SourceState] = {}

    @property
    def states(self) -> Mapping[str, SourceState]:
        """How each source has been doing in this process, by name."""
        for chain in self._chains.values():
            for source in chain:
                self._states.setdefault(source.name, SourceState(source.name))
        return self._states

    async def rates(self, codes: frozenset[str], as_of: date | None = None) -> Found[RateTable]:
        """The recent fixings, or the whole history where those lack a date or a currency."""
        try:
            found: Found[RateTable] = await self._get("currencies", as_of)
        except ProviderError as error:
            failures = error.detail
        else:
            if codes <= set(found.value.currencies) and (as_of is None or found.value.first_day <= as_of):
                return found
            failures = ""
        try:
            return await self._get("currencies-history", None)
        except ProviderError as error:
            if not failures:
                return found
            both = dict.fromkeys((failures, error.detail))
            raise Unavailable("currencies", "; ".join(both)) from None

    async def figures(self, as_of: date | None = None) -> Figures:
        """Everything at once; what cannot be had is named in `missing`, r-star itself is bundled."""
        names = (HLW, LW, LUBIK_MATTHES, "policy", "core-pce")
        dated = {"policy": as_of, "core-pce": as_of}
        got = await asyncio.gather(*(self._try(name, dated.get(name)) for name in names))
        by_name = dict(zip(names, got, strict=True))
        missing = [f"{LABELS.get(name, name)}: {one}" for name, one in by_name.items() if isinstance(one, str)]
        found = {name: one for name, one in by_name.items() if not isinstance(one, str)}
        editions: list[Estimates] = [found[name].value for name in (HLW, LW, LUBIK_MATTHES) if name in found]
        if HLW not in found:
            editions.insert(0, last_known())
        prices: Readings | None = found["core-pce"].value if "core-pce" in found else None
        return Figures(
            editions=tuple(editions),
            policy=(found["policy"].value,) if "policy" in found else (),
            prices=prices,
            provider="newyorkfed" if HLW in found else "bundled",
            kept_since=min((one.kept_since for one in found.values() if one.kept_since), default=None),
            bundled=HLW not in found,
            missing=tuple(missing),
        )

    async def holdings(self) -> Found[Holdings]:
        """IWM's holdings of the last close."""
        return await self._get("holdings", None)

    async def _try(self, name: str, as_of: date | None) -> Found[Any] | str:
        try:
            return await self._get(name, as_of)
        except ProviderError as error:
            return error.detail

    async def _get(self, name: str, as_of: date | None) -> Found[Any]:
        """A figure from memory, a fresh copy on disk, the network, or an old copy on disk. Raises Unavailable."""
        key = name if as_of is None else f"{name} {as_of}"
        lock = self._flights.setdefault(key, asyncio.Lock())
        async with lock:
            held = self._held.get(key)
            if held is None or self._clock() >= held.until:
                held = await self._fetch(name, as_of)
                self._held[key] = held
                self._held.move_to_end(key)
                while len(self._held) > KEPT_FIGURES:
                    self._held.popitem(last=False)
        if held.found is None:
            raise Unavailable(name, held.failures)
        return held.found

    async def _fetch(self, name: str, as_of: date | None) -> _Held:
        query = MacroQuery(self._clock(), as_of)
        good_for = GOOD_FOR.get(name, DAY)
        stored = await self._stored(name, query) if as_of is None else None
        if stored is not None and query.now - stored[1] < good_for:
            return _Held(stored[0], stored[1] + good_for)
        errors: list[str] = []
        fresh = await self._ask_in_turn(name, query, errors)
        if fresh is not None:
            return _Held(fresh, query.now + good_for)
        failures = ", ".join(errors) or ("no answer in time" if self._open_sender else "offline, and no copy is stored")
        if stored is None:
            return _Held(None, query.now + PAUSE, failures)
        return _Held(Found(stored[0].value, stored[0].provider, stored[1], failures), query.now + PAUSE)

    async def _stored(self, name: str, query: MacroQuery) -> tuple[Found[Any], datetime] | None:
        """The copy on disk, read by the source that it came from; None when there is none or it is unreadable."""
        kept = await asyncio.to_thread(self._answers.read, name)
        if kept is None:
            return None
        source = next((source for source in self._chains.get(name, ()) if source.name == kept.source), None)
        if source is None:
            return None
        try:
            value = await asyncio.to_thread(source.parse, query, Response(200, kept.body))
        except ProviderError:
            return None
        return Found(value, kept.source), kept.fetched

    async def _ask_in_turn(self, name: str, query: MacroQuery, errors: list[str]) -> Found[Any] | None:
        try:
            async with asyncio.timeout(self._budget):
                for source in self._chains.get(name, ()) if self._open_sender else ():
                    found = await self._ask(name, source, query, errors)
                    if found is not None:
                        return found
        except TimeoutError:
            errors.append("no answer in time")
        return None

    async def _ask(self, name: str, source: Source[Any], query: MacroQuery, errors: list[str]) -> Found[Any] | None:
        state = self._states.setdefault(source.name, SourceState(source.name))
        if state.resting_until is not None and query.now < state.resting_until:
            errors.append(f"{source.name} (resting after too many requests)")
            return None
        try:
            response = await self._open().get(source.name, source.request(query), source.pace)
            value = await asyncio.to_thread(source.parse, query, response)
        except ProviderError as error:
            errors.append(f"{source.name} ({error.detail})")
            _failed(state, error, query.now)
            return None
        _succeeded(state, query.now)
        if query.as_of is None:
            answer = KeptAnswer(source.name, query.now, response.body)
            await asyncio.to_thread(self._answers.keep, name, answer)
        return Found(value, source.name)

    def _open(self) -> Sender:
        assert self._open_sender is not None  # noqa: S101  chains are walked only where the network may be used
        self._sender = self._sender or self._open_sender()
        return self._sender


def _failed(state: SourceState, error: ProviderError, now: datetime) -> None:
    if isinstance(error, Busy):
        return
    if isinstance(error, UnknownSymbol):
        _succeeded(state, now)
        return
    state.last_error = error.detail
    if isinstance(error, RateLimited):
        state.resting_until = now + timedelta(seconds=error.retry_after or PAUSE.total_seconds())
    if state.down is None:
        fields = {"provider": state.name, "code": error.code, "reason": error.detail}
        log.warning("provider down", extra={"fields": fields})
    state.down = error.detail


def _succeeded(state: SourceState, now: datetime) -> None:
    if state.down is not None:
        log.info("provider back", extra={"fields": {"provider": state.name}})
    state.last_success, state.down, state.resting_until = now, None, None
