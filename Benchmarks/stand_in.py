"""A model provider that costs nothing: embeddings at random, tokens at once. Speaks OpenAI's wire format over HTTP.

A model whose name ends in a number, as "stand-in-1000" does, replies with so many tokens, each in a packet of its own.
One thread serves all, since threads would wait for the interpreter's lock and that time would count as Lectern's.

    stand_in.py PORT
"""

import asyncio
import base64
import json
import re
import socket
import sys
import zlib

import numpy as np

DIMENSIONS = 384
DEFAULT_TOKENS = 20


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


TOKEN = chunk(b'data: {"choices":[{"index":0,"delta":{"content":"word "},"finish_reason":null}]}\n\n')
END = chunk(b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n') + b"0\r\n\r\n"
# Hundreds of streams are asked for at the same moment.
BACKLOG = 1024


class Connection:
    def __init__(self, connection):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket, self.received = connection, b""

    async def serve(self):
        with self.socket:
            try:
                while await self.answer():
                    pass
            except ConnectionError:
                pass

    async def answer(self):
        """Whether another request may follow."""
        while b"\r\n\r\n" not in self.received:
            if not await self.receive():
                return False
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        length = int(re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)[1])
        while len(self.received) < length:
            if not await self.receive():
                return False
        body, self.received = self.received[:length], self.received[length:]
        if b"/embeddings " in head.partition(b"\r\n")[0]:
            await self.embeddings(json.loads(body)["input"])
            return True
        model = re.search(rb'"model":"[^"]*-(\d+)"', body)
        await self.completion(int(model[1]) if model else DEFAULT_TOKENS)
        return True

    async def receive(self):
        piece = await asyncio.get_running_loop().sock_recv(self.socket, 1 << 18)
        self.received += piece
        return piece

    async def embeddings(self, texts):
        data = []
        for index, text in enumerate(texts):
            vector = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(DIMENSIONS, dtype=np.float32)
            data.append({"object": "embedding", "index": index, "embedding": base64.b64encode(vector.tobytes()).decode()})
        body = json.dumps({"object": "list", "data": data, "model": "stand-in"}).encode()
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n".encode()
        await self.send(head + body)

    async def completion(self, tokens):
        await self.send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n" + TOKEN)
        for number in range(1, tokens):
            await self.send(TOKEN)
            # The other streams get their turn.
            if number % 100 == 0:
                await asyncio.sleep(0)
        await self.send(END)

    async def send(self, data):
        try:
            data = data[self.socket.send(data):]
        except BlockingIOError:
            pass
        if data:
            await asyncio.get_running_loop().sock_sendall(self.socket, data)


async def serve(port):
    with socket.create_server(("127.0.0.1", port), backlog=BACKLOG) as listener:
        listener.setblocking(False)
        tasks = set()
        while True:
            connection, _ = await asyncio.get_running_loop().sock_accept(listener)
            task = asyncio.create_task(Connection(connection).serve())
            tasks.add(task)
            task.add_done_callback(tasks.discard)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
