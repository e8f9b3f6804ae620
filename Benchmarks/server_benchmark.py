"""Measures the built program over HTTP: start, memory, uploads, searches, chats and their streams."""

import concurrent.futures
import contextlib
import http.client
import json
import os
import pathlib
import re
import selectors
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / ".build/release/lectern"
QUESTION = "who may convey a covered work without a fee?"
# Searched with the question before it as well, so that two searches are made.
FOLLOW_UP = "and what is conveyed?"
LICENCES = pathlib.Path("/usr/share/common-licenses")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """The program on a storage directory of its own."""

    def __init__(self, storage, key=None):
        self.port, self.key = free_port(), key
        log = open(f"{storage}.log", "w+")
        start = time.monotonic()
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--storage", storage, "--port", str(self.port)], cwd=ROOT, stdout=log)
        while True:
            try:
                self.request("GET", "/api/ping")
                break
            except OSError:
                assert self.process.poll() is None, pathlib.Path(f"{storage}.log").read_text()
                time.sleep(0.002)
        self.start_ms = (time.monotonic() - start) * 1000
        while key is None and self.key is None:
            match = re.search(r"(?:[0-9A-Z]{7}-){3}[0-9A-Z]{7}", pathlib.Path(f"{storage}.log").read_text())
            self.key = match and match[0]

    def request(self, method, path, body=None, content_type="application/json"):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=7200)
        connection.request(method, path, body, {"Authorization": f"Bearer {self.key}", "Content-Type": content_type})
        return connection.getresponse()

    def json(self, path, body):
        return json.load(self.request("POST", f"/api/v1{path}", json.dumps(body)))

    def upload(self, name, content, workspace):
        form = (f'--b\r\nContent-Disposition: form-data; name="addToWorkspaces"\r\n\r\n{workspace}\r\n'
                f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n').encode()
        body = form + content + b"\r\n--b--\r\n"
        start = time.monotonic()
        answer = json.load(self.request("POST", "/api/v1/document/upload", body, "multipart/form-data; boundary=b"))
        assert answer["success"] and all(outcome["embedded"] for outcome in answer["embedding"]), answer
        return time.monotonic() - start

    def vectors(self):
        return json.load(self.request("GET", "/api/v1/system/vector-count"))["vectorCount"]

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self):
        """MiB in use, and the part of it that is not files."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return [int(re.search(rf"{key}:\s+(\d+)", status)[1]) / 1024 for key in ("VmRSS", "RssAnon")]

    def stop(self):
        self.process.terminate()
        self.process.wait()


def percentiles(seconds):
    ordered = sorted(seconds)
    return {"median_ms": statistics.median(ordered) * 1000, "p99_ms": ordered[int(len(ordered) * 0.99)] * 1000}


def wrk(server, path, body=None, connections=32, seconds=5):
    script = tempfile.NamedTemporaryFile("w", suffix=".lua")
    script.write(f'wrk.headers["Authorization"]="Bearer {server.key}"\n')
    if body is not None:
        script.write(f'wrk.method="POST"\nwrk.headers["Content-Type"]="application/json"\nwrk.body=[[{json.dumps(body)}]]\n')
    script.flush()
    output = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}", "--latency", "-s", script.name,
         f"http://127.0.0.1:{server.port}{path}"], capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in output, output
    latency = {name: re.search(rf"{name}\s+([\d.]+)(us|ms|s)", output) for name in ("50%", "99%")}
    scale = {"us": 0.001, "ms": 1, "s": 1000}
    return {"requests_per_s": float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1]),
            "median_ms": float(latency["50%"][1]) * scale[latency["50%"][2]],
            "p99_ms": float(latency["99%"][1]) * scale[latency["99%"][2]]}


def sentences(count, seed):
    """Text of so many different paragraphs, each a chunk of some 900 characters."""
    words = (LICENCES / "GPL-3").read_text().split()
    return "\n\n".join(
        f"Paragraph {seed} {number}. " + " ".join(words[(number * 37 + step) % len(words)] for step in range(140))
        for number in range(count))


def ingestion(server, quick):
    """Wall time until a text, and a PDF, can be searched; the embedder in process does most of it."""
    server.json("/workspace/new", {"name": "ingestion"})
    server.json("/workspace/ingestion/chat", {"message": "x"})
    text = sentences(200 if quick else 1000, 0).encode()
    before = server.vectors()
    seconds = server.upload("text.txt", text, "ingestion")
    chunks = server.vectors() - before
    results = {"text": {"mib": len(text) / 2**20, "s": seconds, "s_per_mib": seconds / len(text) * 2**20,
                        "chunks_per_s": chunks / seconds}}
    pdf = os.environ.get("LECTERN_BENCHMARK_PDF")
    if pdf:
        content, before = pathlib.Path(pdf).read_bytes(), server.vectors()
        with concurrent.futures.ThreadPoolExecutor() as pool:
            idle = [search_time(server) for _ in range(30)]
            upload = pool.submit(server.upload, "document.pdf", content, "ingestion")
            busy = []
            while not upload.done():
                busy.append(search_time(server))
        results["pdf"] = {"mib": len(content) / 2**20, "s": upload.result(),
                          "chunks_per_s": (server.vectors() - before) / upload.result()}
        results["query_while_idle"] = percentiles(idle)
        results["query_while_pdf_goes_in"] = percentiles(busy)
    return results


def search_time(server):
    start = time.monotonic()
    server.json("/workspace/ingestion/vector-search", {"query": QUESTION})
    return time.monotonic() - start


def first_token(server, parallel, count, workspace="large", question=QUESTION):
    body = json.dumps({"message": question}).encode()
    head = (f"POST /api/v1/workspace/{workspace}/stream-chat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.key}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n").encode()
    return times_to_first_event(server.port, head + body, parallel, count)


def provider_first_token(port, parallel, count):
    head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n"
    return times_to_first_event(port, head + b"{}", parallel, count)


def times_to_first_event(port, request, parallel, count):
    """So many streams, so many of them at once, each read to its end. One thread reads them all: several would wait for
    the interpreter's lock, and that time would count as the server's."""
    seconds, begun = [], 0
    with selectors.DefaultSelector() as selector:
        while len(seconds) < count:
            while begun < count and len(selector.get_map()) < parallel:
                begun, stream = begun + 1, {"start": time.monotonic(), "received": b""}
                connection = socket.create_connection(("127.0.0.1", port))
                connection.sendall(request)
                selector.register(connection, selectors.EVENT_READ, stream)
            for key, _ in selector.select():
                stream, piece = key.data, key.fileobj.recv(1 << 16)
                assert piece, stream
                began = b"\ndata: " in stream["received"]
                stream["received"] += piece
                if not began and b"\ndata: " in stream["received"]:
                    stream["seconds"] = time.monotonic() - stream["start"]
                if stream["received"].endswith(b"\r\n0\r\n\r\n"):
                    seconds.append(stream["seconds"])
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
    return percentiles(seconds)


def provider_settings(port, model="stand-in"):
    return {"LLMProvider": "generic-openai", "GenericOpenAiBasePath": f"http://127.0.0.1:{port}/v1",
            "GenericOpenAiModelPref": model}


def large_workspace(directory, size, port, stand_in_embedder):
    """Searches and chats in a workspace of so many chunks; the provider answers at once."""
    server = Server(f"{directory}/large{size}")
    try:
        settings = provider_settings(port)
        if stand_in_embedder:
            settings |= {"EmbeddingEngine": "generic-openai", "EmbeddingBasePath": f"http://127.0.0.1:{port}/v1",
                         "EmbeddingModelPref": "stand-in"}
        assert server.json("/system/update-env", settings)["error"] is None
        server.json("/workspace/new", {"name": "large", "similarityThreshold": 0})
        held = 0
        while held < size:
            server.upload(f"part{held}.txt", sentences(min(5000, size - held), held).encode(), "large")
            held = server.vectors()
        search = {"query": QUESTION, "topN": 4, "scoreThreshold": 0}
        entry = {"chunks": held, "embedder": "stand-in over HTTP" if stand_in_embedder else "in process",
                 "resident_mib": server.resident()[0],
                 "search": {f"{connections} connections": wrk(
                     server, "/api/v1/workspace/large/vector-search", search, connections) for connections in (1, 8)}}
        for _ in range(20):
            server.json("/workspace/large/chat", {"message": "a question of the history"})
        entry["first_token"] = {f"{parallel} at once": first_token(server, parallel, 200) for parallel in (1, 8)}
        entry["first_token"]["follow-up, 8 at once"] = first_token(server, 8, 200, question=FOLLOW_UP)
        entry["first_token"] |= {f"provider alone, {parallel} at once": provider_first_token(port, parallel, 200)
                                 for parallel in (1, 8)}
        return entry
    finally:
        server.stop()


def large_workspaces(directory, port, quick):
    results = [large_workspace(directory, 1000 if quick else 10_000, port, False)]
    # Embedding so many in process takes a quarter of an hour; what a search costs beside the question's vector is seen
    # as well with vectors from elsewhere.
    if not quick:
        results.append(large_workspace(directory, 100_000, port, True))
    return results


def token_streams(server, port, count, tokens):
    """So many answers at once, each of so many tokens, counted where they arrive."""
    assert server.json("/system/update-env", provider_settings(port, f"stand-in-{tokens}"))["error"] is None
    frame = b'"textResponseChunk"'

    def read(index):
        body = json.dumps({"message": "x", "mode": "chat", "sessionId": f"{tokens} {index}"}).encode()
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(
                f"POST /api/v1/workspace/streams/stream-chat HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.key}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
            received, rest = 0, b""
            while piece := connection.recv(1 << 18):
                piece = rest + piece
                received += piece.count(frame)
                # A frame that is cut in two is counted with its second half.
                rest = b"" if piece.endswith(frame) else piece[1 - len(frame):]
                # The connection stays open behind the last chunk.
                if piece.endswith(b"\r\n0\r\n\r\n"):
                    break
            return received - 1

    peak, cpu, start = 0, server.cpu_seconds(), time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        answers = [pool.submit(read, index) for index in range(count)]
        while not all(answer.done() for answer in answers):
            peak = max(peak, server.resident()[0])
            time.sleep(0.05)
    seconds, received = time.monotonic() - start, sum(answer.result() for answer in answers)
    assert received == count * tokens, received
    return {"streams": count, "tokens": tokens, "tokens_per_s": received / seconds,
            "tokens_per_cpu_s": received / (server.cpu_seconds() - cpu), "peak_resident_mib": peak}


def stored_chats(server, port, count):
    """First token in a workspace with 20 stored chats and in one with so many more, the two taking turns."""
    assert server.json("/system/update-env", provider_settings(port))["error"] is None
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for name, chats in (("few", 20), ("many", count)):
            server.json("/workspace/new", {"name": name, "similarityThreshold": 0})
            server.upload("text.txt", sentences(20, 0).encode(), name)
            list(pool.map(lambda _: server.json(f"/workspace/{name}/chat", {"message": "a question"}), range(chats)))
    rounds = [{name: first_token(server, 1, 20, name)["median_ms"] for name in ("few", "many")} for _ in range(10)]
    medians = {name: statistics.median(round[name] for round in rounds) for name in ("few", "many")}
    return {"chats": count, "median_ms": medians, "ratio": medians["many"] / medians["few"]}


def conversations(directory, port, quick):
    server = Server(f"{directory}/conversations")
    try:
        server.json("/workspace/new", {"name": "streams"})
        sizes = [(50, 1000)] if quick else [(50, 10_000), (500, 1000)]
        return {"streams": [token_streams(server, port, *size) for size in sizes],
                "stored": stored_chats(server, port, 1000 if quick else 10_000)}
    finally:
        server.stop()


@contextlib.contextmanager
def provider():
    """The port of a stand-in provider."""
    port = free_port()
    process = subprocess.Popen([sys.executable, ROOT / "Benchmarks/stand_in.py", str(port)])
    try:
        while True:
            try:
                provider_first_token(port, 1, 1)
                break
            except OSError:
                time.sleep(0.01)
        yield port
    finally:
        process.terminate()
        process.wait()


def measure_chats(quick):
    with tempfile.TemporaryDirectory() as directory, provider() as port:
        return conversations(directory, port, quick)


def measure(quick):
    directory = tempfile.mkdtemp()
    try:
        server = Server(f"{directory}/small")
        results = {"first_start_ms": server.start_ms, "resident_mib": {"after start": server.resident()[0]}}
        results["auth"] = wrk(server, "/api/v1/auth")
        results["ingestion"] = ingestion(server, quick)
        results["resident_mib"]["model in use"] = server.resident()[0]
        key = server.key
        server.stop()
        server = Server(f"{directory}/small", key)
        results["next_start_ms"] = server.start_ms
        server.stop()
        with provider() as port:
            results["large"] = large_workspaces(directory, port, quick)
        return results
    finally:
        shutil.rmtree(directory)
