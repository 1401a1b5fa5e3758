"""`Config`: the process's settings, from environment variables; built once, in `__main__`.

A table of attrs fields (aiohttp has loaded attrs already). pydantic-settings would do the same for 180 ms and
10 MiB more at start: all of what a bot may cost over a bare one.
"""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from bot.errors import ConfigError

GLOSSARY_PLACES = (
    Path(__file__).resolve().parent.parent / "glossary.json",
    Path(sys.prefix) / "share" / "rangefinder" / "glossary.json",
)


class Secret:
    """A value that never shows itself: not in a repr, a log or an error. `reveal` gives it to who needs it."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "Secret(set)" if self._value else "Secret(not set)"

    __str__ = __repr__


def _switch(text: str) -> bool:
    word = text.casefold()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"", "0", "false", "no", "off"}:
        return False
    raise ValueError("must be on or off")


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 600:
        raise ValueError("must be more than 0 and at most 600 seconds")
    return value


def _address(text: str) -> str:
    if text and not text.startswith(("http://", "https://", "ws://", "wss://")):
        raise ValueError("must be a full address such as https://example.org")
    return text.rstrip("/") if text.startswith("http") else text


def _folder(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


def _glossary(text: str) -> Path:
    if text:
        return Path(text).expanduser()
    return next((place for place in GLOSSARY_PLACES if place.is_file()), GLOSSARY_PLACES[0])


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        for word in words:
            if text.casefold() == word.casefold():
                return word
        raise ValueError(f"must be one of {', '.join(words)}")

    return read


def _prices(text: str) -> str:
    if text and not text.startswith("csv:"):
        raise ValueError("must be csv: followed by a folder")
    return text


SECRET_FILE_LIMIT = 4096


def _set_twice(_: str) -> Secret:
    raise ValueError("must not be set where the variable without _FILE is set too")


def _secret_in_file(name: str) -> Secret:
    """The secret that a file holds. Raises ValueError, which repeats neither the file's name nor what is in it."""
    path = Path(name).expanduser()
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ValueError("must name a file")
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"must name a file that can be read ({type(error).__name__})") from None
    try:
        text = content.decode().strip() if len(content) <= SECRET_FILE_LIMIT else ""
    except UnicodeDecodeError:
        text = ""
    if not text or not text.isprintable():
        raise ValueError("must name a file with one line of text, the secret")
    return Secret(text)


def _variable(name: str, default: str, read: Callable[[str], Any], doc: str) -> Any:
    """One row of the table: the variable, its default as text, its reader and what it is for."""
    return attrs.field(
        factory=lambda: read(default), metadata={"name": name, "read": read, "default": default, "doc": doc}
    )


@attrs.frozen(kw_only=True)
class Config:
    """Every environment variable of the process. `.env.example` is generated from this table."""

    token: Secret = _variable("DISCORD_TOKEN", "", Secret, "The bot's token, from Discord's developer portal.")
    data_dir: Path = _variable(
        "RANGEFINDER_DATA", "./data", Path, "The one folder that is written to: database, heartbeat, history."
    )
    database: Secret = _variable(
        "RANGEFINDER_DATABASE", "", Secret, "SQLAlchemy address; empty: a SQLite file in the data folder."
    )
    glossary: Path = _variable("RANGEFINDER_GLOSSARY", "", _glossary, "The glossary; empty: the one shipped.")
    demo: bool = _variable("RANGEFINDER_DEMO", "off", _switch, "Simulated prices instead of market prices.")
    prices: str = _variable("RANGEFINDER_PRICES", "", _prices, "csv:FOLDER takes bars only from that folder.")
    macro: Path | None = _variable(
        "RANGEFINDER_MACRO", "", _folder, "A folder of macro and currency files to use instead of the network."
    )
    universe: Path | None = _variable(
        "RANGEFINDER_UNIVERSE", "", _folder, "A CSV of symbols that scan goes through; empty: the bundled list."
    )
    offline: bool = _variable("RANGEFINDER_OFFLINE", "off", _switch, "No network: stored series and files only.")
    yahoo: bool = _variable(
        "RANGEFINDER_YAHOO", "off", _switch, "Ask Yahoo last (needs the extra `yahoo`; personal use by its terms)."
    )
    nasdaq_url: str = _variable(
        "RANGEFINDER_NASDAQ_URL", "https://api.nasdaq.com", _address, "Where Nasdaq prices are asked."
    )
    cboe_url: str = _variable("RANGEFINDER_CBOE_URL", "https://cdn.cboe.com", _address, "Where Cboe prices are asked.")
    yahoo_url: str = _variable(
        "RANGEFINDER_YAHOO_URL", "https://query1.finance.yahoo.com", _address, "Where Yahoo prices are asked."
    )
    newyorkfed_url: str = _variable(
        "RANGEFINDER_NEWYORKFED_URL", "https://www.newyorkfed.org", _address, "Where r-star workbooks are fetched."
    )
    newyorkfed_rates_url: str = _variable(
        "RANGEFINDER_NEWYORKFED_RATES_URL", "https://markets.newyorkfed.org", _address, "Where EFFR is asked."
    )
    richmondfed_url: str = _variable(
        "RANGEFINDER_RICHMONDFED_URL", "https://www.richmondfed.org", _address, "Where Lubik-Matthes is fetched."
    )
    fred_key: Secret = _variable(
        "RANGEFINDER_FRED_KEY", "", Secret, "A free FRED key; empty: FRED's keyless download is used."
    )
    fred_url: str = _variable(
        "RANGEFINDER_FRED_URL", "https://api.stlouisfed.org", _address, "Where FRED series are asked with a key."
    )
    fred_csv_url: str = _variable(
        "RANGEFINDER_FRED_CSV_URL", "https://fred.stlouisfed.org", _address, "Where they are fetched without one."
    )
    ishares_url: str = _variable(
        "RANGEFINDER_ISHARES_URL", "https://www.ishares.com", _address, "Where IWM's holdings are fetched."
    )
    provider_timeout: float = _variable(
        "RANGEFINDER_PROVIDER_TIMEOUT", "6", _seconds, "Seconds one provider may take for one request."
    )
    price_budget: float = _variable(
        "RANGEFINDER_PRICE_BUDGET", "20", _seconds, "Seconds all providers together may take for one question."
    )
    discord_api: str = _variable(
        "RANGEFINDER_DISCORD_API", "", _address, "Discord's REST address, for a proxy or a test; empty: its own."
    )
    discord_gateway: str = _variable(
        "RANGEFINDER_DISCORD_GATEWAY", "", _address, "Discord's gateway address; empty: its own."
    )
    cooldowns: bool = _variable(
        "RANGEFINDER_COOLDOWNS", "on", _switch, "Whether people and channels that ask very fast have to wait."
    )
    log_format: str = _variable(
        "RANGEFINDER_LOG_FORMAT", "text", _one_of("text", "json"), "text for people, json for collectors."
    )
    log_level: str = _variable(
        "RANGEFINDER_LOG_LEVEL", "INFO", _one_of("DEBUG", "INFO", "WARNING", "ERROR"), "How much is logged."
    )
    tiingo_key: Secret = _variable(
        "RANGEFINDER_TIINGO_KEY", "", Secret, "A Tiingo key: asked before the keyless providers (own use, its terms)."
    )
    twelvedata_key: Secret = _variable(
        "RANGEFINDER_TWELVEDATA_KEY", "", Secret, "A Twelve Data key: shares, indices, currencies and coins."
    )
    alpaca_key: Secret = _variable("RANGEFINDER_ALPACA_KEY", "", Secret, "An Alpaca key id: US shares and funds.")
    alpaca_secret: Secret = _variable("RANGEFINDER_ALPACA_SECRET", "", Secret, "The secret of that Alpaca key.")
    tiingo_url: str = _variable(
        "RANGEFINDER_TIINGO_URL", "https://api.tiingo.com", _address, "Where Tiingo prices are asked."
    )
    twelvedata_url: str = _variable(
        "RANGEFINDER_TWELVEDATA_URL", "https://api.twelvedata.com", _address, "Where Twelve Data prices are asked."
    )
    alpaca_url: str = _variable(
        "RANGEFINDER_ALPACA_URL", "https://data.alpaca.markets", _address, "Where Alpaca prices are asked."
    )
    kraken_url: str = _variable(
        "RANGEFINDER_KRAKEN_URL", "https://api.kraken.com", _address, "Where Kraken prices are asked."
    )
    binance_url: str = _variable(
        "RANGEFINDER_BINANCE_URL", "https://data-api.binance.vision", _address, "Where Binance prices are asked."
    )
    frankfurter_url: str = _variable(
        "RANGEFINDER_FRANKFURTER_URL", "https://api.frankfurter.dev", _address, "Where reference rates are asked."
    )
    ecb_url: str = _variable(
        "RANGEFINDER_ECB_URL", "https://www.ecb.europa.eu", _address, "Where the European Central Bank's files are."
    )

    @property
    def database_url(self) -> str:
        """The SQLAlchemy address in use."""
        return self.database.reveal() or f"sqlite+aiosqlite:///{self.data_dir / 'rangefinder.db'}"


def read_config(environment: Mapping[str, str], **overrides: Any) -> Config:
    """The Config of an environment. `overrides` (field=value, already typed) win: they are the command line's.

    Raises ConfigError with every fault at once. No message repeats a value, since a value may be a secret.
    """
    faults: list[str] = []
    values: dict[str, Any] = {}
    for field in attrs.fields(Config):
        for name, read, text in _given(field, environment):
            try:
                values[field.name] = read(text)
            except ValueError as error:
                reason = str(error) if str(error).startswith("must") else "is not valid"
                faults.append(f"{name} {reason}")
    if faults:
        raise ConfigError(faults)
    return Config(**(values | overrides))


def _given(
    field: attrs.Attribute[Any], environment: Mapping[str, str]
) -> Iterator[tuple[str, Callable[[str], Any], str]]:
    """What sets a field: variable, reader, text. A secret may stand in a file that NAME_FILE names."""
    name, read = field.metadata["name"], field.metadata["read"]
    text = environment.get(name)
    file = (environment.get(f"{name}_FILE") or "").strip() if read is Secret else ""
    if file:
        yield f"{name}_FILE", _secret_in_file if not text else _set_twice, file
    elif text is not None:
        yield name, read, text.strip()


def env_example() -> str:
    """The text of `.env.example`: every variable with its default and what it is for."""
    blocks = ["# Settings of one Rangefinder process. Copy to .env and fill in what you need; all have defaults.\n"]
    for field in attrs.fields(Config):
        meta = field.metadata
        in_file = f"# Or {meta['name']}_FILE: a file that holds it.\n" if meta["read"] is Secret else ""
        blocks.append(f"# {meta['doc']}\n{in_file}{meta['name']}={meta['default']}\n")
    return "\n".join(blocks)
