"""Measures listings of a library of 100,000 documents in one folder, over HTTP: time and resident memory of the program.

Usage: Benchmarks/library_benchmark.py [count]; LECTERN_PROGRAM names another program than the release build.
"""

import os
import pathlib
import shutil
import sqlite3
import sys
import tempfile
import time
import uuid

import server_benchmark

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
if "LECTERN_PROGRAM" in os.environ:
    server_benchmark.PROGRAM = pathlib.Path(os.environ["LECTERN_PROGRAM"]).resolve()


def memory(server, field):
    """`VmRSS` or `VmHWM` of the program, in MiB."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith(field))


def stop(server):
    server.process.terminate()
    server.process.wait()


def fill(database):
    """What as many uploads of small files would have stored, as a version without folders of their own stored it."""
    connection = sqlite3.connect(database)
    connection.execute("INSERT INTO folder (name, created_at) VALUES ('custom-documents', 0)")
    for number in range(COUNT):
        title, key = f"Bericht über Vorgang {number:06}.txt", uuid.UUID(int=number * 0x9E3779B97F4A7C15 << 32 & (1 << 128) - 1)
        content = connection.execute(
            "INSERT INTO content (digest, word_count, token_count, created_at, page_starts, headings, text)"
            " VALUES (?, 200, 300, 0, '[]', '[]', ?)", (f"digest-{number}", "Ein Text von vielen. " * 60)).lastrowid
        connection.execute(
            "INSERT INTO document (id, folder, name, content_id, url, title, author, description, source,"
            " chunk_source, published, published_at, file_extension, attributes, created_at)"
            " VALUES (?, 'custom-documents', ?, ?, ?, ?, 'Unknown', 'Unknown',"
            " 'a text file uploaded by the user.', ?, '1/16/2024, 3:07:00 PM', 0, 'txt', '{}', 0)",
            (str(key), f"Bericht-uber-Vorgang-{number:06}.txt-{key}.json", content, f"file://{title}", title, title))
    connection.commit()
    connection.close()


def ask(server, path, times=3):
    best = None
    for _ in range(times):
        start = time.monotonic()
        answer = server.request("GET", "/api/v1" + path)
        head = (time.monotonic() - start) * 1000
        size = 0
        while piece := answer.read(1 << 16):
            size += len(piece)
        total = (time.monotonic() - start) * 1000
        if best is None or total < best[1]:
            best = (head, total, size, answer.status)
    head, total, size, status = best
    print(f"{path}: {status}, {size / 1e6:.1f} MB, first byte {head:.0f} ms, whole {total:.0f} ms,"
          f" resident {memory(server, 'VmRSS'):.0f} MiB, at most {memory(server, 'VmHWM'):.0f} MiB", flush=True)


def main():
    storage = tempfile.mkdtemp(prefix="lectern-library-")
    try:
        server = server_benchmark.Server(storage)
        key = server.key
        stop(server)
        fill(f"{storage}/lectern.db")
        for start in ("first", "second"):
            server = server_benchmark.Server(storage, key)
            print(f"{start} start {server.start_ms:.0f} ms, resident {memory(server, 'VmRSS'):.0f} MiB")
            if start == "first":
                stop(server)
        ask(server, "/documents?folder=custom-documents&limit=100")
        ask(server, "/documents?folder=custom-documents&limit=100&offset=99000")
        ask(server, "/documents?search=VORGANG%200999&limit=100")
        ask(server, "/documents/folder/custom-documents?limit=1000")
        ask(server, "/documents")
        ask(server, "/documents/folder/custom-documents")
        stop(server)
    finally:
        shutil.rmtree(storage, ignore_errors=True)
        pathlib.Path(f"{storage}.log").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
