"""The Config: every variable typed, every fault at once, no secret ever shown."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest

from bot.config import Config, ProviderVariable, Secret, env_example, read_config
from bot.errors import ConfigError


def test_defaults() -> None:
    config = read_config({})
    assert config == Config() or str(config) == str(Config())
    assert config.glossary.is_file()
    assert not config.token
    assert config.cooldowns
    assert config.database_url == "sqlite+aiosqlite:///data/rangefinder.db"


def test_a_full_environment() -> None:
    config = read_config(
        {
            "DISCORD_TOKEN": " secret ",
            "RANGEFINDER_DATA": "/srv/rf",
            "RANGEFINDER_DEMO": "YES",
            "RANGEFINDER_COOLDOWNS": "off",
            "RANGEFINDER_PRICES": "csv:/prices",
            "RANGEFINDER_MACRO": "/macro",
            "RANGEFINDER_NASDAQ_URL": "http://127.0.0.1:9/",
            "RANGEFINDER_DISCORD_GATEWAY": "ws://127.0.0.1:9/gateway/",
            "RANGEFINDER_PROVIDER_TIMEOUT": "2.5",
            "RANGEFINDER_LOG_LEVEL": "debug",
            "UNRELATED": "x",
        }
    )
    assert config.token.reveal() == "secret"
    assert config.data_dir == Path("/srv/rf")
    assert (config.demo, config.cooldowns) == (True, False)
    assert config.macro == Path("/macro")
    assert config.addresses["nasdaq"] == "http://127.0.0.1:9"
    assert config.discord_gateway == "ws://127.0.0.1:9/gateway/"
    assert config.provider_timeout == 2.5
    assert config.log_level == "DEBUG"


def test_the_command_line_wins() -> None:
    assert read_config({"RANGEFINDER_DEMO": "off"}, demo=True).demo


def test_every_fault_at_once_and_no_value_repeated() -> None:
    with pytest.raises(ConfigError) as refused:
        read_config(
            {
                "RANGEFINDER_DEMO": "perhaps-hunter2",
                "RANGEFINDER_PROVIDER_TIMEOUT": "hunter2",
                "RANGEFINDER_PRICE_BUDGET": "0",
                "RANGEFINDER_NASDAQ_URL": "hunter2",
                "RANGEFINDER_PRICES": "hunter2",
                "RANGEFINDER_LOG_LEVEL": "hunter2",
            }
        )
    assert len(refused.value.faults) == 6
    assert "hunter2" not in str(refused.value)
    assert "RANGEFINDER_DEMO must be on or off" in refused.value.faults


def test_secrets_never_show() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]} {Config(token=secret)}"
    assert (bool(secret), bool(Secret())) == (True, False)
    assert str(Secret()) == "Secret(not set)"


def test_every_variable_is_documented() -> None:
    text = env_example([ProviderVariable("some-bank", "url", "https://bank.invalid", "Some bank: where it is asked.")])
    rows = [field.metadata for field in attrs.fields(Config) if field.metadata]
    for row in rows:
        assert f"\n{row['name']}=" in text
        assert len(row["doc"]) > 15
    names = [row["name"] for row in rows]
    assert len(names) == len(set(names))
    assert text.endswith("\n# Some bank: where it is asked.\nRANGEFINDER_SOME_BANK_URL=https://bank.invalid\n")


def test_what_concerns_a_provider_is_sorted_in_by_its_name() -> None:
    config = read_config(
        {
            "RANGEFINDER_FRED_CSV_URL": "http://127.0.0.1:9",
            "RANGEFINDER_ALPACA_SECRET": "hunter2",
            "RANGEFINDER_TIINGO_KEY": "",
            "RANGEFINDER_YAHOO": "on",
            "RANGEFINDER_SOMETHING_ELSE": "of somebody else",
        }
    )
    assert config.addresses == {"fred-csv": "http://127.0.0.1:9"}
    assert {name: key.reveal() for name, key in config.keys.items()} == {"alpaca-secret": "hunter2"}
    assert config.consents == {"yahoo": True}
    assert "hunter2" not in repr(config)
    with pytest.raises(ConfigError, match="RANGEFINDER_YAHOO must be on or off"):
        read_config({"RANGEFINDER_YAHOO": "perhaps"})
