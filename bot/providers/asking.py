"""Asking providers: which ones can, which may be asked now, and what they said no to a moment ago."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.errors import ProviderError, Unavailable, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.breaker import ANSWERS, ProviderState
from bot.providers.provider import Provider, Quoting

T = TypeVar("T")
REFUSAL_KEPT = timedelta(minutes=10)
KEPT_REFUSALS = 2_000
_YEAR = timedelta(days=365.25)


@dataclass(slots=True)
class Tried:
    """What went wrong while providers were asked in turn."""

    errors: list[ProviderError] = field(default_factory=list)
    asking: str | None = None

    @property
    def unknown(self) -> bool:
        """Whether every provider that was asked says that there is no such symbol."""
        return bool(self.errors) and all(isinstance(error, UnknownSymbol) for error in self.errors)

    def failed(self, error: ProviderError) -> None:
        """One provider has answered with an error."""
        self.errors.append(error)
        self.asking = None

    def ran_out(self) -> None:
        """The time for all providers together is over."""
        if self.asking is not None:
            self.failed(Unavailable(self.asking, "no answer in time"))

    def __str__(self) -> str:
        return ", ".join(f"{error.provider} ({error.detail})" for error in self.errors)


@dataclass(frozen=True, slots=True)
class Opened:
    """Who is asked for prices, and who for reference rates where these are others."""

    prices: Sequence[Provider]
    fixes: Sequence[Provider]


class Providers:
    """The providers of one process, in the order they are asked; opened when first needed.

    They bring numpy, which a bot that is only asked for terms never loads.
    """

    def __init__(
        self,
        open_providers: Callable[[], Sequence[Provider] | Opened],
        clock: Callable[[], datetime],
    ) -> None:
        self._open_providers = open_providers
        self._clock = clock
        self._opened: tuple[tuple[Provider, ...], tuple[Provider, ...]] | None = None
        self._states: dict[str, ProviderState] = {}
        self._refusals: OrderedDict[tuple[str, str], tuple[datetime, ProviderError]] = OrderedDict()

    def _open(self) -> tuple[tuple[Provider, ...], tuple[Provider, ...]]:
        if self._opened is None:
            found = self._open_providers()
            prices = tuple(found.prices if isinstance(found, Opened) else found)
            fixes = tuple(found.fixes) if isinstance(found, Opened) else prices
            self._opened = prices, fixes
            self._states = {provider.name: ProviderState(provider.name) for provider in (*prices, *fixes)}
        return self._opened

    @property
    def prices(self) -> tuple[Provider, ...]:
        """Who is asked for prices."""
        return self._open()[0]

    @property
    def fixes(self) -> tuple[Provider, ...]:
        """Who is asked for reference rates."""
        return self._open()[1]

    @property
    def states(self) -> dict[str, ProviderState]:
        """How each provider has been doing, in the order they are asked."""
        self._open()
        return self._states

    def serving(self, symbol: Symbol, as_of: date | None, *, fixes: bool = False) -> list[Provider]:
        """Who may have the symbol: first those whose history reaches a year beyond the date asked for."""
        today = self._clock().date()
        wanted = min(as_of or today, today) - _YEAR

        def short(provider: Provider) -> bool:
            years = provider.capabilities.history_years
            return years is not None and wanted < today - years * _YEAR

        return sorted((p for p in (self.fixes if fixes else self.prices) if p.serves(symbol)), key=short)

    async def ask(self, provider: Provider, about: str, work: Callable[[], Awaitable[T]]) -> T:
        """What the provider answers. Raises its ProviderError, also without asking while its circuit is open.

        `about` names the question: what a provider has no answer to is not asked again for ten minutes.
        """
        now = self._clock()
        if provider.capabilities.local:
            return await self._ask_local(provider, work)
        until, refusal = self._refusals.get((provider.name, about), (now, None))
        if refusal is not None and now < until:
            raise refusal.with_traceback(None)
        state = self.states[provider.name]
        state.admit(now)
        try:
            answer = await work()
        except ProviderError as error:
            if isinstance(error, ANSWERS):
                self._remember(provider.name, about, error)
            state.settle(error, self._clock())
            raise
        except BaseException:
            state.probing = False
            raise
        finally:
            if isinstance(provider, Quoting):
                state.remaining = provider.remaining
        state.settle(None, self._clock())
        return answer

    async def _ask_local(self, provider: Provider, work: Callable[[], Awaitable[T]]) -> T:
        state = self.states[provider.name]
        try:
            answer = await work()
        except ProviderError as error:
            state.last_error = error.detail
            raise
        state.last_success = self._clock()
        return answer

    def _remember(self, name: str, about: str, error: ProviderError) -> None:
        self._refusals[name, about] = self._clock() + REFUSAL_KEPT, error
        while len(self._refusals) > KEPT_REFUSALS:
            self._refusals.popitem(last=False)
