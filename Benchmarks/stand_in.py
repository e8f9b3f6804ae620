"""A model provider that costs nothing: embeddings at random, tokens at once. Speaks OpenAI's wire format over HTTP.

A model whose name ends in a number, as "stand-in-1000" does, replies with so many tokens, each in a packet of its own.

    stand_in.py PORT
"""

import base64
import http.server
import json
import sys
import zlib

import numpy as np

DIMENSIONS = 384
DEFAULT_TOKENS = 20


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body leave in one packet; two would wait for each other's acknowledgement.
    wbufsize = -1

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path.endswith("/embeddings"):
            self.embeddings(body["input"])
        else:
            self.completion(body.get("model", ""))

    def embeddings(self, texts):
        data = []
        for index, text in enumerate(texts):
            vector = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(DIMENSIONS, dtype=np.float32)
            data.append({"object": "embedding", "index": index, "embedding": base64.b64encode(vector.tobytes()).decode()})
        self.reply("application/json", json.dumps({"object": "list", "data": data, "model": "stand-in"}).encode())

    def completion(self, model):
        suffix = model.rpartition("-")[2]
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for _ in range(int(suffix) if suffix.isdigit() else DEFAULT_TOKENS):
            self.wfile.write(b'data: {"choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}\n\n')
            self.wfile.flush()
        self.wfile.write(b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n')
        self.close_connection = True

    def reply(self, content_type, body):
        self.send_response(200)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Provider(http.server.ThreadingHTTPServer):
    # Hundreds of streams are asked for at the same moment.
    request_queue_size = 1024


if __name__ == "__main__":
    Provider(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
