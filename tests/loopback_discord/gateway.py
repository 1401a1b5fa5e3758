"""The gateway: sessions with numbered, buffered events; sockets that come and go."""

from __future__ import annotations

import asyncio
import itertools
import json
import secrets
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import WSMsgType, web

from tests.loopback_discord import payloads
from tests.loopback_discord.wire import INTENTS, KNOWN_INTENTS, Json

if TYPE_CHECKING:
    from tests.loopback_discord.server import LoopbackDiscord
    from tests.loopback_discord.world import Guild

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME = 0, 1, 2, 3, 4, 6
RECONNECT, MEMBERS, INVALID, HELLO, ACK = 7, 8, 9, 10, 11
PRIVILEGED = ("presences", "members", "message_content")


class Compressor(Protocol):
    """One stream for the life of a socket."""

    def __call__(self, frame: bytes) -> bytes: ...


def zlib_stream() -> Compressor:
    """The zlib-stream transport compression: one context, a sync flush after each frame."""
    stream = zlib.compressobj()
    return lambda frame: stream.compress(frame) + stream.flush(zlib.Z_SYNC_FLUSH)


def zstd_stream() -> Compressor:
    """The zstd-stream transport compression: one context, a block flush after each frame."""
    import zstandard

    stream = zstandard.ZstdCompressor().compressobj()
    return lambda frame: stream.compress(frame) + stream.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)


COMPRESSORS = {"zlib-stream": zlib_stream, "zstd-stream": zstd_stream}


@dataclass(eq=False)
class Session:
    """What survives a socket: the events sent, the shard, the intents."""

    id: str
    shard: tuple[int, int]
    intents: int
    log: list[tuple[int, str, Any]] = field(default_factory=list)
    socket: Socket | None = None

    def dispatch(self, event: str, payload: Json) -> None:
        """Number an event and send it, or keep it for a RESUME."""
        self.log.append((len(self.log) + 1, event, payload))
        if self.socket is not None:
            self.socket.push(DISPATCH, payload, event, len(self.log))


class Socket:
    """One websocket; frames go out in the order they were pushed."""

    def __init__(self, request: web.Request, ws: web.WebSocketResponse, compress: Compressor | None) -> None:
        self.request = request
        self.ws = ws
        self.compress = compress
        self.session: Session | None = None
        self.closing = False  # the close is ours, not the bot's
        self._outbox: asyncio.Queue[bytes | int] = asyncio.Queue()

    def push(self, op: int, payload: Json = None, event: str | None = None, seq: int | None = None) -> None:
        """Queue a frame."""
        frame = json.dumps({"op": op, "d": payload, "t": event, "s": seq}).encode()
        self._outbox.put_nowait(frame)

    def close(self, code: int) -> None:
        """Close with a code once what is queued has gone out."""
        self.closing = True
        self.detach()
        self._outbox.put_nowait(code)

    def abort(self) -> None:
        """Cut the connection without a word; later events wait for a RESUME."""
        self.detach()
        if self.request.transport is not None:
            self.request.transport.abort()

    def detach(self) -> None:
        """Leave the session without a socket."""
        if self.session is not None and self.session.socket is self:
            self.session.socket = None

    async def pump(self) -> None:
        """Send what is queued until cancelled."""
        while True:
            frame = await self._outbox.get()
            try:
                if isinstance(frame, int):
                    await self.ws.close(code=frame)
                    return
                if self.compress is None:
                    await self.ws.send_str(frame.decode())
                else:
                    await self.ws.send_bytes(self.compress(frame))
            except ConnectionError:  # the other side is gone; its session buffers
                return


class Gateway:
    """All sessions of the bot, and a record of what the bot sent."""

    def __init__(self, discord: LoopbackDiscord) -> None:
        self.discord = discord
        self.heartbeat_interval = 41.25  # seconds, for the next HELLO
        self.acknowledge = True  # False: heartbeats are not answered, as on a dead connection
        self.sessions: dict[str, Session] = {}
        self.sockets: set[Socket] = set()
        self.identifies: list[dict[str, Any]] = []
        self.resumes: list[dict[str, Any]] = []
        self.presences: list[dict[str, Any]] = []
        self.closes: list[int] = []  # codes the gateway closed with
        self.compressions: list[str | None] = []
        self.heartbeats = 0
        self.refuse_resume = False  # answer the next RESUME by op 9
        self.refuse = False  # no connection is taken: the gateway is down
        self.refused = 0
        self._names = itertools.count(1)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until it ends."""
        if self.refuse:
            self.refused += 1
            self.discord.notify()
            return web.Response(status=503)
        ws = web.WebSocketResponse(max_msg_size=0)
        await ws.prepare(request)
        asked = request.query.get("compress")
        self.compressions.append(asked)
        socket = Socket(request, ws, COMPRESSORS[asked]() if asked else None)
        self.sockets.add(socket)
        pump = asyncio.get_running_loop().create_task(socket.pump(), name="gateway pump")
        socket.push(HELLO, {"heartbeat_interval": int(self.heartbeat_interval * 1000), "_trace": []})
        try:
            async for frame in ws:
                if frame.type is WSMsgType.TEXT:
                    self.receive(socket, frame.data)
                    self.discord.notify()
        finally:
            self.sockets.discard(socket)
            self.ended(socket)
            pump.cancel()
            await asyncio.gather(pump, return_exceptions=True)
        return ws

    def ended(self, socket: Socket) -> None:
        """Forget the session if the bot closed it for good, else keep it for a RESUME."""
        session = socket.session
        socket.detach()
        given_up = not socket.closing and socket.ws.close_code in {1000, 1001}
        if session is not None and session.socket is None and given_up:
            self.sessions.pop(session.id, None)
        self.discord.notify()

    def fail(self, socket: Socket, code: int) -> None:
        """Close with one of Discord's codes."""
        self.closes.append(code)
        socket.close(code)

    def receive(self, socket: Socket, text: str) -> None:
        """Act on a frame of the bot's."""
        if len(text) > 4096:
            return self.fail(socket, 4002)
        frame = json.loads(text)
        op, payload = frame["op"], frame.get("d")
        if op == HEARTBEAT:
            self.heartbeats += 1
            return socket.push(ACK) if self.acknowledge else None
        if op == IDENTIFY:
            return self.fail(socket, 4005) if socket.session else self.identify(socket, payload)
        if op == RESUME:
            return self.resume(socket, payload)
        if socket.session is None:
            return self.fail(socket, 4003)
        if op == PRESENCE:
            return self.presences.append(payload)
        if op == MEMBERS:
            return self.send_members(socket.session, payload)
        return None if op == VOICE else self.fail(socket, 4001)

    def identify(self, socket: Socket, asked: dict[str, Any]) -> None:
        """Start a session: READY, then the shard's servers one by one."""
        self.identifies.append(asked)
        shard = (*asked.get("shard", (0, 1)),)
        intents = asked.get("intents")
        refusal = self.identify_fault(asked, shard)
        if refusal:
            return self.fail(socket, refusal)
        session = Session(f"{next(self._names)}-{secrets.token_hex(12)}", shard, intents, socket=socket)
        socket.session = session
        self.sessions[session.id] = session
        guilds = [guild for guild in self.discord.guilds.values() if guild.has_bot and on_shard(guild, shard)]
        session.dispatch("READY", self.ready(session, guilds))
        for guild in guilds:
            self.send_guild(session, guild)
        return None

    def identify_fault(self, asked: dict[str, Any], shard: tuple[int, ...]) -> int | None:
        """The close code for an IDENTIFY that Discord refuses."""
        intents = asked.get("intents")
        if asked.get("token") != self.discord.token:
            return 4004
        if len(shard) != 2 or not 0 <= shard[0] < shard[1]:
            return 4010
        if shard[1] < self.discord.shards:
            return 4011
        if not isinstance(intents, int) or not 0 <= intents <= KNOWN_INTENTS:
            return 4013
        denied = [name for name in PRIVILEGED if intents & INTENTS[name] and name not in self.discord.privileged]
        return 4014 if denied else None

    def ready(self, session: Session, guilds: list[Guild]) -> dict[str, Any]:
        """The READY event."""
        return {
            "v": 10,
            "user": payloads.own_user(self.discord.bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self.discord.gateway_url,
            "shard": list(session.shard),
            "application": {"id": str(self.discord.bot.id), "flags": self.discord.application()["flags"]},
            "private_channels": [],
            "presences": [],
            "relationships": [],
        }

    def resume(self, socket: Socket, asked: dict[str, Any]) -> None:
        """Replay what the bot missed, or say that the session is gone."""
        self.resumes.append(asked)
        session = self.sessions.get(asked["session_id"])
        if asked.get("token") != self.discord.token:
            return self.fail(socket, 4004)
        if session is None or self.refuse_resume:
            self.refuse_resume = False
            self.sessions.pop(asked["session_id"], None)
            return socket.push(INVALID, payload=False)
        if asked["seq"] > len(session.log):
            return self.fail(socket, 4007)
        if session.socket is not None:
            session.socket.abort()
        socket.session, session.socket = session, socket
        for seq, event, payload in session.log[asked["seq"] :]:
            socket.push(DISPATCH, payload, event, seq)
        return session.dispatch("RESUMED", {"_trace": []})

    def send_guild(self, session: Session, guild: Guild, *, joined: bool = False) -> None:
        """GUILD_CREATE, for a session that asked for guilds. Of one `joined` just now it says nothing of outages."""
        if session.intents & INTENTS["guilds"]:
            everybody = bool(session.intents & INTENTS["presences"])
            payload = payloads.guild_create(guild, self.discord.bot, everybody=everybody)
            session.dispatch("GUILD_CREATE", {k: v for k, v in payload.items() if not joined or k != "unavailable"})

    def send_members(self, session: Session, asked: dict[str, Any]) -> None:
        """Answer a request for members in one chunk."""
        guild = self.discord.guilds[int(asked["guild_id"])]
        wanted = {int(one) for one in asked.get("user_ids") or []}
        query = asked.get("query") or ""
        members = [
            member.payload()
            for member in guild.members.values()
            if (member.person.id in wanted if wanted else member.person.name.lower().startswith(query.lower()))
        ]
        chunk = {
            "guild_id": str(guild.id),
            "members": members,
            "chunk_index": 0,
            "chunk_count": 1,
            "not_found": [],
        }
        session.dispatch("GUILD_MEMBERS_CHUNK", chunk | {"nonce": asked.get("nonce")})

    def sessions_for(self, guild: Guild | None) -> list[Session]:
        """The sessions whose shard is responsible: the guild's, or shard 0 for direct messages."""
        return [one for one in self.sessions.values() if on_shard(guild, one.shard)]

    def drop(self) -> None:
        """Cut every socket without a close frame."""
        for socket in list(self.sockets):
            socket.abort()

    def close(self, code: int) -> None:
        """Close every socket with a code."""
        for socket in list(self.sockets):
            self.fail(socket, code)

    def reconnect(self) -> None:
        """Tell every connection to reconnect (op 7)."""
        for socket in list(self.sockets):
            socket.push(RECONNECT)

    def invalidate(self, *, resumable: bool) -> None:
        """Tell every connection that its session is invalid (op 9)."""
        for socket in list(self.sockets):
            socket.push(INVALID, payload=resumable)
            if not resumable and socket.session is not None:
                self.sessions.pop(socket.session.id, None)


def on_shard(guild: Guild | None, shard: tuple[int, int]) -> bool:
    """Whether a shard hears of a server; direct messages (None) belong to shard 0."""
    return ((guild.id >> 22) % shard[1] if guild else 0) == shard[0]
