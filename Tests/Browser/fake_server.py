"""A stand-in for the server's public embed endpoints, on a real socket.

It makes the checks that the endpoints make, in their order, keeps what was said, and answers with what a test has laid down
for a message. Steps of an answer go out as packets of their own, so that a test decides where the stream is cut.
"""

import json
import pathlib
import re
import socket
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WIDGET = pathlib.Path(__file__).parents[2] / "Sources/WebUI/Widget/lectern-chat-widget.js"

DROP = "drop"
"""A step of an answer: the connection breaks."""


class Hold:
    """A step of an answer: the server sends nothing but heartbeats until it may go on, or the visitor hangs up."""

    def __init__(self):
        self.reached = threading.Event()
        self.released = threading.Event()
        self.hung_up = threading.Event()


class Embed:
    """An embed and its stored chats."""

    def __init__(self, enabled=True, allowed_origins=None, chats_per_day=None, chats_per_session=None):
        self.id = str(uuid.uuid4())
        self.enabled = enabled
        self.allowed_origins = allowed_origins
        self.chats_per_day = chats_per_day
        self.chats_per_session = chats_per_session
        self.chats = []

    def store(self, session, prompt, text, sources=()):
        self.chats.append(
            {
                "session": session,
                "prompt": prompt,
                "text": text,
                "sources": list(sources),
                "include": True,
                "at": int(time.time()),
            }
        )


def frame(chunk):
    """A chunk as a server-sent event."""
    return f"data: {json.dumps(chunk, ensure_ascii=False)}\n\n".encode()


def chunk(text, close=False, error=False, identifier="A", **more):
    return {
        "uuid": identifier,
        "sources": [],
        "type": "textResponseChunk",
        "textResponse": text,
        "close": close,
        "error": error,
        **more,
    }


def streamed(*pieces, sources=()):
    """The steps of an answer in pieces, as models give them."""
    return [*(frame(chunk(piece)) for piece in pieces), frame(chunk("", close=True, sources=list(sources)))]


def abort(error, **more):
    return {
        "id": str(uuid.uuid4()),
        "type": "abort",
        "textResponse": None,
        "sources": [],
        "close": True,
        "error": error,
        **more,
    }


class FakeServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.embeds = {}
        self.answers = {}
        self.requests = []
        self.address = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def embed(self, **settings):
        embed = Embed(**settings)
        self.embeds[embed.id] = embed
        return embed

    def answer(self, message, *steps):
        """Lays down what is answered to a message: bytes, `Hold`, `DROP`, or a pair of status and body."""
        self.answers[message] = list(steps)

    def requests_of(self, embed, method=None):
        return [
            request for request in self.requests if embed.id in request["path"] and method in (None, request["method"])
        ]

    def handle_error(self, request, client_address):
        """Browsers hang up as they please; that is no error of the test."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        if self.path.startswith("/embed/"):
            return self.reply(200, WIDGET.read_bytes(), "text/javascript; charset=utf-8")
        embed, session = self.target()
        if embed:
            self.reply_json(
                200,
                {
                    "history": [
                        item
                        for chat in embed.chats
                        if chat["include"] and chat["session"] == session
                        for item in history_items(chat)
                    ]
                },
            )

    def do_DELETE(self):
        embed, session = self.target()
        if embed:
            for chat in embed.chats:
                chat["include"] = chat["include"] and chat["session"] != session
            self.reply(200, b"", None)

    def do_OPTIONS(self):
        self.record()
        self.reply(
            204,
            b"",
            None,
            {"Access-Control-Allow-Methods": "GET, POST, DELETE", "Access-Control-Allow-Headers": "content-type"},
        )

    def do_POST(self):
        embed, rest = self.target()
        if not embed:
            return
        try:
            body = json.loads(self.body)
        except ValueError:
            return self.reply_json(500, abort("Invalid request."))
        refusal = self.refusal(embed, body)
        if refusal:
            return self.reply_json(*refusal)
        steps = self.server.answers.get(body["message"], streamed("You said: ", body["message"]))
        if isinstance(steps[0], tuple):
            status, content = steps[0]
            return (
                self.reply_json(status, content)
                if isinstance(content, dict)
                else self.reply(status, content.encode(), "text/plain")
            )
        self.stream(embed, body, steps)

    # What is refused, in the order of the contract.

    def refusal(self, embed, body):
        session, message = body.get("sessionId"), body.get("message")
        if not embed.enabled:
            return 503, abort("This chat has been disabled by the administrator - try again later.")
        if embed.allowed_origins is not None and self.headers.get("Origin", "") not in embed.allowed_origins:
            return 401, abort("Invalid request.")
        if not isinstance(session, str) or not re.fullmatch(
            r"[\da-f]{8}-[\da-f]{4}-[1-5][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}", session, re.I
        ):
            return 404, abort("Invalid session ID.")
        if not message:
            return 400, abort("Message is empty.")
        if embed.chats_per_day and len(embed.chats) >= embed.chats_per_day:
            return 429, abort(
                "Rate limit exceeded",
                errorMsg="The quota for this chat has been reached. " "Try again later or contact the site owner.",
            )
        if (
            embed.chats_per_session
            and sum(chat["session"] == session for chat in embed.chats) >= embed.chats_per_session
        ):
            return 429, abort("Your quota for this chat has been reached. Try again later or contact the site owner.")
        return None

    # Answers.

    def stream(self, embed, body, steps):
        self.send_response(200)
        self.send_common(
            {"Content-Type": "text/event-stream", "Cache-Control": "no-cache", "Transfer-Encoding": "chunked"}
        )
        self.end_headers()
        sent = b""
        try:
            for step in steps:
                if step == DROP:
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if isinstance(step, Hold):
                    self.hold(step)
                else:
                    self.send_chunk(step)
                    sent += step
                    # Without a pause, packets that leave together arrive together.
                    time.sleep(0.004)
            self.send_chunk(b"")
        finally:
            embed.store(body["sessionId"], body["message"], text_of(sent))

    def hold(self, hold):
        hold.reached.set()
        try:
            while not hold.released.wait(0.02):
                self.send_chunk(b": heartbeat\n\n")
        except OSError:
            hold.hung_up.set()
            raise

    def send_chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.flush()

    def target(self):
        self.record()
        match = re.fullmatch(r"/api/embed/([^/]+)/([^/]+)", self.path)
        embed = match and self.server.embeds.get(match[1])
        if not embed:
            self.reply(404, b"Not Found", "text/plain")
            return None, None
        return embed, match[2]

    def record(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.requests.append(
            {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": self.body}
        )

    def reply_json(self, status, value):
        self.reply(status, json.dumps(value).encode(), "application/json; charset=utf-8")

    def reply(self, status, body, content_type, headers=None):
        self.send_response(status)
        self.send_common(
            {
                **({"Content-Type": content_type} if content_type else {}),
                "Content-Length": str(len(body)),
                **(headers or {}),
            }
        )
        self.end_headers()
        self.wfile.write(body)

    def send_common(self, headers):
        for name, value in headers.items():
            self.send_header(name, value)
        if "Origin" in self.headers:
            self.send_header("Access-Control-Allow-Origin", self.headers["Origin"])
            self.send_header("Vary", "Origin")


def history_items(chat):
    common = {"chatId": 1, "sentAt": chat["at"]}
    return [
        {"role": "user", "content": chat["prompt"], "attachments": [], **common},
        {
            "type": "chat",
            "role": "assistant",
            "content": chat["text"],
            "sources": chat["sources"],
            "feedbackScore": None,
            **common,
        },
    ]


def text_of(stream):
    """The text that a stream of events tells, as far as it was sent."""
    text = ""
    for line in stream.decode(errors="replace").splitlines():
        try:
            text += json.loads(line.removeprefix("data:")).get("textResponse") or ""
        except ValueError:
            pass
    return text
