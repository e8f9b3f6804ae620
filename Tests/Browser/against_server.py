"""Runs the widget's tests against the built program, those that any answer serves.

Usage: against_server.py PROGRAM MODEL [unittest options]. The page with the widget is of another origin than the server.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import urllib.request

PROGRAM, MODEL = sys.argv[1:3]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def post(address, key, path, body):
    request = urllib.request.Request(
        f"{address}/api/v1{path}", json.dumps(body).encode(),
        {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


def main():
    page_port = free_port()
    with tempfile.TemporaryDirectory() as storage:
        server = subprocess.Popen(
            [PROGRAM, "serve", "--storage", storage, "--port", "0", "--model", MODEL], stdout=subprocess.PIPE,
            text=True)
        try:
            address = server.stdout.readline().split(" is at ")[1].split("/api")[0]
            key = server.stdout.readline().split()[-1]
            post(address, key, "/workspace/new", {"name": "w", "similarityThreshold": 0})
            post(address, key, "/document/raw-text", {
                "textContent": "The harbour opens at seven in the morning.", "addToWorkspaces": "w",
                "metadata": {"title": "Harbour"}})
            embed = post(address, key, "/embed/new", {
                "workspace_slug": "w", "chat_mode": "chat", "allowlist_domains": [f"http://127.0.0.1:{page_port}"]})
            environment = dict(
                os.environ, LECTERN_ADDRESS=address, LECTERN_EMBED=embed["embed"]["uuid"],
                LECTERN_PAGE_PORT=str(page_port), LECTERN_QUESTION="When does the harbour open?")
            tests = pathlib.Path(__file__).with_name("widget_tests.py")
            return subprocess.run([sys.executable, str(tests), *sys.argv[3:]], env=environment).returncode
        finally:
            server.terminate()
            server.wait()
            server.stdout.close()


if __name__ == "__main__":
    sys.exit(main())
