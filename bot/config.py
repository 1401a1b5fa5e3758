"""`Config`: the process's settings, from environment variables; built once, in `__main__`.

A table of attrs fields (aiohttp has loaded attrs already). pydantic-settings would do the same for 180 ms and
10 MiB more at start: all of what a bot may cost over a bare one.
"""

from __future__ import annotations

import stat
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import attrs

from bot.errors import ConfigError

PREFIX = "RANGEFINDER_"
_KEY_ENDINGS = ("-key", "-secret")
_PROXIES = ("http_proxy", "https_proxy", "no_proxy")
FILE_ENDING = "_FILE"
SECRET_FILE_LIMIT = 4096
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


def _variable(name: str, default: str, read: Callable[[str], Any], doc: str) -> Any:
    """One row of the table: the variable, its default as text, its reader and what it is for."""
    return attrs.field(
        factory=lambda: read(default), metadata={"name": name, "read": read, "default": default, "doc": doc}
    )


@attrs.frozen(kw_only=True)
class Config:
    """Every environment variable of the process. `.env.example` is generated from this table.

    What concerns one provider is declared in that provider's file and held here by names alone: `addresses` by
    provider (`nasdaq`), `keys` by provider and key (`tiingo-key`), `consents` to optional ones by provider.
    """

    token: Secret = _variable("DISCORD_TOKEN", "", Secret, "The bot's token, from Discord's developer portal.")
    data_dir: Path = _variable(
        "RANGEFINDER_DATA", "./data", Path, "The one folder that is written to: database, heartbeat, history."
    )
    database: Secret = _variable(
        "RANGEFINDER_DATABASE", "", Secret, "SQLAlchemy address; empty: a SQLite file in the data folder."
    )
    glossary: Path = _variable("RANGEFINDER_GLOSSARY", "", _glossary, "The glossary; empty: the one shipped.")
    glossary_url: str = _variable(
        "RANGEFINDER_GLOSSARY_URL",
        "",
        _address,
        "Where the pages of `python -m bot glossary site` stand; entries then name their own page. Empty: nowhere.",
    )
    demo: bool = _variable("RANGEFINDER_DEMO", "off", _switch, "Simulated prices instead of market prices.")
    prices: str = _variable("RANGEFINDER_PRICES", "", _prices, "csv:FOLDER takes bars only from that folder.")
    macro: Path | None = _variable(
        "RANGEFINDER_MACRO", "", _folder, "A folder of macro and currency files to use instead of the network."
    )
    universe: Path | None = _variable(
        "RANGEFINDER_UNIVERSE", "", _folder, "A CSV of symbols that scan goes through; empty: the bundled list."
    )
    offline: bool = _variable("RANGEFINDER_OFFLINE", "off", _switch, "No network: stored series and files only.")
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
    http_proxy: Secret = _variable("HTTP_PROXY", "", Secret, "A proxy for addresses with http, for every connection.")
    https_proxy: Secret = _variable("HTTPS_PROXY", "", Secret, "A proxy for addresses with https, Discord's included.")
    no_proxy: str = _variable("NO_PROXY", "", str, "Hosts that are asked without a proxy: names, endings, or *.")
    llm_url: str = _variable(
        "RANGEFINDER_LLM_URL",
        "",
        _address,
        "A language model of your own that is asked where a question stays unclear: the part of an OpenAI-compatible "
        "address before /chat/completions, a local one best; empty: none. It is sent the question and nothing else.",
    )
    llm_key: Secret = _variable(
        "RANGEFINDER_LLM_KEY", "", Secret, "The key of that language model, where it wants one."
    )
    llm_model: str = _variable("RANGEFINDER_LLM_MODEL", "default", str, "The name of that language model.")
    keep_bad_replies: bool = _variable(
        "RANGEFINDER_KEEP_BAD_REPLIES",
        "off",
        _switch,
        "Keep replies of providers that could not be read, for `replay`: the last 50, in the data folder.",
    )
    console_history: bool = _variable(
        "RANGEFINDER_CONSOLE_HISTORY", "on", _switch, "Whether the console keeps what was typed, in the data folder."
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

    addresses: Mapping[str, str] = attrs.field(factory=dict)
    keys: Mapping[str, Secret] = attrs.field(factory=dict)
    consents: Mapping[str, bool] = attrs.field(factory=dict)

    @property
    def cache_dir(self) -> Path:
        """Where files are kept that save work and can be made again."""
        return self.data_dir / "cache"

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """Every secret of the process: what no line that it writes may hold."""
        return self.token, self.database, self.http_proxy, self.https_proxy, self.llm_key, *self.keys.values()

    def proxy_of(self, address: str) -> str | None:
        """The proxy through which an address is asked, by whatever client; None for none."""
        where = urlsplit(address)
        proxy = self.https_proxy if where.scheme in {"https", "wss"} else self.http_proxy
        host = where.hostname or ""
        if not proxy or any(host == one or host.endswith(f".{one}") or one == "*" for one in self._direct):
            return None
        return proxy.reveal()

    @property
    def _direct(self) -> list[str]:
        return [one.strip().lstrip(".").casefold() for one in self.no_proxy.split(",") if one.strip()]

    @property
    def replies_dir(self) -> Path:
        """Where replies that could not be read are kept."""
        return self.data_dir / "replies"

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
    provided: dict[str, dict[str, Any]] = {"addresses": {}, "keys": {}, "consents": {}}
    rows = {field.metadata["name"]: field for field in attrs.fields(Config) if field.metadata}
    for name, text in _with_secret_files(environment, faults).items():
        field = rows.get(name) or rows.get(name.upper() if name in _PROXIES else "")
        try:
            if field is not None:
                values[field.name] = field.metadata["read"](text.strip())
            elif name.startswith(PREFIX):
                _read_provider_variable(name.removeprefix(PREFIX), text.strip(), provided)
        except ValueError as error:
            reason = str(error) if str(error).startswith("must") else "is not valid"
            faults.append(f"{name} {reason}")
    if faults:
        raise ConfigError(faults)
    return Config(**(values | provided | overrides))


def _is_secret(name: str) -> bool:
    """Whether a variable holds a secret: one of ours, or a provider's by its ending."""
    ours = {field.metadata["name"] for field in attrs.fields(Config) if field.metadata.get("read") is Secret}
    return name in ours or (name.startswith(PREFIX) and name.casefold().replace("_", "-").endswith(_KEY_ENDINGS))


def _with_secret_files(environment: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    """The environment with the secrets that stand in files: NAME_FILE names the file that holds NAME."""
    found = dict(environment)
    for variable, file in environment.items():
        name = variable.removesuffix(FILE_ENDING)
        if name == variable or not file.strip() or not _is_secret(name):
            continue
        if environment.get(name, "").strip():
            faults.append(f"{variable} must not be set where {name} is set too")
            continue
        try:
            found[name] = _secret_in_file(Path(file.strip()).expanduser())
        except ValueError as error:
            faults.append(f"{variable} {error}")
    return found


def _secret_in_file(path: Path) -> str:
    """The secret that a file holds. Raises ValueError, which repeats neither the file's name nor what is in it."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise ValueError("must name a file")
        with path.open("rb") as file:
            content = file.read(SECRET_FILE_LIMIT + 1)
    except OSError as error:
        raise ValueError(f"must name a file that can be read ({type(error).__name__})") from None
    text = content.decode(errors="replace").strip() if len(content) <= SECRET_FILE_LIMIT else ""
    if not text or not text.isprintable() or "\N{REPLACEMENT CHARACTER}" in text:
        raise ValueError("must name a file with one line of text, the secret")
    return text


def _read_provider_variable(name: str, text: str, provided: Mapping[str, dict[str, Any]]) -> None:
    """Sort a variable of a provider in by its ending: which providers there are is known to their files alone."""
    folded = name.casefold().replace("_", "-")
    if folded.endswith("-url"):
        if text:
            provided["addresses"][folded.removesuffix("-url")] = _address(text)
    elif folded.endswith(_KEY_ENDINGS):
        if text:
            provided["keys"][folded] = Secret(text)
    elif "-" not in folded:
        provided["consents"][folded] = _switch(text)


@attrs.frozen
class ProviderVariable:
    """A variable of the environment that a provider's file declares; `part` is url, the kind of key, or empty."""

    provider: str
    part: str
    default: str
    doc: str

    @property
    def name(self) -> str:
        """The variable itself."""
        return PREFIX + "_".join(filter(None, (self.provider, self.part))).upper().replace("-", "_")


def env_example(providers: Iterable[ProviderVariable]) -> str:
    """The text of `.env.example`: every variable, also those of providers, with its default and what it is for."""
    blocks = ["# Settings of one Rangefinder process. Copy to .env and fill in what you need; all have defaults.\n"]
    rows = [field.metadata for field in attrs.fields(Config) if field.metadata]
    blocks += [_block(row["name"], row["default"], row["doc"]) for row in rows]
    blocks += [_block(one.name, one.default, one.doc) for one in providers]
    return "\n".join(blocks)


def _block(name: str, default: str, doc: str) -> str:
    in_file = f"# Or {name}{FILE_ENDING}: a file that holds it.\n" if _is_secret(name) else ""
    return f"# {doc}\n{in_file}{name}={default}\n"
