"""Asking providers: which ones can, which may be asked now, and what they said no to a moment ago."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol, TypeVar

from bot.errors import ProviderError, Unavailable, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.breaker import ANSWERS, ProviderState
from bot.providers.cache import Memory
from bot.providers.contract import Explained, Paced, Provider, Quoting

if TYPE_CHECKING:
    from bot.providers.http import ConnectedProvider

T = TypeVar("T")
REFUSAL_KEPT = timedelta(minutes=10)
KEPT_REFUSALS = 2_000
SOON = 4.0
"""Seconds of waiting for a slot that a provider further up is worth."""
_YEAR = timedelta(days=365.25)


@dataclass(slots=True)
class FailedAttempts:
    """What went wrong while providers were asked in turn; `otherwise` is what is said when nobody was asked."""

    errors: list[ProviderError] = field(default_factory=list)
    asking: str | None = None
    otherwise: str = ""

    @property
    def unknown(self) -> bool:
        """Whether every provider that was asked says that there is no such symbol."""
        return bool(self.errors) and all(isinstance(error, UnknownSymbol) for error in self.errors)

    def add(self, error: ProviderError) -> None:
        """One provider has answered with an error."""
        self.errors.append(error)
        self.asking = None

    def out_of_time(self) -> None:
        """The time for all providers together is over."""
        if self.asking is not None:
            self.add(Unavailable(self.asking, "no answer in time"))

    def __str__(self) -> str:
        return ", ".join(f"{error.provider} ({error.detail})" for error in self.errors) or self.otherwise

    def of(self, provider: str) -> ProviderError:
        """What went wrong with one of them."""
        mine = (error for error in self.errors if error.provider == provider)
        return next(mine, Unavailable(provider, self.otherwise or "not asked"))


class Providers(Protocol):
    """Who is asked for prices and who for figures, each in the order they are asked; loaded when first looked at.

    They bring numpy, which a bot that is only asked for terms never loads. Without a `network` nobody is asked for
    figures: those providers are then only there to read what was kept.
    """

    @property
    def prices(self) -> Sequence[Provider]:
        """Those that have prices."""

    @property
    def figures(self) -> Sequence[ConnectedProvider]:
        """Those that have figures."""

    @property
    def network(self) -> bool:
        """Whether figures may be asked for."""


class Pool:
    """The providers of one process: which can, which may be asked now, and how each has been doing."""

    def __init__(
        self,
        providers: Providers,
        clock: Callable[[], datetime],
        would_serve: Callable[[Symbol], str] = lambda _: "",
    ) -> None:
        """`would_serve` says what an operator may switch on that has a symbol; nothing for a folder and the demo."""
        self.providers = providers
        self.would_serve = would_serve
        self._clock = clock
        self._states: dict[str, ProviderState] = {}
        self._under_way: Counter[str] = Counter()
        self._refusals: Memory[tuple[str, str], ProviderError] = Memory(KEPT_REFUSALS, clock)

    def state(self, provider: Provider) -> ProviderState:
        """How a provider has been doing in this process."""
        return self._states.setdefault(provider.name, ProviderState(provider.name))

    def quoting(self, symbol: Symbol) -> list[Provider]:
        """Who may quote the symbol, in their order; those that can be asked soon go first."""
        able = (one for one in self.providers.prices if one.capabilities.quotes and one.serves(symbol))
        return sorted(able, key=lambda one: (self.later(one, 1), one.capabilities.quotes))

    def basis(self, provider: str, symbol: Symbol) -> str:
        """What a provider's numbers of a symbol are where they are no prices that somebody paid."""
        asked = (one for one in self.providers.prices if one.name == provider and isinstance(one, Explained))
        return next((one.basis(symbol) for one in asked), "")

    def serving(self, symbol: Symbol, as_of: date | None) -> list[Provider]:
        """Who may have a history: first those whose history reaches a year beyond the date asked for.

        Of these those who can be asked soon, in their order, then the others, the soonest first.
        """
        today = self._clock().date()
        wanted = max(min(as_of or today, today), date.min + _YEAR) - _YEAR

        def place(provider: Provider) -> tuple[bool, float]:
            years = provider.capabilities.history_years
            return years is not None and wanted < today - years * _YEAR, self.later(provider, 1)

        able = (one for one in self.providers.prices if one.capabilities.history and one.serves(symbol))
        return sorted(able, key=place)

    def later(self, provider: Provider, count: int) -> float:
        """The seconds until a provider could be asked so often; 0.0 where that is soon."""
        if not isinstance(provider, Paced) or not count:
            return 0.0
        seconds = provider.wait(count + self._under_way[provider.name])
        return 0.0 if seconds <= SOON else seconds

    def under_way(self, provider: Provider) -> ExitStack:
        """A request that is going to be made, counted until this is closed.

        Between the choice of a provider and the request there is other work, in which others choose as well.
        """
        self._under_way[provider.name] += 1
        ended = ExitStack()
        ended.callback(self._under_way.subtract, {provider.name: 1})
        return ended

    def having(self, figure: str) -> list[ConnectedProvider]:
        """Who can read a figure, and is asked for it where there is a network."""
        return [provider for provider in self.providers.figures if figure in provider.capabilities.figures]

    async def ask(self, provider: Provider, about: str, work: Callable[[], Awaitable[T]]) -> T:
        """What the provider answers. Raises its ProviderError, also without asking while its circuit is open.

        `about` names the question: what a provider has no answer to is not asked again for ten minutes.
        """
        now = self._clock()
        if provider.capabilities.local:
            return await self._ask_local(provider, work)
        refusal = self._refusals.get((provider.name, about))
        if refusal is not None:
            raise refusal.with_traceback(None)
        state = self.state(provider)
        state.admit(now)
        try:
            answer = await work()
        except ProviderError as error:
            if isinstance(error, ANSWERS):
                self._refusals.keep((provider.name, about), error, self._clock() + REFUSAL_KEPT)
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
        state = self.state(provider)
        try:
            answer = await work()
        except ProviderError as error:
            state.last_error = error.detail
            raise
        state.last_success = self._clock()
        return answer
