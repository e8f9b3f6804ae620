"""A stand-in for a vendor of language models and pictures, on a loopback socket.

It says what a test told it to say, keeps what it was asked, and notices when its client disconnects.
"""

import base64
import http.server
import json
import threading
import time

SPEECH = "The ferry leaves at nine."
TRANSLATION = "The ferry leaves at ten."
PNG = bytes.fromhex("89504e470d0a1a0a") + b"\0" * 24


def text(*pieces, finish_reason="stop", reasoning=()):
    """A streamed answer."""
    chunks = [choice({"reasoning_content": piece}) for piece in reasoning]
    chunks += [choice({"content": piece}) for piece in pieces]
    chunks.append(choice({}, finish_reason))
    usage = {"prompt_tokens": 40, "completion_tokens": len(pieces), "total_tokens": 40 + len(pieces)}
    chunks.append({"choices": [], "usage": usage})
    return {"chunks": chunks}


def choice(delta, finish_reason=None):
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}]}


def calls(*functions):
    """A streamed answer that calls tools, their arguments in pieces; a function is (id, name, arguments)."""
    chunks = []
    for index, (call_id, name, arguments) in enumerate(functions):
        middle = len(arguments) // 2
        function = {"name": name, "arguments": arguments[:middle]}
        head = {"index": index, "id": call_id, "type": "function", "function": function}
        tail = {"index": index, "function": {"arguments": arguments[middle:]}}
        chunks += [choice({"tool_calls": [call]}) for call in (head, tail)]
    chunks.append(choice({}, "tool_calls"))
    return {"chunks": chunks}


def failure(status, message, retry_after=None):
    """An error before the first word."""
    return {"status": status, "body": {"error": {"message": message}}, "retry_after": retry_after}


def broken(*pieces, message):
    """An answer that breaks off with an error."""
    return {"chunks": text(*pieces)["chunks"][: len(pieces)] + [{"error": {"message": message}}]}


def hanging(*pieces):
    """An answer that never ends."""
    return {"chunks": text(*pieces)["chunks"][: len(pieces)], "hangs": True}


class Vendor(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.replies = []
        self.requests = []
        self.arrived = threading.Event()
        self.disconnected = threading.Event()
        self.disconnected_at = None
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def origin(self):
        return f"http://127.0.0.1:{self.server_port}"

    def expect(self, *replies):
        """Forgets what was; the replies are given in this order, the last one to all that follow."""
        self.replies = list(replies)
        self.requests = []
        self.arrived.clear()
        self.disconnected.clear()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        vendor = self.server
        content = self.rfile.read(int(self.headers["content-length"]))
        if "/audio/" in self.path:
            words = SPEECH if self.path.endswith("/transcriptions") else TRANSLATION
            return self.whole(200, {"text": words, "segments": [{"start": 0, "end": 1.5, "text": words}]})
        body = json.loads(content)
        vendor.requests.append(body)
        vendor.arrived.set()
        if self.path.endswith("/images/generations"):
            return self.whole(200, {"data": [{"b64_json": base64.b64encode(PNG).decode()}]})
        reply = vendor.replies.pop(0) if len(vendor.replies) > 1 else vendor.replies[0]
        if "body" in reply:
            return self.whole(reply["status"], reply["body"], reply.get("retry_after"))
        self.stream(reply)

    def whole(self, status, body, retry_after=None):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        if retry_after is not None:
            self.send_header("retry-after", str(retry_after))
        self.end_headers()
        self.wfile.write(content)

    def stream(self, reply):
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for chunk in reply["chunks"]:
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        if not reply.get("hangs"):
            self.wfile.write(b"data: [DONE]\n\n")
            return
        # Nothing more is sent to a vendor on this connection: reading ends when the other side goes.
        try:
            while self.connection.recv(1):
                pass
        except OSError:
            pass
        self.server.disconnected_at = time.monotonic()
        self.server.disconnected.set()
