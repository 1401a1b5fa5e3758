"""The error tree.

RangefinderError
├── UserError            shown to the person, in words they can act on
├── ProviderError        one provider failed; the feed handles it, people see a summary
│   ├── UnknownSymbol    unknown_symbol
│   ├── RateLimited      rate_limited, perhaps with the time to wait
│   ├── QuotaExhausted   quota_exhausted
│   ├── AuthRefused      auth
│   ├── PlanRefused      plan
│   ├── BadPayload       bad_payload
│   └── Unavailable      unavailable
└── StartupError         the process cannot start; every reason at once
    ├── BookError        the glossary file
    └── ConfigError      the environment
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

ErrorCode = Literal[
    "unknown_command",
    "unknown_term",
    "ambiguous",
    "unknown_symbol",
    "bad_input",
    "too_little_history",
    "missing_bars",
    "not_positive",
    "unavailable",
    "declined",
    "not_permitted",
    "rate_limited",
    "internal",
]


class RangefinderError(Exception):
    """Base of every error that this program raises on purpose."""


class UserError(RangefinderError):
    """The question cannot be answered as asked.

    `message` is one or two plain sentences: what was wrong, what would work. It is shown as it stands, so it
    holds no mark-up and no more than 60 characters of what the person typed (see `quoted`). `suggestions` are
    whole questions or ids, best first; `about` are the typed words whose place any of them may take.
    """

    def __init__(
        self,
        message: str,
        code: ErrorCode = "bad_input",
        suggestions: Sequence[str] = (),
        *,
        payload: Mapping[str, Any] | None = None,
        about: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code: ErrorCode = code
        self.suggestions = tuple(suggestions)
        self.payload = payload
        self.about = about


def quoted(text: str, limit: int = 60) -> str:
    """What a person typed, short enough and plain enough to repeat: one line, no control characters, no mention."""
    line = " ".join("".join(c if c.isprintable() and c != "@" else " " for c in text).split())
    return f"“{line[: limit - 1]}…”" if len(line) > limit else f"“{line}”"


def one_of(names: Sequence[str]) -> str:
    """The names as a choice: `A, B or C`."""
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


class ProviderError(RangefinderError):
    """One provider could not answer. `detail` is ours: never a provider's own text, which may repeat a key."""

    code: ClassVar[str] = "unavailable"

    def __init__(self, provider: str, detail: str) -> None:
        super().__init__(f"{provider}: {detail}")
        self.provider = provider
        self.detail = detail


class UnknownSymbol(ProviderError):
    """The provider answered and does not know the symbol."""

    code = "unknown_symbol"


class RateLimited(ProviderError):
    """Too many requests for now. `retry_after` is in seconds, None where the provider gave none."""

    code = "rate_limited"

    def __init__(self, provider: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(provider, detail)
        self.retry_after = retry_after


class QuotaExhausted(ProviderError):
    """The day's or month's allowance is used up."""

    code = "quota_exhausted"


class AuthRefused(ProviderError):
    """The key was refused."""

    code = "auth"


class PlanRefused(ProviderError):
    """The key is good, but its plan does not cover this."""

    code = "plan"


class BadPayload(ProviderError):
    """The answer is not what the provider documents: HTML, cut off, conflicting or impossible values."""

    code = "bad_payload"


class Unavailable(ProviderError):
    """No usable answer: unreachable, timed out, an error status, or an open circuit."""

    code = "unavailable"


class StartupError(RangefinderError):
    """The process cannot start. `faults` lists every reason, one sentence each."""

    heading: ClassVar[str] = "Rangefinder cannot start"

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(f"{self.heading}:\n" + "\n".join(f"  - {fault}" for fault in self.faults))


class BookError(StartupError):
    """The glossary file has faults."""

    heading = "glossary.json has faults"


class ConfigError(StartupError):
    """The environment has faults."""

    heading = "The settings in the environment have faults"
