"""One use of a command, button, select or modal, and what the bot makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.loopback_discord import limits, messages
from tests.loopback_discord.wire import EPHEMERAL, LOADING, ApiError, refuse_form
from tests.loopback_discord.world import Message

if TYPE_CHECKING:
    from tests.loopback_discord.server import LoopbackDiscord
    from tests.loopback_discord.world import Channel, Person

PING, COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 1, 2, 3, 4, 5
PONG, REPLY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {REPLY, DEFER, MODAL},
    COMPONENT: {REPLY, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {REPLY, DEFER, DEFER_UPDATE, UPDATE},
}
ANSWER_WITHIN, TOKEN_LIVES = 3.0, 15 * 60.0


@dataclass(eq=False)
class Interaction:
    """What a person did and how the bot answered; the driver returns it once the bot has answered."""

    id: int
    token: str
    kind: int
    person: Person
    channel: Channel
    payload: dict[str, Any]  # the INTERACTION_CREATE event
    sent_at: float
    source: Message | None = None  # the message whose component was used
    cause: Interaction | None = None  # of a modal submit: the interaction that opened the modal
    callback: dict[str, Any] | None = None  # the initial response as sent
    delay: float | None = None  # seconds until the initial response, by the loopback's clock
    original: Message | None = None  # what @original means
    followups: list[Message] = field(default_factory=list)
    filled: bool = False  # a deferred answer has been completed, or a deferred update carried out
    deleted_original: bool = False

    @property
    def acknowledged(self) -> bool:
        """Whether there was an initial response."""
        return self.callback is not None

    @property
    def response_type(self) -> int:
        """The type of the initial response."""
        assert self.callback is not None, "no initial response yet"
        return int(self.callback["type"])

    @property
    def deferred(self) -> bool:
        """Whether the bot deferred first."""
        return self.acknowledged and self.response_type in {DEFER, DEFER_UPDATE}

    @property
    def answered(self) -> bool:
        """Whether the person sees an answer: a message, a modal, choices or a changed message."""
        if not self.acknowledged:
            return False
        return not self.deferred or self.filled or bool(self.followups) or self.deleted_original

    @property
    def answer(self) -> Message:
        """The answering message: the original response, or the first follow-up where that was deleted."""
        if self.original is not None and not self.original.deleted:
            return self.original
        assert self.followups, f"no message answers {self.payload['data']}"
        return self.followups[0]

    @property
    def messages(self) -> list[Message]:
        """All messages of this interaction in order."""
        own = [self.original] if self.original is not None and self.original is not self.source else []
        return [*own, *self.followups]

    @property
    def ephemeral(self) -> bool:
        """Whether only the person sees the answer."""
        return self.answer.ephemeral

    @property
    def content(self) -> str:
        """The answer's text."""
        return self.answer.content

    @property
    def modal(self) -> dict[str, Any]:
        """The modal the bot opened."""
        assert self.response_type == MODAL, f"no modal but a response of type {self.response_type}"
        assert self.callback is not None
        return dict(self.callback["data"])

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The autocomplete choices."""
        assert self.callback is not None
        return list(self.callback["data"]["choices"])


class Interactions:
    """Discord's side of the interaction endpoints."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        self.discord = discord
        self.by_id: dict[int, Interaction] = {}
        self.by_token: dict[str, Interaction] = {}

    def respond(self, number: int, token: str, body: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
        """Take the initial response."""
        one = self.by_id.get(number)
        age = self.discord.clock() - one.sent_at if one is not None else 0.0
        if one is None or one.token != token or (self.discord.enforce_deadlines and age > ANSWER_WITHIN):
            raise ApiError(404, 10062, "Unknown interaction")
        if one.acknowledged:
            raise ApiError(400, 40060, "Interaction has already been acknowledged.")
        kind = body["type"]
        from_message = one.source is not None
        if kind not in ALLOWED[one.kind] or (kind in {UPDATE, DEFER_UPDATE} and not from_message):
            refuse_form("type", "BASE_TYPE_CHOICES", f"{kind} does not answer an interaction of type {one.kind}")
        self.carry_out(one, kind, body.get("data") or {}, files)
        one.callback, one.delay = body, age
        self.discord.notify()
        return self.callback_reply(one, kind)

    def carry_out(self, one: Interaction, kind: int, content: dict[str, Any], files: dict[str, bytes]) -> None:
        """Do what the initial response says."""
        if kind == CHOICES:
            limits.check_choices(content.get("choices") or [])
        elif kind == MODAL:
            limits.check_modal(content)
        elif kind == DEFER_UPDATE:
            one.original = one.source
        elif kind == UPDATE:
            assert one.source is not None
            one.original = one.source
            self.discord.rewrite(one.source, content, files)
        else:
            one.original = self.post(one, content, files, loading=kind == DEFER)

    def callback_reply(self, one: Interaction, kind: int) -> dict[str, Any]:
        """The body of a callback made with with_response."""
        about: dict[str, Any] = {"id": str(one.id), "type": one.kind, "channel_id": str(one.channel.id)}
        reply: dict[str, Any] = {"interaction": about}
        if one.original is not None:
            about["response_message_id"] = str(one.original.id)
            about["response_message_loading"] = one.original.loading
            about["response_message_ephemeral"] = one.original.ephemeral
        if kind in {REPLY, UPDATE} and one.original is not None:
            reply["resource"] = {"type": kind, "message": one.original.payload()}
        return reply

    def post(
        self,
        one: Interaction,
        content: dict[str, Any],
        files: dict[str, bytes],
        *,
        loading: bool = False,
        replies_to: Message | None = None,
    ) -> Message:
        """Put a message of this interaction into the channel."""
        discord = self.discord
        data = messages.blank(discord, one.channel, discord.bot)
        data |= {"application_id": str(discord.bot.id), "webhook_id": str(discord.bot.id)}
        data["interaction_metadata"] = self.metadata(one)
        data["flags"] = (content.get("flags") or 0) & EPHEMERAL | (LOADING if loading else 0)
        message = Message(data, discord.bot, one.channel)
        message.seen_by = one.person if message.ephemeral else None
        target = replies_to or one.source
        if target is not None:
            discord.link(message, target)
        elif one.kind == COMMAND:
            message.data["type"] = 20 if one.payload["data"]["type"] == 1 else 23
        if loading:
            message.body = content
            message.store(message.data)
        else:
            messages.write(discord, message, content, files)
        discord.publish(message)
        return message

    def metadata(self, one: Interaction) -> dict[str, Any]:
        """The interaction_metadata of a message."""
        made: dict[str, Any] = {
            "id": str(one.id),
            "type": one.kind,
            "user": one.person.payload(),
            "authorizing_integration_owners": one.payload["authorizing_integration_owners"],
        }
        if one.kind == COMPONENT and one.source is not None:
            made["interacted_message_id"] = str(one.source.id)
        if one.kind == MODAL_SUBMIT and one.cause is not None:
            made["triggering_interaction_metadata"] = self.metadata(one.cause)
        return made

    def living(self, token: str) -> Interaction:
        """The interaction of a webhook token, while the token lives and after the initial response."""
        one = self.by_token.get(token)
        if one is None:
            raise ApiError(404, 10015, "Unknown Webhook")
        if self.discord.enforce_deadlines and self.discord.clock() - one.sent_at > TOKEN_LIVES:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if not one.acknowledged:
            raise ApiError(404, 10015, "Unknown Webhook")
        return one

    def follow_up(self, token: str, content: dict[str, Any], files: dict[str, bytes]) -> Message:
        """A follow-up; the first one after a deferral completes the deferred message instead."""
        one = self.living(token)
        if one.original is not None and one.original.loading and not one.original.deleted:
            self.edit(one, one.original, content, files)
            return one.original
        if "0" not in one.payload["authorizing_integration_owners"] and len(one.followups) >= 5:
            raise ApiError(400, 40094, "Follow-ups are limited to 5 for user-installed apps")
        message = self.post(one, content, files, replies_to=one.original)
        one.followups.append(message)
        self.discord.notify()
        return message

    def message(self, token: str, which: str) -> tuple[Interaction, Message]:
        """The message that @original or an id means to this token."""
        one = self.living(token)
        wanted = one.original if which == "@original" else None
        for known in [*one.messages, *([one.source] if one.source else [])]:
            if which == str(known.id):
                wanted = known
        if wanted is None or wanted.deleted:
            raise ApiError(404, 10008, "Unknown Message")
        return one, wanted

    def edit(self, one: Interaction, message: Message, content: dict[str, Any], files: dict[str, bytes]) -> None:
        """Edit a message by its token; completes it if it was loading."""
        self.discord.rewrite(message, content, files)
        if message is one.original:
            one.filled = True
        self.discord.notify()

    def delete(self, one: Interaction, message: Message) -> None:
        """Delete a message by its token."""
        if message is one.original:
            one.deleted_original = True
        self.discord.remove(message)
