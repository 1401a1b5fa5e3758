"""The Config: every variable typed, every fault at once, no secret ever shown."""

from __future__ import annotations

import os
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


class TestSecretFiles:
    """A secret may stand in a file: NAME_FILE names it."""

    @pytest.mark.parametrize(
        "name", ["DISCORD_TOKEN", "RANGEFINDER_DATABASE", "RANGEFINDER_TIINGO_KEY", "RANGEFINDER_ALPACA_SECRET"]
    )
    def test_every_secret_may(self, tmp_path: Path, name: str) -> None:
        file = tmp_path / "secret"
        file.write_text("hunter2\n")
        environment = {f"{name}_FILE": f" {file} "}
        inside = read_config({name: "hunter2"})
        for more in ({}, {name: ""}):
            config = read_config(environment | more)
            found = [config.token, config.database, *config.keys.values()]
            assert [one.reveal() for one in found if one] == ["hunter2"]
            assert config.keys.keys() == inside.keys.keys()

    def test_what_is_no_secret_is_not_read_from_files(self, tmp_path: Path) -> None:
        assert read_config({"RANGEFINDER_DATA_FILE": str(tmp_path), "TOKEN_FILE": "x"}).data_dir == Path("data")

    def test_an_empty_name_is_none(self) -> None:
        assert not read_config({"DISCORD_TOKEN_FILE": " "}).token

    @pytest.mark.parametrize("content", [b"", b" \n", b"a\nb", b"\xff\xfe", b"a\x00b", b"x" * 5000])
    def test_what_is_not_one_line_of_text_is_a_fault(self, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "secret"
        file.write_bytes(content)
        with pytest.raises(ConfigError, match="DISCORD_TOKEN_FILE must name a file with one line of text, the secret"):
            read_config({"DISCORD_TOKEN_FILE": str(file)})

    def test_what_cannot_be_read_is_a_fault_that_repeats_nothing(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "hunter2-pipe")
        for name in ("hunter2", "hunter2-pipe", "."):
            with pytest.raises(ConfigError, match="DISCORD_TOKEN_FILE must name a file") as refused:
                read_config({"DISCORD_TOKEN_FILE": str(tmp_path / name)})
            assert "hunter2" not in str(refused.value)

    def test_two_ways_at_once_are_a_fault(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="DISCORD_TOKEN_FILE must not be set where DISCORD_TOKEN is set too"):
            read_config({"DISCORD_TOKEN": "a", "DISCORD_TOKEN_FILE": str(tmp_path)})


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


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy"])
def test_one_rule_says_which_proxy_an_address_is_asked_through(name: str) -> None:
    config = read_config({name: "http://user:pw@proxy:3128", "NO_PROXY": "ecb.europa.eu, .local,127.0.0.1"})
    assert config.proxy_of("https://discord.com/api") == "http://user:pw@proxy:3128"
    assert config.proxy_of("wss://gateway.discord.gg") == "http://user:pw@proxy:3128"
    for direct in ("https://www.ecb.europa.eu/x", "https://ecb.europa.eu", "https://a.local", "https://127.0.0.1:9"):
        assert config.proxy_of(direct) is None
    assert config.proxy_of("https://notecb.europa.eu.example") is not None
    assert config.proxy_of("http://discord.com") is None
    assert "pw" not in repr(config)
    assert read_config({name: "http://p:1", "no_proxy": "*"}).proxy_of("https://discord.com") is None
