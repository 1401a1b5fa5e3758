"""The larger wire objects: server, application, the bot's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.loopback_discord.wire import INTENT_FLAGS
from tests.loopback_discord.world import written_at

if TYPE_CHECKING:
    from tests.loopback_discord.world import Guild, Person


def guild(one: Guild) -> dict[str, Any]:
    """The server as GET /guilds/{id} gives it."""
    nothing = dict.fromkeys(
        [
            "icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id",
            "afk_channel_id", "system_channel_id", "widget_channel_id", "max_presences", "vanity_url_code",
            "rules_channel_id", "safety_alerts_channel_id", "public_updates_channel_id", "incidents_data",
        ]
    )  # fmt: skip
    zero = dict.fromkeys(
        [
            "system_channel_flags", "verification_level", "default_message_notifications", "mfa_level",
            "explicit_content_filter", "premium_tier", "premium_subscription_count", "nsfw_level",
        ],
        0,
    )  # fmt: skip
    return (
        nothing
        | zero
        | {
            "id": str(one.id),
            "name": one.name,
            "features": [],
            "owner_id": str(one.owner.id),
            "region": "us-east",
            "afk_timeout": 300,
            "widget_enabled": False,
            "roles": [role.payload() for role in one.roles.values()],
            "max_members": 500_000,
            "max_stage_video_channel_users": 50,
            "max_video_channel_users": 25,
            "preferred_locale": one.locale,
            "premium_progress_bar_enabled": False,
            "nsfw": False,
            "emojis": [],
            "stickers": [],
        }
    )


def guild_create(one: Guild, bot: Person, *, everybody: bool) -> dict[str, Any]:
    """The GUILD_CREATE event; without the presences intent its member list holds the bot alone."""
    members = one.members.values() if everybody else [one.members[bot.id]]
    return guild(one) | {
        "joined_at": written_at(one.id),
        "large": len(one.members) > 250,
        "unavailable": False,
        "member_count": len(one.members),
        "voice_states": [],
        "presences": [],
        "threads": [],
        "stage_instances": [],
        "guild_scheduled_events": [],
        "soundboard_sounds": [],
        "members": [member.payload() for member in members],
        "channels": [channel.payload() for channel in one.channels.values()],
    }


def application(bot: Person, owner: Person, intents: set[str]) -> dict[str, Any]:
    """The bot's application; `intents` are the privileged ones switched on in the developer portal."""
    flags = sum(INTENT_FLAGS[name] for name in intents)
    return {
        "id": str(bot.id),
        "name": bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "bot": bot.payload(),
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "0" * 64,
        "flags": flags,
        "flags_new": str(flags),
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "integration_types_config": {"0": {}, "1": {}},
        "owner": owner.payload(),
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": ["applications.commands", "bot"],
    }


def own_user(bot: Person) -> dict[str, Any]:
    """The bot's account as it sees itself."""
    return bot.payload() | {"mfa_enabled": True, "locale": "en-US", "email": None, "verified": True}
