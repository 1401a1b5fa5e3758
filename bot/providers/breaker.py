"""How one provider is doing, and whether it may be asked: a circuit breaker with one probe at a time.

Closed while it answers. Three failures in a row open it for half a minute, twice as long after each probe that fails,
ten minutes at the most; a limit opens it at once, for as long as the provider says. After that one request is let
through: if it is answered the circuit closes. "No such symbol", "not in this plan" and a series that cannot be trusted
are answers; our own pace is nobody's fault. An outage is logged when it starts and when it ends.

Times are those of the wall clock, as people are told them. Where that clock is set back, a rest lies further in the
future than it was long: it then counts as over.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import AuthRefused, PlanRefused, ProviderError, QuotaExhausted, RateLimited, Unavailable, UnknownSymbol
from bot.providers.contract import Busy, SuspectSeries

log = logging.getLogger(__name__)
FAILURES = 3
FIRST_REST, LONGEST_REST = 30.0, 600.0
REST_AFTER_LIMIT, REST_AFTER_REFUSAL = 60.0, 3_600.0
ANSWERS = (UnknownSymbol, PlanRefused, SuspectSeries)


@dataclass(slots=True)
class ProviderState:
    """How one provider has been doing in this process. `down` says why it fails at present.

    `rest` is how long it rests, up to `resting_until`; `remaining` are the requests left in its allowance, where it
    tells.
    """

    name: str
    last_success: datetime | None = None
    last_error: str | None = None
    down: str | None = None
    down_since: datetime | None = None
    resting_until: datetime | None = None
    rest: timedelta = timedelta(0)
    remaining: int | None = None
    failures: int = 0
    probing: bool = False

    def admit(self, now: datetime) -> None:
        """Let one request through, or raise what stands in its way. An admitted request must be settled."""
        if self.resting_until is None:
            return
        left = self.resting_until - now
        if timedelta(0) < left <= self.rest:
            seconds = max(1, round(left.total_seconds()))
            raise Unavailable(self.name, f"{self.down}; it is asked again in {_span(seconds)}")
        if self.probing:
            raise Unavailable(self.name, f"{self.down}; it is being tried again")
        self.probing = True

    def settle(self, error: ProviderError | None, now: datetime) -> None:
        """Say how an admitted request ended; None when it was answered."""
        self.probing = False
        if error is None or isinstance(error, ANSWERS):
            self._succeeded(now)
        elif not isinstance(error, Busy):
            self._failed(error, now)

    def _succeeded(self, now: datetime) -> None:
        if self.down_since is not None:
            lasted = max(0, round((now - self.down_since).total_seconds()))
            log.info("provider back", extra={"fields": {"provider": self.name, "seconds": lasted}})
        self.last_success = now
        self.down = self.down_since = self.resting_until = None
        self.failures = 0

    def _failed(self, error: ProviderError, now: datetime) -> None:
        if self.down_since is None:
            fields = {"provider": self.name, "code": error.code, "reason": error.detail}
            log.warning("provider down", extra={"fields": fields})
            self.down_since = now
        self.last_error = self.down = error.detail
        self.failures += 1
        rest = self._rest(error)
        if rest is not None:
            self.rest = timedelta(seconds=rest)
            self.resting_until = now + self.rest

    def _rest(self, error: ProviderError) -> float | None:
        if isinstance(error, RateLimited):
            return REST_AFTER_LIMIT if error.retry_after is None else error.retry_after
        if isinstance(error, (AuthRefused, QuotaExhausted)):
            return REST_AFTER_REFUSAL
        beyond = self.failures - FAILURES
        return None if beyond < 0 else min(FIRST_REST * 2.0 ** min(beyond, 10), LONGEST_REST)


def _span(seconds: int) -> str:
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"
