"""The per-server settings: what they take, what they refuse, how they are stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.settings import BY_NAME, DEFAULTS, SETTINGS, Settings, from_rows, read, to_text


def test_a_default_can_be_written_and_read_again() -> None:
    assert Settings("!", prefix_commands=True, bare_terms=True) == DEFAULTS
    for setting in SETTINGS:
        assert read(setting, to_text(setting.default)) == setting.default == getattr(DEFAULTS, setting.name)
        assert setting.help


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("prefix", " ? ", "?"),
        ("prefix", "rf!", "rf!"),
        ("prefix", "§", "§"),
        ("prefix_commands", "OFF", False),
        ("bare_terms", "yes", True),
        ("detail", "Brief", "brief"),
        ("more", " here ", "here"),
    ],
)
def test_values_that_are_taken(name: str, text: str, value: object) -> None:
    assert getattr(DEFAULTS.changed(name, text), name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(
            ("prefix", one)
            for one in ("", " ", "a b", "toolong", "/", "/x", "@", "<x", "#", "abc", "1", "\u200b", "\n")
        ),
        *(("bare_terms", one) for one in ("", "perhaps", "2")),
        ("colour", "red"),
        ("detail", "everything"),
    ],
)
def test_values_that_are_refused(name: str, text: str) -> None:
    with pytest.raises(UserError) as refused:
        DEFAULTS.changed(name, text)
    assert refused.value.code == "bad_input"
    assert len(refused.value.message) > 15


@given(st.sampled_from(SETTINGS), st.text(max_size=6))
def test_what_is_read_is_read_again_the_same(setting: object, text: str) -> None:
    assert isinstance(setting, type(SETTINGS[0]))
    try:
        value = read(setting, text)
    except UserError:
        return
    assert read(setting, to_text(value)) == value


def test_stored_rows_that_are_no_longer_valid_fall_back() -> None:
    rows = {"prefix": "toolong", "bare_terms": "off", "gone": "x"}
    assert from_rows(rows) == Settings(bare_terms=False)
    assert from_rows({}) == DEFAULTS
    assert set(BY_NAME) >= {"prefix", "prefix_commands", "bare_terms"}
