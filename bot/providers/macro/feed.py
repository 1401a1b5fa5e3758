"""The feed of macro and currency figures for commands: from a folder, or from the network through the figure cache."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from bot.errors import ProviderError, Unavailable
from bot.providers.breaker import ProviderState
from bot.providers.figure_cache import Figure, FigureCache
from bot.providers.macro.figures import Figures, last_known, last_known_rates, last_known_readings
from bot.providers.macro.workbooks import HLW, LUBIK_MATTHES, LW
from bot.providers.pool import Pool

if TYPE_CHECKING:
    from bot.market.index import Holdings
    from bot.market.rates import Estimates, RateTable, Readings
    from bot.providers.macro.folder import MacroFolder

LABELS: Mapping[str, str] = {"policy": "policy rate", "core-pce": "core PCE"}
SHIPPED: Mapping[str, str] = {"policy": "policy", "core-pce": "core_pce"}


class MacroFeed(Protocol):
    """Macro and currency figures for commands: from a folder or from the network. Raises ProviderError subclasses."""

    async def rates(self, codes: frozenset[str], as_of: date | None = None) -> Figure[RateTable]:
        """Reference rates up to a date, with these currencies if anybody has them."""

    async def rate_history(self) -> Figure[RateTable]:
        """Every reference rate that anybody has."""

    async def figures(self, as_of: date | None = None) -> Figures:
        """What the r-star answer is made of. Never raises for want of providers: the last known r-star is bundled."""

    async def holdings(self) -> Figure[Holdings]:
        """What IWM holds."""

    @property
    def states(self) -> Mapping[str, ProviderState]:
        """How each provider has been doing."""


class FolderFeed:
    """A macro feed from a folder alone."""

    def __init__(self, folder: MacroFolder, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    async def rates(self, codes: frozenset[str], as_of: date | None = None) -> Figure[RateTable]:
        """The folder's ECB files."""
        return await self._folder.rates()

    async def rate_history(self) -> Figure[RateTable]:
        """The folder's ECB files."""
        return await self._folder.rates()

    async def figures(self, as_of: date | None = None) -> Figures:
        """The folder's figures."""
        return await self._folder.figures()

    async def holdings(self) -> Figure[Holdings]:
        """The folder's holdings."""
        return await self._folder.holdings()

    @property
    def states(self) -> Mapping[str, ProviderState]:
        """The folder as the one provider."""
        state = self._folder.state(self._clock())
        return {state.name: state}


class NetworkFeed:
    """A macro feed from the network's providers."""

    def __init__(self, pool: Pool, figures: FigureCache, clock: Callable[[], datetime]) -> None:
        self._pool = pool
        self._figures = figures
        self._clock = clock

    @property
    def states(self) -> Mapping[str, ProviderState]:
        """How each provider has been doing in this process, by name."""
        return {provider.name: self._pool.state(provider) for provider in self._pool.providers.figures}

    async def rates(self, codes: frozenset[str], as_of: date | None = None) -> Figure[RateTable]:
        """The recent fixings, or the whole history where those lack a date or a currency.

        Without both, the rates of one day that are shipped with the program; asked for another day, Unavailable.
        """
        try:
            found: Figure[RateTable] = await self._figures.get("currencies", as_of)
        except ProviderError as error:
            failures = error.detail
        else:
            if codes <= set(found.value.currencies) and (as_of is None or found.value.first_day <= as_of):
                return found
            failures = ""
        try:
            return await self._figures.get("currencies-history")
        except ProviderError as error:
            if not failures:
                return found
            both = "; ".join(dict.fromkeys((failures, error.detail)))
            return self._shipped_rates(both, as_of)

    def _shipped_rates(self, why: str, as_of: date | None) -> Figure[RateTable]:
        """The rates shipped with the program. Raises Unavailable for another day, and before they were known."""
        rates = last_known_rates()
        day = rates.last_day
        if day > self._today:
            raise Unavailable("currencies", why)
        if as_of not in {None, day}:
            raise Unavailable("currencies", f"{why}; bundled with this release are only those of {day}")
        return Figure(rates, "ecb", bundled=True)

    async def rate_history(self) -> Figure[RateTable]:
        """Every fixing since 1999. What is shipped with the program is no history, and said to be none."""
        try:
            found: Figure[RateTable] = await self._figures.get("currencies-history")
        except Unavailable as error:
            day = last_known_rates().last_day
            shipped = f"; bundled with this release are only the rates of {day}" if day <= self._today else ""
            raise Unavailable("currencies", f"{error.detail}{shipped}") from None
        return found

    @property
    def _today(self) -> date:
        return self._clock().date()

    async def figures(self, as_of: date | None = None) -> Figures:
        """Everything at once; what cannot be had is named in `missing`.

        r-star itself is bundled, and so are the newest policy rate and inflation known at the release, which are no
        answer for any other date.
        """
        names = (HLW, LW, LUBIK_MATTHES, "policy", "core-pce")
        dated = {"policy": as_of, "core-pce": as_of}
        got = await asyncio.gather(*(self._try(name, dated.get(name)) for name in names))
        by_name = dict(zip(names, got, strict=True))
        found = {name: one for name, one in by_name.items() if not isinstance(one, str)}
        shipped = self._shipped_readings(found.keys()) if as_of is None else {}
        lacking = {name: one for name, one in by_name.items() if isinstance(one, str) and name not in shipped}
        missing = [f"{LABELS.get(name, name)}: {why}" for name, why in lacking.items()]
        editions: list[Estimates] = [found[name].value for name in (HLW, LW, LUBIK_MATTHES) if name in found]
        if HLW not in found:
            editions.insert(0, last_known())
        readings: dict[str, Readings] = {name: found[name].value for name in SHIPPED if name in found} | shipped
        return Figures(
            editions=tuple(editions),
            policy=(readings["policy"],) if "policy" in readings else (),
            prices=readings.get("core-pce"),
            provider="newyorkfed" if HLW in found else "bundled",
            kept_since=min((one.kept_since for one in found.values() if one.kept_since), default=None),
            bundled=HLW not in found,
            missing=tuple(missing),
            shipped=tuple(LABELS[name] for name in shipped),
        )

    def _shipped_readings(self, had: Collection[str]) -> dict[str, Readings]:
        """The series shipped with the program, of those that nobody had, unless they are of days still to come."""
        shipped = {name: last_known_readings(part) for name, part in SHIPPED.items() if name not in had}
        return {name: one for name, one in shipped.items() if max(one.values) <= self._today}

    async def holdings(self) -> Figure[Holdings]:
        """IWM's holdings of the last close."""
        return await self._figures.get("holdings")

    async def _try(self, name: str, as_of: date | None) -> Figure[Any] | str:
        try:
            return await self._figures.get(name, as_of)
        except ProviderError as error:
            return error.detail
