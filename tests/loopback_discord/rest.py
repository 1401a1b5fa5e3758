"""The REST side: routes, authorisation, rate limits, faults, the record of every request."""

from __future__ import annotations

import json
import re
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import BodyPartReader, web

from tests.loopback_discord.wire import ApiError, Json, Violation

if TYPE_CHECKING:
    from tests.loopback_discord.faults import Fault
    from tests.loopback_discord.server import LoopbackDiscord
    from tests.loopback_discord.world import Channel, Guild, Message

MAJOR = ("channel_id", "guild_id", "webhook_id", "webhook_token")
REFUSED_FORM = {50035, 50006, 40005, 50146, 30032}


@dataclass
class Call:
    """A request as the handlers see it, and as tests read it afterwards."""

    discord: LoopbackDiscord
    method: str
    path: str
    template: str
    params: dict[str, str]
    query: dict[str, str]
    body: Any = None
    files: dict[str, bytes] = field(default_factory=dict)
    multipart: bool = False
    at: float = 0.0  # by the loopback's clock
    status: int | None = None  # None until answered
    code: int | None = None  # Discord's JSON error code
    reply: Any = None

    def __repr__(self) -> str:
        return f"<{self.method} {self.path} -> {self.status} {'' if self.code is None else self.code}>"

    def channel(self) -> Channel:
        """The channel of the path, if it is there and the bot sees it."""
        channel = self.discord.channels.get(int(self.params["channel_id"]))
        if channel is None:
            raise ApiError(404, 10003, "Unknown Channel")
        if not self.discord.events.sees(channel):
            raise ApiError(403, 50001, "Missing Access")
        return channel

    def message(self) -> Message:
        """The message of the path, if it is there. Ephemeral ones are not, outside their interaction."""
        message = self.channel().messages.get(int(self.params["message_id"]))
        if message is None or message.deleted or message.ephemeral:
            raise ApiError(404, 10008, "Unknown Message")
        return message

    def guild(self) -> Guild:
        """The server of the path, if the bot is in it."""
        guild = self.discord.guilds.get(int(self.params["guild_id"]))
        if guild is None or not guild.has_bot:
            raise ApiError(404, 10004, "Unknown Guild")
        return guild


Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Route:
    """One operation. `open` ones carry their secret in the path instead of a bot token."""

    method: str
    template: str
    handler: Handler
    open: bool
    pattern: re.Pattern[str]


ROUTES: list[Route] = []


def route(method: str, template: str, *, open: bool = False) -> Callable[[Handler], Handler]:  # noqa: A002
    """Register a handler under a path of Discord's description.

    It returns JSON for 200, None for 204, or (status, JSON).
    """

    def register(handler: Handler) -> Handler:
        pattern = re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template))
        ROUTES.append(Route(method, template, handler, open, pattern))
        # literal paths (@me, @original) before those with placeholders
        ROUTES.sort(key=lambda one: one.template.count("{"))
        return handler

    return register


def find(method: str, path: str) -> tuple[Route | None, dict[str, str]]:
    """The route of a request and the values in its path."""
    for one in ROUTES:
        if one.method == method and (match := one.pattern.fullmatch(path)):
            return one, match.groupdict()
    return None, {}


async def read_body(request: web.Request, call: Call) -> None:
    """Read JSON, or multipart with payload_json and files[n]."""
    if not request.can_read_body:
        return
    call.multipart = request.content_type == "multipart/form-data"
    if not call.multipart:
        raw = await request.read()
        call.body = json.loads(raw) if raw else None
        return
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader):
            raise TypeError(part)
        content = bytes(await part.read())
        if part.name == "payload_json":
            call.body = json.loads(content)
        elif part.filename is not None:
            double = f"{len(call.files)}-" if part.filename in call.files else ""
            call.files[double + part.filename] = content


class Rest:
    """Answers every request below /api/v10."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        self.discord = discord
        self.calls: list[Call] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one request."""
        path = "/" + request.match_info["tail"]
        route_, params = find(request.method, path)
        template = route_.template if route_ else path
        call = Call(self.discord, request.method, path, template, params, dict(request.query))
        call.at = self.discord.clock()
        self.calls.append(call)
        await read_body(request, call)
        self.discord.notify()
        fault = self.discord.faults.take(request.method, path, template)
        if fault is not None and fault.kind == "hold":
            await fault.released.wait()
        if fault is not None and fault.kind == "drop":
            return self.cut(request)
        headers, wait = self.discord.faults.spend(
            request.method, template, "/".join(params[key] for key in MAJOR if key in params)
        )
        if fault is not None and fault.kind in {"status", "limit"}:
            response = self.strike(call, fault, headers)
        elif wait is not None:
            response = self.too_many(call, headers, wait, everywhere=False)
        else:
            response = self.answer(call, route_, headers, request.headers.get("Authorization"))
        self.discord.notify()
        return self.cut(request) if fault is not None and fault.kind == "drop_after" else response

    def cut(self, request: web.Request) -> web.Response:
        """Break the connection instead of answering."""
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def strike(self, call: Call, fault: Fault, headers: dict[str, str]) -> web.Response:
        """Answer with an injected fault."""
        if fault.kind == "limit":
            return self.too_many(call, headers, fault.retry_after, everywhere=fault.everywhere)
        call.status = fault.status
        if fault.status >= 500 or fault.status == 429:  # from what stands before Discord: no JSON
            return web.Response(status=fault.status, text="<html>upstream</html>", content_type="text/html")
        return self.respond(call, fault.status, {"message": "injected", "code": 0}, headers)

    def too_many(self, call: Call, headers: dict[str, str], wait: float, *, everywhere: bool) -> web.Response:
        """A 429 as Discord (not Cloudflare, hence Via) gives it."""
        extra = {"Via": "1.1 google", "Retry-After": str(int(wait) + 1)}
        extra["X-RateLimit-Scope"] = "global" if everywhere else "user"
        if everywhere:
            extra["X-RateLimit-Global"] = "true"
        body = {
            "message": "You are being rate limited.",
            "retry_after": round(wait, 3),
            "global": everywhere,
            "code": 0,
        }
        return self.respond(call, 429, body, headers | extra)

    def answer(self, call: Call, route_: Route | None, headers: dict[str, str], token: str | None) -> web.Response:
        """Run the handler, or say why not."""
        known = len(self.discord.violations)
        try:
            result = self.run(call, route_, token)
        except ApiError as error:
            call.code = error.code
            if error.code in REFUSED_FORM and len(self.discord.violations) == known:
                self.violate("limit", call, json.dumps(error.body))
            return self.respond(call, error.status, error.body, headers)
        except Exception:  # noqa: BLE001
            self.violate("loopback", call, traceback.format_exc())
            return self.respond(call, 500, {"message": "loopback", "code": 0}, headers)
        status, body = result if isinstance(result, tuple) else (204 if result is None else 200, result)
        return self.respond(call, status, body, headers)

    def run(self, call: Call, route_: Route | None, token: str | None) -> Json:
        """The handler's result; raises ApiError."""
        if route_ is None:
            raise ApiError(404, 0, "404: Not Found")
        if not route_.open and token != f"Bot {self.discord.token}":
            raise ApiError(401, 0, "401: Unauthorized")
        self.check_request(call)
        return route_.handler(call)

    def violate(self, kind: str, call: Call, why: str) -> None:
        """Keep a violation."""
        self.discord.violations.append(Violation(kind, call.method, call.template, why))

    def check_request(self, call: Call) -> None:
        """Refuse a body that Discord's description does not allow."""
        spec = self.discord.spec
        why = spec and spec.request(call.method, call.template, call.body)
        if why:
            self.violate("request", call, why)
            raise ApiError(400, 50035, f"Invalid Form Body: {why}")

    def respond(self, call: Call, status: int, body: Json, headers: dict[str, str]) -> web.Response:
        """Write an answer, once checked against Discord's description."""
        call.status, call.reply = status, body
        spec = self.discord.spec
        why = spec and spec.response(call.method, call.template, status, body)
        if why:
            self.violate("response", call, why)
        response = web.Response(status=status, headers=headers)
        if body is not None:
            response.body = json.dumps(body).encode()
            # discord.py compares this header as a whole: no charset may follow
            response.headers["Content-Type"] = "application/json"
        return response
