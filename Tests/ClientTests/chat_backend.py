"""A server that speaks OpenAI's chat completions, for what stands in front of one.

It says `Hello from the backend.`, and calls the first tool that it is offered unless a result has come.
"""

import http.server
import json
import sys

WORDS = ["Hello", " from", " the", " backend."]
USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        tools = request.get("tools") or []
        if tools and request["messages"][-1]["role"] != "tool":
            function = {"name": tools[0]["function"]["name"], "arguments": '{"query": "bees"}'}
            call = {"index": 0, "id": "call_1", "type": "function", "function": function}
            message, reason = {"role": "assistant", "content": None, "tool_calls": [call]}, "tool_calls"
            deltas = [message]
        else:
            message, reason = {"role": "assistant", "content": "".join(WORDS)}, "stop"
            deltas = [{"role": "assistant", "content": word} for word in WORDS]
        if request.get("stream"):
            self.stream(request, deltas, reason)
        else:
            self.whole(request, message, reason)

    def whole(self, request, message, reason):
        choice = {"index": 0, "message": message, "finish_reason": reason}
        body = json.dumps(self.envelope(request, "chat.completion", [choice], USAGE)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, request, deltas, reason):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        choices = [[{"index": 0, "delta": delta, "finish_reason": None}] for delta in deltas]
        choices.append([{"index": 0, "delta": {}, "finish_reason": reason}])
        for choice in choices:
            self.send(self.envelope(request, "chat.completion.chunk", choice))
        self.send(self.envelope(request, "chat.completion.chunk", [], USAGE))
        self.wfile.write(b"data: [DONE]\n\n")

    def envelope(self, request, kind, choices, usage=None):
        answer = {"id": "chatcmpl-1", "object": kind, "created": 1, "model": request["model"], "choices": choices}
        return answer | ({"usage": usage} if usage else {})

    def send(self, chunk):
        self.wfile.write(b"data: " + json.dumps(chunk).encode() + b"\n\n")


http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()
