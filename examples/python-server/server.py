"""A chat server with the protocol of ../node-server, for one process. See README.md."""

import asyncio
import base64
import hashlib
import hmac
import json
import os
import re
import signal
import sys
import time
from collections import deque

from websockets.exceptions import ConnectionClosed

try:
    from websockets.asyncio.server import serve
except ImportError:  # websockets 10 to 12; Debian 12 has 10.4
    from websockets import serve


def number(name, fallback):
    value = float(os.environ.get(name) or fallback)
    if not value >= 0:  # as of NaN
        raise ValueError(f"{name} has to be a number, 0 or more.")
    return value


HOST = os.environ.get("HOST", "127.0.0.1")
PORT = int(number("PORT", 8080))
# Pages of these origins may connect, and nobody else.
ORIGINS = [
    origin.strip()
    for origin in os.environ.get("ORIGINS", "http://localhost:5173").split(",")
]
TOKEN_SECRET = os.environ.get("TOKEN_SECRET", "").encode()
if not TOKEN_SECRET:
    # With an empty one, everybody could make tokens.
    sys.exit("Set TOKEN_SECRET to a long random text.")
TOKEN_TIMEOUT_S = number("TOKEN_TIMEOUT_MS", 5000) / 1000
PING_EVERY_S = number("PING_EVERY_MS", 25_000) / 1000
CLOSE_TIMEOUT_S = number("CLOSE_TIMEOUT_MS", 2000) / 1000
MAX_CLIENTS = number("MAX_CLIENTS", 10_000)
MAX_MESSAGE_BYTES = int(number("MAX_MESSAGE_BYTES", 4096))
MESSAGES_PER_SECOND = number("MESSAGES_PER_SECOND", 20)
# Messages at once after a quiet time: what a client has queued while it was away.
BURST = number("BURST", 100)
# What may wait for a client that reads slower than its room speaks.
MAX_BACKLOG_BYTES = number("MAX_BACKLOG_BYTES", 1_048_576)

ROOM_PATH = re.compile(r"/chat/([\w-]{1,64})", re.ASCII)
HISTORY_LENGTH = 50
MAX_ROOMS = 1000


class Refused(Exception):
    """Ends a client with a close code and a reason."""


class RateLimit:
    """A bucket of tokens: each message takes one, and they come back at a steady rate."""

    def __init__(self):
        self.tokens = BURST
        self.counted_at = time.monotonic()

    def take(self):
        now = time.monotonic()
        refill = (now - self.counted_at) * MESSAGES_PER_SECOND
        self.tokens = min(BURST, self.tokens + refill) - 1
        self.counted_at = now
        if self.tokens < 0:
            raise Refused(4429, "Too many messages")


class Client:
    """Somebody in a room, and what is still to be told to them."""

    def __init__(self, websocket):
        self.websocket = websocket
        self.backlog = asyncio.Queue()
        self.backlog_bytes = 0
        self.closing = None

    def tell(self, frame):
        if self.closing:
            return
        # A character is a byte: `json.dumps` escapes all that is not ASCII.
        self.backlog_bytes += len(frame)
        if self.backlog_bytes > MAX_BACKLOG_BYTES:
            self.closing = asyncio.create_task(self.websocket.close(1013, "Reads too slowly"))
        else:
            self.backlog.put_nowait(frame)

    async def deliver(self):
        try:
            while True:
                frame = await self.backlog.get()
                await self.websocket.send(frame)
                self.backlog_bytes -= len(frame)
        except ConnectionClosed:
            pass  # whoever listens to it is told, too


class Room:
    """Who is there, and what was said last."""

    def __init__(self):
        self.clients = set()
        self.history = deque(maxlen=HISTORY_LENGTH)

    def say(self, author, message_id, text):
        """Takes a message that is sent again, because its sender saw no echo, once."""
        if any((said["author"], said["id"]) == (author, message_id) for said in self.history):
            return
        message = {
            "type": "message",
            "id": message_id,
            "author": author,
            "text": text,
            "at": int(time.time() * 1000),
        }
        self.history.append(message)
        frame = json.dumps(message)
        for client in self.clients:
            client.tell(frame)

    def replay(self, client):
        client.tell(json.dumps({"type": "history", "messages": list(self.history)}))


rooms = {}
client_count = 0


def find_room(name):
    """Makes the room if there is none, and forgets what was said in one if there are too many."""
    empty = [other for other, room in rooms.items() if not room.clients and other != name]
    if len(rooms) >= MAX_ROOMS and empty:
        del rooms[empty[0]]
    return rooms.setdefault(name, Room())


def read_token(token):
    """Who a token is for and until when, in seconds since 1970; see ../node-server/tokens.mjs."""
    if not token.isascii():  # JSON can hold half a character, which cannot be encoded
        raise Refused(4401, "Token refused")
    claims, _, signature = token.partition(".")
    expected = base64.urlsafe_b64encode(
        hmac.new(TOKEN_SECRET, claims.encode(), hashlib.sha256).digest()
    ).rstrip(b"=")
    if not hmac.compare_digest(signature.encode(), expected):
        raise Refused(4401, "Token refused")
    content = json.loads(base64.urlsafe_b64decode(claims + "=="))
    if content["expiresAt"] / 1000 <= time.time():
        raise Refused(4401, "Token refused")
    return content["user"], content["expiresAt"] / 1000


# The texts of each type of message, and how long they may be.
MESSAGES = {
    "auth": {"token": MAX_MESSAGE_BYTES},
    "say": {"id": 64, "text": 500},
    "replay": {},
    "ping": {},
}


def parse(frame):
    """The message in a frame, with all that belongs to its type."""
    try:
        message = json.loads(frame) if isinstance(frame, str) else None
    except (ValueError, RecursionError):
        message = None
    if not is_message(message):
        raise Refused(1008, "Not a message of this server")
    return message


def is_message(value):
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return False
    texts = MESSAGES.get(value["type"])
    return texts is not None and all(
        is_text(value.get(name), max_length) for name, max_length in texts.items()
    )


def is_text(value, max_length):
    return isinstance(value, str) and value.strip() != "" and len(value) <= max_length


async def authenticate(websocket):
    """The client says who it is first, and soon."""
    try:
        async with asyncio.timeout(TOKEN_TIMEOUT_S):
            message = parse(await websocket.recv())
    except TimeoutError:
        raise Refused(4408, "No token in time") from None
    if message["type"] != "auth":
        raise Refused(4401, "No token yet")
    return read_token(message["token"])


async def listen(client, room, author):
    limit = RateLimit()
    async for frame in client.websocket:
        limit.take()
        message = parse(frame)
        if message["type"] == "ping":
            client.tell('{"type": "pong"}')
        elif message["type"] == "replay":
            room.replay(client)
        elif message["type"] == "say":
            room.say(author, message["id"], message["text"])
        else:
            raise Refused(4401, "Token refused")


async def serve_client(websocket):
    path = websocket.request.path if hasattr(websocket, "request") else websocket.path
    match = ROOM_PATH.fullmatch(path.partition("?")[0])
    if not match:
        raise Refused(4404, "No such room")
    if client_count > MAX_CLIENTS:
        raise Refused(1013, "Full")
    author, expires_at = await authenticate(websocket)
    room = find_room(match[1])
    client = Client(websocket)
    client.tell('{"type": "auth-ok"}')
    room.replay(client)
    room.clients.add(client)
    delivery = asyncio.create_task(client.deliver())
    try:
        # An open socket outlives its token, unless somebody looks at the clock.
        async with asyncio.timeout(expires_at - time.time()):
            await listen(client, room, author)
    except TimeoutError:
        raise Refused(4401, "Token expired") from None
    finally:
        room.clients.discard(client)
        delivery.cancel()


async def handle(websocket):
    global client_count
    client_count += 1
    try:
        await serve_client(websocket)
    except Refused as refusal:
        await websocket.close(*refusal.args)
    except ConnectionClosed:
        pass
    finally:
        client_count -= 1


async def main():
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stopped.set)
    async with serve(
        handle,
        HOST,
        PORT,
        origins=ORIGINS,
        max_size=MAX_MESSAGE_BYTES,
        compression=None,
        # Drops a client that does not answer: its network may have gone without a goodbye.
        ping_interval=PING_EVERY_S,
        ping_timeout=PING_EVERY_S,
        close_timeout=CLOSE_TIMEOUT_S,
    ) as server:
        host, port = server.sockets[0].getsockname()[:2]
        print(f"Listening on http://{host}:{port}", flush=True)
        await stopped.wait()
    # All clients were closed with 1001, and they try again, somewhere else or here.


asyncio.run(main())
