"""REST: interaction callbacks and the webhooks of interaction tokens."""

from __future__ import annotations

from tests.loopback_discord.rest import Call, route
from tests.loopback_discord.wire import ApiError, Json

TOKEN = "/webhooks/{webhook_id}/{webhook_token}"


@route("POST", "/interactions/{interaction_id}/{interaction_token}/callback", open=True)
def callback(call: Call) -> Json:
    number, token = int(call.params["interaction_id"]), call.params["interaction_token"]
    reply = call.discord.interactions.respond(number, token, call.body or {}, call.files)
    return reply if call.query.get("with_response") in {"1", "true", "True"} else None


def token_of(call: Call) -> str:
    """The interaction token in the path; its webhook id must be the application's."""
    if int(call.params["webhook_id"]) != call.discord.bot.id:
        raise ApiError(404, 10015, "Unknown Webhook")
    return call.params["webhook_token"]


@route("POST", TOKEN, open=True)
def follow_up(call: Call) -> Json:
    return call.discord.interactions.follow_up(token_of(call), call.body or {}, call.files).payload()


def which(call: Call) -> str:
    """The message id in the path, or @original."""
    return call.params.get("message_id", "@original")


@route("GET", f"{TOKEN}/messages/@original", open=True)
@route("GET", f"{TOKEN}/messages/{{message_id}}", open=True)
def get_message(call: Call) -> Json:
    return call.discord.interactions.message(token_of(call), which(call))[1].payload()


@route("PATCH", f"{TOKEN}/messages/@original", open=True)
@route("PATCH", f"{TOKEN}/messages/{{message_id}}", open=True)
def edit_message(call: Call) -> Json:
    one, message = call.discord.interactions.message(token_of(call), which(call))
    call.discord.interactions.edit(one, message, call.body or {}, call.files)
    return message.payload()


@route("DELETE", f"{TOKEN}/messages/@original", open=True)
@route("DELETE", f"{TOKEN}/messages/{{message_id}}", open=True)
def delete_message(call: Call) -> Json:
    call.discord.interactions.delete(*call.discord.interactions.message(token_of(call), which(call)))
