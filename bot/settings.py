"""The table of per-server settings: what a server may change, a row each, with its kind, default and help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, NamedTuple, get_args

from bot.errors import UserError

Kind = Literal["switch", "prefix", "choice"]
AnswerDetail = Literal["brief", "normal", "full"]
MoreIn = Literal["private", "here"]
PREFIX_LIMIT = 5


class Setting(NamedTuple):
    """One setting: its name, kind, default, one line of help, and the words of a choice."""

    name: str
    kind: Kind
    default: Any
    help: str
    words: tuple[str, ...] = ()


def _setting(kind: Kind, default: Any, help_: str, words: tuple[str, ...] = ()) -> Any:
    """One row of the table."""
    return field(default=default, metadata={"kind": kind, "default": default, "help": help_, "words": words})


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one server, a row each; `DEFAULTS` also holds for direct messages and the console."""

    prefix: str = _setting("prefix", "!", "what a typed command starts with; 1 to 5 characters without spaces")
    prefix_commands: bool = _setting("switch", True, "whether typed commands such as !roc are answered")
    bare_terms: bool = _setting("switch", True, "whether !contango is answered as !define contango")
    detail: AnswerDetail = _setting(  # noqa: RUF009  a row of the table, as all of them
        "choice", "normal", "how much an answer shows: brief, normal or full", get_args(AnswerDetail)
    )
    more: MoreIn = _setting(  # noqa: RUF009  as above
        "choice", "private", "where More shows the rest: private, or here for everybody", get_args(MoreIn)
    )

    def changed(self, name: str, text: str) -> Settings:
        """These settings with one of them set from what a person typed. UserError says what would work."""
        setting = BY_NAME.get(name)
        if setting is None:
            names = ", ".join(BY_NAME)
            raise UserError(f"There is no setting of that name. The settings are: {names}.")
        return replace(self, **{name: read(setting, text)})


DEFAULTS = Settings()
SETTINGS = tuple(Setting(one.name, **one.metadata) for one in fields(Settings))
BY_NAME: Mapping[str, Setting] = {setting.name: setting for setting in SETTINGS}
_WORDS = {"on": True, "yes": True, "true": True, "1": True, "off": False, "no": False, "false": False, "0": False}


def read(setting: Setting, text: str) -> Any:
    """The value that a person's text means for a setting."""
    text = text.strip()
    word = text.casefold()
    if setting.kind == "switch":
        if word not in _WORDS:
            raise UserError(f"{setting.name} is either on or off.")
        return _WORDS[word]
    if setting.kind == "choice":
        if word not in setting.words:
            raise UserError(f"{setting.name} is one of {', '.join(setting.words)}.")
        return word
    return _prefix(text)


def _prefix(text: str) -> str:
    if not 1 <= len(text) <= PREFIX_LIMIT or not text.isprintable() or any(c.isspace() for c in text):
        raise UserError(f"A prefix has 1 to {PREFIX_LIMIT} characters and no spaces, for example ! or rf!")
    if text[0] in "/@<#" or (text[0].isalnum() and text[-1].isalnum()):
        raise UserError("A prefix cannot start with / @ < or #, and a word needs a sign at its end, as in rf!")
    return text


def from_rows(rows: Mapping[str, str]) -> Settings:
    """Settings from stored text values; what is unknown or no longer valid falls back to its default."""
    settings = DEFAULTS
    for name, text in rows.items():
        try:
            settings = settings.changed(name, text)
        except UserError:
            continue
    return settings


def to_text(value: Any) -> str:
    """The stored text of a value: the inverse of `read`."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)
