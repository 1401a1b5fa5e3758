"""What Discord refuses in messages and modals beyond what its OpenAPI description says."""

from __future__ import annotations

from typing import Any

from tests.loopback_discord.wire import ATTACHMENT_LIMIT, COMPONENTS_V2, ApiError, refuse_form
from tests.loopback_discord.world import walk

ROW, BUTTON, STRING_SELECT, TEXT_INPUT, LABEL = 1, 2, 3, 4, 18
SELECTS = {3, 5, 6, 7, 8}
V2_KINDS = {9, 10, 11, 12, 13, 14, 17}
LINK, PREMIUM = 5, 6


def too_long(path: str, value: object, limit: int) -> None:
    """Refuse a text longer than the limit."""
    if isinstance(value, str) and len(value) > limit:
        refuse_form(path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length.")


def bad_length(path: str, count: int, low: int, high: int) -> None:
    """Refuse a list of the wrong length."""
    if not low <= count <= high:
        refuse_form(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")


def check_message(body: dict[str, Any], files: dict[str, bytes]) -> None:
    """Refuse, with Discord's error, a message that breaks a limit. `body` is what the bot sent."""
    too_long("content", body.get("content"), 2000)
    check_embeds(body.get("embeds") or [])
    components = body.get("components") or []
    check_components(components, v2=bool((body.get("flags") or 0) & COMPONENTS_V2))
    if (body.get("flags") or 0) & COMPONENTS_V2 and (body.get("content") or body.get("embeds")):
        refuse_form("flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "No content or embeds.")
    check_allowed_mentions(body.get("allowed_mentions") or {})
    check_files(body, files)


def check_files(body: dict[str, Any], files: dict[str, bytes]) -> None:
    """Refuse files that are too many or too large."""
    bad_length("attachments", len(files), 0, 10)
    bad_length("attachments", len(body.get("attachments") or []), 0, 10)
    if any(len(content) > ATTACHMENT_LIMIT for content in files.values()):
        raise ApiError(413, 40005, "Request entity too large")


def check_allowed_mentions(allowed: dict[str, Any]) -> None:
    """Refuse lists that contradict `parse`, as Discord does."""
    for kind in ("users", "roles"):
        if kind in (allowed.get("parse") or []) and allowed.get(kind):
            refuse_form(
                "allowed_mentions",
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f"{kind} and parse are mutually exclusive",
            )


def check_embeds(embeds: list[dict[str, Any]]) -> None:
    """Refuse embeds that are too many, too long one by one or too long together."""
    bad_length("embeds", len(embeds), 0, 10)
    for number, embed in enumerate(embeds):
        at = f"embeds.{number}"
        too_long(f"{at}.title", embed.get("title"), 256)
        too_long(f"{at}.description", embed.get("description"), 4096)
        too_long(f"{at}.footer.text", (embed.get("footer") or {}).get("text"), 2048)
        too_long(f"{at}.author.name", (embed.get("author") or {}).get("name"), 256)
        fields = embed.get("fields") or []
        bad_length(f"{at}.fields", len(fields), 0, 25)
        for place, one in enumerate(fields):
            for key, limit in (("name", 256), ("value", 1024)):
                too_long(f"{at}.fields.{place}.{key}", one.get(key), limit)
                if not str(one.get(key) or "").strip():
                    refuse_form(f"{at}.fields.{place}.{key}", "BASE_TYPE_REQUIRED", "This field is required")
    if sum(map(embed_size, embeds)) > 6000:
        refuse_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def embed_size(embed: dict[str, Any]) -> int:
    """The characters that count towards the 6,000 of a message."""
    texts = [embed.get("title"), embed.get("description")]
    texts += [(embed.get("footer") or {}).get("text"), (embed.get("author") or {}).get("name")]
    for one in embed.get("fields") or []:
        texts += [one["name"], one["value"]]
    return sum(len(text) for text in texts if text)


def check_components(components: list[dict[str, Any]], *, v2: bool) -> None:
    """Refuse a component tree that Discord would not show."""
    everything = walk(components)
    if v2:
        bad_length("components", len(everything), 0, 40)
        if sum(len(one.get("content") or "") for one in everything) > 4000:
            refuse_form("components", "COMPONENT_MAX_TOTAL_TEXT_SIZE_EXCEEDED", "Text is limited to 4000")
    else:
        bad_length("components", len(components), 0, 5)
        if any(one["type"] != ROW for one in components) or any(one["type"] in V2_KINDS for one in everything):
            refuse_form("components", "UNION_TYPE_CHOICES", "Value of field must be one of (1,).")
    check_custom_ids(everything)
    for number, one in enumerate(everything):
        check_component(f"components.{number}", one)


def check_custom_ids(everything: list[dict[str, Any]]) -> None:
    """Refuse custom ids that are empty, too long or there twice."""
    seen: set[str] = set()
    for one in everything:
        custom_id = one.get("custom_id")
        if custom_id is None:
            continue
        bad_length("components.custom_id", len(custom_id), 1, 100)
        if custom_id in seen:
            refuse_form("components", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        seen.add(custom_id)


def check_component(path: str, one: dict[str, Any]) -> None:
    """Refuse one row, button or select."""
    if one["type"] == ROW:
        check_row(path, one)
    elif one["type"] == BUTTON:
        check_button(path, one)
    elif one["type"] in SELECTS:
        check_select(path, one)


def check_row(path: str, row: dict[str, Any]) -> None:
    """Five buttons, or one select, or one text input."""
    inside = row.get("components") or []
    bad_length(f"{path}.components", len(inside), 1, 5)
    if len(inside) > 1 and any(one["type"] != BUTTON for one in inside):
        refuse_form(f"{path}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The row is full")


def check_button(path: str, button: dict[str, Any]) -> None:
    """A button leads to a URL or has a custom id, never both, and shows something."""
    link = button.get("style") == LINK
    too_long(f"{path}.label", button.get("label"), 80)
    if button.get("style") == PREMIUM:
        return
    if link != bool(button.get("url")) or link == bool(button.get("custom_id")):
        refuse_form(path, "COMPONENT_CUSTOM_ID_REQUIRED", "A custom id or url is required, and only one")
    if not button.get("label") and not button.get("emoji"):
        refuse_form(path, "BUTTON_COMPONENT_INVALID_LABEL", "A label or an emoji is required")


def check_select(path: str, select: dict[str, Any]) -> None:
    """Twenty-five options at most, each value once, and bounds that make sense."""
    too_long(f"{path}.placeholder", select.get("placeholder"), 150)
    options = select.get("options") or []
    if select["type"] == STRING_SELECT:
        bad_length(f"{path}.options", len(options), 1, 25)
    values = [option["value"] for option in options]
    if len(set(values)) < len(values):
        refuse_form(f"{path}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Values must be unique")
    for number, option in enumerate(options):
        for key in ("label", "value", "description"):
            too_long(f"{path}.options.{number}.{key}", option.get(key), 100)
    high = select.get("max_values")
    high = 1 if high is None else high
    low = select.get("min_values")
    low = 1 if low is None else low
    if not 0 <= low <= high <= 25 or (options and high > len(options)):
        refuse_form(f"{path}.max_values", "BASE_TYPE_BAD_LENGTH", "Values and bounds do not fit")


def check_modal(modal: dict[str, Any]) -> None:
    """Refuse a modal that Discord would not open."""
    too_long("data.title", modal.get("title"), 45)
    bad_length("data.custom_id", len(modal.get("custom_id") or ""), 1, 100)
    bad_length("data.components", len(modal.get("components") or []), 1, 5)
    everything = walk(modal["components"])
    check_custom_ids(everything)
    for number, one in enumerate(everything):
        at = f"data.components.{number}"
        if one["type"] in {TEXT_INPUT, LABEL}:
            too_long(f"{at}.label", one.get("label"), 45)
            too_long(f"{at}.description", one.get("description"), 100)
            too_long(f"{at}.placeholder", one.get("placeholder"), 100)
        check_component(at, one)


def check_choices(choices: list[dict[str, Any]]) -> None:
    """Refuse autocomplete choices that are too many or too long."""
    bad_length("data.choices", len(choices), 0, 25)
    for number, choice in enumerate(choices):
        bad_length(f"data.choices.{number}.name", len(choice["name"]), 1, 100)
        too_long(f"data.choices.{number}.value", choice["value"], 100)
