"""Measures the program while much goes in: a PDF of 5,000 pages, 20,000 small files, and the same work when the program is
killed at ten random moments.

Usage: Benchmarks/ingestion_benchmark.py [pdf] [files] [kills] [--quick]; LECTERN_PROGRAM names another program than the
release build, LECTERN_BENCHMARK_PDF a PDF of 500 pages (script/bench ingestion makes it).
"""

import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time

import server_benchmark
from server_benchmark import LICENCES, Server, percentiles

if "LECTERN_PROGRAM" in os.environ:
    server_benchmark.PROGRAM = pathlib.Path(os.environ["LECTERN_PROGRAM"]).resolve()
WORKSPACE = "ingestion"
QUESTION = "who may convey a covered work without a fee?"


def resident(pid):
    """MiB in use by a process, and by it and its children together."""
    def of(process):
        try:
            status = pathlib.Path(f"/proc/{process}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return 0
        return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS")), 0)

    children = []
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += task.read_text().split()
        except (FileNotFoundError, ProcessLookupError):
            pass
    own = of(pid)
    return own, own + sum(of(child) for child in children)


class Watch:
    """The most memory that a server took, and how long a search took meanwhile, until `stop`."""

    def __init__(self, server):
        self.server, self.own, self.all, self.searches = server, 0, 0, []
        self.done = threading.Event()
        self.threads = [threading.Thread(target=work) for work in (self.measure, self.search)]
        for thread in self.threads:
            thread.start()

    def measure(self):
        while not self.done.wait(0.05):
            own, everything = resident(self.server.process.pid)
            self.own, self.all = max(self.own, own), max(self.all, everything)

    def search(self):
        while not self.done.wait(0.2):
            self.searches.append(search_time(self.server))

    def stop(self):
        self.done.set()
        for thread in self.threads:
            thread.join()
        return {"peak_resident_mib": self.own, "with_children_mib": self.all,
                "query_meanwhile": percentiles(self.searches) | {"searches": len(self.searches)}}


def search_time(server, workspace=WORKSPACE):
    start = time.monotonic()
    answer = server.json(f"/workspace/{workspace}/vector-search", {"query": QUESTION, "topN": 4, "scoreThreshold": 0})
    assert answer["results"], answer
    return time.monotonic() - start


def started(directory, name):
    """A server with a workspace that has something to find, and how long a search takes while nothing else happens."""
    server = Server(f"{directory}/{name}")
    server.json("/workspace/new", {"name": WORKSPACE})
    server.upload("licence.txt", (LICENCES / "GPL-3").read_bytes(), WORKSPACE)
    for _ in range(5):
        search_time(server)
    return server, percentiles([search_time(server) for _ in range(50)])


def measured(server, idle, work):
    watch, start, cpu = Watch(server), time.monotonic(), server.cpu_seconds()
    try:
        work()
    finally:
        figures = watch.stop()
    seconds, cpu = time.monotonic() - start, server.cpu_seconds() - cpu
    # What has gone in is searched, too: a search of more takes longer, however little else happens.
    time.sleep(2)
    after = percentiles([search_time(server) for _ in range(50)])
    meanwhile = figures["query_meanwhile"]["median_ms"]
    return {"seconds": seconds, "cpu_seconds": cpu, "query_idle_before": idle, "query_idle_after": after,
            "ratio_before": meanwhile / idle["median_ms"], "ratio_after": meanwhile / after["median_ms"]} | figures


def large_pdf(directory, quick):
    part, whole = os.environ["LECTERN_BENCHMARK_PDF"], f"{directory}/document.pdf"
    subprocess.run(["qpdf", "--empty", "--pages", *[part] * (1 if quick else 10), "--", whole], check=True)
    pages = pathlib.Path(whole).read_bytes()
    server, idle = started(directory, "pdf")
    try:
        result = measured(server, idle, lambda: server.upload("document.pdf", pages, WORKSPACE))
        return result | {"mib": len(pages) / 2**20, "vectors": server.vectors()}
    finally:
        server.stop()


def small_file(number, paragraphs=1):
    """A text like no other's: words of a licence, from another place on."""
    words = (LICENCES / "GPL-3").read_text().split()
    return "\n\n".join(
        f"Note {number}.{part}. " + " ".join(words[(number * 7919 + part * 131 + step * (1 + number % 97)) % len(words)]
                                           for step in range(140)) for part in range(paragraphs)).encode()


def many_files(directory, quick):
    count = 1000 if quick else 20_000
    server, idle = started(directory, "files")

    def work():
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for _ in pool.map(lambda n: server.upload(f"note-{n:05}.txt", small_file(n), WORKSPACE), range(count)):
                pass

    try:
        return measured(server, idle, work) | {"files": count, "vectors": server.vectors()}
    finally:
        server.stop()


def upload_until_done(server, name, content):
    """As a client does that replays what it got no answer to: `skip` makes that one document."""
    form = ('--b\r\nContent-Disposition: form-data; name="addToWorkspaces"\r\n\r\n' + WORKSPACE + "\r\n"
            f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n').encode()
    body = form + content + b"\r\n--b--\r\n"
    while True:
        try:
            answer = server().request(
                "POST", "/api/v1/document/upload?onDuplicate=skip", body, "multipart/form-data; boundary=b")
            parsed = json.load(answer)
            if answer.status == 200:
                assert parsed["success"] and all(outcome["embedded"] for outcome in parsed["embedding"]), parsed
                return
        except (OSError, ValueError, http.client.HTTPException):
            pass
        time.sleep(0.1)


def state(server):
    """What must be equal however often the program was killed: documents, and how much of them is embedded."""
    listing = json.load(server.request("GET", "/api/v1/documents"))["localFiles"]["items"]
    documents = sorted((item["title"], item["wordCount"], item["cached"]) for folder in listing for item in folder["items"])
    workspace = json.load(server.request("GET", f"/api/v1/workspace/{WORKSPACE}"))["workspace"][0]
    members = sorted(json.loads(document["metadata"])["title"] for document in workspace["documents"])
    return {"documents": documents, "members": members, "vectors": server.vectors()}


def kills(directory, quick):
    count, times = (30, 3) if quick else (150, 10)
    files = {f"note-{n:05}.txt": small_file(n, 6) for n in range(count)}
    if pdf := os.environ.get("LECTERN_BENCHMARK_PDF"):
        files["document.pdf"] = pathlib.Path(pdf).read_bytes()
    states = []
    for name, kill_count in (("undisturbed", 0), ("killed", times)):
        server = [Server(f"{directory}/{name}")]
        key = server[0].key
        server[0].json("/workspace/new", {"name": WORKSPACE})
        start = time.monotonic()
        try:
            with concurrent.futures.ThreadPoolExecutor(6) as pool:
                waiting = [pool.submit(upload_until_done, lambda: server[0], *item) for item in files.items()]
                killed = 0
                while not all(upload.done() for upload in waiting):
                    if killed < kill_count:
                        time.sleep(random.uniform(0.2, max(0.4, 2 * duration / kill_count)))
                        server[0].process.kill()
                        server[0].process.wait()
                        server[0] = Server(f"{directory}/{name}", key)
                        killed += 1
                    else:
                        time.sleep(0.2)
                for upload in waiting:
                    upload.result()
            duration = time.monotonic() - start
            states.append(state(server[0]))
            print(f"{name}: {len(files)} files in {duration:.1f} s, killed {killed} times", flush=True)
        finally:
            server[0].stop()
    equal = {part: states[0][part] == states[1][part] for part in states[0]}
    if not all(equal.values()):
        pathlib.Path("/tmp/ingestion-states.json").write_text(json.dumps(states, indent=1))
    return {"files": len(files), "kills": times, "equal": equal}


SECTIONS = {"pdf": large_pdf, "files": many_files, "kills": kills}


def measure(quick, sections=SECTIONS):
    directory = tempfile.mkdtemp(prefix="lectern-ingestion-")
    try:
        return {name: SECTIONS[name](directory, quick) for name in sections}
    finally:
        shutil.rmtree(directory)


if __name__ == "__main__":
    arguments = [argument for argument in sys.argv[1:] if argument != "--quick"]
    print(json.dumps(measure("--quick" in sys.argv, arguments or SECTIONS), indent=2))
